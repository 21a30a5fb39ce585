import type { Synapses } from '../types.js';

/**
 * The events of one layer for one sample: of step t those at `offsets[t]` to `offsets[t + 1] - 1`.
 * An id is pixel x channels + channel. Arrays are refilled for every sample.
 */
export interface EventTrain {
  readonly offsets: Int32Array;
  readonly ids: Int32Array;
  /** What each event says; null: all say 1. */
  readonly values: Int32Array | null;
}

/** An empty train with room for every neuron to send at every step. */
export function eventTrain(steps: number, neurons: number, graded: boolean): EventTrain {
  const room = steps * neurons;
  return {
    offsets: new Int32Array(steps + 1),
    ids: new Int32Array(room),
    values: graded ? new Int32Array(room) : null,
  };
}

/**
 * Adds the events `from` to `to - 1` of a train to the potentials behind the synapses (pixel x
 * channels + channel), each through every weight that exists.
 *
 * @returns how many nonzero weights they met
 */
export function deliver(
  synapses: Synapses,
  train: EventTrain,
  [from, to]: readonly [number, number],
  potentials: Int32Array,
): number {
  const go = isFlat(synapses) ? deliverFlat : deliverPlanes;
  return go(synapses, train, from, to, potentials);
}

const isFlat = ({ window, output }: Synapses): boolean =>
  window.kernel === 1 && window.stride === 1 && output.height * output.width === 1;

/** A linear layer, also over a pooled plane: every pixel acts alike. */
function deliverFlat(
  synapses: Synapses,
  { ids, values }: EventTrain,
  from: number,
  to: number,
  potentials: Int32Array,
): number {
  const { inChannels, lists, runOffsets, runs, starts, weights, fanOut } = synapses;
  let operations = 0;
  for (let event = from; event < to; event++) {
    const c = ids[event] % inChannels;
    operations += fanOut[c];
    const list = lists[c];
    const last = runOffsets[list + 1];
    let at = starts[c];
    if (values !== null) {
      const value = values[event];
      for (let run = runOffsets[list]; run < last; run += 2)
        for (let o = runs[run]; o < runs[run + 1]; o++) potentials[o] += value * weights[at++];
      continue;
    }
    const d = event + 1 < to ? ids[event + 1] % inChannels : c;
    // Events of one node reach the same neurons: two or four at a time.
    if (d !== c && lists[d] === list) {
      const second = starts[d] - at;
      operations += fanOut[d];
      event++;
      const e = event + 2 < to ? ids[event + 1] % inChannels : c;
      const f = event + 2 < to ? ids[event + 2] % inChannels : c;
      if (e !== c && lists[e] === list && lists[f] === list) {
        const third = starts[e] - at;
        const fourth = starts[f] - at;
        operations += fanOut[e] + fanOut[f];
        event += 2;
        for (let run = runOffsets[list]; run < last; run += 2)
          for (let o = runs[run], end = runs[run + 1]; o < end; o++, at++)
            potentials[o] +=
              weights[at] + weights[at + second] + weights[at + third] + weights[at + fourth];
        continue;
      }
      for (let run = runOffsets[list]; run < last; run += 2)
        for (let o = runs[run], end = runs[run + 1]; o < end; o++, at++)
          potentials[o] += weights[at] + weights[at + second];
      continue;
    }
    for (let run = runOffsets[list]; run < last; run += 2)
      for (let o = runs[run], end = runs[run + 1]; o < end; o++) potentials[o] += weights[at++];
  }
  return operations;
}

/** A convolution: an event reaches the output pixels whose windows lie over its pixel. */
function deliverPlanes(
  synapses: Synapses,
  { ids, values }: EventTrain,
  from: number,
  to: number,
  potentials: Int32Array,
): number {
  const { inChannels, outChannels, input, output, window } = synapses;
  const { lists, runOffsets, runs, starts, weights, fanOut } = synapses;
  const { kernel, stride, padding } = window;
  let operations = 0;
  for (let event = from; event < to; event++) {
    const c = ids[event] % inChannels;
    const pixel = (ids[event] - c) / inChannels;
    const x = pixel % input.width;
    const y = (pixel - x) / input.width;
    const value = values === null ? 1 : values[event];
    const [first, last] = [runOffsets[lists[c]], runOffsets[lists[c] + 1]];
    let wide = 0;
    for (let run = first; run < last; run += 2) wide += runs[run + 1] - runs[run];
    for (let dy = 0; dy < kernel; dy++) {
      const top = y + padding - dy;
      if (top < 0 || top % stride !== 0 || top >= output.height * stride) continue;
      for (let dx = 0; dx < kernel; dx++) {
        const left = x + padding - dx;
        if (left < 0 || left % stride !== 0 || left >= output.width * stride) continue;
        const base = ((top / stride) * output.width + left / stride) * outChannels;
        const tap = dy * kernel + dx;
        operations += fanOut[c * kernel * kernel + tap];
        let at = starts[c] + tap * wide;
        for (let run = first; run < last; run += 2) {
          const end = base + runs[run + 1];
          for (let o = base + runs[run]; o < end; o++) potentials[o] += value * weights[at++];
        }
      }
    }
  }
  return operations;
}
