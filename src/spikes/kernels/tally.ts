import type { SpikingNetwork, Stage } from '../types.js';
import type { EventTrain } from './events.js';

/** What is counted of a layer while samples run. */
export interface RunningCounts {
  events: number;
  readonly byNode: Float64Array | null;
  operations: number;
  /** The node of each output channel; null where none holds it. */
  readonly nodeOf: Int32Array | null;
}

export function emptyCounts({ layers }: SpikingNetwork): RunningCounts[] {
  return layers.map(({ nodes, fires }) => {
    if (nodes === null || !fires) return { events: 0, byNode: null, operations: 0, nodeOf: null };
    const nodeOf = new Int32Array(nodes.channels);
    for (let node = 0; node < nodes.nodes; node++)
      nodeOf.fill(node, nodes.starts[node], nodes.starts[node + 1]);
    return { events: 0, byNode: new Float64Array(nodes.nodes), operations: 0, nodeOf };
  });
}

/** Adds the events of a sample, in all and by node. */
export function countEvents(count: RunningCounts, { offsets, ids }: EventTrain): void {
  const events = offsets[offsets.length - 1];
  count.events += events;
  const { byNode, nodeOf } = count;
  if (byNode === null || nodeOf === null) return;
  for (let at = 0; at < events; at++) byNode[nodeOf[ids[at] % nodeOf.length]]++;
}

/** Nonzero weights that each number of a sample meets in the first stage. */
export function inputFanOut({ input, output, window, weights }: Stage): Int32Array {
  const { kernel, stride, padding } = window;
  const taps = kernel * kernel;
  const nonzero = new Int32Array(input.channels * taps);
  for (let at = 0; at < weights.length; at++) if (weights[at] !== 0) nonzero[at % nonzero.length]++;
  const fanOut = new Int32Array(input.channels * input.height * input.width);
  for (let row = 0; row < output.height; row++) {
    for (let column = 0; column < output.width; column++) {
      for (let tap = 0; tap < taps; tap++) {
        const y = row * stride - padding + Math.floor(tap / kernel);
        const x = column * stride - padding + (tap % kernel);
        if (y < 0 || x < 0 || y >= input.height || x >= input.width) continue;
        for (let c = 0; c < input.channels; c++)
          fanOut[(c * input.height + y) * input.width + x] += nonzero[c * taps + tap];
      }
    }
  }
  return fanOut;
}

/**
 * Nonzero weights that the numbers of a sample meet which are not 0; in a stream, those which differ
 * from the frame before.
 */
export function inputOperations(
  fanOut: Int32Array,
  sample: Float32Array | Float64Array,
  before: Float32Array | Float64Array | null,
): number {
  let operations = 0;
  for (let at = 0; at < fanOut.length; at++)
    if (sample[at] !== (before === null ? 0 : before[at])) operations += fanOut[at];
  return operations;
}
