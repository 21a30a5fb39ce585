import { readNpzFile } from './arrays/npz.js';
import { arraySource } from './arrays/source.js';

declare module '../data/types.js' {
  interface KindOfData {
    readonly npz: MemoryDataset;
  }
}

/** Arrays of NumPy in one file. */
export const npz = arraySource({
  name: 'npz',
  meaning: 'NumPy arrays of images and labels',
  path: 'the .npz file that holds x_train, y_train, x_test and y_test',
  read: readNpzFile,
});
