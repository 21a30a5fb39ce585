import { must } from '../core/errors.js';
import { readError } from './collect-error.js';

/** Edges whose weights are kept: 16 bytes each. */
const MOST_EDGES = 2 ** 25;

/** Edges of a file with their weights, as they come; self loops are none. */
export class KeptEdges {
  #ends = new Int32Array(2 * 1024);
  #weights = new Float64Array(1024);
  #count = 0;
  /** How many edges of the last `pairs` were there before, with another weight. */
  differing = 0;

  add(u: number, v: number, weight: number): void {
    if (this.#count === this.#weights.length) this.#grow();
    this.#ends[2 * this.#count] = u;
    this.#ends[2 * this.#count + 1] = v;
    this.#weights[this.#count++] = weight;
  }

  #grow(): void {
    if (this.#count >= MOST_EDGES)
      throw readError(
        'whole file',
        `of at most ${MOST_EDGES} edges weights can be kept; give a threshold instead of a ` +
          'density, or leave out the weights',
      );
    const ends = new Int32Array(4 * this.#count);
    const weights = new Float64Array(2 * this.#count);
    ends.set(this.#ends);
    weights.set(this.#weights);
    [this.#ends, this.#weights] = [ends, weights];
  }

  /**
   * The weight of every pair of nodes: of an edge that is there more than once, or of both
   * directions where they do not count, the highest.
   *
   * @param number the number of a node in the graph
   * @returns by u * nodes + v, with u < v where directions do not count
   */
  pairs(nodes: number, directed: boolean, number: (node: number) => number): Map<number, number> {
    const found = new Map<number, number>();
    let differing = 0;
    for (let at = 0; at < this.#count; at++) {
      const [u, v] = [number(must(this.#ends[2 * at])), number(must(this.#ends[2 * at + 1]))];
      const key = directed || u < v ? u * nodes + v : v * nodes + u;
      const known = found.get(key);
      if (known !== undefined && known !== this.#weights[at]) differing++;
      const weight = must(this.#weights[at]);
      if (known === undefined || weight > known) found.set(key, weight);
    }
    this.differing = differing;
    return found;
  }
}

/** The strongest edges of a graph, and what was decided about them. */
export interface Strongest {
  /** As of `KeptEdges.pairs`. */
  readonly kept: ReadonlyMap<number, number>;
  /** What a person should know, a sentence each without its stop. */
  readonly notes: readonly string[];
}

/**
 * The strongest edges, at most the share `density` of the pairs that there are. Of edges of one
 * weight all are kept or none, so that nothing depends on the order of the file.
 */
export function strongest(
  pairs: ReadonlyMap<number, number>,
  possible: number,
  density: number,
): Strongest {
  const most = Math.round(density * possible);
  const share = (count: number): string => (count / possible).toPrecision(3);
  if (pairs.size <= most)
    return {
      kept: pairs,
      notes:
        pairs.size === most
          ? []
          : [`all ${pairs.size} edges were kept, a density of ${share(pairs.size)} only`],
    };
  const sorted = Float64Array.from(pairs.values()).sort().reverse();
  const cut = must(sorted[most]);
  const kept = new Map([...pairs].filter(([, weight]) => weight > cut));
  if (kept.size === 0)
    throw readError(
      'whole file',
      `a density of ${density} allows for ${most} edges, but ${sorted.lastIndexOf(cut) + 1} ` +
        `share the highest weight, ${cut}: none is stronger than another; raise the density or ` +
        'give a threshold',
    );
  const tied = sorted.lastIndexOf(cut) + 1 - kept.size;
  return {
    kept,
    notes:
      kept.size === most
        ? []
        : [
            `${tied} edges of the weight ${cut} are tied, of which ${most - kept.size} would fit: ` +
              `none of them was kept, a density of ${share(kept.size)} instead of ${density}`,
          ],
  };
}
