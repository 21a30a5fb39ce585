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
 * The nonzero blocks of one layer: output node i reads input node j when `graph` has the edge i ->
 * j, and always itself. Rows are outputs, columns are inputs (as in the weight matrix `[out, in]`).
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

/** The samples themselves, before the first layer. */
export interface InputLayer extends LayerBase {
  readonly kind: 'input';
}

/**
 * y = W x (+ b). The input is read flattened in channel, row, column order; `mask` null means
 * dense.
 */
export interface LinearLayer extends LayerBase {
  readonly kind: 'linear';
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly bias: boolean;
  readonly mask: BlockMask | null;
}

/**
 * Where a window of `kernel x kernel` pixels is put: every `stride` pixels, after `padding` pixels
 * were added on every side.
 */
export interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

/**
 * y = W * x (+ b): a convolution, more exactly a correlation as in PyTorch, padded with zeros. One
 * weight for each (output channel, input channel, row, column of the window); `mask` null means
 * dense, else it says which pairs of channels exist.
 */
export interface ConvLayer extends LayerBase {
  readonly kind: 'conv';
  readonly window: Window;
  readonly inChannels: number;
  readonly bias: boolean;
  readonly mask: BlockMask | null;
}

/**
 * A convolution of every channel with its own window (groups = channels), padded with zeros,
 * without bias.
 */
export interface DepthwiseLayer extends LayerBase {
  readonly kind: 'depthwise';
  readonly window: Window;
}

/** Batch normalisation over the batch and the plane, per channel, with scale and shift. */
export interface BatchNormLayer extends LayerBase {
  readonly kind: 'batchNorm';
  readonly eps: number;
  /** Weight of the new batch in the running statistics. */
  readonly momentum: number;
  /**
   * What the scale starts at: 1, or 0 at the end of a residual block, which then starts as the
   * identity.
   */
  readonly gamma: 0 | 1;
}

/**
 * Layer normalisation: over the channels of each pixel of each sample, with scale and shift per
 * channel.
 */
export interface LayerNormLayer extends LayerBase {
  readonly kind: 'layerNorm';
  readonly eps: number;
}

/**
 * relu: max(x, 0). swish: x sigmoid(x). sigmoid: 1 / (1 + exp(-x)). gelu: x Phi(x) with the normal
 * distribution's Phi. stairs-L: min(max(floor(x L + 1/2), 0), L) / L, a ReLU of L levels up to 1 whose
 * gradient is that of the ramp that it follows, 1 from -1/(2L) to below 1 + 1/(2L) (Bu et al. 2022,
 * "Optimal ANN-SNN Conversion for High-accuracy and Ultra-low-latency Spiking Neural Networks", ICLR).
 */
export type ActivationFunction = 'relu' | 'swish' | 'sigmoid' | 'gelu' | Stairs;

/** Levels that stairs may have: powers of two, so that float32 has every level exactly. */
export const STAIR_LEVELS = [2, 4, 8, 16] as const;
/** One of them. */
export type StairLevels = (typeof STAIR_LEVELS)[number];
/** A quantised ReLU, which networks are trained with that are to run as spikes in few steps. */
export type Stairs = `stairs-${StairLevels}`;

/** A function of every number by itself; the shape stays. */
export interface ActivationLayer extends LayerBase {
  readonly kind: 'activation';
  readonly function: ActivationFunction;
}

/**
 * Over each window the largest value (padding never wins), or the mean over all of the window,
 * padding counted as zeros.
 */
export interface PoolLayer extends LayerBase {
  readonly kind: 'maxPool' | 'averagePool';
  readonly window: Window;
}

/** The mean over the plane of each channel. */
export interface GlobalPoolLayer extends LayerBase {
  readonly kind: 'globalPool';
}

/** The sum of two inputs of one shape: a residual connection. */
export interface AddLayer extends LayerBase {
  readonly kind: 'add';
}

/**
 * Every channel of the first input times its number in the second (a plane of 1 x 1): the gate of
 * squeeze-and-excitation.
 */
export interface GateLayer extends LayerBase {
  readonly kind: 'gate';
}

/**
 * Adds one learned number for each channel and pixel: the position embedding of a patch network.
 */
export interface PositionLayer extends LayerBase {
  readonly kind: 'position';
}

/**
 * Self-attention among the pixels of each sample (Vaswani et al. 2017). Three inputs of the
 * output's shape: queries, keys, values. Head h of H holds the consecutive channels floor(h C / H)
 * .. floor((h + 1) C / H) - 1 of each, and gives softmax(q . k / sqrt(its channels)) v. No weights
 * of its own.
 */
export interface AttentionLayer extends LayerBase {
  readonly kind: 'attention';
  readonly heads: number;
}

/** Any layer of a network, told apart by `kind`. */
export type Layer =
  | InputLayer
  | LinearLayer
  | ConvLayer
  | DepthwiseLayer
  | BatchNormLayer
  | LayerNormLayer
  | ActivationLayer
  | PoolLayer
  | GlobalPoolLayer
  | AddLayer
  | GateLayer
  | PositionLayer
  | AttentionLayer;

/**
 * The one intermediate representation: an immutable directed acyclic graph of typed layers, in
 * topological order, no weights. Cost, every backend, exports and drawings read this, so that they
 * cannot drift apart.
 */
export interface Network {
  readonly arch: string;
  /**
   * The spec of the relational graph, or of the sequence of them; null when it was given as a bare
   * `Graph`, and for the dense baseline.
   */
  readonly graph: GraphSpec | null;
  readonly input: Shape;
  readonly classes: number;
  /**
   * Widths the budget matcher scales: one for each stage (for the MLP one number: the width of the
   * three relational layers).
   */
  readonly widths: readonly number[];
  /** First layer is the input, last layer's output holds the logits. */
  readonly layers: readonly Layer[];
  /**
   * Of every layer over a graph, by its id, which of the architecture's relational layers it is, from
   * 0; a layer beside another one shares its number. Absent where no architecture made the network.
   */
  readonly rounds?: Readonly<Record<string, number>>;
}

/** How a parameter starts. */
export type Init =
  | { readonly kind: 'normal'; readonly std: number }
  /** Uniform over [-bound, bound). */
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'constant'; readonly value: number };

/** One learnable parameter or one running statistic of a network, in layer order. */
export interface ParameterInfo {
  /** PyTorch-style: `s2.b1.a.weight`, `s2.b1.a_bn.running_mean`. */
  readonly name: string;
  readonly layer: string;
  readonly role: 'weight' | 'bias' | 'gamma' | 'beta' | 'runningMean' | 'runningVar' | 'position';
  /** False for running statistics. */
  readonly learnable: boolean;
  readonly shape: readonly number[];
  readonly init: Init;
  /**
   * For a relational weight: which pairs (output channel, input channel), the first two axes of
   * `shape`, exist.
   */
  readonly mask: BlockMask | null;
}

/** Cost of one forward pass of one sample. */
export interface LayerCost {
  readonly layer: string;
  readonly macs: number;
  readonly params: number;
}

/** What a network costs a sample, in all and layer by layer. */
export interface NetworkCost {
  /**
   * Multiply-adds of linear layers, convolutions and attention (no norms, no bias of a linear
   * layer), each layer truncated to an integer.
   */
  readonly macs: number;
  /** Learnable numbers that exist (absent blocks do not count). */
  readonly params: number;
  readonly layers: readonly LayerCost[];
}
