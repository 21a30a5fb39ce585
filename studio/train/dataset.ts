import { UserError } from '../../src/core/errors.js';
import { shapeDefaults, shapesDataset } from '../../src/data/shapes.js';
import type { MemoryDataset } from '../../src/data/types.js';
import type { TrainJob } from './messages.js';

/** The data set of a job; of `shapes` the one that the command draws. */
export function datasetOf(data: TrainJob['data']): MemoryDataset {
  if (data === null)
    throw new UserError(
      'the data of this view must be on this machine, since no link holds it; drop its files above',
    );
  if ('train' in data) return data;
  const { images: train, tests: test, size } = data;
  const key = [train, test, size].join(' ');
  if (drawnLast?.key !== key) {
    const shapes = shapesDataset({ train, test, size, seed: shapeDefaults.seed });
    drawnLast = { key, dataset: { ...shapes, name: 'shapes', identity: 'shapes' } };
  }
  return drawnLast.dataset;
}

/** The pictures that were drawn last: a sweep trains many networks on the same. */
let drawnLast: { readonly key: string; readonly dataset: MemoryDataset } | null = null;
