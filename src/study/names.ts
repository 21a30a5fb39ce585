import { printable } from '../core/errors.js';
import { graphFamilies } from '../graph/registry.js';
import { nullName, nullsOf } from './nulls.js';
import { placed, type Source } from './source.js';
import type { NamedGraph, StudySpec } from './types.js';

/** What a name may be, in words that follow `must be`. */
export const GRAPH_NAME_RULE =
  'a name of 1 to 60 letters, digits, dots, dashes and underscores that starts with a letter or digit';

const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,59}$/u;

/** Words that stand for something else wherever a graph can be named. */
const RESERVED: readonly string[] = ['baseline', 'best', 'all'];

/** Whether a text can name a graph: nothing that a terminal would obey, nothing of a spec's own. */
export function isGraphName(text: string): boolean {
  return NAME.test(text);
}

/**
 * Checks the names of a spec.
 *
 * @param named each with the key at which it stands
 * @throws UserError where a name is a word with another meaning, or two graphs have the same
 */
export function checkNames(
  named: readonly (NamedGraph & { readonly key: readonly PropertyKey[] })[],
  source: Source,
): void {
  const seen = new Map<string, string>();
  for (const { name, graph, key } of named) {
    const taken = RESERVED.includes(name) || graphFamilies.some((family) => family.name === name);
    if (taken)
      throw placed(
        source,
        key,
        `a graph must not be named ${name}, which has a meaning of its own; choose another name`,
      );
    // Letters that look alike to the last dot are the same, however they are put together.
    const plain = name.normalize('NFC');
    const before = seen.get(plain);
    if (before !== undefined)
      throw placed(
        source,
        key,
        `every graph must have its own name; ${printable(name)} is that of ${before} already`,
      );
    seen.set(plain, graph);
  }
}

/** What the graphs of a study are called: from spec lines, to names where they have one. */
export type GraphNames = ReadonlyMap<string, string>;

/** The names of a study's graphs: those that its author gave, and those of null graphs. */
export function graphNames(spec: Pick<StudySpec, 'names' | 'nulls'>): GraphNames {
  const given = new Map((spec.names ?? []).map(({ name, graph }) => [graph, name]));
  const drawn = (spec.nulls ?? []).flatMap((nulls) => {
    const of = given.get(nulls.of);
    return of === undefined
      ? []
      : nullsOf(nulls).map((graph, at): [string, string] => [graph, nullName(of, at)]);
  });
  return new Map([...given, ...drawn]);
}

/** A graph as people are shown it: its name, else its spec. */
export function graphLabel(names: GraphNames, graph: string): string {
  return names.get(graph) ?? graph;
}
