import type { Shape } from '../core/shape.js';
import type { Graph, GraphSpec } from '../graph/types.js';

export type { Shape };

/** How many consecutive channels each node holds in one layer. Sizes differ by at most one. */
export interface Partition {
  readonly channels: number;
  readonly nodes: number;
  /** Channels of each node. */
  readonly sizes: Int32Array;
  /** `nodes + 1` prefix sums of `sizes`: node i holds channels starts[i] .. starts[i+1]-1. */
  readonly starts: Int32Array;
}

/**
 * The nonzero blocks of one layer: output node i reads input node j when `graph` has the edge i -> j, and always
 * itself. Rows are outputs, columns are inputs (as in the weight matrix `[out, in]`).
 */
export interface BlockMask {
  readonly graph: Graph;
  readonly input: Partition;
  readonly output: Partition;
  /** Nonzero entries of the mask: sum of out-size x in-size over blocks. */
  readonly nonzeros: number;
}

interface LayerBase {
  /** Unique; prefix of the layer's parameter names, e.g. `s2.b1.a`. */
  readonly id: string;
  readonly inputs: readonly string[];
  readonly output: Shape;
}

export interface InputLayer extends LayerBase {
  readonly kind: 'input';
}

/** y = W x (+ b). The input is read flattened in channel, row, column order; `mask` null means dense. */
export interface LinearLayer extends LayerBase {
  readonly kind: 'linear';
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly bias: boolean;
  readonly mask: BlockMask | null;
}

/** Batch normalisation over the batch and the plane, per channel, with scale and shift. */
export interface BatchNormLayer extends LayerBase {
  readonly kind: 'batchNorm';
  readonly eps: number;
  /** Weight of the new batch in the running statistics. */
  readonly momentum: number;
}

export interface ReluLayer extends LayerBase {
  readonly kind: 'relu';
}

export type Layer = InputLayer | LinearLayer | BatchNormLayer | ReluLayer;

/**
 * The one intermediate representation: an immutable directed acyclic graph of typed layers, in topological order, no
 * weights. Cost, every backend, exports and drawings read this, so that they cannot drift apart.
 */
export interface Network {
  readonly arch: string;
  /** The spec of the relational graph, or of the sequence of them; null when it was given as a bare `Graph`, and for the dense baseline. */
  readonly graph: GraphSpec | null;
  readonly input: Shape;
  readonly classes: number;
  /** Widths the budget matcher scales (for the MLP one number: the width of the three relational layers). */
  readonly widths: readonly number[];
  /** First layer is the input, last layer's output holds the logits. */
  readonly layers: readonly Layer[];
}

/** How a parameter starts. */
export type Init = { readonly kind: 'normal'; readonly std: number } | { readonly kind: 'constant'; readonly value: number };

/** One learnable parameter or one running statistic of a network, in layer order. */
export interface ParameterInfo {
  /** PyTorch-style: `s2.b1.a.weight`, `s2.b1.a_bn.running_mean`. */
  readonly name: string;
  readonly layer: string;
  readonly role: 'weight' | 'bias' | 'gamma' | 'beta' | 'runningMean' | 'runningVar';
  /** False for running statistics. */
  readonly learnable: boolean;
  readonly shape: readonly number[];
  readonly init: Init;
  /** For a relational weight: which entries exist. */
  readonly mask: BlockMask | null;
}

/** Cost of one forward pass of one sample. */
export interface LayerCost {
  readonly layer: string;
  readonly macs: number;
  readonly params: number;
}

export interface NetworkCost {
  /** Multiply-adds of linear layers (no batch norm, no bias), each layer truncated to an integer. */
  readonly macs: number;
  /** Learnable numbers that exist (absent blocks do not count). */
  readonly params: number;
  readonly layers: readonly LayerCost[];
}
