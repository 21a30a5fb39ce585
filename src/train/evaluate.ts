import { setImmediate } from 'node:timers/promises';
import { Interrupted, must, UserError } from '../core/errors.js';
import { openSource } from '../data-files/source.js';
import type { Dataset } from '../data/types.js';
import type { Executable, ImageBatch } from '../engine/types.js';
import { createMeter, type Means } from './meter.js';
import { microBatches } from './micro-batches.js';

/** A part of a data set. */
export type SplitName = 'train' | 'validation' | 'test';

/** What a network makes of a split. */
export interface SplitEvaluation extends Means {
  readonly images: number;
  /** Images by their class, then by the class that the network takes them for. */
  readonly confusion: readonly (readonly number[])[];
}

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
  const { batch } = executable.program;
  const classes = dataset.classes.length;
  const confusion = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  const meter = createMeter();
  const source = openSource(shown, {
    batch: Math.min(batch, dataset.train.count),
    seed: 0,
    augment: false,
  });
  try {
    for await (const loaded of source.test()) {
      for (const piece of microBatches(loaded, batch)) {
        // Signals come through between two batches only.
        await setImmediate();
        if (signal?.aborted) throw new Interrupted('evaluation stopped');
        executable.inputImages(piece);
        executable.dispatch('evaluate');
        const [metrics, logits] = await Promise.all([executable.metrics(), executable.logits()]);
        meter.add(metrics, piece.count);
        count(confusion, piece, logits);
      }
    }
  } finally {
    await source.close();
  }
  return { ...meter.means(), images: shown.test.count, confusion };
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

/** A prediction is the largest logit, the first of equals. */
function count(
  confusion: readonly number[][],
  { labels, indices, count: images }: ImageBatch,
  logits: Float32Array | Float64Array,
): void {
  const classes = confusion.length;
  for (let i = 0; i < images; i++) {
    let best = 0;
    for (let k = 1; k < classes; k++)
      if (must(logits[i * classes + k]) > must(logits[i * classes + best])) best = k;
    const row = must(confusion[must(labels[must(indices[i])])]);
    row[best] = must(row[best]) + 1;
  }
}
