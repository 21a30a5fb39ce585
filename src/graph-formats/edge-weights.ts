import { printable } from '../core/errors.js';
import { readError } from './collect.js';
import { numberOf } from './text.js';
import type { FoundGraph } from './types.js';

/** Numbers of edges that are no weights, in lower case. */
const OTHERS: ReadonlySet<string> = new Set([
  'source',
  'target',
  'id',
  'key',
  'index',
  'label',
  'type',
  'timestamp',
]);

/** Names that a message lists, and that are remembered. */
const LISTED = 8;

/**
 * Finds the weight among the attributes of edges: the one that a person named, else the first of
 * some usual names, in any letter case. Other attributes that hold numbers are remembered, so that
 * a weight that is there and not used can be told.
 */
export class EdgeWeights {
  readonly #asked: string | null;
  readonly #names: readonly string[];
  readonly #unused = new Set<string>();
  #found = false;
  #edges = 0;

  /** @param names the usual names, best first, in lower case */
  constructor(asked: string | null, names: readonly string[]) {
    this.#asked = asked;
    this.#names = asked === null ? names : [asked.toLowerCase()];
  }

  /** The value of the weight among an edge's attributes; undefined where it has none. */
  of<T>(attributes: Iterable<readonly [name: string, value: T]>): T | undefined {
    this.#edges++;
    let best = this.#names.length;
    let weight: T | undefined;
    for (const [name, value] of attributes) {
      const lower = name.toLowerCase();
      const rank = this.#names.indexOf(lower);
      // Of names that differ in letter case the one in lower case counts, else the first.
      if (rank >= 0 && (rank < best || (rank === best && name === lower))) {
        best = rank;
        weight = value;
      } else if (
        rank < 0 &&
        this.#unused.size < 2 * LISTED &&
        isNumber(value) &&
        !OTHERS.has(lower)
      )
        this.#unused.add(name);
    }
    this.#found ||= best < this.#names.length;
    return weight;
  }

  /**
   * The graph with what is to be told of weights. Throws a `UserError` where no edge has the weight
   * that was asked for.
   */
  told(found: FoundGraph): FoundGraph {
    const names = [...this.#unused].slice(0, LISTED).map((name) => `"${printable(name)}"`);
    if (this.#asked !== null && !this.#found && this.#edges > 0)
      throw readError(
        'whole file',
        `no edge has an attribute "${printable(this.#asked)}"; ` +
          (names.length === 0
            ? 'leave out weight='
            : `edges have numbers called ${names.join(', ')}: name one of them, or leave out weight=`),
      );
    if (this.#found || names.length === 0) return found;
    const note =
      `edges have numbers called ${names.join(', ')}, of which none was taken for the weight; ` +
      'weight=NAME names one';
    return { ...found, notes: [...found.notes, note] };
  }
}

function isNumber(value: unknown): boolean {
  return (
    typeof value === 'number' || (typeof value === 'string' && numberOf(value.trim()) !== null)
  );
}
