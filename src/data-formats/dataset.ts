import { must, UserError } from '../core/errors.js';
import { sharedBytes } from '../core/shared-bytes.js';
import { features, type Shape } from '../core/shape.js';
import { channelSums } from '../data/normalise.js';
import type { ImageSplit, MemoryDataset } from '../data/types.js';

/** Images and labels of one split as a reader of files found them. */
export interface ArraySplit {
  readonly count: number;
  readonly shape: Shape;
  /** What messages call the images, e.g. the file. */
  readonly where: string;
  /** Writes the first `count` images, planar one after the other. */
  readonly writeImages: (target: Uint8Array, count: number) => void;
  /** `count` class numbers of at least 0. */
  readonly labels: ArrayLike<number>;
}

export interface ArrayOptions {
  /** Use only the first so many images; absent: all. */
  readonly train?: number | undefined;
  readonly test?: number | undefined;
  readonly flip: boolean;
}

/** Most images that may be asked of a split. */
export const MOST_IMAGES = 100_000_000;

/** Most classes: labels are of 16 bits at most. */
export const MOST_CLASSES = 65_536;

/**
 * A data set of images that come as arrays. Classes are the numbers from 0 to the largest label;
 * mean and deviation are those of the training images, and training images are shifted by up to an
 * eighth of the shorter side.
 *
 * Throws a `UserError` where the splits do not fit together or are smaller than asked.
 */
export function arrayDataset(
  trainSplit: ArraySplit,
  testSplit: ArraySplit,
  options: ArrayOptions,
): Omit<MemoryDataset, 'name' | 'identity'> {
  const { shape } = trainSplit;
  if (
    features(shape) !== features(testSplit.shape) ||
    shape.height !== testSplit.shape.height ||
    shape.width !== testSplit.shape.width
  ) {
    throw new UserError(
      `the images of both splits must have one size, got ${sides(shape)} in ` +
        `${trainSplit.where} and ${sides(testSplit.shape)} in ${testSplit.where}; scale ` +
        'one of them',
    );
  }
  const classes = classCount(trainSplit, testSplit);
  const train = taken(trainSplit, options.train, classes);
  const sums = channelSums(shape);
  sums.add(train.images);
  return {
    classes: Array.from({ length: classes }, (_, label) => String(label)),
    shape,
    train,
    test: taken(testSplit, options.test, classes),
    ...sums.normalisation(),
    augmentation: { flip: options.flip, pad: Math.round(Math.min(shape.height, shape.width) / 8) },
    pictures: null,
    warnings: emptyClasses(trainSplit, classes),
  };
}

/** Classes that are named in a warning. */
const NAMED = 5;

/** What to say of classes that no training image has; of labels from 1 what to do. */
function emptyClasses({ labels, count, where }: ArraySplit, classes: number): string[] {
  const seen = new Uint8Array(classes);
  for (let i = 0; i < count; i++) seen[must(labels[i])] = 1;
  const empty = Array.from(seen.keys()).filter((label) => seen[label] === 0);
  if (empty.length === 0) return [];
  if (empty.length === 1 && empty[0] === 0)
    return [
      `the labels of ${where} begin at 1, so that class 0 has no image and the network an output ` +
        'too many; number the classes from 0 (labels - 1)',
    ];
  const more = empty.length > NAMED ? ` and ${empty.length - NAMED} more` : '';
  return [
    `${empty.length} of ${classes} classes have no image in ${where}: ` +
      `${empty.slice(0, NAMED).join(', ')}${more}; number the classes from 0 without gaps`,
  ];
}

function sides({ channels, height, width }: Shape): string {
  return `${channels}x${height}x${width}`;
}

/**
 * One more than the largest label of both splits, whole: the same for any number of images that are
 * used.
 */
function classCount(...splits: readonly ArraySplit[]): number {
  let largest = 0;
  for (const { labels, count } of splits)
    for (let i = 0; i < count; i++) if (must(labels[i]) > largest) largest = must(labels[i]);
  const where = splits.map((split) => split.where).join(' and ');
  if (largest === 0)
    throw new UserError(
      `there must be at least two classes, but every label is 0 in ${where}; check the labels`,
    );
  if (largest >= MOST_CLASSES)
    throw new UserError(
      `labels must be class numbers from 0 to ${MOST_CLASSES - 1}, got ${largest} in ` +
        `${where}; number the classes from 0`,
    );
  return largest + 1;
}

function taken(split: ArraySplit, asked: number | undefined, classes: number): ImageSplit {
  const count = asked ?? split.count;
  if (count > split.count)
    throw new UserError(
      `${split.where} holds ${split.count} images, ${count} were asked for; ask for ` +
        'fewer or leave the number out',
    );
  const images = sharedBytes(count * features(split.shape));
  split.writeImages(images, count);
  const labels =
    classes <= 256 ? sharedBytes(count) : new Uint16Array(sharedBytes(2 * count).buffer);
  for (let i = 0; i < count; i++) labels[i] = must(split.labels[i]);
  return { count, images, labels };
}
