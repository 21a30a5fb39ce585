import { denseMask } from '../../src/network/mask.js';
import type { SpikingNetwork, Stage } from '../../src/spikes/types.js';

/** One connection of one neuron to another, pixel by pixel: a weight as a whole number. */
interface Synapse {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** What the naive simulation counted of one layer. */
export interface BruteLayer {
  events: number;
  operations: number;
  readonly byNeuron: number[];
}

/** Ids of neurons are channel x pixels + pixel here, other than in the simulator. */
const idOf = (channel: number, pixel: number, pixels: number): number => channel * pixels + pixel;

/** Every synapse of a stage that has a weight, from its formula, one after another. */
function synapsesOf(stage: Stage, scale: number): Synapse[] {
  const { input, output, window, mask, weights, pooled } = stage;
  const { kernel, stride, padding } = window;
  const exists = mask === null ? null : denseMask(mask);
  const area = pooled.height * pooled.width;
  const found: Synapse[] = [];
  for (let o = 0; o < output.channels; o++)
    for (let i = 0; i < input.channels; i++) {
      if (exists && exists[o * input.channels + i] === 0) continue;
      for (let y = 0; y < output.height; y++)
        for (let x = 0; x < output.width; x++)
          for (let dy = 0; dy < kernel; dy++)
            for (let dx = 0; dx < kernel; dx++) {
              const [row, column] = [y * stride - padding + dy, x * stride - padding + dx];
              if (row < 0 || column < 0 || row >= input.height || column >= input.width) continue;
              const at = ((o * input.channels + i) * kernel + dy) * kernel + dx;
              const weight = Math.round(weights[at] * ((scale / area) as number));
              const pixels = input.height * input.width;
              const to = idOf(o, y * output.width + x, output.height * output.width);
              // Every pixel of a pooled plane has a synapse of its own.
              for (let pixel = 0; pixel < area; pixel++)
                found.push({
                  from:
                    area > 1 ? idOf(i, pixel, area) : idOf(i, row * input.width + column, pixels),
                  to,
                  weight,
                });
            }
    }
  return found;
}

/**
 * A naive simulation: all layers step by step, synapse by synapse, every potential a number of
 * JavaScript's. For `rate` and `qcfs`.
 */
export function bruteForce(
  network: SpikingNetwork,
  currents: (sample: number) => readonly number[],
  samples: number,
): { labels: number[]; layers: BruteLayer[] } {
  const { stages, layers, steps, code } = network;
  const synapses = stages.map((stage, at) =>
    at === 0
      ? []
      : synapsesOf(stage, (layers[at - 1].threshold / layers[at].threshold) * 2 ** layers[at].bits),
  );
  const neurons = layers.map(({ output }) => output.channels * output.height * output.width);
  const counts = neurons.map((size): BruteLayer => ({
    events: 0,
    operations: 0,
    byNeuron: Array(size).fill(0),
  }));
  const labels: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const potentials = layers.map(({ fires, bits }, at) =>
      Array<number>(neurons[at]).fill(fires && code === 'qcfs' ? 2 ** bits / 2 : 0),
    );
    for (let step = 0; step < steps; step++) {
      let spiked: boolean[] = [];
      layers.forEach((layer, at) => {
        const own = potentials[at];
        if (at === 0) currents(sample).forEach((current, id) => (own[id] += current));
        else {
          for (const { from, to, weight } of synapses[at]) {
            if (!spiked[from]) continue;
            own[to] += weight;
            if (weight !== 0) counts[at].operations++;
          }
          const pixels = layer.output.height * layer.output.width;
          own.forEach((_, id) => (own[id] += layer.bias[Math.floor(id / pixels)]));
        }
        if (!layer.fires) return;
        spiked = own.map((potential) => potential >= 2 ** layer.bits);
        spiked.forEach((fired, id) => {
          if (!fired) return;
          own[id] -= 2 ** layer.bits;
          counts[at].events++;
          counts[at].byNeuron[id]++;
        });
      });
    }
    const last = potentials[layers.length - 1];
    labels.push(last.indexOf(Math.max(...last)));
  }
  return { labels, layers: counts };
}
