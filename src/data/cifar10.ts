import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { invariant, UserError } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import { readText, withFileErrors } from '../platform/fs.js';
import type { DataPlace } from '../platform/places.js';
import type { ImageSplit } from './types.js';

/**
 * CIFAR-10 (A. Krizhevsky, 2009) in its binary layout: a folder of six files of 10,000 records
 * each; a record is one byte of label (0..9) and 3072 bytes of a 32 x 32 picture, plane after
 * plane: red, green, blue, each row by row.
 */
export const cifar10 = {
  folder: 'cifar-10-batches-bin',
  trainFiles: [
    'data_batch_1.bin',
    'data_batch_2.bin',
    'data_batch_3.bin',
    'data_batch_4.bin',
    'data_batch_5.bin',
  ],
  testFiles: ['test_batch.bin'],
  /** Names of the classes, one a line. */
  namesFile: 'batches.meta.txt',
  classes: [
    'airplane',
    'automobile',
    'bird',
    'cat',
    'deer',
    'dog',
    'frog',
    'horse',
    'ship',
    'truck',
  ],
  shape: { channels: 3, height: 32, width: 32 } satisfies Shape,
  /** Per channel, in byte units, as the paper's code has them. */
  mean: [125.3, 123.0, 113.9],
  std: [63.0, 62.1, 66.7],
  augmentation: { flip: true, pad: 4 },
} as const;

const PIXELS = 3072;
const RECORD = 1 + PIXELS;
/** Records read at a time: about 3 MB. */
const CHUNK = 1000;

/** Records in each of the six files; another number only in tests. */
export const recordsPerFile = 10_000;

export const cifar10Files: readonly string[] = [...cifar10.trainFiles, ...cifar10.testFiles];

const number = (value: number): string => value.toLocaleString('en-US');
const REMEDY = 'remove it and run "plexus data get cifar10", or put an undamaged copy there';

/** A folder that holds (at least a part of) CIFAR-10. */
export interface Cifar10Found {
  readonly folder: string;
  readonly origin: DataPlace['origin'];
}

/**
 * Looks for CIFAR-10 in places, in order. A place may be the folder of the files or its parent. A
 * folder with any of the six files counts, so that a damaged copy is reported (`checkCifar10`), not
 * passed over.
 */
export function findCifar10(places: readonly DataPlace[]): Cifar10Found | null {
  for (const { path, origin } of places) {
    for (const folder of [path, join(path, cifar10.folder)]) {
      if (cifar10Files.some((file) => existsSync(join(folder, file)))) return { folder, origin };
    }
  }
  return null;
}

/**
 * Checks that the six files are there and have their size. Throws a `UserError` that names the
 * first that has not.
 */
export function checkCifar10(folder: string, records: number = recordsPerFile): void {
  const expected = records * RECORD;
  for (const file of cifar10Files) {
    const path = join(folder, file);
    if (!existsSync(path)) {
      throw new UserError(
        `${path} is missing: CIFAR-10 is six files of ${number(expected)} bytes; run ` +
          '"plexus data get cifar10", or put the file there',
      );
    }
    const found = withFileErrors('read', path, () => statSync(path)).size;
    if (found !== expected) {
      throw new UserError(
        `${path} has ${number(found)} bytes, expected ${number(expected)} ` +
          `(${number(records)} records of ${number(RECORD)}); ${REMEDY}`,
      );
    }
  }
}

/** Names of the classes from `batches.meta.txt`, or the known ones where that file is absent. */
function readClasses(folder: string): readonly string[] {
  const path = join(folder, cifar10.namesFile);
  if (!existsSync(path)) return cifar10.classes;
  const names = readText(path)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  if (names.length !== cifar10.classes.length) {
    throw new UserError(
      `${path} has ${names.length} class names, expected ${cifar10.classes.length}, one ` +
        `a line; ${REMEDY}`,
    );
  }
  return names;
}

/** Fills `buffer[0..bytes)` from a file's current position. */
function readFully(path: string, descriptor: number, buffer: Uint8Array, bytes: number): void {
  let done = 0;
  while (done < bytes) {
    const got = withFileErrors('read', path, () =>
      readSync(descriptor, buffer, done, bytes - done, null),
    );
    if (got === 0)
      throw new UserError(`${path} ends too early: it changed while it was read; ${REMEDY}`);
    done += got;
  }
}

/** Reads the first `count` records of one file into a split, from image `first` on. */
function readFileRecords(path: string, split: ImageSplit, first: number, count: number): void {
  const descriptor = withFileErrors('read', path, () => openSync(path, 'r'));
  try {
    const chunk = new Uint8Array(Math.min(CHUNK, count) * RECORD);
    for (let done = 0; done < count; done += CHUNK) {
      const records = Math.min(CHUNK, count - done);
      readFully(path, descriptor, chunk, records * RECORD);
      for (let r = 0; r < records; r++) {
        const label = chunk[r * RECORD];
        if (label >= cifar10.classes.length) {
          throw new UserError(
            `${path}: record ${done + r} has label ${label}, expected 0 to ` +
              `${cifar10.classes.length - 1}: not CIFAR-10's binary layout, or damaged; ` +
              REMEDY,
          );
        }
        const image = first + done + r;
        split.labels[image] = label;
        split.images.set(chunk.subarray(r * RECORD + 1, (r + 1) * RECORD), image * PIXELS);
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

function readSplit(
  folder: string,
  files: readonly string[],
  count: number,
  records: number,
): ImageSplit {
  invariant(count <= files.length * records, `${count} images asked of ${files.length * records}`);
  const split: ImageSplit = {
    count,
    images: new Uint8Array(new SharedArrayBuffer(count * PIXELS)),
    labels: new Uint8Array(new SharedArrayBuffer(count)),
  };
  for (let i = 0; i * records < count; i++) {
    readFileRecords(
      join(folder, files[i]),
      split,
      i * records,
      Math.min(records, count - i * records),
    );
  }
  return split;
}

/**
 * Reads the first `train` and `test` images of CIFAR-10 from its folder into shared memory.
 *
 * Throws a `UserError` naming the file, what was expected and what was found, when a file is
 * missing, has the wrong size, or holds a label above 9.
 */
export function readCifar10(
  folder: string,
  counts: { readonly train: number; readonly test: number },
  records: number = recordsPerFile,
): { classes: readonly string[]; train: ImageSplit; test: ImageSplit } {
  checkCifar10(folder, records);
  return {
    classes: readClasses(folder),
    train: readSplit(folder, cifar10.trainFiles, counts.train, records),
    test: readSplit(folder, cifar10.testFiles, counts.test, records),
  };
}
