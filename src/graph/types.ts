/**
 * An immutable graph on nodes 0..nodes-1 without self loops. The adjacency is held twice: as bitset
 * rows, which the measures read, and as sorted neighbour lists (CSR), which the kernels read. An
 * undirected graph stores both directions of every edge.
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
 * Family, parameters and seed of a graph: one line of text such as `ws-flex:n=64,k=8,p=0.1,seed=3`.
 * It regenerates its graph exactly. Held validated, complete (defaults filled in) and in the
 * family's canonical order of parameters.
 */
export interface GraphSpec {
  readonly family: string;
  readonly params: Readonly<Record<string, GraphParam>>;
}

/** One parameter of a family, as help text and validation read it. */
export interface GraphParamInfo {
  readonly name: string;
  /**
   * `spec` is another graph's spec, written in parentheses: `outer=(ring-lattice:n=8,k=2)`; `specs`
   * is one or more of them: `graphs=(complete:n=4)(star:n=4)`. Both are held as canonical text.
   */
  readonly type: 'integer' | 'real' | 'boolean' | 'text' | 'spec' | 'specs';
  /**
   * Value when the spec leaves it out; absent = required. For a number or a boolean a word such as
   * `auto` means "not said".
   */
  readonly default?: GraphParam;
  /**
   * Written first and without its name: `connectome:macaque-whole`. At most one of a family, its
   * first parameter.
   */
  readonly positional?: true;
  /** Left out of the canonical line where it has its default. */
  readonly quiet?: true;
  /** The allowed range in words, e.g. `2 <= k <= n`. */
  readonly range: string;
  readonly meaning: string;
}

/** The parameters of one spec, by name. */
export type GraphParams = Readonly<Record<string, GraphParam>>;

/**
 * What a family made of other graphs needs; handed in because specs know families, not the other
 * way round.
 */
export interface SpecTools {
  /** The graph of a canonical spec line. */
  build(line: string): Graph;
  /**
   * The line of the same graph on another number of nodes; throws a `UserError` where there is
   * none.
   */
  resize(line: string, nodes: number): string;
}

/** A graph's place in the plane of C and L. */
export interface GraphLandmark {
  /** Its canonical spec. */
  readonly spec: string;
  readonly nodes: number;
  readonly edges: number;
  readonly clustering: number;
  readonly pathLength: number;
}

/**
 * A family of graphs: how a spec is checked and its graph generated. One file each in
 * `generators/`.
 */
export interface GraphFamily {
  readonly name: string;
  /** One line, for lists. */
  readonly meaning: string;
  /**
   * For its page: how exactly the graph is made, in the order in which random numbers are drawn,
   * and which function of which other program gives the same graph. Plain Markdown, one or more
   * paragraphs.
   */
  readonly description: string;
  /** Where the family comes from: author, title, year. */
  readonly reference: string;
  readonly params: readonly GraphParamInfo[];
  /**
   * Throws a `UserError` (rule, value, remedy) when parameters that are in type are out of range.
   */
  validate(params: GraphParams): void;
  generate(params: GraphParams, tools: SpecTools): Graph;
  /** The spec's graph on another number of nodes at the same density, where the family has one. */
  resize?(params: GraphParams, nodes: number, tools: SpecTools): GraphParams;
  /**
   * The spec as it reads from anywhere, when it stands in a file of that directory: paths made
   * absolute. Before `pin`.
   */
  locate?(params: GraphParams, directory: string): GraphParams;
  /** Graphs come from files of this machine, which may be missing. */
  readonly reads?: true;
  /** Values that the spec fixes for good when it is read, such as the checksum of a file. */
  pin?(params: GraphParams): GraphParams;
  /**
   * Some 3 to 40 parameter sets of about `nodes` nodes that show the range of the family, for its
   * page and for the plane of families; empty where that makes no sense.
   */
  readonly samples: (nodes: number) => readonly GraphParams[];
  /**
   * Places in the plane of graphs that cannot be made everywhere, for the same ends as the samples.
   */
  readonly landmarks?: readonly GraphLandmark[];
  /** A line to show in help texts, where the first sample is none or no good example. */
  readonly example?: string;
}

/** What a graph is measured with, besides the graph. */
export interface MeasureOptions {
  /**
   * Seed of the measures that draw random numbers (Louvain's order of nodes, reference graphs);
   * default 1.
   */
  readonly seed?: number;
  /** Number of random reference graphs that a measure compares with; default 10. */
  readonly references?: number;
}

/**
 * One number that can be told of a graph. One file for each, or for each group of close relatives,
 * in `measures/`.
 */
export interface GraphMeasure {
  /** Key in JSON, camelCase, e.g. `clustering`. */
  readonly name: string;
  /** Heading of its column and page, e.g. `C`, `transitivity`. */
  readonly title: string;
  /**
   * One sentence with the formula in words; says what is done about directed graphs and unreachable
   * pairs.
   */
  readonly definition: string;
  /**
   * For its page: formula, range, how to read it, which function of which other program gives the
   * same number.
   */
  readonly description: string;
  /** Where the measure comes from: author, title, year. */
  readonly reference: string;
  /**
   * `basic` is always told; `quick` takes at most about as long as C and L; `slow` may take seconds
   * at 1000 nodes.
   */
  readonly cost: 'basic' | 'quick' | 'slow';
  /** Null where the definition says that there is no such number. */
  readonly compute: (graph: Graph, options: Required<MeasureOptions>) => number | boolean | null;
}

/**
 * What every graph is told with: the `basic` measures. Every number's definition is in
 * `measureDefinitions`.
 */
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
  /**
   * Mean shortest path length over ordered pairs; null when the graph is not (strongly) connected.
   */
  readonly pathLength: number | null;
}
