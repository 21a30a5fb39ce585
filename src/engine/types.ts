import type { ImageBatch } from '../core/image-batch.js';
import type { Shape } from '../core/shape.js';
import type { Network, ParameterInfo } from '../network/types.js';
import type { BufferId, Call } from './calls.js';

export type { ImageBatch } from '../core/image-batch.js';
export type { BufferId, Call, CallOf, ParamId, Windowed } from './calls.js';

/**
 * A buffer of the program: `rows x batch` numbers, feature-major (row = feature, the batch
 * contiguous), except where `perBatch` is false: then `rows` numbers that do not depend on the
 * batch (saved statistics).
 */
export interface BufferInfo {
  readonly name: string;
  readonly rows: number;
  /**
   * The planes that the rows are: row = (channel height + y) width + x. A vector has planes of one
   * pixel.
   */
  readonly shape: Shape;
  readonly perBatch: boolean;
  /**
   * Storage this buffer shares with others whose lifetimes do not overlap; an index into
   * `Program.slots`. -1 where `perBatch` is false: such a buffer has its own few numbers.
   */
  readonly slot: number;
}

/**
 * The parts of a program that can be dispatched. `step` = forward, backward, update; a backend may
 * fuse these.
 */
export type Phase = 'forward' | 'backward' | 'update' | 'step' | 'evaluate';

/**
 * A network compiled for one batch size: ordered kernel calls plus a buffer table, planned once.
 * Nothing is allocated while it runs.
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
  /**
   * What gradients are multiplied by first: 1 (the default), or 1 / m after m accumulated batches.
   */
  readonly gradientScale?: number;
}

/** How a phase is run. */
export interface DispatchOptions {
  /** Of `backward`: add to the gradients that are there instead of writing them. */
  readonly accumulate?: boolean;
}

export interface Metrics {
  /** Mean cross-entropy (nats) over the last dispatched batch. */
  readonly loss: number;
  /** Samples whose largest logit (first of equals) is the label's. */
  readonly correct: number;
  /** Samples whose label is among the 5 largest logits (of equals the first ones). */
  readonly correct5: number;
}

export type BackendName = 'reference' | 'cpu' | 'wasm';

/**
 * A program ready to run on one backend, with its own parameters, gradients, momenta and buffers.
 */
export interface Executable {
  readonly program: Program;
  /**
   * Writes a parameter or running statistic, row-major in its logical shape; entries of absent
   * blocks are ignored.
   */
  upload(name: string, values: ArrayLike<number>): void;
  /**
   * A copy in logical shape, absent entries 0. `grad` and `momentum` exist for learnable ones only.
   */
  read(name: string, what?: 'value' | 'grad' | 'momentum'): Float32Array | Float64Array;
  /** Restores a momentum buffer (checkpoints). */
  uploadMomentum(name: string, values: ArrayLike<number>): void;
  /**
   * The batch as numbers, sample-major (`count x features`), with labels. Remaining columns become
   * 0.
   */
  input(samples: ArrayLike<number>, labels: ArrayLike<number>, count: number): void;
  /** The batch as byte images. */
  inputImages(batch: ImageBatch): void;
  /** Runs a phase over the current batch. `hyper` is needed by `update` and `step`. */
  dispatch(phase: Phase, hyper?: Hyper, options?: DispatchOptions): void;
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
  /** Whether several threads can work in one model. */
  readonly threaded: boolean;
}

export interface PrepareOptions {
  /**
   * Threads inside the kernels, 1 by default. The numbers are the same for any; a backend that is
   * not `threaded` uses one.
   */
  readonly threads?: number;
}

export interface Backend {
  readonly info: BackendInfo;
  prepare(program: Program, options?: PrepareOptions): Executable;
}
