import type { ImageBatch } from '../core/image-batch.js';
import type { BlockShape } from '../network/block-squares.js';
import type { Network, ParameterInfo } from '../network/types.js';
import type { BufferId, BufferInfo, Metrics, StepSettings } from './base.js';
import type { Call } from './calls.js';

export type { Precision } from './bf16.js';
export type { ImageBatch } from '../core/image-batch.js';
export type { BufferId, BufferInfo, Metrics, ParamId, StepSettings } from './base.js';
export type { Call, CallOf, Windowed } from './calls.js';

/**
 * The parts of a program that can be dispatched. `step` = forward, backward, update; a backend may
 * fuse these. `statistics`: a forward pass with the statistics of its batch, which sets running
 * statistics instead of moving them.
 */
export type Phase = 'forward' | 'backward' | 'update' | 'step' | 'evaluate' | 'statistics';

/**
 * A network compiled for one batch size: ordered kernel calls plus a buffer table, planned once.
 * Nothing is allocated while it runs.
 */
export interface Program {
  readonly network: Network;
  /** Columns of every per-batch buffer: the most samples one dispatch takes. */
  readonly batch: number;
  /** Whether it only evaluates: it has no gradients, momenta and training calls. */
  readonly inference: boolean;
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
  /** The forward pass as far as its last batch norm, whose running statistics it sets. */
  readonly statistics: readonly Call[];
}

/** How a phase is run. */
export interface DispatchOptions {
  /**
   * Of `backward`: add to the gradients that are there instead of writing them. Of `statistics`: the
   * running statistics become those of this batch and of all since the last one without it.
   */
  readonly accumulate?: boolean;
}

/**
 * A program ready to run on one backend, with its own parameters, gradients, momenta and buffers.
 *
 * Work is issued in order and may be done later: `upload`, `input` and `dispatch` return at once,
 * and what is asked for by `read`, `metrics` and `logits` is what it was when it was asked for,
 * whatever is issued after. Mistakes of the caller are told at once: by an exception, or of these
 * three by their promise.
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
  read(name: string, what?: 'value' | 'grad' | 'momentum'): Promise<Float32Array | Float64Array>;
  /**
   * Sums of squares of the blocks of a weight that is no plane's, `nodes of the outputs x nodes of the
   * inputs`, row-major; absent blocks 0. Faster than `read`, where a backend has it.
   */
  blockSquares?(name: string, what: 'value' | 'grad', blocks: BlockShape): Promise<Float64Array>;
  /**
   * Goes on with a program that differs in masks alone. Weights and momenta that exist in both stay,
   * those that come are 0; running statistics stay. A batch is to be loaded anew. Absent where a
   * backend cannot.
   */
  rewire?(program: Program): void;
  /** Restores a momentum buffer (checkpoints). */
  uploadMomentum(name: string, values: ArrayLike<number>): void;
  /**
   * The batch as numbers, sample-major (`count x features`), with labels. Remaining columns become
   * 0.
   */
  input(samples: ArrayLike<number>, labels: ArrayLike<number>, count: number): void;
  /** The batch as byte images. */
  inputImages(batch: ImageBatch): void;
  /** Runs a phase over the current batch. `settings` are needed by `update` and `step`. */
  dispatch(phase: Phase, settings?: StepSettings, options?: DispatchOptions): void;
  /** Of the last dispatch that made a loss. */
  metrics(): Promise<Metrics>;
  /** Logits of the current batch, sample-major `count x classes`. */
  logits(): Promise<Float32Array | Float64Array>;
  dispose(): void;
}

/** What a backend can do, and what it takes: all that others need to know of it. */
export interface Capabilities {
  /** Of the numbers it computes with and keeps. */
  readonly precision: 'float32' | 'float64';
  /** Most threads that can work in one model. */
  readonly threads: number;
  /** A batch takes the memory of the next multiple of so many samples. */
  readonly columns: number;
  /** Whether convolutions whose input gradient is taken keep their weights transposed as well. */
  readonly transposedWeights: boolean;
  /**
   * How products in bf16 sum: rounded numbers one by one, or in pairs by an instruction of the
   * processor, to other bits; absent: it does not know them.
   */
  readonly bf16?: 'widened' | 'pairs';
}

/** What a backend says of itself. */
export interface BackendInfo extends Capabilities {
  /** The name it is chosen by, e.g. `cpu`. */
  readonly name: string;
  /** What runs, e.g. `native avx512`, `wasm simd128`, `float64 TypeScript`. */
  readonly description: string;
  /**
   * Of the order in which its kernels add up: one version on one instruction set gives the same
   * bits. Studies record it.
   */
  readonly version: number;
}

/** How a backend prepares a program. */
export interface PrepareOptions {
  /**
   * Threads inside the kernels, 1 by default. The numbers are the same for any; a backend uses as
   * many as it can.
   */
  readonly threads?: number;
}

/** Something that runs programs: it prepares one, with parameters of its own. */
export interface Backend {
  readonly info: BackendInfo;
  prepare(program: Program, options?: PrepareOptions): Promise<Executable>;
}
