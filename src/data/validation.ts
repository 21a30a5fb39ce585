import { must, UserError } from '../core/errors.js';
import { RandomStream } from '../core/random/stream.js';
import { sharedBytes } from '../core/shared-bytes.js';
import { features } from '../core/shape.js';
import type { LoadedData } from './descriptor.js';
import type {
  DataSpec,
  DecodedPictures,
  ImageSplit,
  PackedFiles,
  PictureSplit,
  Split,
} from './types.js';

type Held = LoadedData['dataset'];

/** Seed of the draw of a data set that has no seed of its own. */
const DRAW_SEED = 1;

/** `auto`: one of so many training images is held out, */
const AUTO_SHARE = 10;
/** but none where these would be fewer: to choose on so few is to choose by luck. */
const AUTO_LEAST = 100;

/**
 * How many of so many training images a spec holds out.
 *
 * @throws UserError where none would be left to train on
 */
export function heldOut({ validation = 0 }: Pick<DataSpec, 'validation'>, images: number): number {
  if (validation === 'auto') {
    const share = Math.floor(images / AUTO_SHARE);
    return share < AUTO_LEAST ? 0 : share;
  }
  if (validation < images || validation === 0) return validation;
  throw new UserError(
    `the validation images are held out of the training images, of which there are ${images}; ` +
      `hold out fewer than these, got ${validation}`,
  );
}

/**
 * A data set with so many of its training images held out. They are drawn class by class, of each
 * as large a share as of all, from the data set's seed alone: the same for every training. Both
 * parts keep the order of the images; mean and deviation stay those of all of them.
 */
export function withValidation(
  dataset: Held,
  count: number,
  { seed = DRAW_SEED }: Pick<DataSpec, 'seed'>,
): Held {
  if (count === 0) return dataset;
  const { chosen, rest } = draw(dataset.train, dataset.classes.length, count, seed);
  if (dataset.pictures === null) {
    const bytes = features(dataset.shape);
    return {
      ...dataset,
      train: someImages(dataset.train, rest, bytes),
      validation: someImages(dataset.train, chosen, bytes),
    };
  }
  return {
    ...dataset,
    train: somePictures(dataset.train, rest),
    validation: somePictures(dataset.train, chosen),
  };
}

/** Places of the images that are held out, and of the others, both ascending. */
function draw(
  { count: images, labels }: Split,
  classes: number,
  count: number,
  seed: number,
): { readonly chosen: readonly number[]; readonly rest: readonly number[] } {
  const members = Array.from({ length: classes }, (): number[] => []);
  for (let i = 0; i < images; i++) must(members[must(labels[i])]).push(i);
  const taken = quotas(
    members.map((list) => list.length),
    count,
  );
  const held = new Uint8Array(images);
  members.forEach((list, label) => {
    const order = Int32Array.from(list);
    new RandomStream('validation', seed, label).shuffle(order);
    for (const image of order.subarray(0, taken[label])) held[image] = 1;
  });
  const [chosen, rest]: [number[], number[]] = [[], []];
  held.forEach((is, image) => (is === 1 ? chosen : rest).push(image));
  return { chosen, rest };
}

/** `count` shared out in proportion to the sizes, by the largest remainders, the first of equals. */
function quotas(sizes: readonly number[], count: number): readonly number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const whole = sizes.map((size) => Math.floor((size * count) / total));
  const left = count - whole.reduce((sum, size) => sum + size, 0);
  const byRemainder = sizes
    .map((size, label) => ({ label, remainder: (size * count) % total }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { label } of byRemainder.slice(0, left)) whole[label] = must(whole[label]) + 1;
  return whole;
}

function someLabels({ labels }: Split, places: readonly number[]): Split['labels'] {
  const bytes = sharedBytes(places.length * labels.BYTES_PER_ELEMENT);
  const some = labels instanceof Uint16Array ? new Uint16Array(bytes.buffer) : bytes;
  places.forEach((from, to) => (some[to] = must(labels[from])));
  return some;
}

function someImages(split: ImageSplit, places: readonly number[], bytes: number): ImageSplit {
  const images = sharedBytes(places.length * bytes);
  places.forEach((from, to) =>
    images.set(split.images.subarray(from * bytes, (from + 1) * bytes), to * bytes),
  );
  return { count: places.length, labels: someLabels(split, places), images };
}

function somePictures(split: PictureSplit, places: readonly number[]): PictureSplit {
  return {
    count: places.length,
    labels: someLabels(split, places),
    files: someFiles(split.files, places),
    decoded: split.decoded && someDecoded(split.decoded, places),
  };
}

function someFiles(
  { directory, names, ends }: PackedFiles,
  places: readonly number[],
): PackedFiles {
  const startOf = (place: number): number => (place === 0 ? 0 : must(ends[place - 1]));
  const total = places.reduce((sum, place) => sum + must(ends[place]) - startOf(place), 0);
  const some = sharedBytes(total);
  const someEnds = new Float64Array(sharedBytes(8 * places.length).buffer);
  let end = 0;
  places.forEach((from, to) => {
    some.set(names.subarray(startOf(from), ends[from]), end);
    end += must(ends[from]) - startOf(from);
    someEnds[to] = end;
  });
  return { directory, names: some, ends: someEnds };
}

/** The bytes of the pictures are shared, not copied. */
function someDecoded(
  { chunks, chunk, offset, width, height }: DecodedPictures,
  places: readonly number[],
): DecodedPictures {
  const some = <T extends Float64Array | Uint16Array | Uint32Array>(to: T, from: T): T => {
    places.forEach((place, at) => (to[at] = must(from[place])));
    return to;
  };
  return {
    chunks,
    chunk: some(new Uint16Array(sharedBytes(2 * places.length).buffer), chunk),
    offset: some(new Float64Array(sharedBytes(8 * places.length).buffer), offset),
    width: some(new Uint32Array(sharedBytes(4 * places.length).buffer), width),
    height: some(new Uint32Array(sharedBytes(4 * places.length).buffer), height),
  };
}
