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
export function readingOf(
  mask: BlockMask | null,
  inChannels: number,
  outChannels: number,
): Reading {
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
  const x = values instanceof Float64Array ? values : Float64Array.from(values);
  if (input.height * input.width === 1 && window.kernel === 1)
    linear(stage, reading, x, sums, samples);
  else for (let at = 0; at < samples; at++) convolve(stage, reading, x, sums, at);
  return sums;
}

/** Two outputs that read the same inputs and four samples at a time: eight sums in registers. */
function linear(
  { input, output, weights, bias }: Stage,
  { groups, runs }: Reading,
  x: Float64Array,
  sums: Float64Array,
  samples: number,
): void {
  const [inputs, outputs] = [input.channels, output.channels];
  for (let first = 0; first < samples; first += TOGETHER) {
    // Beyond the last sample the last one is made again.
    const a = first * inputs;
    const b = Math.min(first + 1, samples - 1) * inputs;
    const c = Math.min(first + 2, samples - 1) * inputs;
    const d = Math.min(first + 3, samples - 1) * inputs;
    for (let o = 0; o < outputs; o++) {
      const paired = o + 1 < outputs && groups[o] === groups[o + 1];
      const p = paired ? o + 1 : o;
      const own = runs[groups[o]];
      const row = o * inputs;
      const pairRow = p * inputs;
      let a0 = bias[o];
      let b0 = a0;
      let c0 = a0;
      let d0 = a0;
      let a1 = bias[p];
      let b1 = a1;
      let c1 = a1;
      let d1 = a1;
      for (let run = 0; run < own.length; run += 2) {
        for (let i = own[run], end = own[run + 1]; i < end; i++) {
          const v = weights[row + i];
          const w = weights[pairRow + i];
          const xa = x[a + i];
          const xb = x[b + i];
          const xc = x[c + i];
          const xd = x[d + i];
          a0 += v * xa;
          b0 += v * xb;
          c0 += v * xc;
          d0 += v * xd;
          a1 += w * xa;
          b1 += w * xb;
          c1 += w * xc;
          d1 += w * xd;
        }
      }
      // From the last, so that a sample made again does not matter.
      set(sums, (d / inputs) * outputs, o, p, d0, d1);
      set(sums, (c / inputs) * outputs, o, p, c0, c1);
      set(sums, (b / inputs) * outputs, o, p, b0, b1);
      set(sums, (a / inputs) * outputs, o, p, a0, a1);
      o = p;
    }
  }
}

function set(
  sums: Float64Array,
  base: number,
  o: number,
  p: number,
  first: number,
  second: number,
): void {
  sums[base + o] = first;
  sums[base + p] = second;
}

function convolve(
  { input, output, window, weights, bias }: Stage,
  { groups, runs }: Reading,
  x: Float64Array,
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
