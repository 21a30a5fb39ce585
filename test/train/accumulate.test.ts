import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultTrainSettings, type TrainSettings } from '../../src/train/index.js';
import { chain } from '../engine/networks.js';
import { outcomeOf, toyDataset, type Outcome } from './toy.js';

const dataset = toyDataset(96, 22);
/** Without batch norm, a batch's gradient is the mean of its parts' gradients. */
const plain = chain(dataset.shape, [
  { conv: 4, kernel: 3, padding: 1 },
  'relu',
  { linear: 7, bias: true },
]);
const settings: TrainSettings = {
  ...defaultTrainSettings,
  epochs: 2,
  batch: 24,
  backend: 'reference',
  learningRate: 0.05,
  labelSmoothing: 0.1,
};

function expectClose(found: Outcome, wanted: Outcome, digits: number): void {
  found.epochs.forEach((record, epoch) => {
    for (const key of ['trainLoss', 'testLoss'] as const)
      expect(record[key]).toBeCloseTo(wanted.epochs[epoch][key], digits);
    for (const key of [
      'learningRate',
      'trainError',
      'testError',
      'trainError5',
      'testError5',
    ] as const)
      expect(record[key]).toBe(wanted.epochs[epoch][key]);
  });
  for (const [name, numbers] of wanted.numbers)
    numbers.forEach((number, at) =>
      expect(found.numbers.get(name)![at], name).toBeCloseTo(number, digits),
    );
}

describe('accumulated gradients', () => {
  it(
    'train as whole batches do, images and augmentation included, where no batch norm sees ' +
      'the parts',
    async () => {
      const whole = await outcomeOf({ network: plain, dataset, settings, seed: 5 });
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(2, 3, 4, 6, 8, 12), async (accumulate) => {
          expectClose(
            await outcomeOf({
              network: plain,
              dataset,
              settings: { ...settings, accumulate },
              seed: 5,
            }),
            whole,
            11,
          );
        }),
        { numRuns: 6 },
      );
    },
  );

  it('count updates, not parts, as batches', async () => {
    const seen: string[] = [];
    await outcomeOf({
      network: plain,
      dataset,
      settings: { ...settings, epochs: 1, accumulate: 4 },
      seed: 5,
      onBatch: (...place) => seen.push(place.join(' ')),
    });
    expect(seen).toEqual(['0 0 4', '0 1 4', '0 2 4', '0 3 4']);
  });

  it('normalise each part by itself: a batch norm tells parts from the whole', async () => {
    const network = chain(dataset.shape, [
      { conv: 4, kernel: 3, padding: 1 },
      'bn',
      'relu',
      { linear: 7, bias: true },
    ]);
    const whole = await outcomeOf({ network, dataset, settings, seed: 5 });
    const parts = await outcomeOf({
      network,
      dataset,
      settings: { ...settings, accumulate: 4 },
      seed: 5,
    });
    expect(Math.abs(parts.epochs[0].trainLoss - whole.epochs[0].trainLoss)).toBeGreaterThan(1e-6);
    // One step of running statistics for each part.
    expect(parts.numbers.get('bn1.running_mean')).not.toEqual(
      whole.numbers.get('bn1.running_mean'),
    );
  });
});

describe('label smoothing and warm-up', () => {
  it('change what is trained, and smoothing does not enter the evaluation', async () => {
    const base = { ...settings, labelSmoothing: 0, epochs: 1 };
    const sharp = await outcomeOf({ network: plain, dataset, settings: base, seed: 5 });
    const smooth = await outcomeOf({
      network: plain,
      dataset,
      settings: { ...base, labelSmoothing: 0.3 },
      seed: 5,
    });
    const warm = await outcomeOf({
      network: plain,
      dataset,
      settings: { ...base, warmupEpochs: 1 },
      seed: 5,
    });
    expect(smooth.epochs[0].trainLoss).not.toBe(sharp.epochs[0].trainLoss);
    expect(warm.epochs[0].trainLoss).not.toBe(sharp.epochs[0].trainLoss);
    expect(warm.epochs[0].learningRate).toBe(sharp.epochs[0].learningRate);
    // With a rate that moves nothing the evaluation is of the same network.
    const still = await Promise.all(
      [0, 0.3].map((labelSmoothing) =>
        outcomeOf({
          network: plain,
          dataset,
          settings: { ...base, labelSmoothing, learningRate: 1e-300 },
          seed: 5,
        }),
      ),
    );
    expect(still[1].epochs[0].testLoss).toBe(still[0].epochs[0].testLoss);
  });
});
