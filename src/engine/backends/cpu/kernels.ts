import type { BackendInfo, StepSettings } from '../../types.js';

/**
 * Of the C kernels in all their builds: one more whenever a sum is taken in another order, so that
 * results differ in their last bits. 2: weight gradients of linear layers by outer products, of
 * convolutions by rows of taps, of depthwise ones by squares of pixels.
 */
export const KERNEL_VERSION = 2;

/** One run of a list of commands (native/run.h). */
export interface RunRequest {
  /**
   * Where the commands are, in floats from the memory's base, and how many int32 words they have.
   */
  readonly commands: number;
  readonly words: number;
  /** Valid samples. */
  readonly count: number;
  /** Floats from one row to the next. */
  readonly ld: number;
  readonly settings: StepSettings;
  /** Parameter gradients are added to what is there. */
  readonly accumulate: boolean;
  readonly threads: number;
}

/** A block of memory that kernels work in. Offsets below are in floats from `base`. */
export interface Memory {
  /** Never grows; valid until the executable is dropped. */
  readonly buffer: ArrayBuffer;
  /** Byte of the first 64-byte boundary in `buffer`. */
  readonly base: number;
  run(request: RunRequest): void;
}

/** One build of the C kernels: the native addon or WebAssembly. */
export interface Kernels {
  readonly info: BackendInfo;
  /** Zero-filled memory of at least that many bytes. */
  allocate(bytes: number): Memory;
  /** Peak of fp32 multiply-adds of one core in this build, GFLOP/s (a multiply-add is 2). */
  peak(): number;
}
