import type { BatchSource, LoadedBatch, SourceOptions } from './batch-source.js';
import { type BatchPlan, evaluationBatches, trainingBatches } from './batches.js';
import type { ImageSplit, MemoryDataset } from './types.js';

const NO_IMAGES: ImageSplit = { count: 0, labels: new Uint8Array(0), images: new Uint8Array(0) };

/**
 * The batches of a data set in memory: indices into its own bytes.
 *
 * Throws a `UserError` when there are fewer training images than a batch needs.
 */
export function memorySource(
  dataset: MemoryDataset,
  { batch, seed, augment }: SourceOptions,
): BatchSource {
  const { train, validation = NO_IMAGES, test, augmentation } = dataset;
  const batches = trainingBatches({
    images: train.count,
    batch,
    seed,
    augmentation: augment ? augmentation : null,
  });
  return {
    perEpoch: batches.perEpoch,
    testImages: test.count,
    validationImages: validation.count,
    train: (epoch, from = 0) => loaded(dataset, train, batches.epoch(epoch, from)),
    validation: () => loaded(dataset, validation, evaluationBatches(validation.count, batch)),
    test: () => loaded(dataset, test, evaluationBatches(test.count, batch)),
    warnings: () => [],
    close: () => Promise.resolve(),
  };
}

async function* loaded(
  { shape, mean, std }: MemoryDataset,
  { images, labels }: ImageSplit,
  plans: Iterable<BatchPlan>,
): AsyncGenerator<LoadedBatch, void> {
  for (const plan of plans) yield { shape, images, labels, mean, std, ...plan };
}
