import { describe, expect, it } from 'vitest';
import { features } from '../../src/core/shape.js';
import { architectures } from '../../src/network/index.js';
import { createSimulator, toSpiking } from '../../src/spikes/index.js';
import { runSpikes } from '../../src/spike-threads/index.js';
import { quantised } from '../../src/spikes/calibrate.js';
import { someSamples, trainedLike } from './networks.js';

const input = { channels: 3, height: 32, width: 32 };
const small = { channels: 1, height: 4, width: 4 };
const { network, weights } = trainedLike('mlp', 'complete:n=4', [12], small, 1);
const calibration = someSamples(8, 16, 2);

describe('what events cannot carry', () => {
  it.each([
    ['patch-transformer', 'attention (a softmax of products of activations)'],
    ['patch-transformer', 'gelu activations'],
    ['efficientnet-b0', 'squeeze-and-excitation (a product of activations)'],
    ['efficientnet-b0', 'swish activations'],
    ['resnet34', 'residual connections'],
    ['resnet34-sep', 'depthwise convolutions'],
  ])('%s: %s, by name, with what is possible', (arch, what) => {
    const widths = architectures.find(({ name }) => name === arch)!.baselineWidths;
    const refused = trainedLike(
      arch,
      'complete:n=4',
      widths.map(() => 8),
      input,
      1,
    );
    const convert = (): unknown =>
      toSpiking(refused.network, refused.weights, {
        code: 'rate',
        steps: 4,
        calibration: new Float64Array(features(input)),
      });
    expect(convert).toThrow(what);
    expect(convert).toThrow('the architectures mlp and cnn');
  });

  it('a stem with a max pool', () => {
    const large = { channels: 3, height: 64, width: 64 };
    const pooled = trainedLike('cnn', 'complete:n=4', [8, 8, 8], large, 1, 'imagenet');
    expect(() =>
      toSpiking(pooled.network, pooled.weights, { code: 'rate', steps: 4, calibration }),
    ).toThrow('a max pool (the largest rate is no sum of spikes) (s1.pool)');
  });
});

describe('settings', () => {
  it.each([0, 1.5, 1025])('%d steps are refused', (steps) => {
    expect(() => toSpiking(network, weights, { code: 'qcfs', steps, calibration })).toThrow(
      `a whole number from 1 to 1024; got ${steps}`,
    );
  });

  it('a layer that is silent on all images gets no threshold', () => {
    const silent = new Map(weights);
    const { shape, data } = weights.get('s1.bn.bias')!;
    silent.set('s1.bn.bias', { shape, data: data.map(() => -1e6) });
    expect(() => toSpiking(network, silent, { code: 'rate', steps: 4, calibration })).toThrow(
      's1.linear must be active on some calibration images',
    );
  });

  it('a stream needs graded events; samples must be whole', () => {
    const simulator = createSimulator(
      toSpiking(network, weights, { code: 'rate', steps: 4, calibration }),
    );
    expect(() => simulator.stream(calibration)).toThrow('streams are for the code delta');
    expect(() => simulator.run(calibration.subarray(0, 17))).toThrow('multiples of 16 numbers');
  });
});

describe('quantisation clip-floor-shift', () => {
  it('rounds to levels, and clips', () => {
    const values = [-1, 0.1, 0.13, 0.37, 0.38, 0.99, 7].map((x) => quantised(x, 1, 4));
    expect(values).toEqual([0, 0, 0.25, 0.25, 0.5, 1, 1]);
  });
});

describe('runSpikes', () => {
  it('gives the counts of one batch whatever the batches', async () => {
    const spiking = toSpiking(network, weights, { code: 'qcfs', steps: 4, calibration });
    const batches = async function* () {
      yield calibration.subarray(0, 48);
      yield calibration.subarray(48);
    };
    const done: number[] = [];
    const run = await runSpikes(spiking, batches(), {
      workers: 1,
      onProgress: (samples) => done.push(samples),
    });
    expect(run).toEqual(createSimulator(spiking).run(calibration));
    expect(done).toEqual([3, 8]);
    expect(await runSpikes(spiking, batches(), { workers: 2 })).toEqual(run);
  });
});
