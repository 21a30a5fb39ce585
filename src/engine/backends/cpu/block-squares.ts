import type { BlockShape } from '../../../network/block-squares.js';
import type { Partition } from '../../../network/types.js';
import type { WeightLayout } from './layout.js';

/** Consecutive rows of a group that are of one node. */
interface Part {
  readonly node: number;
  readonly from: number;
  readonly to: number;
}

/** Sums of squares by blocks, of numbers as they are stored. */
export function layoutSquares(
  { groups, taps, byRows }: WeightLayout,
  stored: Float32Array,
  { input, output }: BlockShape,
): Float64Array {
  const squares = new Float64Array(output.nodes * input.nodes);
  const [reader, source] = [nodesOf(output), nodesOf(input)];
  for (const group of groups) {
    const parts = partsOf(reader, group.row, group.rows);
    const step = byRows ? group.step : 1;
    let column = group.weights;
    for (let tap = 0; tap < taps; tap++)
      for (const run of group.inputs)
        for (let channel = run.start; channel < run.start + run.count; channel++) {
          for (const { node, from, to } of parts) {
            let sum = 0;
            for (let row = from; row < to; row++) {
              const value = stored[column + row * step];
              sum += value * value;
            }
            squares[node * input.nodes + source[channel]] += sum;
          }
          column += byRows ? 1 : group.step;
        }
  }
  return squares;
}

function nodesOf({ channels, nodes, starts }: Partition): Int32Array {
  const found = new Int32Array(channels);
  for (let node = 0; node < nodes; node++) found.fill(node, starts[node], starts[node + 1]);
  return found;
}

function partsOf(reader: Int32Array, row: number, rows: number): readonly Part[] {
  const parts: { node: number; from: number; to: number }[] = [];
  for (let at = 0; at < rows; at++) {
    const node = reader[row + at];
    const last = parts.at(-1);
    if (last?.node === node) last.to = at + 1;
    else parts.push({ node, from: at, to: at + 1 });
  }
  return parts;
}
