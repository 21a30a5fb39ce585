import { pieces, readers, type ProductTable, type WeightLayout } from './layout.js';

/**
 * ConvGroup of native/conv.h: first output channel, how many, the input channels read, where the
 * weights are.
 */
function groupWords(
  row: number,
  rows: number,
  inputs: readonly number[],
  weights: number,
): number[] {
  return [row, rows, inputs.length, weights, ...inputs];
}

/** Table of y = W * x, which the weight gradient walks as well. */
export function convTable({ groups }: WeightLayout): ProductTable {
  const words = groups.flatMap(({ row, rows, inputs, weights }) => {
    const channels = inputs.flatMap(({ start, count }) =>
      Array.from({ length: count }, (_, i) => start + i),
    );
    return groupWords(row, rows, channels, weights);
  });
  return { words: Int32Array.from(words), groups: groups.length };
}

/** The input gradient's table over transposed weights, and for each of these which weight it is. */
export function transposedConv(layout: WeightLayout): {
  readonly table: ProductTable;
  readonly order: Int32Array;
} {
  const order = new Int32Array(layout.size);
  const words: number[] = [];
  let [at, groups] = [0, 0];
  for (const range of readers(layout)) {
    let offset = 0;
    const inputs = range.by.flatMap(({ group }) =>
      Array.from({ length: group.rows }, (_, r) => group.row + r),
    );
    for (const rows of pieces(range.rows, true)) {
      for (const word of groupWords(range.row + offset, rows, inputs, at)) words.push(word);
      for (let tap = 0; tap < layout.taps; tap++) {
        for (const { group, k } of range.by) {
          for (let r = 0; r < group.rows; r++) {
            for (let i = 0; i < rows; i++)
              order[at++] = group.weights + (tap * group.depth + k + offset + i) * group.rows + r;
          }
        }
      }
      offset += rows;
      groups++;
    }
  }
  return { table: { words: Int32Array.from(words), groups }, order };
}
