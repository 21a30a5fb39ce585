import { zipSync } from 'fflate';
import { features, type Shape } from '../../core/shape.js';
import { npyOf } from '../../graph-formats/npy.js';
import type { ImageSplit, MemoryDataset } from '../../data/types.js';

/** Deflating pixels takes long and saves little. */
const LEVEL = 0;

/**
 * A data set as an archive of NumPy's arrays, which the data set `npz` reads again: `x_train`,
 * `x_test` (bytes, N x channels x height x width), `y_train`, `y_test` (N numbers of 64 bits).
 */
export function npzBytes({ shape, train, test }: MemoryDataset): Uint8Array {
  return zipSync(
    { ...splitFiles('train', train, shape), ...splitFiles('test', test, shape) },
    { level: LEVEL },
  );
}

function splitFiles(
  name: string,
  { count, images, labels }: ImageSplit,
  shape: Shape,
): Record<string, Uint8Array> {
  const { channels, height, width } = shape;
  const numbers = BigInt64Array.from({ length: count }, (_, at) => BigInt(labels[at] ?? 0));
  return {
    [`x_${name}.npy`]: npyOf(
      '|u1',
      [count, channels, height, width],
      Uint8Array.from(images.subarray(0, count * features(shape))),
    ),
    [`y_${name}.npy`]: npyOf('<i8', [count], new Uint8Array(numbers.buffer)),
  };
}
