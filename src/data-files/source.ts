import type { ImageBatch } from '../core/image-batch.js';
import { type BatchPlan, checkBatch, evaluationBatches, trainingBatches } from '../data/batches.js';
import { pictureSource } from './folder/stream.js';
import type { Dataset, ImageSplit, MemoryDataset } from '../data/types.js';

/** A batch, whose arrays are refilled: valid until the next one is asked for. */
export type LoadedBatch = ImageBatch;

/**
 * Where training takes its batches from: bytes in memory, or files that are decoded ahead of it.
 */
export interface BatchSource {
  /** Training batches an epoch; the last short one is dropped. */
  readonly perEpoch: number;
  readonly testImages: number;
  /**
   * The training batches of an epoch (0, 1, ...), augmented. They depend on (seed, epoch, number of
   * the batch) alone. One walk at a time: beginning another one ends this.
   *
   * @param from the first batch, for going on within an epoch
   */
  train(epoch: number, from?: number): AsyncIterable<LoadedBatch>;
  /** The whole test split once, in order, unchanged; the last batch may be short. */
  test(): AsyncIterable<LoadedBatch>;
  /** What went wrong so far and was got over, such as images that cannot be read. */
  warnings(): readonly string[];
  /** Ends what runs and gives memory back; the source cannot be used any more. */
  close(): Promise<void>;
}

export interface SourceOptions {
  /** Images in a batch. */
  readonly batch: number;
  /** Order and augmentation depend on it and the epoch. */
  readonly seed: number;
  /** False: training images without random changes. */
  readonly augment: boolean;
}

/**
 * Opens a data set for training. One that is in memory costs nothing: its batches are indices into
 * its own bytes.
 *
 * Throws a `UserError` when there are fewer training images than a batch needs.
 */
export function openSource(dataset: Dataset, options: SourceOptions): BatchSource {
  checkBatch(dataset.train.count, options.batch);
  return dataset.pictures === null
    ? memorySource(dataset, options)
    : pictureSource(dataset, options);
}

function memorySource(
  dataset: MemoryDataset,
  { batch, seed, augment }: SourceOptions,
): BatchSource {
  const { train, test, augmentation } = dataset;
  const batches = trainingBatches({
    images: train.count,
    batch,
    seed,
    augmentation: augment ? augmentation : null,
  });
  return {
    perEpoch: batches.perEpoch,
    testImages: test.count,
    train: (epoch, from = 0) => loaded(dataset, train, batches.epoch(epoch, from)),
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
