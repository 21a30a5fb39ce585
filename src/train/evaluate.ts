import { must } from '../core/errors.js';
import type { LoadedBatch } from '../data/batch-source.js';
import type { Executable, ImageBatch } from '../engine/types.js';
import { createMeter, type Means } from './meter.js';
import { microBatches } from './micro-batches.js';

/** What a network makes of images. */
export interface SplitEvaluation extends Means {
  readonly images: number;
  /** Images by their class, then by the class that the network takes them for. */
  readonly confusion: readonly (readonly number[])[];
}

/**
 * Evaluates a network over batches, with running statistics.
 *
 * @param before awaited before each piece of a batch that is run
 * @param after called with each piece and its logits, `count x classes`
 */
export async function evaluateBatches(
  executable: Executable,
  batches: AsyncIterable<LoadedBatch>,
  classes: number,
  before: () => Promise<void>,
  after?: (piece: ImageBatch, logits: Float32Array | Float64Array) => void | Promise<void>,
): Promise<SplitEvaluation> {
  const confusion = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  const meter = createMeter();
  let images = 0;
  for await (const loaded of batches) {
    for (const piece of microBatches(loaded, executable.program.batch)) {
      await before();
      executable.inputImages(piece);
      executable.dispatch('evaluate');
      const [metrics, logits] = await Promise.all([executable.metrics(), executable.logits()]);
      meter.add(metrics, piece.count);
      images += piece.count;
      count(confusion, piece, logits);
      await after?.(piece, logits);
    }
  }
  return { ...meter.means(), images, confusion };
}

/** The class of the largest of a sample's logits, the first of equals. */
export function predictedClass(
  logits: Float32Array | Float64Array,
  sample: number,
  classes: number,
): number {
  let best = 0;
  for (let k = 1; k < classes; k++)
    if (must(logits[sample * classes + k]) > must(logits[sample * classes + best])) best = k;
  return best;
}

function count(
  confusion: readonly number[][],
  { labels, indices, count: images }: ImageBatch,
  logits: Float32Array | Float64Array,
): void {
  const classes = confusion.length;
  for (let i = 0; i < images; i++) {
    const row = must(confusion[must(labels[must(indices[i])])]);
    const predicted = predictedClass(logits, i, classes);
    row[predicted] = must(row[predicted]) + 1;
  }
}
