import { PUBLISHED_MLP } from '../../src/analysis/published-mlp.js';
import { connectomes } from '../../src/graph/connectomes.js';
import type { Spot } from './cloud.js';

/** Something on the plane that can be named, and mostly chosen. */
export interface Mark extends Spot {
  readonly kind: 'family' | 'connectome' | 'error';
  readonly title: string;
  /** Null where the graph is in a file that this page has not. */
  readonly line: string | null;
  /** Published test error in %, of the graphs that have one. */
  readonly error?: number;
}

/** Graphs that are known by facts alone, and come a moment after the plane. */
export interface KnownGraphs {
  /** The 52 graphs whose networks' errors were published. */
  readonly errors: readonly Mark[];
  readonly connectomes: readonly Mark[];
  /** The lowest and highest of the published errors, for their colours. */
  readonly errorRange: readonly [number, number];
}

const errors = PUBLISHED_MLP.map(
  ([line, clustering, pathLength, error]): Mark & { readonly error: number } => ({
    kind: 'error',
    title: line,
    line,
    clustering,
    pathLength,
    error,
  }),
);

export const KNOWN_GRAPHS: KnownGraphs = {
  errors,
  connectomes: connectomes.map(({ name, meaning, undirected }) => ({
    kind: 'connectome',
    title: `${name}: ${meaning}`,
    line: null,
    clustering: undirected.clustering,
    pathLength: undirected.pathLength,
  })),
  errorRange: [
    Math.min(...errors.map(({ error }) => error)),
    Math.max(...errors.map(({ error }) => error)),
  ],
};
