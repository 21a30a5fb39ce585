import { readIdxDirectory } from './arrays/idx.js';
import { arraySource } from './arrays/source.js';

declare module '../data/types.js' {
  interface KindOfData {
    readonly idx: MemoryDataset;
  }
}

/** Files in MNIST's format. */
export const idx = arraySource({
  name: 'idx',
  meaning: "images in MNIST's format, also with .gz",
  path: 'the directory that holds train-images-idx3-ubyte and the three other files',
  read: readIdxDirectory,
});
