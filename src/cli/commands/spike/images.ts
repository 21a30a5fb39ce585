import { UserError } from '../../../core/errors.js';
import { imageToNumbers } from '../../../data/batches.js';
import type { LoadedBatch } from '../../../data/batch-source.js';
import type { Dataset } from '../../../data/types.js';
import { openSource } from '../../../data-files/source.js';

/** Images at a time. */
const BATCH = 64;

/** Some images as a network reads them, with their classes. */
export interface Labelled {
  readonly samples: Float64Array;
  readonly labels: readonly number[];
}

const numbersOf = (batch: LoadedBatch): Labelled => {
  const split = { count: batch.count, images: batch.images, labels: batch.labels };
  return {
    samples: imageToNumbers(batch, split, batch),
    labels: Array.from({ length: batch.count }, (_, i) => batch.labels[batch.indices[i] ?? 0] ?? 0),
  };
};

/** The first so many training images of the order of seed 0, without random changes. */
export async function calibrationImages(dataset: Dataset, count: number): Promise<Float64Array> {
  const { train } = dataset;
  if (train.count < count)
    throw new UserError(
      `thresholds are chosen by ${count} training images, but ${dataset.name} has ${train.count}; ` +
        'lower --calibrate',
    );
  const batch = Math.min(BATCH, count);
  const source = openSource(dataset, { batch, seed: 0, augment: false });
  const found: number[] = [];
  try {
    let left = count;
    for await (const loaded of source.train(0)) {
      const { samples, labels } = numbersOf(loaded);
      const size = samples.length / labels.length;
      for (const value of samples.subarray(0, Math.min(left, labels.length) * size))
        found.push(value);
      left -= labels.length;
      if (left <= 0) break;
    }
  } finally {
    await source.close();
  }
  return Float64Array.from(found);
}

/** The test images in order, batch by batch. */
export async function* testImages(dataset: Dataset): AsyncGenerator<Labelled, void> {
  const batch = Math.min(BATCH, dataset.train.count);
  const source = openSource(dataset, { batch, seed: 0, augment: false });
  try {
    for await (const loaded of source.test()) yield numbersOf(loaded);
  } finally {
    await source.close();
  }
}
