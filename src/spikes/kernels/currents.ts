import type { BlockMask } from '../../network/types.js';
import type { Stage } from '../types.js';

type Numbers = Float32Array | Float64Array;

/** Samples that share a walk over the weights. */
const TOGETHER = 4;

/** Input channels that each output channel reads, as runs: from and past the last, in pairs. */
export interface Reading {
  /** Of each output channel, which list of runs is its. */
  readonly groups: Int32Array;
  readonly runs: readonly Int32Array[];
}

/** Which input channels an output channel of a stage reads, ascending. */
export function readingOf(mask: BlockMask | null, inChannels: number, outChannels: number): Reading {
  if (mask === null)
    return { groups: new Int32Array(outChannels), runs: [Int32Array.of(0, inChannels)] };
  const { graph, input, output } = mask;
  const groups = new Int32Array(outChannels);
  const runs = Array.from({ length: graph.nodes }, (_, node) => {
    groups.fill(node, output.starts[node], output.starts[node + 1]);
    const sources = [
      node,
      ...graph.targets.subarray(graph.offsets[node], graph.offsets[node + 1]),
    ].sort((a, b) => a - b);
    return Int32Array.from(sources.flatMap((j) => [input.starts[j], input.starts[j + 1]]));
  });
  return { groups, runs };
}

/**
 * What a stage makes of numbers, its bias included: float64 sums in ascending order of the inputs,
 * the bias first, so that they have the same bits everywhere.
 *
 * @param values sample after sample, in channel, row, column order
 * @returns sample after sample, in row, column, channel order
 */
export function stageCurrents(stage: Stage, reading: Reading, values: Numbers): Float64Array {
  const { input, output, window } = stage;
  const size = input.channels * input.height * input.width;
  const samples = values.length / size;
  const sums = new Float64Array(samples * output.channels * output.height * output.width);
  if (input.height * input.width === 1 && window.kernel === 1)
    linear(stage, reading, values, sums, samples);
  else for (let at = 0; at < samples; at++) convolve(stage, reading, values, sums, at);
  return sums;
}

function linear(
  { input, output, weights, bias }: Stage,
  { groups, runs }: Reading,
  x: Numbers,
  sums: Float64Array,
  samples: number,
): void {
  const [inputs, outputs] = [input.channels, output.channels];
  for (let first = 0; first < samples; first += TOGETHER) {
    // Beyond the last sample the last one is made again.
    const [a, b, c, d] = [0, 1, 2, 3].map((k) => Math.min(first + k, samples - 1) * inputs);
    for (let o = 0; o < outputs; o++) {
      const own = runs[groups[o]];
      const row = o * inputs;
      let [sumA, sumB, sumC, sumD] = [bias[o], bias[o], bias[o], bias[o]];
      for (let run = 0; run < own.length; run += 2) {
        for (let i = own[run]; i < own[run + 1]; i++) {
          const w = weights[row + i];
          sumA += w * x[a + i];
          sumB += w * x[b + i];
          sumC += w * x[c + i];
          sumD += w * x[d + i];
        }
      }
      const at = first * outputs + o;
      sums[at] = sumA;
      if (first + 1 < samples) sums[at + outputs] = sumB;
      if (first + 2 < samples) sums[at + 2 * outputs] = sumC;
      if (first + 3 < samples) sums[at + 3 * outputs] = sumD;
    }
  }
}

function convolve(
  { input, output, window, weights, bias }: Stage,
  { groups, runs }: Reading,
  x: Numbers,
  sums: Float64Array,
  sample: number,
): void {
  const { kernel, stride, padding } = window;
  const { channels, height, width } = output;
  const base = sample * input.channels * input.height * input.width;
  let at = sample * channels * height * width;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [top, left] = [row * stride - padding, column * stride - padding];
      const [fromY, toY] = [Math.max(0, -top), Math.min(kernel, input.height - top)];
      const [fromX, toX] = [Math.max(0, -left), Math.min(kernel, input.width - left)];
      for (let o = 0; o < channels; o++) {
        const own = runs[groups[o]];
        let sum = bias[o];
        for (let run = 0; run < own.length; run += 2) {
          for (let i = own[run]; i < own[run + 1]; i++) {
            const plane = base + i * input.height * input.width;
            const taps = (o * input.channels + i) * kernel * kernel;
            for (let dy = fromY; dy < toY; dy++) {
              const line = plane + (top + dy) * input.width + left;
              for (let dx = fromX; dx < toX; dx++)
                sum += weights[taps + dy * kernel + dx] * x[line + dx];
            }
          }
        }
        sums[at++] = sum;
      }
    }
  }
}
