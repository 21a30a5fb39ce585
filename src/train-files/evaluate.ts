import { Interrupted, UserError } from '../core/errors.js';
import { nextTurn } from '../core/next-turn.js';
import { openSource } from '../data-files/source.js';
import type { Dataset } from '../data/types.js';
import type { Executable } from '../engine/types.js';
import { evaluateBatches, type SplitEvaluation } from '../train/evaluate.js';

/** A part of a data set. */
export type SplitName = 'train' | 'validation' | 'test';

/**
 * Evaluates a network over a whole split, images as they are, running statistics.
 *
 * @throws UserError for a split without images
 */
export async function evaluateSplit(
  executable: Executable,
  dataset: Dataset,
  split: SplitName,
  signal?: AbortSignal,
): Promise<SplitEvaluation> {
  const shown = withTest(dataset, split);
  const source = openSource(shown, {
    batch: Math.min(executable.program.batch, dataset.train.count),
    seed: 0,
    augment: false,
  });
  try {
    return await evaluateBatches(executable, source.test(), dataset.classes.length, async () => {
      // Signals come through between two batches only.
      await nextTurn();
      if (signal?.aborted) throw new Interrupted('evaluation stopped');
    });
  } finally {
    await source.close();
  }
}

/** The data set with that split in the place of the one that is evaluated. */
function withTest(dataset: Dataset, split: SplitName): Dataset {
  const test = dataset[split];
  if (test === undefined || test.count === 0)
    throw new UserError(
      `the ${split} split has no images` +
        (split === 'validation' ? '; hold some out with --validation' : '; choose another'),
    );
  // All splits of a data set are of its own kind.
  return { ...dataset, test } as Dataset;
}
