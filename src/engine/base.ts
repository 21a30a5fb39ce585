/**
 * What calls, ops, programs and backends are told in. Nothing here knows a kind of call: ops stand
 * on it, and `calls.ts` on the ops.
 */
import type { Shape } from '../core/shape.js';

/** Index into `Program.buffers`. */
export type BufferId = number;
/** Index into `Program.parameters`. */
export type ParamId = number;

/** A kernel call of whatever kind. */
export interface AnyCall {
  readonly op: string;
}

/** The call of one name among those of a file of ops. */
export type CallIn<Calls extends AnyCall, Op extends Calls['op']> = Extract<
  Calls,
  { readonly op: Op }
>;

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
  /** Sums that must not lose bits: 64 bits a number, where the backend has such numbers. */
  readonly double?: boolean;
}

/** A buffer before storage is planned. */
export type DraftBuffer = Omit<BufferInfo, 'slot'>;

/** Settings of one update (SGD with Nesterov momentum). */
export interface StepSettings {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /**
   * What gradients are multiplied by first: 1 (the default), or 1 / m after m accumulated batches.
   */
  readonly gradientScale?: number;
}

/** What a batch came to. */
export interface Metrics {
  /** Mean cross-entropy (nats) over the last dispatched batch. */
  readonly loss: number;
  /** Samples whose largest logit (first of equals) is the label's. */
  readonly correct: number;
  /** Samples whose label is among the 5 largest logits (of equals the first ones). */
  readonly correct5: number;
}

/**
 * Adds to what `dx` holds already instead of writing it: `dx` has several readers, and this is not
 * the last of them.
 */
export interface Accumulates {
  readonly accumulate: boolean;
}

/** `channels` planes of `plane` pixels. */
export interface Planes {
  readonly channels: number;
  readonly plane: number;
}
