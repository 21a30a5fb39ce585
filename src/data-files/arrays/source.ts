import { resolve } from 'node:path';
import { invariant } from '../../core/errors.js';
import type { DataSource } from '../../data/descriptor.js';
import { filePath, wholeNumbers, yesOrNo } from '../../data/keys.js';
import { withoutGaps } from '../../data/spec.js';
import { arrayDataset, type ArraySplit, MOST_IMAGES } from '../../data-formats/dataset.js';

/** A format of images and labels as arrays. */
interface ArrayFormat extends Pick<DataSource, 'name' | 'meaning'> {
  readonly path: string;
  /** Both splits in what the path of a spec leads to. */
  readonly read: (path: string) => { readonly train: ArraySplit; readonly test: ArraySplit };
}

/** The format as a data set that specs can name. */
export function arraySource({ name, meaning, path: leadsTo, read }: ArrayFormat): DataSource {
  return {
    name,
    meaning,
    path: leadsTo,
    keys: {
      train: wholeNumbers(1, MOST_IMAGES),
      test: wholeNumbers(1, MOST_IMAGES),
      path: filePath,
      flip: yesOrNo,
    },
    settle: (spec) => {
      invariant(spec.path !== undefined, 'a data spec without the path that was checked');
      return withoutGaps({ ...spec, path: resolve(spec.path) });
    },
    load: ({ path, train, test, flip = false }) => {
      invariant(path !== undefined, 'a data spec without the path that was checked');
      const splits = read(path);
      const dataset = arrayDataset(splits.train, splits.test, { train, test, flip });
      return {
        dataset,
        words: {
          train: dataset.train.count,
          test: dataset.test.count,
          flip,
          mean: dataset.mean.join('/'),
          std: dataset.std.join('/'),
        },
      };
    },
  };
}
