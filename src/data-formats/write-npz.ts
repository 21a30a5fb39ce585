import { zipSync } from 'fflate';
import type { ImageSplit, MemoryDataset } from '../data/types.js';
import { npyOf } from '../graph-formats/npy.js';

/** The date of members: an archive of the same data has the same bytes. */
const WRITTEN = '1980-01-01';

/**
 * A data set as the .npz file that `--data npz` reads: x_train, y_train, x_test, y_test. It is the
 * same data set again but for the names of its classes, and for how it is normalised and augmented.
 */
export function writeNpz(dataset: Pick<MemoryDataset, 'shape' | 'train' | 'test'>): Uint8Array {
  const { channels, height, width } = dataset.shape;
  const images = ({ count, images: bytes }: ImageSplit): Uint8Array =>
    npyOf('|u1', [count, ...(channels === 1 ? [] : [channels]), height, width], bytes);
  const labels = ({ count, labels: numbers }: ImageSplit): Uint8Array =>
    npyOf(
      numbers.BYTES_PER_ELEMENT === 1 ? '|u1' : '<u2',
      [count],
      new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
    );
  return zipSync(
    {
      'x_train.npy': images(dataset.train),
      'y_train.npy': labels(dataset.train),
      'x_test.npy': images(dataset.test),
      'y_test.npy': labels(dataset.test),
    },
    { level: 1, mtime: WRITTEN },
  );
}
