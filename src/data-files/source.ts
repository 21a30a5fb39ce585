import { checkBatch } from '../data/batches.js';
import type { BatchSource, SourceOptions } from '../data/batch-source.js';
import { memorySource } from '../data/memory-source.js';
import type { Dataset } from '../data/types.js';
import { pictureSource } from './folder/stream.js';

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
