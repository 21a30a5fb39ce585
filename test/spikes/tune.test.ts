import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../src/core/tensor.js';
import { compile } from '../../src/engine/compile.js';
import { writeWeights } from '../../src/engine/weights.js';
import { selectBackend } from '../../src/engine/backends/registry.js';
import { STAIR_LEVELS, type Network } from '../../src/network/types.js';
import { calibrate, quantised, thresholdsOf } from '../../src/spikes/calibrate.js';
import { floatForward } from '../../src/spikes/kernels/float-forward.js';
import {
  createSimulator,
  stairNetwork,
  toSpiking,
  unitThresholds,
} from '../../src/spikes/index.js';
import { stagesOf } from '../../src/spikes/stages.js';
import { someSamples, trainedLike } from './networks.js';

const COUNT = 12;
const cases = [
  [
    'mlp',
    trainedLike(
      'mlp',
      'ws-flex:n=6,k=3,p=0.5,seed=1',
      [20],
      { channels: 1, height: 4, width: 4 },
      3,
    ),
  ],
  ['cnn', trainedLike('cnn', 'complete:n=4', [8, 8, 8], { channels: 3, height: 6, width: 6 }, 4)],
] as const;

/** Logits of the reference backend. */
async function logitsOf(
  network: Network,
  weights: ReadonlyMap<string, Tensor>,
  samples: Float64Array,
): Promise<number[]> {
  const executable = await selectBackend('reference', () => undefined).prepare(
    compile(network, { batch: COUNT, inference: true }),
  );
  writeWeights(executable, weights, true);
  executable.input(samples, new Uint8Array(COUNT), COUNT);
  executable.dispatch('evaluate');
  const logits = [...(await executable.logits())];
  executable.dispose();
  return logits;
}

describe.each(cases)('%s, tuned for spikes', (_, { network, weights }) => {
  const { channels, height, width } = network.input;
  const samples = someSamples(COUNT, channels * height * width, 5);

  it.each(STAIR_LEVELS)(
    'is the same function with thresholds 1, chosen for %i levels',
    async (levels) => {
      const unit = unitThresholds({ network, weights }, samples, levels);
      const [before, after] = [
        await logitsOf(network, weights, samples),
        await logitsOf(network, unit, samples),
      ];
      for (const [at, value] of after.entries()) expect(value).toBeCloseTo(before[at]!, 9);
      // Chosen once more, the thresholds are 1 already.
      const calibration = calibrate({ network, weights: unit }, samples);
      const chosen = thresholdsOf(calibration, 'qcfs', levels);
      expect(chosen).toHaveLength(calibration.stages.length - 1);
      for (const threshold of chosen) expect(threshold).toBeCloseTo(1, 9);
    },
  );

  it('quantises each layer as spikes of as many steps would, were they even', async () => {
    const levels = 4;
    const unit = unitThresholds({ network, weights }, samples, levels);
    const found = await logitsOf(stairNetwork(network, levels), unit, samples);
    const byHand = floatForward(
      stagesOf({ network, weights: unit }),
      samples,
      (stage, _in, out) => {
        if (stage < stagesOf({ network, weights }).length - 1)
          for (const [at, value] of out.entries()) out[at] = quantised(value, 1, levels);
      },
    );
    for (const [at, value] of found.entries()) expect(value).toBeCloseTo(byHand[at]!, 9);
  });

  it('takes thresholds of 1, but for the plain rate code', () => {
    const unit = unitThresholds({ network, weights }, samples, 4);
    const thresholds = (code: 'qcfs' | 'rate' | 'delta', tuned: boolean): number[] =>
      toSpiking(network, unit, { code, steps: 8, calibration: samples, tuned })
        .layers.filter(({ fires }) => fires)
        .map(({ threshold }) => threshold);
    for (const code of ['qcfs', 'delta'] as const)
      expect(new Set(thresholds(code, true))).toEqual(new Set([1]));
    expect(thresholds('rate', true)).toEqual(thresholds('rate', false));
    const tuned = toSpiking(network, unit, {
      code: 'qcfs',
      steps: 4,
      calibration: samples,
      tuned: true,
    });
    expect(createSimulator(tuned).run(samples).labels).toHaveLength(COUNT);
  });
});
