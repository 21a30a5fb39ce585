import type { Graph } from '../graph/types.js';
import type { Partition } from './types.js';

/** Where a weight's blocks lie. */
export interface BlockShape {
  readonly input: Partition;
  readonly output: Partition;
  /** Numbers for each pair of channels: 1, of a convolution the pixels of its window. */
  readonly window: number;
}

/**
 * Sums of squares of the blocks of a weight, `nodes of the outputs x nodes of the inputs`, row-major.
 *
 * @param data `[out, in, window]`, row-major
 * @param only the graph whose blocks are looked at, and a node's own; null: all of them
 */
export function blockSquares(
  data: ArrayLike<number>,
  { input, output, window }: BlockShape,
  only: Graph | null,
): Float64Array {
  const squares = new Float64Array(output.nodes * input.nodes);
  const every = Int32Array.from({ length: input.nodes }, (_, j) => j);
  const add = (i: number, j: number): void => {
    const [from, to] = [input.starts[j] * window, input.starts[j + 1] * window];
    let sum = 0;
    for (let row = output.starts[i]; row < output.starts[i + 1]; row++) {
      const base = row * input.channels * window;
      for (let at = base + from; at < base + to; at++) sum += data[at] * data[at];
    }
    squares[i * input.nodes + j] = sum;
  };
  for (let i = 0; i < output.nodes; i++) {
    if (only === null) {
      for (const j of every) add(i, j);
      continue;
    }
    add(i, i);
    for (let at = only.offsets[i]; at < only.offsets[i + 1]; at++) add(i, only.targets[at]);
  }
  return squares;
}
