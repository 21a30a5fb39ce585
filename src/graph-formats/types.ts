import type { Graph } from '../graph/types.js';

/** How a file is read; null = not said. */
export interface ReadOptions {
  /** Edges of at least this weight are kept. Null: every weight must be 1 (in a matrix 0 or 1). */
  readonly threshold: number | null;
  /** Keeps the strongest edges, up to this share of all pairs. Null: all; never with a threshold. */
  readonly density: number | null;
  /** Weights count by their size alone, without their sign. */
  readonly absolute: boolean;
  /** Whether the weights of the graph's edges come back with it. */
  readonly weights: boolean;
  /**
   * Null: as the file says (see `Direction`). True on an undirected file keeps both directions;
   * false joins two nodes where either direction exists.
   */
  readonly directed: boolean | null;
  /**
   * Name of the array in files that hold several (.npz, .mat). Null: the only one that can be a
   * graph.
   */
  readonly variable: string | null;
  /** Columns of the two nodes of an edge in a table, by name or counted from 1. Null: as it says. */
  readonly source: string | null;
  readonly target: string | null;
  /** Column or attribute of the weights, by name or, in a table, counted from 1. Null: as it says. */
  readonly weight: string | null;
  /**
   * Whether a person named the format. Where it was guessed, a table is read as edges only if every
   * line of it is one.
   */
  readonly named: boolean;
}

/** Nothing said: the defaults of every option. */
export const defaultReadOptions: ReadOptions = {
  threshold: null,
  density: null,
  absolute: false,
  weights: false,
  directed: null,
  variable: null,
  source: null,
  target: null,
  weight: null,
  named: false,
};

/**
 * What a format says of direction. A matrix does not say: it is undirected exactly when it is
 * symmetric.
 */
export type Direction = 'directed' | 'undirected' | 'by-symmetry';

/** What a file held. */
export interface FoundGraph {
  readonly graph: Graph;
  /** Name of every node in the file, by node. */
  readonly labels: readonly string[];
  /** Self loops that were left out: a node always listens to itself. */
  readonly selfLoops: number;
  /** Edges listed again, counted once. */
  readonly repeated: number;
  /** Edges of a weight below the threshold. */
  readonly below: number;
  /** Of each entry of the graph's `targets`, where they were asked for; else null. */
  readonly weights: Float64Array | null;
  /** What was taken for what where the file does not say it, a sentence each without its stop. */
  readonly notes: readonly string[];
}

/**
 * A format of graph files. One file each.
 *
 * Every error of `read` is a `UserError` that starts with a place, made by `readError`: `line 3:
 * ...`, `byte 12: ...`, `links[4]: ...`; callers put the file's name before it.
 */
export interface GraphFormat {
  /** As `format=` and `--format` take it, kebab-case. */
  readonly name: string;
  /**
   * Ends of file names, lower case with the dot, e.g. `.graphml`. The first format of the registry
   * that has one gets it.
   */
  readonly extensions: readonly string[];
  /** One line, for lists. */
  readonly meaning: string;
  /**
   * Which options mean something here besides those of every format; others are refused.
   * `variable` is for the formats that have one.
   */
  readonly takes?: readonly ('source' | 'target' | 'weight')[];
  /**
   * Nearly any text looks like it: its contents are looked through for the marks of other formats
   * first.
   */
  readonly table?: true;
  /** Written bytes are not text: they need a file. */
  readonly binary?: true;
  /**
   * Whether a file without a known extension looks like this format; asked in the registry's order.
   */
  looksLike?(bytes: Uint8Array): boolean;
  /** Absent where the format is only written. */
  read?(bytes: Uint8Array, options: ReadOptions): FoundGraph;
  /**
   * Absent where the format is only read. Throws a `UserError` for graphs that it cannot hold.
   * `names` are those of the nodes, all different, for formats that have a place for them.
   */
  write?(graph: Graph, names?: readonly string[], weightOf?: EdgeWeight): string | Uint8Array;
  /** Whether `write` has a place for the weights of edges. */
  readonly writesWeights?: true;
}

/** The weight of the edge from u to v, which exists. */
export type EdgeWeight = (u: number, v: number) => number;
