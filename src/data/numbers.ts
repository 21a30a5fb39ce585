import { must } from '../core/errors.js';
import { imageToNumbers } from './batches.js';
import type { BatchSource, LoadedBatch } from './batch-source.js';

/** Some images as a network reads them, with their classes. */
export interface LabelledNumbers {
  readonly samples: Float64Array;
  readonly labels: readonly number[];
}

/** A batch as numbers. */
export function labelledNumbers(batch: LoadedBatch): LabelledNumbers {
  const split = { count: batch.count, images: batch.images, labels: batch.labels };
  return {
    samples: imageToNumbers(batch, split, batch),
    labels: Array.from({ length: batch.count }, (_, i) =>
      must(batch.labels[must(batch.indices[i])]),
    ),
  };
}

/** The first so many training images of a source's first epoch. */
export async function firstTrainingNumbers(
  source: Pick<BatchSource, 'train'>,
  count: number,
): Promise<Float64Array> {
  const found: number[] = [];
  let left = count;
  for await (const loaded of source.train(0)) {
    const { samples, labels } = labelledNumbers(loaded);
    const size = samples.length / labels.length;
    for (const value of samples.subarray(0, Math.min(left, labels.length) * size))
      found.push(value);
    left -= labels.length;
    if (left <= 0) break;
  }
  return Float64Array.from(found);
}
