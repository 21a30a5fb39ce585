import type { Windowed } from '../../ops/windowed.js';

/** Tables of where windows fall (Windows of native/product.h), and what they are indexed by. */
export interface WindowTables {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly kernel: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly inWidth: number;
}

/** Which (input, tap) pairs each output reads. */
type Reads = readonly (readonly (readonly [input: number, tap: number])[])[];

/** Records of 1 + 2 kernel words: how many pairs, then the pairs. */
function records(reads: Reads, kernel: number): Int32Array {
  const width = 1 + 2 * kernel;
  const words = new Int32Array(reads.length * width);
  reads.forEach((pairs, i) => words.set([pairs.length, ...pairs.flat()], i * width));
  return words;
}

/** Along one axis: output o reads input o stride + tap - padding, where that lies inside. */
function forwardReads(
  inputs: number,
  outputs: number,
  { kernel, stride, padding }: Windowed['window'],
): Reads {
  const taps = Array.from({ length: kernel }, (_, tap) => tap);
  return Array.from({ length: outputs }, (_, o) =>
    taps
      .map((tap) => [o * stride + tap - padding, tap] as const)
      .filter(([input]) => input >= 0 && input < inputs),
  );
}

/** The same pairs seen from the inputs: which outputs an input was read by, and at which tap. */
function backwardReads(inputs: number, outputs: number, window: Windowed['window']): Reads {
  const readers = Array.from({ length: inputs }, (): [number, number][] => []);
  forwardReads(inputs, outputs, window).forEach((pairs, o) =>
    pairs.forEach(([input, tap]) => readers[input].push([o, tap])),
  );
  return readers;
}

/**
 * Tables of a windowed call: forward, outputs read inputs; transposed (its input gradient), inputs
 * read outputs.
 */
export function windowTables(call: Windowed, transposed: boolean): WindowTables {
  const { window, inHeight, inWidth, outHeight, outWidth } = call;
  const { kernel } = window;
  if (!transposed) {
    const rows = records(forwardReads(inHeight, outHeight, window), kernel);
    return {
      rows,
      columns: records(forwardReads(inWidth, outWidth, window), kernel),
      kernel,
      outHeight,
      outWidth,
      inWidth,
    };
  }
  const rows = records(backwardReads(inHeight, outHeight, window), kernel);
  return {
    rows,
    columns: records(backwardReads(inWidth, outWidth, window), kernel),
    kernel,
    outHeight: inHeight,
    outWidth: inWidth,
    inWidth: outWidth,
  };
}
