import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { invariant, must, UserError } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import type { DataSource, Unnamed } from '../data/descriptor.js';
import { wholeNumbers } from '../data/keys.js';
import type { Augmentation, ImageSplit, MemoryDataset } from '../data/types.js';
import { readText, withFileErrors } from '../platform/fs.js';
import { getPublished } from './get.js';
import {
  checkPublished,
  type Download,
  findPublished,
  grouped,
  type PublishedSet,
  remedyOf,
  requirePublished,
} from './published.js';

/** A file of records, and how many. */
interface RecordFile {
  readonly name: string;
  readonly records: number;
}

/**
 * A data set in the binary layout of A. Krizhevsky (2009): files of records; a record is some bytes
 * of labels, the last of which counts, and 3072 bytes of a 32 x 32 picture, plane after plane: red,
 * green, blue, each row by row.
 */
export interface CifarLayout {
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  readonly folder: string;
  readonly train: readonly RecordFile[];
  readonly test: readonly RecordFile[];
  readonly labelBytes: number;
  /** Names of the classes, one a line; may be missing. */
  readonly namesFile: string;
  readonly classes: readonly string[];
  /** Per channel, in byte units. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly archive: Download;
  /** See `DataDownload`. */
  readonly size: string;
}

const SHAPE: Shape = { channels: 3, height: 32, width: 32 };
const AUGMENTATION: Augmentation = { flip: true, pad: 4 };
const PIXELS = 3072;
/** Records read at a time: about 3 MB. */
const CHUNK = 1000;

/** The files of a layout with their sizes, and where they are fetched. */
export function publishedCifar(layout: CifarLayout): PublishedSet {
  const { name, title, folder, namesFile, archive } = layout;
  const record = layout.labelBytes + PIXELS;
  return {
    name,
    title,
    folder,
    files: [...layout.train, ...layout.test].map(({ name: file, records }) => ({
      name: file,
      bytes: records * record,
      what: `${grouped(records)} records of ${grouped(record)}`,
    })),
    telling: true,
    fetch: { archive },
    extras: [namesFile],
  };
}

/** The data set of a layout. */
export function cifarSource(layout: CifarLayout): DataSource {
  const set = publishedCifar(layout);
  const { name, title, meaning, classes, size } = layout;
  const most = { train: countOf(layout.train), test: countOf(layout.test) };
  const counts = ({
    train,
    test,
  }: {
    readonly train?: number | undefined;
    readonly test?: number | undefined;
  }) => ({
    train: train ?? most.train,
    test: test ?? most.test,
  });
  return {
    name,
    meaning,
    keys: { train: wholeNumbers(1, most.train), test: wholeNumbers(1, most.test) },
    facts: { classes, shape: SHAPE, ...most },
    settle: (spec) => ({ name, ...counts(spec) }),
    load: (spec, { places }) => {
      const words = counts(spec);
      return { dataset: readCifar(layout, requirePublished(set, places), words), words };
    },
    find: (places) => findPublished(set, places),
    download: { title, size, get: (options) => getPublished(set, options) },
  };
}

function countOf(files: readonly RecordFile[]): number {
  return files.reduce((sum, { records }) => sum + records, 0);
}

/**
 * Reads the first `train` and `test` images from a folder into shared memory.
 *
 * Throws a `UserError` naming the file, what was expected and what was found, when a file is
 * missing, has the wrong size, or holds a label that is no class.
 */
export function readCifar(
  layout: CifarLayout,
  folder: string,
  counts: { readonly train: number; readonly test: number },
): Unnamed<MemoryDataset> {
  checkPublished(publishedCifar(layout), folder);
  return {
    classes: readClasses(layout, folder),
    train: readSplit(layout, folder, layout.train, counts.train),
    test: readSplit(layout, folder, layout.test, counts.test),
    shape: SHAPE,
    mean: layout.mean,
    std: layout.std,
    augmentation: AUGMENTATION,
    pictures: null,
    warnings: [],
  };
}

/** Names of the classes from their file, or the known ones where that file is absent. */
function readClasses(layout: CifarLayout, folder: string): readonly string[] {
  const { namesFile, classes } = layout;
  const path = join(folder, namesFile);
  if (!existsSync(path)) return classes;
  const names = readText(path)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  if (names.length !== classes.length) {
    throw new UserError(
      `${path} has ${names.length} class names, expected ${classes.length}, one ` +
        `a line; ${remedyOf(layout)}`,
    );
  }
  return names;
}

function readSplit(
  layout: CifarLayout,
  folder: string,
  files: readonly RecordFile[],
  count: number,
): ImageSplit {
  invariant(count <= countOf(files), `${count} images asked of ${countOf(files)}`);
  const split: ImageSplit = {
    count,
    images: new Uint8Array(new SharedArrayBuffer(count * PIXELS)),
    labels: new Uint8Array(new SharedArrayBuffer(count)),
  };
  let first = 0;
  for (const { name, records } of files) {
    const wanted = Math.min(records, count - first);
    if (wanted > 0) readFileRecords(layout, join(folder, name), split, first, wanted);
    first += records;
  }
  return split;
}

/** Reads the first `count` records of one file into a split, from image `first` on. */
function readFileRecords(
  layout: CifarLayout,
  path: string,
  split: ImageSplit,
  first: number,
  count: number,
): void {
  const { labelBytes, classes, title } = layout;
  const record = labelBytes + PIXELS;
  const descriptor = withFileErrors('read', path, () => openSync(path, 'r'));
  try {
    const chunk = new Uint8Array(Math.min(CHUNK, count) * record);
    for (let done = 0; done < count; done += CHUNK) {
      const records = Math.min(CHUNK, count - done);
      readFully(layout, path, descriptor, chunk, records * record);
      for (let r = 0; r < records; r++) {
        const pixels = r * record + labelBytes;
        const label = must(chunk[pixels - 1]);
        if (label >= classes.length) {
          throw new UserError(
            `${path}: record ${done + r} has label ${label}, expected 0 to ` +
              `${classes.length - 1}: not ${title}'s binary layout, or damaged; ` +
              remedyOf(layout),
          );
        }
        const image = first + done + r;
        split.labels[image] = label;
        split.images.set(chunk.subarray(pixels, pixels + PIXELS), image * PIXELS);
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Fills `buffer[0..bytes)` from a file's current position. */
function readFully(
  layout: CifarLayout,
  path: string,
  descriptor: number,
  buffer: Uint8Array,
  bytes: number,
): void {
  let done = 0;
  while (done < bytes) {
    const got = withFileErrors('read', path, () =>
      readSync(descriptor, buffer, done, bytes - done, null),
    );
    if (got === 0)
      throw new UserError(
        `${path} ends too early: it changed while it was read; ${remedyOf(layout)}`,
      );
    done += got;
  }
}
