import { type Dataset, File, Filters, Group } from 'jsfive';
import { messageOf, must, printable, UserError } from '../../core/errors.js';
import { mapTuple } from '../../core/tuples.js';
import { withinSeconds } from '../../platform/time-limit.js';
import { readError } from '../../graph-formats/collect.js';
import { unfoldZlib } from './inflate.js';
import type { FileMatrix, FileVariable } from '../../graph-formats/matrices.js';

/**
 * MATLAB 7.3 files: HDF5 after a user block of 512 bytes. A full array is a data set, stored column
 * by column, so that HDF5 tells its dimensions in reverse; a sparse one is a group of `data`, `ir`
 * (rows) and `jc` (column starts).
 */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Most numbers of one array: jsfive holds every number by itself and takes about a second for 2
 * million.
 */
const MAX_NUMBERS = 25_000_000;

/** Most bytes of one compressed chunk, unfolded; MATLAB's are below 1 MB. */
const MAX_CHUNK = 2 ** 28;

/** What a chunk of the array that is being read may unfold to. */
let mostOfChunk = MAX_CHUNK;

/** A sound file is opened within milliseconds; only a damaged one can keep the parser busy. */
const SECONDS_TO_OPEN = 5;

const DEFLATE = 1;

/**
 * Byte at which HDF5 starts: 0 or a power of two from 512 on; -1 where the file is something else.
 */
export function hdf5Start(bytes: Uint8Array): number {
  for (let at = 0; at + SIGNATURE.length <= bytes.length; at = at === 0 ? 512 : 2 * at) {
    if (SIGNATURE.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

/** The arrays of a 7.3 file. Throws a `UserError` for one that is damaged. */
export function readMat73(bytes: Uint8Array): FileVariable[] {
  const start = hdf5Start(bytes);
  // A copy: the bytes may be a part of a larger buffer, and `slice` of a Node Buffer copies
  // nothing.
  const { buffer } = new Uint8Array(bytes.subarray(start));
  // The library's own would unfold a small chunk to any length.
  Filters.set(
    DEFLATE,
    (chunk) =>
      // A copy: a Node Buffer may be a part of a larger one.
      new Uint8Array(unfoldZlib(new Uint8Array(chunk), mostOfChunk)).buffer,
  );
  return guarded(start, 'the file', SECONDS_TO_OPEN, () => {
    const file = new File(buffer);
    // MATLAB keeps what cells and structs refer to in groups of such names.
    return file.keys
      .filter((name) => !name.startsWith('#'))
      .map((name) => variableOf(start, name, file.get(name)));
  });
}

/** The result of jsfive's work: its exceptions, and work without end, as `UserError`s. */
function guarded<T>(start: number, what: string, seconds: number, work: () => T): T {
  let done: { readonly value: T } | null;
  try {
    done = withinSeconds(seconds, work);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw readError(
      `byte ${start}`,
      `${what} is not HDF5 that can be read here (${faultOf(error)}); save it with save -v7`,
    );
  }
  if (!done)
    throw readError(
      `byte ${start}`,
      `${what} was not read within ${seconds} seconds, it seems to be damaged; save it ` +
        'with save -v7',
    );
  return done.value;
}

/** What went wrong in jsfive: of the engine's own errors, which say nothing to anybody, only that. */
function faultOf(error: unknown): string {
  return error instanceof Error && error.name !== 'Error'
    ? 'it is damaged, or laid out in a way that is not read'
    : printable(messageOf(error));
}

/** The message of HDF5 that says how the numbers of a data set are stored. */
const LAYOUT = 8;

/** Throws for the layouts that jsfive does not read, saying which they are. */
function checkLayout(start: number, name: string, { _dataobjects: objects }: Dataset): void {
  const at = objects.find_msg_type(LAYOUT)[0]?.get('offset_to_message');
  if (typeof at !== 'number') return;
  const view = new DataView(objects.fh);
  const [version, kind] = [view.getUint8(at), view.getUint8(at + 1)];
  if (version < 3) return;
  const layout =
    kind === 0
      ? 'in the head of its object (compact storage)'
      : version > 3 && kind === 2
        ? 'in chunks with the index of HDF5 1.10 and later (libver="latest")'
        : kind > 2
          ? 'as a view of other files (virtual storage)'
          : null;
  if (layout !== null)
    throw readError(
      placeIn(start, name)(0),
      `the numbers are stored ${layout}, which is not read; save it with save -v7, or with ` +
        'libver="earliest" in h5py',
    );
}

function variableOf(start: number, name: string, item: Group | Dataset | null): FileVariable {
  if (item === null) return { name, what: 'link', matrix: null };
  if (item instanceof Group) {
    // Without entries there are no `data` and `ir`.
    const sparse =
      ['data', 'ir', 'jc'].every((part) => item.keys.includes(part)) || item.keys.join() === 'jc';
    return sparse
      ? { name, what: 'sparse', matrix: sparseMatrix(start, name, item) }
      : { name, what: 'struct', matrix: null };
  }
  const shape = [...item.shape].toReversed();
  const [rows, columns] = shape;
  const plane = rows !== undefined && columns !== undefined && shape.length === 2;
  const matrix =
    plane && isNumeric(item.dtype) ? fullMatrix(start, name, item, [rows, columns]) : null;
  return {
    name,
    what: `${shape.join('x')} ${isNumeric(item.dtype) ? item.dtype : 'array of other things'}`,
    matrix,
  };
}

function isNumeric(dtype: unknown): dtype is string {
  return typeof dtype === 'string' && /^[<>|]?[iuf][1248]$/.test(dtype);
}

function placeIn(start: number, name: string): (at: number) => string {
  return () => `byte ${start} (array ${printable(name)})`;
}

function fullMatrix(
  start: number,
  name: string,
  dataset: Dataset,
  [rows, columns]: readonly [number, number],
): FileMatrix {
  const entries: FileMatrix['entries'] = (use) => {
    const values = numbersOf(start, name, dataset);
    for (let column = 0, at = 0; column < columns; column++) {
      for (let row = 0; row < rows; row++, at++) {
        const value = values(at);
        if (value !== 0) use(row, column, value, at);
      }
    }
  };
  return { rows, columns, place: placeIn(start, name), entries };
}

/** The numbers of a data set; what was never written is 0. */
function numbersOf(start: number, name: string, dataset: Dataset): (at: number) => number {
  const place = placeIn(start, name)(0);
  const count = dataset.shape.reduce((product, size) => product * size, 1);
  if (count > MAX_NUMBERS)
    throw readError(
      place,
      `an array of a 7.3 file may have at most ${MAX_NUMBERS} numbers here, got ` +
        `${count}; save it as a sparse matrix, or with save -v7`,
    );
  const values = guarded(
    start,
    `the array ${printable(name)}`,
    SECONDS_TO_OPEN + count / 500_000,
    () => {
      checkLayout(start, name, dataset);
      const chunk =
        dataset['_dataobjects'].chunks?.reduce((product, size) => product * size, 1) ?? 1;
      if (chunk > MAX_CHUNK / 8) throw new Error(`a chunk of ${chunk} numbers`);
      mostOfChunk = 8 * chunk;
      checkChunkTree(dataset);
      return dataset.value;
    },
  );
  return (at) => {
    const value = values[at];
    if (value === undefined) return 0;
    return typeof value === 'bigint' ? Number(value) : typeof value === 'number' ? value : NaN;
  };
}

/** The data set if it is one of numbers in one dimension. */
function vectorOf(part: Group | Dataset | null): Dataset | null {
  return part !== null &&
    !(part instanceof Group) &&
    part.shape.length === 1 &&
    isNumeric(part.dtype)
    ? part
    : null;
}

/**
 * Throws where the nodes of a data set's tree of chunks (HDF5's B-tree of version 1) take more
 * bytes than the file has: then some are reached more than once, and jsfive, which holds every
 * visit, would need any amount of memory.
 */
function checkChunkTree({
  _dataobjects: { fh, chunks, _chunk_address: root, _chunk_dims: dimensions },
}: Dataset): void {
  // Without chunks, or where none was written, the address lies beyond the file.
  if (!chunks || root === null || dimensions === null || root >= fh.byteLength) return;
  const view = new DataView(fh);
  const key = 8 + 8 * dimensions;
  const open = [root];
  let bytes = 0;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const [level, entries] = [view.getUint8(node + 5), view.getUint16(node + 6, true)];
    bytes += 24 + entries * (key + 8);
    if (bytes > fh.byteLength) throw new Error('the tree of chunks runs in circles');
    if (level === 0) continue;
    for (let entry = 0; entry < entries; entry++)
      open.push(Number(view.getBigUint64(node + 24 + entry * (key + 8) + key, true)));
  }
}

/**
 * MATLAB tells the number of rows in an attribute; a square matrix has as many as columns, and no
 * other is of use.
 */
function sparseMatrix(start: number, name: string, group: Group): FileMatrix | null {
  const [jc, ir, data] = ['jc', 'ir', 'data'].map((part) =>
    group.keys.includes(part) ? vectorOf(group.get(part)) : undefined,
  );
  if (!jc || ir === null || data === null) return null;
  const size = must(jc.shape[0]) - 1;
  const place = placeIn(start, name);
  const entries: FileMatrix['entries'] = (use) => {
    const [starts, inRow, values] = mapTuple([jc, ir, data], (part) =>
      part ? numbersOf(start, name, part) : () => 0,
    );
    const stored = Math.min(ir?.shape[0] ?? 0, data?.shape[0] ?? 0);
    for (let column = 0, entry = 0; column < size; column++) {
      const stop = starts(column + 1);
      if (!Number.isInteger(stop) || stop < entry || stop > stored)
        throw readError(
          place(0),
          `the column starts in jc must not fall, and end at ${stored} at most, got ` +
            `${stop}; save the file again`,
        );
      for (; entry < stop; entry++) {
        const row = inRow(entry);
        if (!Number.isInteger(row) || row < 0 || row >= size)
          throw readError(
            place(0),
            `a row in ir must be from 0 to ${size - 1}, got ${row}; a graph needs a square matrix`,
          );
        const value = values(entry);
        if (value !== 0) use(row, column, value, entry);
      }
    }
  };
  return { rows: size, columns: size, place, entries };
}
