import { describe, expect, it } from 'vitest';
import { features } from '../../src/core/shape.js';
import { denseMask } from '../../src/network/mask.js';
import { createSimulator, toSpiking } from '../../src/spikes/index.js';
import { floatForward } from '../../src/spikes/kernels/float-forward.js';
import type { SpikingNetwork } from '../../src/spikes/types.js';
import { bruteForce } from './brute.js';
import { someSamples, trainedLike } from './networks.js';

const image = { channels: 2, height: 5, width: 4 };
const plane = { channels: 2, height: 8, width: 8 };
/** Uneven partitions: no width is a multiple of the nodes. */
const CASES = [
  ['mlp', 'complete:n=5', [17], image],
  ['mlp', 'ws-flex:n=9,k=3.4,p=0.3,seed=2', [31], image],
  ['mlp', 'star:n=7', [23], image],
  ['mlp', 'ring-lattice:n=11,k=2', [29], image],
  ['cnn', 'ws-flex:n=6,k=2.5,p=0.5,seed=1', [9, 13, 10], plane],
] as const;

/** Currents of the first layer in units, channel first, from the formula. */
function firstCurrents(network: SpikingNetwork, samples: Float64Array): (at: number) => number[] {
  const [{ input, output, window, weights, bias, mask }] = network.stages;
  const [{ threshold, bits }] = network.layers;
  expect(mask).toBeNull();
  const size = features(input);
  const { kernel, stride, padding } = window;
  return (sample) => {
    const found: number[] = [];
    for (let o = 0; o < output.channels; o++)
      for (let y = 0; y < output.height; y++)
        for (let x = 0; x < output.width; x++) {
          let sum = bias[o];
          for (let i = 0; i < input.channels; i++)
            for (let dy = 0; dy < kernel; dy++)
              for (let dx = 0; dx < kernel; dx++) {
                const [row, column] = [y * stride - padding + dy, x * stride - padding + dx];
                if (row < 0 || column < 0 || row >= input.height || column >= input.width) continue;
                const w = weights[((o * input.channels + i) * kernel + dy) * kernel + dx];
                sum += w * samples[sample * size + (i * input.height + row) * input.width + column];
              }
          found.push(Math.round(sum * (2 ** bits / threshold)));
        }
    return found;
  };
}

describe.each(CASES)('%s on %s', (arch, graph, widths, input) => {
  const { network, weights } = trainedLike(arch, graph, widths, input, 5);
  const samples = someSamples(6, features(input), 8);
  const calibration = someSamples(20, features(input), 9);

  it.each([
    ['rate', 7],
    ['qcfs', 4],
    ['qcfs', 1],
  ] as const)('%s, %i steps: counts of a naive simulation, bit for bit', (code, steps) => {
    const spiking = toSpiking(network, weights, { code, steps, calibration });
    const run = createSimulator(spiking).run(samples);
    const brute = bruteForce(spiking, firstCurrents(spiking, samples), 6);
    expect([...run.labels]).toEqual(brute.labels);
    expect(run.counts.map(({ events }) => events)).toEqual(brute.layers.map((l) => l.events));
    expect(run.counts.slice(1).map(({ operations }) => operations)).toEqual(
      brute.layers.slice(1).map((l) => l.operations),
    );
    expect(brute.layers[1].events).toBeGreaterThan(0);
    spiking.layers.forEach(({ nodes, output, fires }, at) => {
      if (!fires) return;
      const pixels = output.height * output.width;
      const byNode = Array.from({ length: nodes!.nodes }, (_, node) =>
        brute.layers[at].byNeuron
          .slice(nodes!.starts[node] * pixels, nodes!.starts[node + 1] * pixels)
          .reduce((sum, count) => sum + count, 0),
      );
      expect(run.counts[at].eventsByNode).toEqual(byNode);
    });
  });

  it('counts what nonzero inputs meet in the first layer', () => {
    const spiking = toSpiking(network, weights, { code: 'rate', steps: 2, calibration });
    const run = createSimulator(spiking).run(samples);
    const [{ output, window }] = spiking.stages;
    // One at a time: pixels are met by as many windows as lie over them.
    let operations = 0;
    const { kernel, stride, padding } = window;
    for (let at = 0; at < samples.length; at++) {
      if (samples[at] === 0) continue;
      const pixel = arch === 'mlp' ? 0 : at % (input.height * input.width);
      const [y, x] = [Math.floor(pixel / input.width), pixel % input.width];
      const meets = (length: number, place: number): number =>
        Array.from({ length }, (_, o) => place - (o * stride - padding)).filter(
          (tap) => tap >= 0 && tap < kernel,
        ).length;
      operations += output.channels * meets(output.height, y) * meets(output.width, x);
    }
    expect(run.counts[0].operations).toBe(operations);
  });

  it('comes to the classes of the float network with many steps', () => {
    const spiking = toSpiking(network, weights, { code: 'qcfs', steps: 512, calibration });
    const logits = floatForward(spiking.stages, samples);
    const labels = Array.from({ length: 6 }, (_, at) => {
      const own = logits.subarray(4 * at, 4 * at + 4);
      return own.indexOf(Math.max(...own));
    });
    expect([...createSimulator(spiking).run(samples).labels]).toEqual(labels);
  });

  it('graded events: what each layer has heard is what the last has said', () => {
    const spiking = toSpiking(network, weights, { code: 'delta', steps: 8, calibration });
    const simulator = createSimulator(spiking);
    const run = simulator.run(samples);
    // A still stream: the first frame says all, the others nothing.
    const size = features(input);
    const frame = samples.subarray(size, 2 * size);
    const still = new Float64Array(3 * size);
    for (let at = 0; at < 3; at++) still.set(frame, at * size);
    const stream = simulator.stream(still);
    const alone = simulator.run(frame);
    expect(stream.counts.map(({ events }) => events)).toEqual(
      alone.counts.map(({ events }) => events),
    );
    expect(stream.counts[0].operations).toBe(alone.counts[0].operations);
    expect([...stream.labels]).toEqual(Array(3).fill(run.labels[1]));
    // A moving one: after each frame the same classes as from rest.
    expect([...simulator.stream(samples).labels]).toEqual([...run.labels]);
  });
});

describe('a mask', () => {
  it('is what existing synapses are, at uneven partitions', () => {
    const { network, weights } = trainedLike('mlp', 'star:n=7', [23], image, 5);
    const calibration = someSamples(4, features(image), 1);
    const { layers, stages } = toSpiking(network, weights, { code: 'rate', steps: 4, calibration });
    stages.slice(1).forEach(({ mask, input, output }, at) => {
      const { fanOut } = layers[at + 1].synapses!;
      const exists = mask === null ? null : denseMask(mask);
      for (let i = 0; i < input.channels; i++) {
        const column = Array.from({ length: output.channels }, (_, o) =>
          exists === null ? 1 : exists[o * input.channels + i],
        );
        expect(fanOut[i]).toBe(column.reduce((sum, one) => sum + one, 0));
      }
    });
  });
});
