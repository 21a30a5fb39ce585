import type { BackendInfo } from '../../types.js';

/** A block of memory that kernels work in. Offsets below are in floats from `base`. */
export interface Memory {
  /** Never grows; valid until the executable is dropped. */
  readonly buffer: ArrayBuffer;
  /** Byte of the first 64-byte boundary in `buffer`. */
  readonly base: number;
  /**
   * Interprets `words` int32 words of commands at float offset `commands` (native/run.h) on `count` samples whose rows
   * are `ld` floats apart.
   */
  run(commands: number, words: number, count: number, ld: number, rate: number, momentum: number, decay: number): void;
}

/** One build of the C kernels: the native addon or WebAssembly. */
export interface Kernels {
  readonly info: BackendInfo;
  /** Zero-filled memory of at least that many bytes. */
  allocate(bytes: number): Memory;
  /** Peak of fp32 multiply-adds of one core in this build, GFLOP/s (a multiply-add is 2). */
  peak(): number;
}
