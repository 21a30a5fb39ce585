import { features } from '../../core/shape.js';
import type { Stage } from '../types.js';
import { readingOf, stageCurrents } from './currents.js';

type Numbers = Float32Array | Float64Array;

/** Samples that go through the network at a time: bounds the memory. */
const PIECE = 16;

/**
 * The float network in float64, batch norms folded: what events are measured against. The same bits
 * on every machine.
 *
 * @param samples one after another, normalised as in training
 * @param see takes of every stage what it reads, `samples x (channel, row, column)`, and what it
 *   gives, `samples x (row, column, channel)`: activations, of the last one logits
 * @returns logits, `samples x classes`
 */
export function floatForward(
  stages: readonly Stage[],
  samples: Numbers,
  see?: (stage: number, inputs: Numbers, activations: Float64Array) => void,
): Float64Array {
  const readings = stages.map(({ mask, input, output }) =>
    readingOf(mask, input.channels, output.channels),
  );
  const size = features(stages[0].input);
  const classes = stages[stages.length - 1].output.channels;
  const logits = new Float64Array((samples.length / size) * classes);
  for (let from = 0; from < samples.length; from += PIECE * size) {
    let values: Numbers = samples.subarray(from, from + PIECE * size);
    const count = values.length / size;
    stages.forEach((stage, at) => {
      const sums = stageCurrents(stage, readings[at], values);
      if (stage.fires) for (let k = 0; k < sums.length; k++) sums[k] = Math.max(0, sums[k]);
      else logits.set(sums, (from / size) * classes);
      see?.(at, values, sums);
      if (stage.fires) values = asInput(sums, stages[at + 1], stage, count);
    });
  }
  return logits;
}

/** Activations by row, column, channel as the next stage reads them: channels first, or pooled. */
function asInput(sums: Float64Array, next: Stage, { output }: Stage, count: number): Float64Array {
  const { channels, height, width } = output;
  const pixels = height * width;
  if (pixels === 1) return sums;
  const { pooled } = next;
  const area = pooled.height * pooled.width;
  const values = new Float64Array(count * channels * (area > 1 ? 1 : pixels));
  for (let sample = 0, at = 0; sample < count; sample++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let c = 0; c < channels; c++, at++) {
        if (area > 1) values[sample * channels + c] += sums[at] / area;
        else values[(sample * channels + c) * pixels + pixel] = sums[at];
      }
    }
  }
  return values;
}
