import type { BlockMask, Network, ParameterInfo } from '../network/types.js';
import type { Shape } from '../core/shape.js';

/**
 * A buffer of the program: `rows x batch` numbers, feature-major (row = feature, the batch contiguous), except where
 * `perBatch` is false: then `rows` numbers that do not depend on the batch (saved statistics).
 */
export interface BufferInfo {
  readonly name: string;
  readonly rows: number;
  readonly perBatch: boolean;
  /**
   * Storage this buffer shares with others whose lifetimes do not overlap; an index into `Program.slots`. -1 where
   * `perBatch` is false: such a buffer has its own few numbers.
   */
  readonly slot: number;
}

/** Index into `Program.buffers`. */
export type BufferId = number;
/** Index into `Program.parameters`. */
export type ParamId = number;

interface LinearArgs {
  readonly weight: ParamId;
  readonly bias: ParamId | null;
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** null = dense. */
  readonly mask: BlockMask | null;
}

interface BatchNormArgs {
  readonly channels: number;
  readonly gamma: ParamId;
  readonly beta: ParamId;
  readonly runningMean: ParamId;
  readonly runningVar: ParamId;
  readonly eps: number;
  readonly momentum: number;
  /** The ReLU that follows is folded in. */
  readonly relu: boolean;
  /** `mean` and `1 / sqrt(var + eps)` of the batch, kept for the backward pass; `channels` numbers each. */
  readonly savedMean: BufferId;
  readonly savedInvStd: BufferId;
}

/** One kernel call. Every backend implements every `op`. `count` below is the number of valid samples in the batch. */
export type Call =
  /** y = W x (+ b). */
  | ({ readonly op: 'linear'; readonly x: BufferId; readonly y: BufferId } & LinearArgs)
  /** dx = W^T dy. */
  | ({ readonly op: 'linearInputGrad'; readonly dy: BufferId; readonly dx: BufferId } & LinearArgs)
  /** grad(W) = dy x^T on existing blocks, grad(b) = row sums of dy. Stored, not accumulated. */
  | ({ readonly op: 'linearWeightGrad'; readonly x: BufferId; readonly dy: BufferId } & LinearArgs)
  /** y = gamma (x - mean) / sqrt(var + eps) + beta [then ReLU] with batch statistics; updates the running ones. */
  | ({ readonly op: 'batchNormTrain'; readonly x: BufferId; readonly y: BufferId } & BatchNormArgs)
  /** The same with running statistics, which stay as they are. */
  | ({ readonly op: 'batchNormEval'; readonly x: BufferId; readonly y: BufferId } & BatchNormArgs)
  /** From dy (gradient at the output y, whose sign decides the ReLU) to dx, grad(gamma), grad(beta). */
  | ({ readonly op: 'batchNormGrad'; readonly x: BufferId; readonly y: BufferId; readonly dy: BufferId; readonly dx: BufferId } & BatchNormArgs)
  | { readonly op: 'relu'; readonly x: BufferId; readonly y: BufferId }
  | { readonly op: 'reluGrad'; readonly y: BufferId; readonly dy: BufferId; readonly dx: BufferId }
  /** Mean cross-entropy over the valid samples; dlogits (null in evaluation) = (softmax - onehot) / count. */
  | { readonly op: 'softmaxLoss'; readonly logits: BufferId; readonly dlogits: BufferId | null; readonly classes: number }
  /**
   * SGD with Nesterov momentum: g = grad + decay w; v = momentum v + g; w -= rate (g + momentum v).
   * (PyTorch's `SGD(nesterov=True)`, dampening 0; Sutskever et al. 2013.)
   */
  | { readonly op: 'update'; readonly param: ParamId };

/** The parts of a program that can be dispatched. `step` = forward, backward, update; a backend may fuse these. */
export type Phase = 'forward' | 'backward' | 'update' | 'step' | 'evaluate';

/**
 * A network compiled for one batch size: ordered kernel calls plus a buffer table, planned once. Nothing is allocated
 * while it runs.
 */
export interface Program {
  readonly network: Network;
  /** Columns of every per-batch buffer: the most samples one dispatch takes. */
  readonly batch: number;
  readonly buffers: readonly BufferInfo[];
  /** Rows of each storage slot (per-batch slots only). */
  readonly slots: readonly number[];
  readonly parameters: readonly ParameterInfo[];
  readonly input: BufferId;
  readonly logits: BufferId;
  /** Training forward pass, loss and its gradient at the logits included. */
  readonly forward: readonly Call[];
  /** In reverse layer order; a layer's input gradient is taken before its weight gradient. */
  readonly backward: readonly Call[];
  readonly update: readonly Call[];
  readonly evaluate: readonly Call[];
}

/** Settings of one update. */
export interface Hyper {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
}

/** A batch of byte images, normalised and augmented on the way in. */
export interface ImageBatch {
  readonly shape: Shape;
  /** A whole split's bytes, image after image, planar. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  /** Which images form the batch. */
  readonly indices: Int32Array;
  /** Valid entries of `indices` (and of the transforms). */
  readonly count: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** 1 = mirrored. Null: no augmentation. */
  readonly flip: Uint8Array | null;
  /** The output pixel (r, c) reads (r + shiftY, c + shiftX) of the (mirrored) image; outside it is 0. */
  readonly shiftY: Int8Array | null;
  readonly shiftX: Int8Array | null;
}

export interface Metrics {
  /** Mean cross-entropy (nats) over the last dispatched batch. */
  readonly loss: number;
  /** Samples whose largest logit (first of equals) is the label's. */
  readonly correct: number;
}

export type BackendName = 'reference' | 'cpu' | 'wasm';

/** A program ready to run on one backend, with its own parameters, gradients, momenta and buffers. */
export interface Executable {
  readonly program: Program;
  /** Writes a parameter or running statistic, row-major in its logical shape; entries of absent blocks are ignored. */
  upload(name: string, values: ArrayLike<number>): void;
  /** A copy in logical shape, absent entries 0. `grad` and `momentum` exist for learnable ones only. */
  read(name: string, what?: 'value' | 'grad' | 'momentum'): Float32Array | Float64Array;
  /** Restores a momentum buffer (checkpoints). */
  uploadMomentum(name: string, values: ArrayLike<number>): void;
  /** The batch as numbers, sample-major (`count x features`), with labels. Remaining columns become 0. */
  input(samples: ArrayLike<number>, labels: ArrayLike<number>, count: number): void;
  /** The batch as byte images. */
  inputImages(batch: ImageBatch): void;
  /** Runs a phase over the current batch. `hyper` is needed by `update` and `step`. */
  dispatch(phase: Phase, hyper?: Hyper): void;
  metrics(): Metrics;
  /** Logits of the current batch, sample-major `count x classes`. */
  logits(): Float32Array | Float64Array;
  dispose(): void;
}

export interface BackendInfo {
  readonly name: BackendName;
  /** What runs, e.g. `native avx512`, `wasm simd128`, `float64 TypeScript`. */
  readonly description: string;
  readonly precision: 'float32' | 'float64';
}

export interface Backend {
  readonly info: BackendInfo;
  prepare(program: Program): Executable;
}
