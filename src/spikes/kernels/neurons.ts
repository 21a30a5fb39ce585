import { deliver, type EventTrain } from './events.js';
import type { SpikingLayer } from '../types.js';

/** Potentials begin at 0, or with `qcfs` at half a threshold, which rounds instead of cutting off. */
export const startOf = (code: string, bits: number): number =>
  code === 'qcfs' ? 2 ** (bits - 1) : 0;

/**
 * Integrate-and-fire neurons with soft reset over all steps: what comes in is added, a potential
 * that has reached the threshold sends a spike and loses a threshold, one spike a step at most.
 *
 * @param input the spikes of the layer before; null of the first layer, whose `currents` (units, by
 *   pixel and channel) are added at every step instead
 * @returns how many nonzero weights the input met
 */
export function integrateAndFire(
  layer: SpikingLayer,
  input: EventTrain | null,
  currents: Int32Array | null,
  potentials: Int32Array,
  spikes: EventTrain,
): number {
  const { synapses, bias, bits } = layer;
  const threshold = 2 ** bits;
  const steps = spikes.offsets.length - 1;
  const channels = bias.length;
  const { offsets, ids } = spikes;
  let [operations, at] = [0, 0];
  for (let step = 0; step < steps; step++) {
    if (synapses !== null && input !== null)
      operations += deliver(
        synapses,
        input,
        [input.offsets[step], input.offsets[step + 1]],
        potentials,
      );
    for (let id = 0, c = 0; id < potentials.length; id++) {
      const potential = potentials[id] + (currents === null ? bias[c] : currents[id]);
      if (potential >= threshold) {
        potentials[id] = potential - threshold;
        ids[at++] = id;
      } else potentials[id] = potential;
      c = c + 1 === channels ? 0 : c + 1;
    }
    offsets[step + 1] = at;
  }
  return operations;
}

/**
 * The last layer adds up all that comes in, and never fires.
 *
 * @returns how many nonzero weights the input met
 */
export function accumulate(
  { synapses, bias }: SpikingLayer,
  input: EventTrain,
  potentials: Int32Array,
  biases: number,
): number {
  if (synapses === null) return 0;
  const events = input.offsets[input.offsets.length - 1];
  const operations = deliver(synapses, input, [0, events], potentials);
  for (let c = 0; c < bias.length; c++) potentials[c] += biases * bias[c];
  return operations;
}

/**
 * Neurons that send graded events: each knows what it has said so far, as a whole number of levels,
 * and sends by how much its quantised activation has changed since (sigma-delta).
 *
 * @param said levels that each neuron has said; brought up to date
 * @param levels of a threshold
 * @param most levels there are
 */
export function sendChanges(
  { bits }: Pick<SpikingLayer, 'bits'>,
  potentials: Int32Array,
  said: Int32Array,
  { levels, most }: { readonly levels: number; readonly most: number },
  events: EventTrain,
): void {
  const { ids, values, offsets } = events;
  const unit = 2 ** bits;
  let at = 0;
  for (let id = 0; id < potentials.length; id++) {
    // Exact: a potential times the levels stays far below 2^53, and a unit is a power of 2.
    const level = Math.floor((potentials[id] * levels) / unit + 0.5);
    const now = Math.min(most, Math.max(0, level));
    if (now === said[id]) continue;
    ids[at] = id;
    if (values !== null) values[at] = now - said[id];
    at++;
    said[id] = now;
  }
  offsets[1] = at;
}
