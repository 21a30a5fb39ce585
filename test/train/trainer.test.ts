import { beforeAll, describe, expect, it } from 'vitest';
import { Interrupted, UserError } from '../../src/core/errors.js';
import { loadDataset } from '../../src/public/data.js';
import type { Dataset } from '../../src/data/types.js';
import { readWeights } from '../../src/public/engine.js';
import { parseGraphSpec } from '../../src/graph/index.js';
import { buildNetwork } from '../../src/network/index.js';
import type { Network } from '../../src/network/types.js';
import { defaultTrainSettings, train, TrainingFailed } from '../../src/public/train.js';
import type { EpochRecord, TrainOptions, TrainSettings } from '../../src/public/train.js';

const settings: TrainSettings = {
  ...defaultTrainSettings,
  epochs: 2,
  batch: 16,
  // The same bits on every machine, and fast.
  backend: 'wasm',
};
let dataset: Dataset;
let network: Network;

beforeAll(async () => {
  dataset = await loadDataset({ name: 'shapes', train: 70, test: 37, size: 16 }, { env: {} });
  network = buildNetwork('mlp', parseGraphSpec('ws-flex:n=8,k=4,p=0.3,seed=1'), [16], {
    input: dataset.shape,
    classes: 10,
  });
});

/** Trains and returns the records with one weight tensor, to compare bit for bit. */
async function outcome(
  changes: Partial<TrainOptions> = {},
): Promise<{ epochs: readonly EpochRecord[]; weights: readonly number[] }> {
  const { epochs, executable } = await train({ network, dataset, settings, seed: 1, ...changes });
  const weights = [...(await readWeights(executable))].flatMap(([, tensor]) => [...tensor.data]);
  executable.dispose();
  return { epochs, weights };
}

describe('train', () => {
  it('gives the same bits for the same seed and others for another seed', async () => {
    const first = await outcome();
    expect(await outcome()).toEqual(first);
    const other = await outcome({ seed: 2 });
    expect(other.epochs[0].trainLoss).not.toBe(first.epochs[0].trainLoss);
    expect(other.weights).not.toEqual(first.weights);
  });

  it(
    'reports every epoch, drops the last short training batch and evaluates the whole test ' +
      'split',
    async () => {
      const seen: EpochRecord[] = [];
      const steps: string[] = [];
      const { epochs } = await outcome({
        onEpoch: (record) => seen.push(record),
        onBatch: (...place) => steps.push(place.join(' ')),
      });
      expect(seen).toEqual(epochs);
      expect(steps).toEqual([
        '0 0 4',
        '0 1 4',
        '0 2 4',
        '0 3 4',
        '1 0 4',
        '1 1 4',
        '1 2 4',
        '1 3 4',
      ]);
      expect(epochs.map((record) => record.epoch)).toEqual([1, 2]);
      expect(epochs.map((record) => record.learningRate)).toEqual([0.1, 0.05]);
      for (const { trainError, testError } of epochs) {
        expect((trainError * 64) / 100).toBeCloseTo(Math.round((trainError * 64) / 100), 9);
        expect((testError * 37) / 100).toBeCloseTo(Math.round((testError * 37) / 100), 9);
      }
    },
  );

  it('depends on augmentation, and starts the same with and without it', async () => {
    const starts: number[][] = [];
    const onStart: TrainOptions['onStart'] = async (executable) =>
      starts.push([...(await readWeights(executable))].flatMap(([, tensor]) => [...tensor.data]));
    const augmented = await outcome({ onStart });
    const plain = await outcome({ onStart, settings: { ...settings, augment: false } });
    expect(starts[0]).toEqual(starts[1]);
    expect(plain.epochs[0].trainLoss).not.toBe(augmented.epochs[0].trainLoss);
  });

  it('learns: many epochs on few images without augmentation drive the training error down', async () => {
    const { epochs } = await outcome({ settings: { ...settings, epochs: 30, augment: false } });
    expect(epochs.at(-1)!.trainError).toBeLessThan(20);
    expect(epochs[0].trainError).toBeGreaterThan(50);
  });

  it('says where it diverged', async () => {
    const failing = outcome({ settings: { ...settings, learningRate: 1e200 } });
    await expect(failing).rejects.toThrow(TrainingFailed);
    await expect(failing).rejects.toThrow(
      /^diverged: the (training|test) loss is (NaN|Infinity) .*epoch 1.*learning rate 1e\+200/,
    );
  });

  it('stops when its signal aborts, also from within', async () => {
    await expect(outcome({ signal: AbortSignal.abort() })).rejects.toThrow(Interrupted);
    const controller = new AbortController();
    const steps: number[] = [];
    const stopped = outcome({
      settings: { ...settings, epochs: 100_000 },
      signal: controller.signal,
      onBatch: () => {
        steps.push(1);
        controller.abort();
      },
    });
    await expect(stopped).rejects.toThrow(Interrupted);
    expect(steps.length).toBeLessThan(10_000);
  });

  it('refuses a training split smaller than a batch and a network for other data', async () => {
    await expect(outcome({ settings: { ...settings, batch: 71 } })).rejects.toThrow(UserError);
    await expect(outcome({ settings: { ...settings, batch: 71 } })).rejects.toThrow(
      'at least one batch of 71 images, it has 70',
    );
    const wide = buildNetwork('mlp', parseGraphSpec('complete:n=8'), [16], {
      input: { channels: 3, height: 32, width: 32 },
      classes: 10,
    });
    await expect(outcome({ network: wide })).rejects.toThrow(
      'the network takes images of 3x32x32, the data set has 3x16x16',
    );
    const binary = buildNetwork('mlp', parseGraphSpec('complete:n=8'), [16], {
      input: dataset.shape,
      classes: 2,
    });
    await expect(outcome({ network: binary })).rejects.toThrow(
      'the network has 2 classes, the data set 10',
    );
  });
});
