import { totalmem } from 'node:os';
import { must } from '../../core/errors.js';
import { features, type Shape } from '../../core/shape.js';
import type { LoadContext, LoadedData, Unnamed } from '../../data/descriptor.js';
import { channelSums, imagenetNormalisation, type Normalisation } from '../../data/normalise.js';
import type {
  Augmentation,
  CropKind,
  DataSpec,
  MemoryDataset,
  NormaliseKind,
  PictureChanges,
  PictureDataset,
  PictureSplit,
} from '../../data/types.js';
import { cutForEvaluation, type Sides } from './crop.js';
import {
  createDamage,
  type Damage,
  decodeOrStandIn,
  type NamedPictures,
  pathOf,
} from './damage.js';
import { type Decoder, openDecoder, UnreadablePicture } from './decoder.js';
import { hashPictures } from './identity.js';
import { type ListedSplit, listFolder, packFiles, takeOf } from './listing.js';
import {
  type Contents,
  decodedPicture,
  type DecodeJob,
  decodePictures,
  decodeSquares,
  IN_FLIGHT,
} from './memory.js';
import { progressNotes } from './progress.js';
import { createResampler } from './resample.js';

/** How the image of a network is cut from a picture where nobody says, by its side in pixels. */
export const defaultCrop = (size: number): CropKind => (size > SMALL_SIZE ? 'resized' : 'shift');

/** What a data spec says of a folder. */
export interface FolderSpec extends Omit<DataSpec, 'name' | 'seed' | 'path'> {
  readonly path: string;
}

/** How it is loaded. */
export type FolderOptions = Omit<LoadContext, 'places'>;

/** Limits of the image's side in pixels. */
export const folderLimits = { leastSize: 8, mostSize: 1024 } as const;

/** Pictures whose size is looked at for the defaults and for the memory that all will take. */
const LOOKED_AT = 1000;
/** Training pictures whose colours make the mean and the deviation. */
const AVERAGED = 20_000;
/**
 * Side of the network's image where nothing else is said, and the largest one of small pictures.
 */
const USUAL_SIZE = 224;
const SMALL_SIZE = 64;

/** Pictures that are estimated to take more than so many times the memory are not even tried. */
const SLACK = 1.25;
/** Most memory for decoded pictures where nothing else is said, in bytes. */
const MOST_MEMORY = 2 ** 32;

/** What the spec leaves open, settled by the pictures. */
interface Settled extends PictureChanges {
  readonly size: number;
  readonly normalise: NormaliseKind;
}

/**
 * Loads a folder of pictures: `PATH/train/CLASS/*` and `PATH/val/CLASS/*`. Where all of them fit
 * into memory they are decoded now, once, else while they are trained on; nothing but the time
 * depends on that. Pictures that cannot be read become warnings, and the next one of the class
 * stands in.
 *
 * Throws a `UserError` for what `listFolder` says, fewer pictures than asked, a class without a
 * readable picture; `Interrupted` when the signal aborts.
 */
export async function loadFolder(
  spec: FolderSpec,
  options: FolderOptions = {},
): Promise<LoadedData> {
  const listing = listFolder(spec.path);
  const { classes } = listing;
  const train = takeOf(listing.train, spec.train, classes.length);
  const test = takeOf(listing.test, spec.test, classes.length);
  const { hash, contents } = await hashPictures([train, test], options.signal);
  const decoder = await openDecoder();
  const sizes = await lookAtSizes(decoder, named(train));
  const settled = settle(spec, sizes);
  const job: Job = {
    train: named(train),
    test: named(test),
    contents: { train: contents?.[0] ?? null, test: contents?.[1] ?? null },
    settled,
    decoder,
    damage: createDamage(),
    options,
  };
  const meanBytes =
    sizes.reduce((sum, { width, height }) => sum + 3 * width * height, 0) /
    Math.max(1, sizes.length);
  const loaded = await decodeAll(job, meanBytes);
  const { size, crop, flip, jitter, lighting, normalise } = settled;
  const normalisation =
    normalise === 'imagenet' ? imagenetNormalisation : await averageColours(job, loaded);
  const { mean, std } = normalisation;
  return {
    dataset: {
      ...loaded,
      classes,
      shape: shapeOf(size),
      mean,
      std,
      warnings: [...listing.warnings, ...job.damage.lines()],
    },
    words: {
      train: train.names.length,
      test: test.names.length,
      size,
      crop,
      flip,
      jitter,
      lighting,
      normalise,
      mean: mean.join('/'),
      std: std.join('/'),
    },
    hash,
  };
}

function shapeOf(size: number): Shape {
  return { channels: 3, height: size, width: size };
}

function named(split: ListedSplit): NamedPictures {
  return { count: split.names.length, labels: split.labels, files: packFiles(split) };
}

/** Up to `most` numbers below `count`, evenly spaced. */
function spread(count: number, most: number): number[] {
  const taken = Math.min(count, most);
  return Array.from({ length: taken }, (_, i) => Math.floor((i * count) / taken));
}

/**
 * Sizes of pictures evenly spaced through a split; those whose head cannot be read are left out.
 */
async function lookAtSizes(decoder: Decoder, split: NamedPictures): Promise<readonly Sides[]> {
  const found = spread(split.count, LOOKED_AT).map((index) =>
    decoder.size(pathOf(split, index)).catch((error: unknown) => {
      if (error instanceof UnreadablePicture) return null;
      throw error;
    }),
  );
  return (await Promise.all(found)).filter((size) => size !== null);
}

/** Fills in what the spec leaves open. */
function settle(spec: FolderSpec, sizes: readonly Sides[]): Settled {
  const size = spec.size ?? ownSize(sizes) ?? USUAL_SIZE;
  const crop: CropKind = spec.crop ?? defaultCrop(size);
  const usual = {
    resized: { pad: 0, lighting: 0.1, normalise: 'imagenet' },
    shift: { pad: Math.round(size / 8), lighting: 0, normalise: 'computed' },
  } as const;
  const { pad, lighting, normalise } = usual[crop];
  return {
    size,
    crop,
    pad,
    flip: spec.flip ?? true,
    jitter: spec.jitter ?? 0,
    lighting: spec.lighting ?? lighting,
    normalise: spec.normalise ?? normalise,
  };
}

/** The one size of small square pictures; null where they differ or are large. */
function ownSize(sizes: readonly Sides[]): number | null {
  const first = sizes[0];
  const same =
    first !== undefined &&
    first.width <= SMALL_SIZE &&
    sizes.every(({ width, height }) => width === first.width && height === first.width);
  return same && first.width >= folderLimits.leastSize ? first.width : null;
}

interface Job {
  readonly train: NamedPictures;
  readonly test: NamedPictures;
  readonly contents: Readonly<Record<'train' | 'test', Contents>>;
  readonly settled: Settled;
  readonly decoder: Decoder;
  readonly damage: Damage;
  readonly options: FolderOptions;
}

type Settling = 'classes' | 'shape' | 'mean' | 'std' | 'warnings';
type Loaded = Omit<Unnamed<MemoryDataset>, Settling> | Omit<Unnamed<PictureDataset>, Settling>;

function defaultMemory(): number {
  // Of a container the limit; without one that number is absurdly large or 0.
  const limit = process.constrainedMemory() || Infinity;
  return Math.min(MOST_MEMORY, Math.min(totalmem(), limit) / 4);
}

/**
 * Decodes all pictures where they fit into memory; at the network's size where nothing but flips
 * and shifts is done to them.
 */
async function decodeAll(
  { train, test, contents, settled, decoder, damage, options }: Job,
  meanBytes: number,
): Promise<Loaded> {
  const { size, crop, pad, flip, jitter, lighting } = settled;
  const pictures: PictureChanges = { crop, pad, flip, jitter, lighting };
  const memory = options.memory ?? defaultMemory();
  const count = train.count + test.count;
  const work: DecodeJob = {
    decoder,
    damage,
    onPicture: progressNotes(count, options.note),
    signal: options.signal,
  };
  if (
    crop === 'shift' &&
    jitter === 0 &&
    lighting === 0 &&
    count * features(shapeOf(size)) <= memory
  ) {
    const augmentation: Augmentation = { flip, pad };
    const images = {
      train: await decodeSquares(train, contents.train, settled, work),
      test: await decodeSquares(test, contents.test, settled, work),
    };
    return {
      train: memorySplit(train, images.train),
      test: memorySplit(test, images.test),
      augmentation,
      pictures: null,
    };
  }
  const undecoded: Loaded = {
    train: { ...train, decoded: null },
    test: { ...test, decoded: null },
    pictures,
  };
  if (meanBytes * count > SLACK * memory) return undecoded;
  const decodedTrain = await decodePictures(train, contents.train, memory, work);
  const rest =
    decodedTrain &&
    memory -
      decodedTrain.width.reduce(
        (sum, width, i) => sum + 3 * width * must(decodedTrain.height[i]),
        0,
      );
  const decodedTest = rest === null ? null : await decodePictures(test, contents.test, rest, work);
  // A close estimate was wrong: the pictures looked at were smaller than the others.
  if (decodedTest === null) return undecoded;
  return {
    train: { ...train, decoded: decodedTrain },
    test: { ...test, decoded: decodedTest },
    pictures,
  };
}

function memorySplit(
  { count, labels }: NamedPictures,
  images: Uint8Array,
): {
  readonly count: number;
  readonly labels: Uint8Array | Uint16Array;
  readonly images: Uint8Array;
} {
  return { count, labels, images };
}

/**
 * Mean and deviation of training pictures, evenly spaced ones of a large split, as the network
 * would see them in evaluation.
 */
async function averageColours(
  { train, settled, decoder, damage }: Job,
  loaded: Loaded,
): Promise<Normalisation> {
  const { size, crop } = settled;
  const shape = shapeOf(size);
  const sums = channelSums(shape);
  const chosen = spread(train.count, AVERAGED);
  if (loaded.pictures === null) {
    for (const index of chosen)
      sums.add(
        loaded.train.images.subarray(index * features(shape), (index + 1) * features(shape)),
      );
    return sums.normalisation();
  }
  const square = new Uint8Array(features(shape));
  const resampler = createResampler();
  const pictureOf = async (index: number, split: PictureSplit) =>
    split.decoded
      ? decodedPicture(split.decoded, index)
      : await decodeOrStandIn(decoder, split, index, damage);
  for (let first = 0; first < chosen.length; first += IN_FLIGHT) {
    const split = loaded.train;
    for (const picture of await Promise.all(
      chosen.slice(first, first + IN_FLIGHT).map((index) => pictureOf(index, split)),
    )) {
      const { view, target } = cutForEvaluation(picture, crop, size);
      resampler.resample(view, target, square);
      sums.add(square);
    }
  }
  return sums.normalisation();
}
