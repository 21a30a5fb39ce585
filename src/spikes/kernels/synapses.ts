import type { Stage, Synapses } from '../types.js';
import { readingOf } from './currents.js';

/** Potentials stay below 2^31, so that sums of them are exact in 32 bits. */
const LARGEST = 2 ** 31 - 1;
/** More fractional bits than that say nothing about float32 weights. */
const MOST_BITS = 24;

/** Weights and bias of a stage as whole numbers. */
export interface WholeWeights {
  readonly bits: number;
  readonly synapses: Synapses;
  readonly bias: Int32Array;
}

/**
 * The weights of a stage by input channel, as whole numbers: in thresholds, rounded to 2^-bits, with
 * as many bits as keep every sum that `most` events from each synapse can make within 32 bits. Sums
 * are then exact in whatever order events come.
 *
 * @param scale what an event of its input is worth, in thresholds of this stage
 * @param threshold of this stage, in activations
 * @param most events through each synapse, and times that the bias is added
 */
export function wholeWeights(
  stage: Stage,
  scale: number,
  threshold: number,
  most: { readonly events: number; readonly bias: number },
): WholeWeights {
  const { input, output, window, pooled } = stage;
  const taps = window.kernel ** 2;
  const area = pooled.height * pooled.width;
  const factor = scale / area;
  const row = input.channels * taps;
  let largest = 1;
  for (let o = 0; o < output.channels; o++) {
    let sum = 0;
    for (let at = o * row; at < (o + 1) * row; at++) sum += Math.abs(stage.weights[at]);
    // Of a pooled plane every pixel may send as many events; rounding adds half a unit to each.
    const events = most.events * scale * sum;
    largest = Math.max(largest, events + (most.bias * Math.abs(stage.bias[o])) / threshold);
  }
  const headroom = LARGEST - most.events * row * area - most.bias - 2;
  const bits = Math.min(MOST_BITS, Math.floor(Math.log2(headroom / (largest + 1))));
  const unit = 2 ** bits;
  return {
    bits,
    synapses: transposed(stage, factor * unit),
    bias: Int32Array.from(stage.bias, (value) => Math.round((value / threshold) * unit)),
  };
}

/** Weights times `factor`, rounded, by input channel. */
function transposed(
  { input, output, window, mask, weights, pooled }: Stage,
  factor: number,
): Synapses {
  const taps = window.kernel ** 2;
  const { groups, runs: reads } = readingOf(mask, input.channels, output.channels);
  const targets = Array.from({ length: input.channels }, (): number[] => []);
  for (let o = 0; o < output.channels; o++) {
    const own = reads[groups[o]];
    for (let run = 0; run < own.length; run += 2)
      for (let i = own[run]; i < own[run + 1]; i++) targets[i].push(o);
  }
  const { lists, runOffsets, runs } = runLists(targets.map(runsOf));
  const starts = new Int32Array(input.channels);
  const fanOut = new Int32Array(input.channels * taps);
  const whole = new Int32Array(targets.reduce((sum, list) => sum + list.length, 0) * taps);
  let at = 0;
  targets.forEach((list, i) => {
    starts[i] = at;
    for (let tap = 0; tap < taps; tap++) {
      for (const o of list) {
        const value = Math.round(weights[(o * input.channels + i) * taps + tap] * factor);
        if (value !== 0) fanOut[i * taps + tap]++;
        whole[at++] = value;
      }
    }
  });
  return {
    inChannels: input.channels,
    outChannels: output.channels,
    input: { height: input.height, width: input.width },
    output: { height: output.height, width: output.width },
    window,
    pooled,
    lists,
    runOffsets,
    runs,
    starts,
    weights: whole,
    fanOut,
  };
}

/** Ascending numbers as runs: the first and the one behind the last, in turn. */
function runsOf(list: readonly number[]): number[] {
  const runs: number[] = [];
  for (const o of list) {
    if (runs[runs.length - 1] === o) runs[runs.length - 1] = o + 1;
    else runs.push(o, o + 1);
  }
  return runs;
}

/** Every different list of runs once. */
function runLists(
  runs: readonly (readonly number[])[],
): Pick<Synapses, 'lists' | 'runOffsets' | 'runs'> {
  const known = new Map<string, number>();
  const kept: (readonly number[])[] = [];
  const lists = Int32Array.from(runs, (own) => {
    const key = own.join();
    const list = known.get(key) ?? kept.push(own) - 1;
    known.set(key, list);
    return list;
  });
  const runOffsets = new Int32Array(kept.length + 1);
  kept.forEach((own, at) => (runOffsets[at + 1] = runOffsets[at] + own.length));
  return { lists, runOffsets, runs: Int32Array.from(kept.flat()) };
}
