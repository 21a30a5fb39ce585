import { describe, expect, it } from 'vitest';
import {
  createSimulator,
  floatFigures,
  spikingFigures,
  toSpiking,
} from '../../src/spikes/index.js';
import { deliver, eventTrain } from '../../src/spikes/kernels/events.js';
import { wholeWeights } from '../../src/spikes/kernels/synapses.js';
import { inputFanOut, inputOperations } from '../../src/spikes/kernels/tally.js';
import type { Stage } from '../../src/spikes/types.js';
import { trainedLike, someSamples } from './networks.js';

/**
 * The worked examples of NeuroBench's own tests: `test_synaptic_ops`, `test_footprint`,
 * `test_parameter_count`, `test_connection_sparsity` and `test_activation_sparsity` in
 * tests/test_metrics.py of NeuroBench/neurobench. Numbers only.
 */
const ONE = { height: 1, width: 1 };
const pixel = (channels: number): Stage['input'] => ({ channels, ...ONE });

function dense(inputs: number, outputs: number, fill: (at: number) => number = () => 1): Stage {
  return {
    id: `${inputs}-${outputs}`,
    input: pixel(inputs),
    output: pixel(outputs),
    window: { kernel: 1, stride: 1, padding: 0 },
    mask: null,
    weights: Float64Array.from({ length: inputs * outputs }, (_, at) => fill(at)),
    bias: new Float64Array(outputs).fill(1),
    pooled: ONE,
    fires: true,
  };
}

function filter(side: number): Stage {
  const input = { channels: 1, height: side, width: side };
  const output = { channels: 1, height: side - 2, width: side - 2 };
  const window = { kernel: 3, stride: 1, padding: 0 };
  return { ...dense(1, 1), input, output, window, weights: new Float64Array(9).fill(0.5) };
}

const operations = (stage: Stage, input: Float64Array): number =>
  inputOperations(inputFanOut(stage), input, null);
const ones = (length: number): Float64Array => new Float64Array(length).fill(1);

describe('operations, as NeuroBench counts them', () => {
  it('20 -> 25 -> 25 has 1125 effective MACs', () => {
    expect(operations(dense(20, 25), ones(20)) + operations(dense(25, 25), ones(25))).toBe(1125);
    const last = { ...dense(25, 25), fires: false };
    const figures = floatFigures([dense(20, 25), last], ones(20));
    expect(figures.effectiveMacs).toBe(1125);
    expect(figures.effectiveAcs).toBe(0);
    expect(figures.dense).toBe(1125);
  });

  it('20 -> 20 -> 25 -> 25 -> 25 has 400 + 500 + 2 x 625', () => {
    const last = { ...dense(25, 25), fires: false };
    const stages = [dense(20, 20), dense(20, 25), dense(25, 25), last];
    expect(floatFigures(stages, ones(20)).effectiveMacs).toBe(400 + 500 + 2 * 625);
  });

  it('a 3 x 3 convolution has 9 on 3 x 3 pixels and 900 on 12 x 12', () => {
    expect(operations(filter(3), ones(9))).toBe(9);
    expect(operations(filter(12), ones(144))).toBe(900);
  });

  it('zero activations and zero weights do not count', () => {
    const half = ones(20).fill(0, 0, 10);
    expect(operations(dense(20, 25), half)).toBe(250);
    expect(
      operations(
        dense(20, 25, (at) => at % 2),
        ones(20),
      ),
    ).toBe(250);
  });
});

describe('a spiking network', () => {
  const image = { channels: 1, height: 4, width: 5 };
  const { network, weights } = trainedLike('mlp', 'complete:n=5', [256], image, 1);
  const samples = someSamples(5, 20, 2);
  const calibration = someSamples(20, 20, 3);

  it('20 -> 5 over 10 steps of ones has 1000 effective ACs', () => {
    const { synapses } = wholeWeights(dense(20, 5), 1, 1, { events: 10, bias: 10 });
    const train = eventTrain(10, 20, false);
    for (let at = 0; at < 200; at++) train.ids[at] = at % 20;
    const potentials = new Int32Array(5);
    expect(deliver(synapses, train, [0, 200], potentials)).toBe(1000);
    expect(new Set(potentials)).toEqual(new Set([200 * synapses.weights[0]]));
  });

  it('20 -> 256 -> 256 -> 256 -> 35 has 145,955 parameters, of 4 bytes each', () => {
    // NeuroBench's footprint of it, 583,900, has 20 numbers of its framework's neurons beside.
    const parameters = [dense(20, 256), dense(256, 256), dense(256, 256), dense(256, 35)];
    expect(floatFigures(parameters, ones(20)).footprint).toBe(583_900 - 4 * 20);
  });

  it('connection sparsity 0, 1/2 and 1', () => {
    const of = (fill: (at: number) => number): number =>
      floatFigures([dense(20, 24, fill)], ones(20)).connectionSparsity;
    expect(of(() => 1)).toBe(0);
    expect(of((at) => at % 2)).toBe(0.5);
    expect(of(() => 0)).toBe(1);
  });

  it('activation sparsity is 1/2 where half of the activations are 0', () => {
    // The first half of the outputs is below 0.
    const stage = dense(20, 20, (at) => (at < 200 ? -1 : 1));
    expect(floatFigures([stage], ones(20)).activationSparsity).toBe(0.5);
  });

  it('activation sparsity, MACs and ACs of a run are those of its counts', () => {
    for (const [code, steps] of [
      ['qcfs', 4],
      ['delta', 8],
    ] as const) {
      const spiking = toSpiking(network, weights, { code, steps, calibration });
      const run = createSimulator(spiking).run(samples);
      const figures = spikingFigures(spiking, run);
      const rounds = code === 'delta' ? 1 : steps;
      const neurons = 512 + 3 * 256;
      const events = run.counts.reduce((sum, count) => sum + count.events, 0);
      expect(figures.activationSparsity).toBeCloseTo(1 - events / (neurons * 5 * rounds), 12);
      const rest = run.counts.slice(1).reduce((sum, count) => sum + count.operations, 0) / 5;
      const first = run.counts[0].operations / 5;
      expect(figures.effectiveAcs).toBe(code === 'delta' ? 0 : rest);
      expect(figures.effectiveMacs).toBe(code === 'delta' ? first + rest : first);
      expect(figures.dense).toBe(20 * 512 + rounds * (512 * 256 + 2 * 256 * 256 + 256 * 4));
    }
  });
});
