import { type ImageArray, imageArray, npzSplits } from '../data-formats/npz.js';
import { inflateMember } from '../graph-files/formats/zip.js';
import { readBytes } from '../platform/fs.js';
import { arraySource } from './arrays/source.js';

declare module '../data/types.js' {
  interface KindOfData {
    readonly npz: MemoryDataset;
  }
}

/** Both splits in a .npz file: see `npzSplits`. */
export function readNpzFile(path: string): ReturnType<typeof npzSplits> {
  return npzSplits(path, readBytes(path), inflateMember);
}

/** Images without labels in a .npz or .npy file: see `imageArray`. */
export function readImageArray(path: string): ImageArray {
  return imageArray(path, readBytes(path), inflateMember);
}

/** Arrays of NumPy in one file. */
export const npz = arraySource({
  name: 'npz',
  meaning: 'NumPy arrays of images and labels',
  path: 'the .npz file that holds x_train, y_train, x_test and y_test',
  read: readNpzFile,
});
