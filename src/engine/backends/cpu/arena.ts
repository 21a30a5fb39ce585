import type { Program } from '../../types.js';
import { forwardTable, transposedTable, weightLayout, type ProductTable, type WeightLayout } from './layout.js';

/** Where a product table lies, and how many groups it has. */
export interface PlacedTable {
  readonly at: number;
  readonly groups: number;
}

/** Where one parameter lies. A linear weight has its layout and tables; anything else is a plain vector. */
export interface PlacedParameter {
  /** Offset from the start of the values, of the gradients and of the momenta alike (running statistics: of values). */
  readonly at: number;
  readonly size: number;
  readonly layout: WeightLayout | null;
  readonly forward: PlacedTable | null;
  readonly transposed: PlacedTable | null;
}

/** Scratch and staging of the input. */
export interface InputPlaces {
  /** `batch` int32 class indices. */
  readonly labels: number;
  /** Mean loss and number correct. */
  readonly metrics: number;
  /** `batch` byte images, one after another. */
  readonly staged: number;
  /** flip, shiftY, shiftX of every image, int32. */
  readonly transforms: number;
  /** 1 / std and -mean / std of every channel. */
  readonly scaling: number;
  /** 16 lines of an image, bytes. */
  readonly lines: number;
}

/** The whole memory of an executable. Every offset is in floats from its start, all multiples of 16 (64 bytes). */
export interface Arena {
  /** Floats a row of a per-batch buffer: the batch rounded up to 16. */
  readonly ld: number;
  /** Start of each buffer of the program. */
  readonly buffers: readonly number[];
  readonly parameters: readonly PlacedParameter[];
  readonly values: number;
  readonly gradients: number;
  readonly momenta: number;
  /** Learnable floats that are not linear weights; they come first in values, gradients and momenta. */
  readonly vectors: number;
  /** All learnable floats. */
  readonly learnable: number;
  readonly input: InputPlaces;
  /** Room for the output gradient of the largest linear layer, turned. */
  readonly scratch: number;
  /** Contents to copy in before the first run. */
  readonly tables: readonly { readonly at: number; readonly words: Int32Array }[];
  /** First free float: the commands go here. */
  readonly end: number;
}

/** Hands out consecutive, 64-byte aligned places. */
class Allocator {
  next = 0;
  take(floats: number): number {
    const at = this.next;
    this.next += Math.ceil(floats / 16) * 16;
    return at;
  }
}

const needsInputGradient = (program: Program, param: number): boolean =>
  program.backward.some((call) => call.op === 'linearInputGrad' && call.weight === param);

/** Lays out the learnable vectors, then the linear weights, then the running statistics. */
function placeParameters(program: Program, memory: Allocator, tables: { at: number; words: Int32Array }[]) {
  const placed: PlacedParameter[] = [];
  const table = (made: ProductTable): PlacedTable => {
    const at = memory.take(made.words.length);
    tables.push({ at, words: made.words });
    return { at, groups: made.groups };
  };
  let next = 0;
  const vector = (size: number): PlacedParameter => ({ at: (next += size) - size, size, layout: null, forward: null, transposed: null });
  const each = (wanted: (role: string, learnable: boolean) => boolean, place: (index: number) => PlacedParameter): number => {
    program.parameters.forEach((info, i) => {
      if (wanted(info.role, info.learnable)) placed[i] = place(i);
    });
    return next;
  };
  const sizeOf = (i: number): number => program.parameters[i].shape.reduce((a, b) => a * b, 1);
  const vectors = each((role, learnable) => learnable && role !== 'weight', (i) => vector(sizeOf(i)));
  const learnable = each((role) => role === 'weight', (i) => {
    const { shape, mask } = program.parameters[i];
    const layout = weightLayout(shape[1], shape[0], mask);
    const forward = table(forwardTable(layout));
    const transposed = needsInputGradient(program, i) ? table(transposedTable(layout)) : null;
    return { ...vector(layout.size), layout, forward, transposed };
  });
  const all = each((_, isLearnable) => !isLearnable, (i) => vector(sizeOf(i)));
  return { placed, vectors, learnable, all };
}

const widestOutput = (program: Program): number =>
  program.backward.reduce((most, call) => (call.op === 'linearWeightGrad' ? Math.max(most, call.outFeatures) : most), 0);

/** Plans the memory of a program. */
export function planArena(program: Program): Arena {
  const memory = new Allocator();
  const tables: { at: number; words: Int32Array }[] = [];
  const ld = Math.ceil(program.batch / 16) * 16;
  const { channels, height, width } = program.network.input;
  const slots = program.slots.map((rows) => memory.take(rows * ld));
  const buffers = program.buffers.map((buffer) => (buffer.perBatch ? slots[buffer.slot] : memory.take(buffer.rows)));
  const { placed, vectors, learnable, all } = placeParameters(program, memory, tables);
  return {
    ld,
    buffers,
    parameters: placed,
    values: memory.take(all),
    gradients: memory.take(learnable),
    momenta: memory.take(learnable),
    vectors,
    learnable,
    input: {
      labels: memory.take(ld),
      metrics: memory.take(2),
      staged: memory.take((program.batch * channels * height * width) / 4 + 1),
      transforms: memory.take(3 * program.batch),
      scaling: memory.take(2 * channels),
      lines: memory.take(4 * width),
    },
    scratch: memory.take(ld * widestOutput(program)),
    tables,
    end: memory.next,
  };
}
