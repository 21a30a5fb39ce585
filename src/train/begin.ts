import { UserError } from '../core/errors.js';
import type { Dataset } from '../data/types.js';
import { compile } from '../engine/compile.js';
import type { Program } from '../engine/types.js';
import type { Network } from '../network/types.js';
import { checkSettings } from './setting-rules.js';
import type { TrainSettings } from './types.js';

/** What is trained on what, and how. */
interface Training {
  readonly network: Network;
  readonly dataset: Dataset;
  readonly settings: TrainSettings;
}

/** Throws a `UserError` unless settings keep their rules and network and data set fit together. */
export function checkTraining({ network, dataset, settings }: Training): void {
  checkSettings(settings);
  checkTrainable(dataset, settings);
  checkFits(network, dataset);
}

/**
 * The program that trains a network with these settings.
 *
 * @param probe whether it looks at missing blocks instead (see `compile`)
 */
export function programOf(
  network: Network,
  {
    batch,
    accumulate,
    labelSmoothing,
    precision,
  }: Pick<TrainSettings, 'batch' | 'accumulate' | 'labelSmoothing' | 'precision'>,
  probe = false,
): Program {
  return compile(network, { batch: batch / accumulate, labelSmoothing, precision, probe });
}

/** Throws a `UserError` when a data set is too small to be trained on with these settings. */
export function checkTrainable(dataset: Dataset, settings: Pick<TrainSettings, 'batch'>): void {
  const { train: images, validation, test } = dataset;
  if (images.count < settings.batch) {
    const [held, remedy] =
      validation === undefined
        ? ['', 'use more images']
        : [` besides the ${validation.count} held out for validation`, 'hold out fewer'];
    throw new UserError(
      `the training split must fill at least one batch of ${settings.batch} images, it ` +
        `has ${images.count}${held}; lower the batch size or ${remedy}`,
    );
  }
  if (test.count < 1) throw new UserError('the test split is empty; use at least one test image');
}

function checkFits(network: Network, dataset: Dataset): void {
  const { input, classes } = network;
  const { channels, height, width } = dataset.shape;
  if (input.channels !== channels || input.height !== height || input.width !== width) {
    throw new UserError(
      `the network takes images of ${input.channels}x${input.height}x${input.width}, the ` +
        `data set has ${channels}x${height}x${width}; design the network for the data set`,
    );
  }
  if (classes !== dataset.classes.length)
    throw new UserError(
      `the network has ${classes} classes, the data set ${dataset.classes.length}; ` +
        'design the network for the data set',
    );
}
