import type { ImageBatch } from '../core/image-batch.js';

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
  readonly validationImages: number;
  /** The held out images once, as `test`; none where there are none. */
  validation(): AsyncIterable<LoadedBatch>;
  /** The whole test split once, in order, unchanged; the last batch may be short. */
  test(): AsyncIterable<LoadedBatch>;
  /** What went wrong so far and was got over, such as images that cannot be read. */
  warnings(): readonly string[];
  /** Ends what runs and gives memory back; the source cannot be used any more. */
  close(): Promise<void>;
}

/** Which batches a source makes. */
export interface SourceOptions {
  /** Images in a batch. */
  readonly batch: number;
  /** Order and augmentation depend on it and the epoch. */
  readonly seed: number;
  /** False: training images without random changes. */
  readonly augment: boolean;
}
