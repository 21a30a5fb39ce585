import type { ImageBatch } from '../engine/types.js';

/**
 * A batch in pieces of at most `size` samples, in order. They are views: valid as long as the batch
 * is. A batch that is no larger comes as it is, so that training without accumulation makes nothing
 * per batch.
 */
export function* microBatches(batch: ImageBatch, size: number): Generator<ImageBatch, void> {
  if (batch.count <= size) {
    yield batch;
    return;
  }
  for (let from = 0; from < batch.count; from += size)
    yield pieceOf(batch, from, Math.min(size, batch.count - from));
}

function pieceOf(batch: ImageBatch, from: number, count: number): ImageBatch {
  const to = from + count;
  const { indices, flip, shiftY, shiftX } = batch;
  return {
    ...batch,
    count,
    indices: indices.subarray(from, to),
    flip: flip && flip.subarray(from, to),
    shiftY: shiftY && shiftY.subarray(from, to),
    shiftX: shiftX && shiftX.subarray(from, to),
  };
}
