import { resolve } from 'node:path';
import { invariant } from '../core/errors.js';
import type { DataSource } from '../data/descriptor.js';
import { filePath, oneOf, realNumbers, wholeNumbers, yesOrNo } from '../data/keys.js';
import { withoutGaps } from '../data/spec.js';
import { MOST_IMAGES } from '../data-formats/dataset.js';
import { folderLimits, loadFolder } from './folder/load.js';

/** Pictures in folders. */
export const folder: DataSource = {
  name: 'folder',
  meaning: 'pictures (JPEG, PNG, WebP) in a folder for each class',
  path: 'the directory that holds train/CLASS/*.jpg and val/CLASS/*.jpg',
  keys: {
    train: wholeNumbers(1, MOST_IMAGES),
    test: wholeNumbers(1, MOST_IMAGES),
    size: wholeNumbers(folderLimits.leastSize, folderLimits.mostSize),
    path: filePath,
    crop: oneOf('resized', 'shift'),
    flip: yesOrNo,
    jitter: realNumbers(0, 1),
    lighting: realNumbers(0, 10),
    normalise: oneOf('imagenet', 'computed'),
  },
  settle: (spec) => {
    invariant(spec.path !== undefined, 'a data spec without the path that was checked');
    return withoutGaps({ ...spec, path: resolve(spec.path) });
  },
  load: ({ path, ...spec }, context) => {
    invariant(path !== undefined, 'a data spec without the path that was checked');
    return loadFolder({ ...spec, path }, context);
  },
};
