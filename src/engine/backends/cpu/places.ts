import type { WeightLayout } from './layout.js';

/** Where a product table lies, and how many groups it has. */
export interface PlacedTable {
  readonly at: number;
  readonly groups: number;
}

/** Where the tables of a window lie, with their sizes. */
export interface PlacedWindows {
  readonly rows: number;
  readonly columns: number;
  readonly kernel: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly inWidth: number;
}

/**
 * Where one parameter lies. The weight of a product has its layout and tables; anything else is a
 * plain vector.
 */
export interface PlacedParameter {
  /**
   * Offset from the start of the values, of the gradients and of the momenta alike (running
   * statistics: of values).
   */
  readonly at: number;
  readonly size: number;
  readonly layout: WeightLayout | null;
  readonly forward: PlacedTable | null;
  /** Of a linear layer in a program that only evaluates: the table for a few samples. */
  readonly rows: PlacedTable | null;
  readonly transposed: PlacedTable | null;
  /**
   * Of a convolution whose input gradient is taken: its weights transposed, and the order that
   * transposes them.
   */
  readonly transposedWeights: { readonly at: number; readonly order: number } | null;
}

/** Scratch and staging of the input. */
interface InputPlaces {
  /** `batch` int32 class indices. */
  readonly labels: number;
  /** Mean loss, number correct, number correct among five. */
  readonly metrics: number;
  /** `batch` byte images, one after another. */
  readonly staged: number;
  /** flip, shiftY, shiftX of every image, int32. */
  readonly transforms: number;
  /** 1 / std and -mean / std of every channel. */
  readonly scaling: number;
  /** 16 lines of an image for each thread, bytes. */
  readonly lines: number;
}

/**
 * The whole memory of an executable. Every offset is in floats from its start, all multiples of 16
 * (64 bytes).
 */
export interface Arena {
  /** Floats a row of a per-batch buffer: the batch rounded up to 16. */
  readonly ld: number;
  readonly threads: number;
  /** Start of each buffer of the program. */
  readonly buffers: readonly number[];
  readonly parameters: readonly PlacedParameter[];
  /** Tables of each windowed call, by what `windowKey` calls it. */
  readonly windows: ReadonlyMap<string, PlacedWindows>;
  readonly values: number;
  readonly gradients: number;
  readonly momenta: number;
  /**
   * Learnable floats but those of linear weights; they come first in values, gradients and momenta.
   */
  readonly vectors: number;
  /** All learnable floats. */
  readonly learnable: number;
  /** All values; places of parameters from here on are of gradients alone. */
  readonly kept: number;
  readonly input: InputPlaces;
  /** A pixel of the widest convolution's input or output, all 0. */
  readonly zeros: number;
  /**
   * Room for the output gradient of the largest linear layer, transposed, for the scores of
   * attention, and for what products in bf16 read.
   */
  readonly scratch: number;
  /** Contents to copy in before the first run. */
  readonly tables: readonly { readonly at: number; readonly words: Int32Array }[];
  /** Floats between places that belong to nobody, where there are any: see `checked.ts`. */
  readonly guards: readonly { readonly from: number; readonly to: number }[];
  /** First free float: the commands go here. */
  readonly end: number;
}
