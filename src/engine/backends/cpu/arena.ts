import { invariant, UserError } from '../../../core/errors.js';
import { sizesApart } from '../../../core/sizes.js';
import type { Shape } from '../../../core/shape.js';
import { elements } from '../../../core/tensor.js';
import type { CallOf, Windowed } from '../../calls.js';
import { opOf } from '../../ops/registry.js';
import { isProbe } from '../../passes/probe.js';
import type { BufferInfo, Program } from '../../types.js';
import { convTable, transposedConv } from './conv-layout.js';
import {
  forwardTable,
  type ProductTable,
  transposedTable,
  weightLayout,
  type WeightLayout,
} from './layout.js';
import type { Arena, PlacedParameter, PlacedTable, PlacedWindows } from './places.js';
import { FEW_SAMPLES, rowScratch, rowTable } from './row-layout.js';
import { windowTables } from './windows.js';

/** Offsets are int32 words of commands. */
const MAX_FLOATS = 2 ** 31 - 1;

/** Hands out consecutive, 64-byte aligned places, with `guard` floats before and after each. */
class Allocator {
  readonly guards: { from: number; to: number }[] = [];
  next = 0;
  constructor(readonly guard: number) {
    this.leave();
  }
  take(floats: number): number {
    const at = this.next;
    this.next += Math.ceil(floats / 16) * 16;
    this.leave();
    return at;
  }
  private leave(): void {
    if (this.guard === 0) return;
    this.guards.push({ from: this.next, to: this.next + this.guard });
    this.next += this.guard;
  }
}

type Tables = { at: number; words: Int32Array }[];

/** Hands out places for tables. */
function tablePlacer(memory: Allocator, tables: Tables): (words: Int32Array) => number {
  return (words) => {
    const at = memory.take(words.length);
    tables.push({ at, words });
    return at;
  };
}

type Product = CallOf<'linear' | 'conv' | 'linearWeightGrad' | 'convWeightGrad'>;

const isConv = (call: Product): call is CallOf<'conv' | 'convWeightGrad'> =>
  call.op === 'conv' || call.op === 'convWeightGrad';

/** The first call of a product's weight, of a probe that of its gradient; null for others. */
function productOf(program: Program, param: number): Product | null {
  for (const call of program.evaluate)
    if ((call.op === 'linear' || call.op === 'conv') && call.weight === param) return call;
  for (const call of program.backward)
    if ((call.op === 'linearWeightGrad' || call.op === 'convWeightGrad') && call.weight === param)
      return call;
  return null;
}

function isLinearWeight(program: Program, param: number): boolean {
  const product = productOf(program, param);
  return product !== null && !isConv(product);
}

const needsInputGradient = (program: Program, param: number): boolean =>
  program.backward.some(
    (call) =>
      (call.op === 'linearInputGrad' || call.op === 'convInputGrad') && call.weight === param,
  );

/**
 * Rows from one pixel to the next: never an even number (native/context.h), but where there is one
 * pixel.
 */
export function pixelRows({ channels, height, width }: Shape): number {
  return height * width === 1 ? channels : channels | 1;
}

/** Rows that a buffer takes in memory. */
export function storedRows({ shape }: BufferInfo): number {
  return shape.height * shape.width * pixelRows(shape);
}

function layoutOf(program: Program, param: number): WeightLayout | null {
  const call = productOf(program, param);
  if (call === null) return null;
  if (isConv(call))
    return weightLayout(call.inChannels, call.outChannels, call.mask, {
      taps: call.window.kernel ** 2,
    });
  const { shape } = program.buffers[call.x];
  const plane = shape.height * shape.width;
  const byRows = program.inference && program.batch <= FEW_SAMPLES;
  if (plane === 1) return weightLayout(call.inFeatures, call.outFeatures, call.mask, { byRows });
  // A mask speaks of channels in their own order.
  invariant(call.mask === null, 'a relational linear layer reads a vector');
  return weightLayout(call.inFeatures, call.outFeatures, null, {
    byRows,
    flattened: { channels: shape.channels, plane, pixelRows: pixelRows(shape) },
  });
}

/**
 * Lays out the learnable vectors and convolutions, then the linear weights, then the running
 * statistics.
 */
function placeParameters(
  program: Program,
  memory: Allocator,
  place: (words: Int32Array) => number,
) {
  const placed: PlacedParameter[] = [];
  const table = (made: ProductTable): PlacedTable => ({
    at: place(made.words),
    groups: made.groups,
  });
  let next = 0;
  const isLinear = (index: number): boolean => isLinearWeight(program, index);
  const vector = (size: number): PlacedParameter => ({
    at: (next += size) - size,
    size,
    layout: null,
    forward: null,
    rows: null,
    transposed: null,
    transposedWeights: null,
  });
  const put = (index: number): void => {
    const layout = layoutOf(program, index);
    if (layout === null) placed[index] = vector(elements(program.parameters[index].shape));
    else if (isLinear(index)) {
      const transposed = needsInputGradient(program, index) ? table(transposedTable(layout)) : null;
      // Rows begin where vectors do.
      if (layout.byRows) next = Math.ceil(next / 16) * 16;
      placed[index] = {
        ...vector(layout.size),
        layout,
        forward: table(forwardTable(layout)),
        rows: layout.byRows ? table(rowTable(layout)) : null,
        transposed,
      };
    } else {
      const back = needsInputGradient(program, index) ? transposedConv(layout) : null;
      const transposedWeights = back && { at: memory.take(layout.size), order: place(back.order) };
      placed[index] = {
        ...vector(layout.size),
        layout,
        forward: table(convTable(layout)),
        transposed: back && table(back.table),
        transposedWeights,
      };
    }
  };
  const each = (wanted: (index: number) => boolean): number => {
    program.parameters.forEach((_, i) => {
      if (wanted(i)) put(i);
    });
    return next;
  };
  const probed = (index: number): boolean => isProbe(program.parameters[index]);
  const vectors = each((i) => program.parameters[i].learnable && !isLinear(i) && !probed(i));
  const learnable = each((i) => isLinear(i) && !probed(i));
  const kept = each((i) => !program.parameters[i].learnable);
  return { placed, vectors, learnable, kept, all: each(probed) };
}

/** Calls with the same windows share their tables. */
export function windowKey(call: Windowed, transposed: boolean): string {
  const { window, inHeight, inWidth } = call;
  return [window.kernel, window.stride, window.padding, inHeight, inWidth, transposed].join(' ');
}

function placeWindows(
  program: Program,
  place: (words: Int32Array) => number,
): Map<string, PlacedWindows> {
  const windows = new Map<string, PlacedWindows>();
  for (const call of [...program.evaluate, ...program.backward]) {
    if (!('window' in call)) continue;
    const transposed = opOf(call).transposed === true;
    const key = windowKey(call, transposed);
    if (windows.has(key)) continue;
    const { rows, columns, ...sizes } = windowTables(call, transposed);
    windows.set(key, { rows: place(rows), columns: place(columns), ...sizes });
  }
  return windows;
}

/**
/**
 * Floats of scratch at once: a linear layer's transposed output gradient, the scores that
 * attention's threads make, what a product in bf16 reads, or the samples by rows where few are
 * evaluated.
 */
function scratchFloats(
  program: Program,
  parameters: readonly PlacedParameter[],
  ld: number,
  threads: number,
): number {
  const rows = (id: number): number => storedRows(program.buffers[id]);
  const calls = [...program.evaluate, ...program.forward, ...program.backward].map(
    (call) => opOf(call).scratch?.(call, { ld, threads, rows }) ?? 0,
  );
  const byRows = parameters.map(({ layout }) => (layout?.byRows ? rowScratch(layout, threads) : 0));
  return [...calls, ...byRows].reduce((most, need) => Math.max(most, need), 0);
}

const slotRows = (program: Program, slot: number): number =>
  program.buffers.reduce(
    (most, buffer) => (buffer.slot === slot ? Math.max(most, storedRows(buffer)) : most),
    0,
  );

const widestConv = (program: Program): number =>
  program.evaluate.reduce(
    (most, call) => (call.op === 'conv' ? Math.max(most, call.inChannels, call.outChannels) : most),
    0,
  );

/**
 * Plans the memory of a program. Throws a `UserError` where it is more than the kernels can
 * address.
 *
 * @param guard floats that are left free between places, a multiple of 16
 */
export function planArena(program: Program, threads: number, guard = 0): Arena {
  const memory = new Allocator(guard);
  const tables: Tables = [];
  const place = tablePlacer(memory, tables);
  const ld = Math.ceil(program.batch / 16) * 16;
  const { channels, height, width } = program.network.input;
  const slots = program.slots.map((_, slot) => memory.take(ld * slotRows(program, slot)));
  const buffers = program.buffers.map((buffer) =>
    buffer.perBatch ? slots[buffer.slot] : memory.take(buffer.rows * (buffer.double ? 2 : 1)),
  );
  const { placed, vectors, learnable, kept, all } = placeParameters(program, memory, place);
  const windows = placeWindows(program, place);
  const arena = {
    ld,
    threads,
    buffers,
    parameters: placed,
    windows,
    values: memory.take(kept),
    gradients: memory.take(program.inference ? 0 : all > kept ? all : learnable),
    momenta: memory.take(program.inference ? 0 : learnable),
    vectors,
    learnable,
    kept,
    input: {
      labels: memory.take(ld),
      metrics: memory.take(3),
      staged: memory.take((program.batch * channels * height * width) / 4 + 1),
      transforms: memory.take(3 * program.batch),
      scaling: memory.take(2 * channels),
      lines: memory.take(4 * width * threads),
    },
    zeros: memory.take(ld * widestConv(program)),
    scratch: memory.take(scratchFloats(program, placed, ld, threads)),
    tables,
    guards: memory.guards,
    end: memory.next,
  };
  if (arena.end > MAX_FLOATS)
    throw new UserError(
      `a network in training may take 8 GiB; at batch ${program.batch} this one needs ` +
        `${sizesApart(4 * MAX_FLOATS, 4 * arena.end)[1]}: use a smaller batch, or several to ` +
        'a step (accumulate)',
    );
  return arena;
}
