import { UserError } from '../../../core/errors.js';
import {
  firstTrainingNumbers,
  type LabelledNumbers,
  labelledNumbers,
} from '../../../data/numbers.js';
import type { Dataset } from '../../../data/types.js';
import { openSource } from '../../../data-files/source.js';

/** Images at a time. */
const BATCH = 64;

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
  try {
    return await firstTrainingNumbers(source, count);
  } finally {
    await source.close();
  }
}

/** The test images in order, batch by batch. */
export async function* testImages(dataset: Dataset): AsyncGenerator<LabelledNumbers, void> {
  const batch = Math.min(BATCH, dataset.train.count);
  const source = openSource(dataset, { batch, seed: 0, augment: false });
  try {
    for await (const loaded of source.test()) yield labelledNumbers(loaded);
  } finally {
    await source.close();
  }
}
