import type { DataSource } from '../data/descriptor.js';
import { type CifarLayout, cifarSource } from './cifar.js';

declare module '../data/types.js' {
  interface KindOfData {
    readonly cifar10: MemoryDataset;
  }
}

/** CIFAR-10 (A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009). */
export const cifar10Layout: CifarLayout = {
  name: 'cifar10',
  title: 'CIFAR-10',
  meaning: 'small colour photographs of ten kinds of animals and vehicles (Krizhevsky, 2009)',
  folder: 'cifar-10-batches-bin',
  train: [1, 2, 3, 4, 5].map((number) => ({ name: `data_batch_${number}.bin`, records: 10_000 })),
  test: [{ name: 'test_batch.bin', records: 10_000 }],
  labelBytes: 1,
  namesFile: 'batches.meta.txt',
  classes: 'airplane automobile bird cat deer dog frog horse ship truck'.split(' '),
  // As the paper's code has them.
  mean: [125.3, 123.0, 113.9],
  std: [63.0, 62.1, 66.7],
  // The binary version; address and checksum from https://www.cs.toronto.edu/~kriz/cifar.html.
  archive: {
    url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
    file: 'cifar-10-binary.tar.gz',
    bytes: 170_052_171,
    md5: 'c32a1d4ab5d03f1284b67883e8d87530',
  },
  size: '170 MB to fetch, 184 MB unpacked',
};

/** CIFAR-10, which `auto` takes where it is found. */
export const cifar10: DataSource = { ...cifarSource(cifar10Layout), auto: true };
