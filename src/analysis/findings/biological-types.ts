import type { Graph } from '../../graph/types.js';

/** A place in the plane of C and L. */
export interface Place {
  readonly clustering: number;
  readonly pathLength: number;
}

/** A biological network measured in one way. */
export interface BiologicalPlace extends Place {
  /** Whether directions were kept. L is over the pairs that are reachable. */
  readonly directed: boolean;
  readonly nodes: number;
  readonly edges: number;
  /** Average degree by the nodes, k / n: 2 m / n^2, directed m / n^2. */
  readonly density: number;
  /**
   * Random graphs of the same degrees (directed: in- and out-degrees), measured alike; null where
   * the graph itself is not at hand.
   */
  readonly nulls: readonly Place[] | null;
}

/** A biological network as the caller found it. */
export interface BiologicalGraph {
  readonly name: string;
  /** Its file was read; else only published numbers are known, undirected ones. */
  readonly atHand: boolean;
  readonly places: readonly BiologicalPlace[];
  /** Without directions, for pictures; null where it is not at hand. */
  readonly graph: Graph | null;
}
