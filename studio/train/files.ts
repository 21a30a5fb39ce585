import { gunzipSync, inflateSync } from 'fflate';
import { messageOf, must, printable, UserError } from '../../src/core/errors.js';
import type { MemoryDataset } from '../../src/data/types.js';
import { arrayDataset, type ArraySplit } from '../../src/data-formats/dataset.js';
import { findIdxFile, idxSplit, type IdxFile } from '../../src/data-formats/idx.js';
import { npzSplits } from '../../src/data-formats/npz.js';
import { parseTable, tableSplits } from '../../src/data-formats/table.js';
import { mostUnfolded } from '../../src/data-formats/unfolded.js';

/** A file that was dropped, by its path among those that were dropped with it. */
export interface DroppedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A data set of one's own, as it was read. */
export interface OwnData {
  /** What it is called. */
  readonly name: string;
  readonly dataset: MemoryDataset;
  /** How it was read. */
  readonly note: string;
  /** Whether the command reads the very file; else it reads what is saved of it. */
  readonly direct: boolean;
}

export type Splits = {
  readonly train: ArraySplit;
  readonly test: ArraySplit;
  readonly classes?: readonly string[];
  readonly note: string;
};

/** Decodes pictures in a folder for each class. */
export type DecodePictures = (files: readonly DroppedFile[], side: number) => Promise<Splits>;

/**
 * The data set in files: one .npz, one or two tables, the four files of IDX, or pictures in a folder
 * for each class.
 *
 * @param side pictures are scaled to squares of that side
 * @throws UserError that says what is wrong with which file
 */
export async function readData(
  files: readonly DroppedFile[],
  side: number,
  decode: DecodePictures,
): Promise<OwnData> {
  const [name, direct, splits] = await splitsOf(files, side, decode);
  const { train, test, classes, note } = splits;
  const made = arrayDataset(train, test, { flip: false });
  const warnings = made.warnings.map((line) => `; ${line}`).join('');
  return {
    name,
    direct,
    note: `${note}${warnings}`,
    dataset: { ...made, classes: classes ?? made.classes, name: 'npz', identity: name },
  };
}

/** Formats of pictures that every browser decodes. */
export const PICTURE_TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  bmp: 'image/bmp',
};

function isPictureFile(path: string): boolean {
  return path.slice(path.lastIndexOf('.') + 1).toLowerCase() in PICTURE_TYPES;
}

const TABLE = /\.(csv|tsv)$/i;
const IDX = /idx\d[-_.]?ubyte(\.gz)?$/i;

async function splitsOf(
  files: readonly DroppedFile[],
  side: number,
  decode: DecodePictures,
): Promise<readonly [name: string, direct: boolean, Splits]> {
  const [first] = files;
  if (first === undefined) throw new UserError('there must be a file, got none; drop some');
  const npz = files.find(({ path }) => /\.npz$/i.test(path));
  if (npz !== undefined) return [npz.path, true, { ...npzOf(npz), note: 'NumPy arrays' }];
  const tables = files.filter(({ path }) => TABLE.test(path));
  if (tables.length > 0) return [must(tables[0]).path, false, tablesOf(tables)];
  if (files.some(({ path }) => IDX.test(path)))
    return ['idx', false, { ...idxOf(files), note: 'IDX files' }];
  const pictures = files.filter(({ path }) => isPictureFile(path));
  if (pictures.length > 0)
    return [first.path.split('/')[0] ?? 'pictures', false, await decode(pictures, side)];
  throw new UserError(
    `data must be a .npz file, a .csv or .tsv table, the four files of IDX or pictures in a ` +
      `folder for each class, got ${printable(first.path)}; save it as one of these`,
  );
}

function npzOf({ path, bytes }: DroppedFile): Omit<Splits, 'note'> {
  return npzSplits(path, bytes, (packed, most) =>
    // One byte more than there may be, so that more is noticed.
    inflateSync(packed, { out: new Uint8Array(most) }),
  );
}

function tablesOf(files: readonly DroppedFile[]): Splits {
  if (files.length > 2)
    throw new UserError(
      `tables must be one, or one to train and one to test, got ${files.length}; drop fewer`,
    );
  const tables = files.map(({ path, bytes }) => parseTable(path, bytes));
  const [one, other] = [must(tables[0]), tables[1]];
  if (other === undefined) return tableSplits(one);
  const [testFirst, testOther] = [one, other].map(({ path }) => /test|val/i.test(path));
  if (testFirst === testOther)
    throw new UserError(
      `of two tables one must have "test" in its name, got ${printable(one.path)} and ` +
        `${printable(other.path)}; rename one`,
    );
  return testFirst ? tableSplits(other, one) : tableSplits(one, other);
}

function idxOf(files: readonly DroppedFile[]): Omit<Splits, 'note'> {
  const fileName = ({ path }: DroppedFile): string => path.slice(path.lastIndexOf('/') + 1);
  const names = files.map(fileName);
  const read = (split: 'train' | 'test', what: 'images' | 'labels'): IdxFile => {
    const found = findIdxFile('what was dropped', names, split, what);
    const { path, bytes } = must(files.find((file) => fileName(file) === found));
    return { path, bytes: unfolded(path, bytes) };
  };
  return {
    train: idxSplit(read('train', 'images'), read('train', 'labels')),
    test: idxSplit(read('test', 'images'), read('test', 'labels')),
  };
}

function unfolded(path: string, bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytes.length < 18 ? 0 : view.getUint32(bytes.length - 4, true);
  try {
    if (size > mostUnfolded(bytes.length)) throw new Error(`it claims ${size} bytes`);
    return gunzipSync(bytes, { out: new Uint8Array(size) });
  } catch (error) {
    throw new UserError(
      `${path} cannot be unfolded: ${printable(messageOf(error))}; copy or download the file again`,
    );
  }
}
