import { formatGraphSpec, graphSpec } from '../graph/spec.js';
import type { NullsSpec, StudySpec } from './types.js';

/** Null graphs of a graph by default: p can be as low as 1 / 21. */
export const NULL_COUNT = 20;

/**
 * The spec lines of a null ensemble: the graph with its edges swapped at random, every degree
 * kept, once for each of consecutive seeds.
 */
export function nullsOf({ of, count, seed, connected }: NullsSpec): readonly string[] {
  return Array.from({ length: count }, (_, at) =>
    formatGraphSpec(graphSpec('rewired', { of, connected, seed: seed + at })),
  );
}

/** All null graphs of a study: they are controls, never the graph that is recommended. */
export function nullGraphs({ nulls = [] }: Pick<StudySpec, 'nulls'>): ReadonlySet<string> {
  return new Set(nulls.flatMap(nullsOf));
}

/** `cat null 3`: what a null graph of a graph with a name is called; no author's name has spaces. */
export function nullName(of: string, at: number): string {
  return `${of} null ${at + 1}`;
}
