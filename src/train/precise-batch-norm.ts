import { invariant } from '../core/errors.js';
import type { Executable, ImageBatch } from '../engine/types.js';

/**
 * Precise batch norm (Wu and Johnson 2021; the code of You et al. 2020): takes the statistics of
 * batch norms over several batches, with the weights as they are. The running mean becomes the mean
 * of the batches' means, the running variance the mean of (variance + mean squared) less that mean
 * squared, with the unbiased variance of each batch. They stay so until the next training step
 * moves them.
 */
export async function preciseBatchNorm(
  executable: Executable,
  batches: Iterable<ImageBatch> | AsyncIterable<ImageBatch>,
): Promise<void> {
  let accumulate = false;
  for await (const batch of batches) {
    executable.inputImages(batch);
    executable.dispatch('statistics', undefined, { accumulate });
    accumulate = true;
  }
  invariant(accumulate, 'precise batch norm over no batch');
}
