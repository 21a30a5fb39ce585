import { describe, expect, it } from 'vitest';
import { imageToNumbers, openSource, type LoadedBatch } from '../../src/public/data.js';
import { compile, initialise, selectBackend } from '../../src/public/engine.js';
import type { Executable } from '../../src/engine/types.js';
import { defaultTrainSettings, type TrainSettings } from '../../src/public/train.js';
import { preciseBatchNorm } from '../../src/train/precise-batch-norm.js';
import { chain } from '../engine/networks.js';
import { numbersOf, outcomeOf, toyDataset } from './toy.js';

const dataset = toyDataset();
const conv = chain(dataset.shape, [
  { conv: 4, kernel: 3, padding: 1 },
  'bn',
  'relu',
  { conv: 5, kernel: 3, padding: 1 },
  'bn',
  'relu',
  'globalPool',
  { linear: 7, bias: true },
]);
const BATCH = 8;
const settings: TrainSettings = {
  ...defaultTrainSettings,
  epochs: 3,
  batch: BATCH,
  backend: 'reference',
  preciseBatchNorm: 24,
};

async function batchesOf(epoch: number, count: number): Promise<LoadedBatch[]> {
  const found: LoadedBatch[] = [];
  for await (const batch of openSource(dataset, { batch: BATCH, seed: 1, augment: true }).train(
    epoch,
  )) {
    if (found.length === count) break;
    found.push({
      ...batch,
      indices: batch.indices.slice(),
      flip: batch.flip!.slice(),
      shiftY: batch.shiftY!.slice(),
      shiftX: batch.shiftX!.slice(),
    });
  }
  return found;
}

/** Values of every channel of the first convolution over a batch, by hand from the weights. */
async function firstConvolution(executable: Executable, batch: LoadedBatch): Promise<number[][]> {
  const weight = await executable.read('conv0.weight');
  const pixels = imageToNumbers(dataset, dataset.train, batch);
  const { height, width } = dataset.shape;
  return [0, 1, 2, 3].map((out) => {
    const values: number[] = [];
    for (let sample = 0; sample < batch.count; sample++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          let sum = 0;
          for (let channel = 0; channel < 3; channel++)
            for (let dy = -1; dy <= 1; dy++)
              for (let dx = -1; dx <= 1; dx++) {
                const [row, column] = [y + dy, x + dx];
                if (row < 0 || column < 0 || row >= height || column >= width) continue;
                sum +=
                  weight[((out * 3 + channel) * 3 + dy + 1) * 3 + dx + 1] *
                  pixels[((sample * 3 + channel) * height + row) * width + column];
              }
          values.push(sum);
        }
    return values;
  });
}

describe('precise batch norm', () => {
  it('takes the mean of the means, and of variance plus squared mean, with unbiased variances', async () => {
    const executable = await selectBackend('reference').prepare(compile(conv, { batch: BATCH }));
    initialise(executable, 3);
    const batches = await batchesOf(0, 3);
    await preciseBatchNorm(executable, batches);
    const [centre, spread] = [
      await executable.read('bn1.running_mean'),
      await executable.read('bn1.running_var'),
    ];
    const convolved = await Promise.all(
      batches.map((batch) => firstConvolution(executable, batch)),
    );
    for (let channel = 0; channel < 4; channel++) {
      const statistics = convolved.map((channels) => {
        const values = channels[channel];
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        return {
          mean,
          variance:
            values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1),
        };
      });
      const mean = statistics.reduce((sum, each) => sum + each.mean, 0) / 3;
      expect(centre[channel]).toBeCloseTo(mean, 12);
      expect(spread[channel]).toBeCloseTo(
        statistics.reduce((sum, each) => sum + each.variance + each.mean ** 2, 0) / 3 - mean ** 2,
        12,
      );
    }
  });

  it('leaves weights and momenta alone, and does not depend on the statistics before it', async () => {
    const batches = await batchesOf(2, 2);
    const run = async (noise: number): Promise<Map<string, readonly number[]>> => {
      const executable = await selectBackend('reference').prepare(compile(conv, { batch: BATCH }));
      initialise(executable, 3);
      executable.upload('bn1.running_mean', [noise, 2, 3, 4]);
      const before = await numbersOf(executable);
      await preciseBatchNorm(executable, batches);
      const after = await numbersOf(executable);
      for (const [name, numbers] of before)
        if (!name.includes('running')) expect(after.get(name)).toEqual(numbers);
      return after;
    };
    expect(await run(5)).toEqual(await run(-7));
  });

  it(
    'is done before each evaluation, over the first batches of an order that training ' +
      'never uses',
    async () => {
      const { numbers } = await outcomeOf({ network: conv, dataset, settings, seed: 1 });
      const executable = await selectBackend('reference').prepare(compile(conv, { batch: BATCH }));
      for (const { name } of executable.program.parameters)
        executable.upload(name, numbers.get(name)!);
      // After the last of 3 epochs, number 2: epoch 3 + 2.
      await preciseBatchNorm(executable, await batchesOf(5, 3));
      expect((await numbersOf(executable)).get('bn1.running_var')).toEqual(
        numbers.get('bn1.running_var'),
      );
      const others = await outcomeOf({
        network: conv,
        dataset,
        settings: { ...settings, preciseBatchNorm: 16 },
        seed: 1,
      });
      expect(others.numbers.get('bn1.running_var')).not.toEqual(numbers.get('bn1.running_var'));
    },
  );

  it(
    'changes evaluations but not what is trained, and takes all there is when more is ' +
      'asked for',
    async () => {
      const plain = await outcomeOf({
        network: conv,
        dataset,
        settings: { ...settings, preciseBatchNorm: 0 },
        seed: 1,
      });
      const precise = await outcomeOf({ network: conv, dataset, settings, seed: 1 });
      expect(precise.epochs.map(({ trainLoss, trainError }) => [trainLoss, trainError])).toEqual(
        plain.epochs.map(({ trainLoss, trainError }) => [trainLoss, trainError]),
      );
      expect(precise.epochs.map(({ testLoss }) => testLoss)).not.toEqual(
        plain.epochs.map(({ testLoss }) => testLoss),
      );
      const all = await outcomeOf({
        network: conv,
        dataset,
        settings: { ...settings, preciseBatchNorm: 40 },
        seed: 1,
      });
      expect(
        await outcomeOf({
          network: conv,
          dataset,
          settings: { ...settings, preciseBatchNorm: 9999 },
          seed: 1,
        }),
      ).toEqual(all);
    },
  );

  it('is nothing without a batch norm', async () => {
    const network = chain(dataset.shape, [{ linear: 7, bias: true }]);
    const plain = await outcomeOf({
      network,
      dataset,
      settings: { ...settings, preciseBatchNorm: 0 },
      seed: 1,
    });
    expect(await outcomeOf({ network, dataset, settings, seed: 1 })).toEqual(plain);
  });
});
