import type { Layer } from '../../network/types.js';
import type { Encoder } from '../backends/cpu/encode.js';
import type { ReferenceRun } from '../backends/reference/run.js';
import type { BufferId, Call } from '../calls.js';
import type { Lowering } from './lowering.js';
import type { Reverse } from './reverse.js';

/**
 * What an op is: all that passes and backends ask of a kind of call. They are loops over
 * `registry.ts`.
 */
export interface Op<C> {
  /** Fields that name buffers it reads, and buffers it writes wholly. */
  readonly reads: readonly (keyof C)[];
  readonly writes: readonly (keyof C)[];
  /** Fields that name parameters whose gradient it stores. */
  readonly gradients?: readonly (keyof C)[];
  /** Buffers that it names and does not touch. */
  readonly idle?: readonly (keyof C)[];
  /**
   * Whether it does without a field it reads, whose storage is then free earlier: some gradients do
   * without the forward pass's input or output.
   */
  readonly unread?: (call: C, field: string) => boolean;
  /** The field of the buffer that a call with `accumulate` adds to; default `dx`. */
  readonly sum?: keyof C;
  /** Of a windowed call: its outputs are the inputs of the layer. */
  readonly transposed?: true;
  /**
   * Useful arithmetic on so many samples, a multiply-add counted as 2; default 0: only products
   * count.
   */
  readonly flops?: (call: C, batch: number) => number;
  /** Floats of working space in the C kernels; default 0. */
  readonly scratch?: (call: C, sizes: { readonly ld: number; readonly threads: number }) => number;
  /** The call as its formula says, in float64. Gradients of parameters are added to. */
  readonly run: (call: C, at: ReferenceRun) => void;
  /** The words of native/run.h. */
  readonly encode: (call: C, to: Encoder) => number[];
  /** Of a forward call: emits the gradient calls; `dy` is the gradient of its output. */
  readonly differentiate?: (call: C, dy: BufferId, reverse: Reverse) => void;
}

/** How a kind of layer becomes a forward call. */
export interface LayerRule<L> {
  /** How many inputs it takes. */
  readonly inputs: number;
  /** The call, its shapes checked. */
  readonly lower: (layer: L, inputs: readonly BufferId[], y: BufferId, lowering: Lowering) => Call;
}

/** A layer that is lowered. */
export type LayerOf<Kind extends Layer['kind']> = Extract<Layer, { readonly kind: Kind }>;

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
