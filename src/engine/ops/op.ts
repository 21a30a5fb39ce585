import type { Layer } from '../../network/types.js';
import type { Arena, PlacedTable } from '../backends/cpu/places.js';
import type { GroupOf } from '../backends/cpu/commands.js';
import type { Columns } from '../backends/reference/kernels/linear.js';
import type { AnyCall, BufferId, Metrics, ParamId, StepSettings } from '../base.js';
import type { Lowering } from './lowering.js';
import type { Reverse } from './reverse.js';
import type { Windowed } from './windowed.js';

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
  readonly scratch?: (call: C, sizes: ScratchSizes) => number;
  /** The call as its formula says, in float64. Gradients of parameters are added to. */
  readonly run: (call: C, at: ReferenceRun) => void;
  /** The words of native/run.h. */
  readonly encode: (call: C, to: Encoder) => number[];
  /** Of a forward call: emits the gradient calls; `dy` is the gradient of its output. */
  readonly differentiate?: (call: C, dy: BufferId, reverse: Reverse) => void;
}

/** What working space depends on: floats of a row, threads, and rows of a buffer in memory. */
export interface ScratchSizes {
  readonly ld: number;
  readonly threads: number;
  readonly rows: (id: BufferId) => number;
}

/** What the reference's kernels are given: the numbers behind ids, and the batch. */
export interface ReferenceRun {
  readonly columns: Columns;
  readonly labels: Int32Array;
  readonly settings: StepSettings | undefined;
  /** Numbers of a buffer. */
  readonly b: (id: BufferId) => Float64Array;
  readonly orNull: (id: BufferId | null) => Float64Array | null;
  readonly rows: (id: BufferId) => number;
  readonly value: (id: ParamId) => Float64Array;
  readonly grad: (id: ParamId) => Float64Array;
  readonly momentum: (id: ParamId) => Float64Array;
  /** 1 where an entry of a weight exists; null: everywhere. */
  readonly mask: (id: ParamId) => Uint8Array | null;
  /** Takes what the loss gave. */
  readonly tell: (metrics: Metrics) => void;
}

/** What calls are encoded with: where in the C kernels' memory the numbers behind ids lie. */
export interface Encoder {
  readonly arena: Arena;
  /** Whether weight gradients of linear layers are applied where they are made. */
  readonly fused: boolean;
  value(param: ParamId | null): number;
  gradient(param: ParamId): number;
  buffer(id: BufferId | null): number;
  /** Rows of a buffer in memory, those between pixels included. */
  rows(id: BufferId): number;
  /** A product's table, which is there. */
  table(table: PlacedTable | null): PlacedTable;
  /** The operands that say where a call's windows fall. */
  windows(call: Windowed & AnyCall): GroupOf<'windows'>;
}

/** How a kind of layer becomes a forward call. */
export interface LayerRule<L, C extends AnyCall = AnyCall> {
  /** How many inputs it takes. */
  readonly inputs: number;
  /** The call, its shapes checked. */
  readonly lower: (layer: L, inputs: readonly BufferId[], y: BufferId, lowering: Lowering) => C;
}

/** A layer that is lowered. */
export type LayerOf<Kind extends Layer['kind']> = Extract<Layer, { readonly kind: Kind }>;
