/**
 * An immutable graph on nodes 0..nodes-1 without self loops. The adjacency is held twice: as bitset rows, which the
 * measures read, and as sorted neighbour lists (CSR), which the kernels read. An undirected graph stores both
 * directions of every edge.
 */
export interface Graph {
  readonly nodes: number;
  readonly directed: boolean;
  /** Number of edges; an undirected edge counts once. */
  readonly edges: number;
  /** 32-bit words in a bitset row: ceil(nodes / 32). */
  readonly words: number;
  /** `nodes * words` words; bit v of row u is set when there is an edge u -> v. */
  readonly rows: Uint32Array;
  /** `nodes + 1` offsets into `targets`. */
  readonly offsets: Int32Array;
  /** Out-neighbours of every node, ascending. */
  readonly targets: Int32Array;
}

/** Value of a graph parameter. */
export type GraphParam = number | string | boolean;

/**
 * Family, parameters and seed of a graph: one line of text such as `ws-flex:n=64,k=8,p=0.1,seed=3`. It regenerates its
 * graph exactly. Held validated, complete (defaults filled in) and in the family's canonical order of parameters.
 */
export interface GraphSpec {
  readonly family: string;
  readonly params: Readonly<Record<string, GraphParam>>;
}

/** One parameter of a family, as help text and validation read it. */
export interface GraphParamInfo {
  readonly name: string;
  readonly type: 'integer' | 'real' | 'boolean' | 'text';
  /** Value when the spec leaves it out; absent = required. */
  readonly default?: GraphParam;
  /** The allowed range in words, e.g. `2 <= k <= n`. */
  readonly range: string;
  readonly meaning: string;
}

/** A family of graphs: how a spec is checked and its graph generated. One file each in `generators/`. */
export interface GraphFamily {
  readonly name: string;
  readonly meaning: string;
  readonly params: readonly GraphParamInfo[];
  /** Throws a `UserError` (rule, value, remedy) when parameters that are in type are out of range. */
  validate(params: Readonly<Record<string, GraphParam>>): void;
  generate(params: Readonly<Record<string, GraphParam>>): Graph;
  /** The spec's graph on another number of nodes at the same density, where the family has one. */
  resize?(params: Readonly<Record<string, GraphParam>>, nodes: number): Readonly<Record<string, GraphParam>>;
}

/** What `plexus graph measure` says of a graph. Every number's definition is in `measureDefinitions`. */
export interface GraphMeasures {
  readonly nodes: number;
  readonly edges: number;
  readonly directed: boolean;
  readonly connected: boolean;
  /** Average degree 2m/n (undirected) or m/n (directed). */
  readonly averageDegree: number;
  /** m / (n (n-1) / 2), directed m / (n (n-1)). */
  readonly density: number;
  /** Mean over nodes of the local clustering coefficient; nodes of degree < 2 count as 0. */
  readonly clustering: number;
  /** Mean shortest path length over ordered pairs; null when the graph is not (strongly) connected. */
  readonly pathLength: number | null;
}
