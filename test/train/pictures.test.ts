import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/core/errors.js';
import { loadDataset } from '../../src/public/data.js';
import type { PictureDataset } from '../../src/data/types.js';
import {
  defaultTrainSettings,
  readCheckpoint,
  type TrainOptions,
  type TrainSettings,
} from '../../src/public/train.js';
import { makeFolder } from '../data/folder/fixtures.js';
import { chain } from '../engine/networks.js';
import { outcomeOf } from './toy.js';

const settings: TrainSettings = {
  ...defaultTrainSettings,
  epochs: 3,
  batch: 6,
  backend: 'reference',
  preciseBatchNorm: 12,
  learningRate: 0.02,
  accumulate: 2,
};

let root: string;
let directory: string;
let dataset: PictureDataset;
/** The same pictures, decoded anew whenever they are wanted. */
let streamed: PictureDataset;
beforeAll(async () => {
  root = await makeFolder({ train: 8, test: 3, sides: (i) => [14 + i, 20 - i], kind: 'jpg' });
  directory = mkdtempSync(join(tmpdir(), 'plexus-pictures-'));
  const broken = join(root, 'train', 'dog', '2.jpg');
  writeFileSync(broken, readFileSync(broken).subarray(0, 40));
  const loaded = await loadDataset(
    { name: 'folder', path: root, size: 12, crop: 'resized' },
    { env: {} },
  );
  if (loaded.pictures === null)
    throw new Error('crops of pictures are made while they are trained on');
  dataset = loaded;
  const bare = <T extends { readonly decoded: unknown }>(split: T): T => ({
    ...split,
    decoded: null,
  });
  streamed = { ...loaded, train: bare(loaded.train), test: bare(loaded.test), warnings: [] };
});
afterAll(() => [root, directory].forEach((path) => rmSync(path, { recursive: true })));

function options(changes: Partial<TrainOptions> = {}): TrainOptions {
  return {
    network: chain(dataset.shape, [
      { conv: 3, kernel: 3 },
      'bn',
      'relu',
      'globalPool',
      { linear: 3, bias: true },
    ]),
    dataset,
    settings,
    seed: 1,
    ...changes,
  };
}

describe('training on pictures', () => {
  it('gives the same bits whether they are decoded before or meanwhile', async () => {
    expect(await outcomeOf(options({ dataset: streamed }))).toEqual(await outcomeOf(options()));
  });

  it('passes on what the data set warns of, once, but for what was known when it was loaded', async () => {
    const lines: string[] = [];
    await outcomeOf(options({ dataset: streamed, onWarning: (line) => lines.push(line) }));
    expect(lines).toEqual([
      expect.stringMatching(/dog.2\.jpg cannot be read: /),
      '1 image cannot be read; in place of each stands the next image of its class',
    ]);
    expect(dataset.warnings).toEqual(lines);
    const again: string[] = [];
    await outcomeOf(
      options({
        dataset: { ...streamed, warnings: dataset.warnings },
        onWarning: (line) => again.push(line),
      }),
    );
    expect(again).toEqual([]);
  });

  it('goes on within an epoch to the same bits', async () => {
    const whole = await outcomeOf(options());
    const checkpoint = { file: join(directory, 'c.safetensors'), resume: true };
    const controller = new AbortController();
    const stopped = outcomeOf(
      options({
        dataset: streamed,
        checkpoint,
        signal: controller.signal,
        onBatch: (epoch, batch) => {
          if (epoch < 1 || batch < 1) return;
          controller.abort();
          for (const begun = performance.now(); performance.now() - begun < 21;);
        },
      }),
    );
    await expect(stopped).rejects.toThrow(Interrupted);
    expect(readCheckpoint(checkpoint.file)!.state).toMatchObject({ epoch: 1, step: 2 });
    expect(await outcomeOf(options({ dataset: streamed, checkpoint }))).toEqual(whole);
  });
});
