import type { ImageBatch } from '../../../types.js';

/**
 * Sample-major numbers (`count x rows`) into a feature-major buffer (`rows x batch`); the remaining
 * columns become 0.
 */
export function loadSamples(
  samples: ArrayLike<number>,
  count: number,
  rows: number,
  batch: number,
  x: Float64Array,
): void {
  x.fill(0);
  for (let s = 0; s < count; s++) {
    for (let row = 0; row < rows; row++) x[row * batch + s] = samples[s * rows + row]!;
  }
}

/**
 * Byte images into a feature-major buffer: mirrored where asked, then shifted, (byte - mean) / std
 * per channel. What a shift brings in from outside the image is 0 (after normalisation). The
 * remaining columns become 0.
 */
export function loadImages(batch: ImageBatch, columns: number, x: Float64Array): void {
  const { channels, height, width } = batch.shape;
  x.fill(0);
  for (let s = 0; s < batch.count; s++) {
    for (let c = 0; c < channels; c++) {
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const feature = (c * height + row) * width + column;
          const byte = pixel(
            batch,
            s,
            c,
            row + (batch.shiftY?.[s] ?? 0),
            column + (batch.shiftX?.[s] ?? 0),
          );
          if (byte !== null) x[feature * columns + s] = (byte - batch.mean[c]) / batch.std[c];
        }
      }
    }
  }
}

/** Byte (c, row, column) of the possibly mirrored image of sample `s`; null outside it. */
function pixel(
  batch: ImageBatch,
  s: number,
  c: number,
  row: number,
  column: number,
): number | null {
  const { channels, height, width } = batch.shape;
  if (row < 0 || row >= height || column < 0 || column >= width) return null;
  const source = batch.flip?.[s] === 1 ? width - 1 - column : column;
  return batch.images[((batch.indices[s] * channels + c) * height + row) * width + source];
}
