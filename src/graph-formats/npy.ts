import { printable } from '../core/errors.js';
import type { Graph } from '../graph/types.js';
import { readError } from './collect.js';
import { adjacencyBytes, denseMatrix, type FileMatrix, graphOfMatrix } from './matrices.js';
import { isNumberKind, type NumberKind, numberKinds, type NumberRun } from './numbers.js';
import type { GraphFormat } from './types.js';

/**
 * NumPy's .npy: the magic bytes, a version, the length of a header, the header (a Python dictionary
 * with `descr`, `fortran_order`, `shape`), the numbers. Versions 1, 2 and 3 differ in the width of
 * that length and in the encoding.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** NumPy aligns the numbers to so many bytes. */
const ALIGNMENT = 64;

/** An array of a .npy file. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** As the file says, e.g. `<f8`. */
  readonly dtype: string;
  readonly fortran: boolean;
  /** The numbers; null where they are no real numbers (text, objects, complex numbers). */
  readonly run: NumberRun | null;
  readonly bytes: Uint8Array;
  /** Byte of the first number. */
  readonly start: number;
  readonly place: (at: number) => string;
}

interface NpyHeader {
  readonly dtype: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

/** Whether the bytes start like a .npy file. */
function looksLikeNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, at) => bytes[at] === byte);
}

/**
 * The array of a .npy file. `where` stands before the places of its errors: the name of a member of
 * an archive.
 */
export function parseNpy(bytes: Uint8Array, where = ''): NpyArray {
  const head = npyHead(bytes, where);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { ...head, run: runOf(head, view, head.start, head.place), bytes };
}

/** What a .npy file says of its array; of the bytes only the beginning is needed. */
export function npyHead(
  bytes: Uint8Array,
  where = '',
): NpyHeader & Pick<NpyArray, 'start' | 'place'> {
  const place = (at: number): string => `${where}byte ${at}`;
  if (!looksLikeNpy(bytes))
    throw readError(place(0), 'a .npy file starts with the bytes \\x93NUMPY; check the format');
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3)
    throw readError(
      place(6),
      `the version of a .npy file must be 1, 2 or 3, got ${version}; save it anew with numpy.save`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerStart = version === 1 ? 10 : 12;
  if (bytes.length < headerStart)
    throw readError(place(bytes.length), 'the file ends within its header; copy it again');
  const start = headerStart + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > bytes.length)
    throw readError(
      place(8),
      `the header should end at byte ${start}, but the file has ${bytes.length} bytes; ` +
        'copy it again',
    );
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(
    bytes.subarray(headerStart, start),
  );
  const header = parseHeader(text, place(headerStart));
  return { ...header, start, place };
}

/** The three entries of the header's dictionary, in any order. */
function parseHeader(text: string, place: string): NpyHeader {
  const dtype = /["']descr["']\s*:\s*["']([^"']{1,40})["']/.exec(text)?.[1];
  const fortran = /["']fortran_order["']\s*:\s*(True|False)\b/.exec(text)?.[1];
  const shape = /["']shape["']\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (/["']descr["']\s*:\s*\[/.test(text))
    throw readError(
      place,
      'records with several fields are not a matrix; save one field of it with numpy.save',
    );
  if (dtype === undefined || fortran === undefined || shape === undefined) {
    throw readError(
      place,
      "the header must give 'descr', 'fortran_order' and 'shape', got " +
        `"${printable(text.trim())}"; save the array anew with numpy.save`,
    );
  }
  const sizes = shape
    .split(',')
    .map((size) => size.trim().replace(/L$/, ''))
    .filter((size) => size !== '')
    .map(Number);
  if (!sizes.every((size) => Number.isSafeInteger(size)))
    throw readError(
      place,
      `the sizes of 'shape' must be integers, got (${printable(shape)}); save the array anew`,
    );
  return { dtype, fortran: fortran === 'True', shape: sizes };
}

/** The numbers after the header, checked to be all there; null where they are none. */
function runOf(
  { dtype, shape }: NpyHeader,
  view: DataView,
  start: number,
  place: (at: number) => string,
): NumberRun | null {
  const kind = numberKind(dtype);
  if (kind === null) return null;
  const count = shape.reduce((product, size) => product * size, 1);
  const needed = count * numberKinds[kind].bytes;
  const there = view.byteLength - start;
  if (there !== needed) {
    throw readError(
      place(view.byteLength),
      `an array of shape (${printable(shape.join(', '))}) and type ${printable(dtype)} ` +
        `needs ${needed} bytes after the header, got ${there}; copy or save the file again`,
    );
  }
  return { view, start, count, kind, little: !dtype.startsWith('>') };
}

function numberKind(dtype: string): NumberKind | null {
  const named = /^[<>|=]?(\w\d)$/.exec(dtype)?.[1] ?? '';
  return isNumberKind(named) ? named : null;
}

/** What the array is, for messages. */
export function describeNpy({ shape, dtype }: NpyHeader): string {
  return `${shape.length === 0 ? 'one' : printable(shape.join('x'))} ${printable(dtype)}`;
}

/** Whether an array has two dimensions and real numbers. */
export function isNpyMatrix({ shape, dtype }: NpyHeader): boolean {
  return shape.length === 2 && numberKind(dtype) !== null;
}

/** The array as a matrix; null where it has other than two dimensions or no real numbers. */
export function npyMatrix(array: NpyArray): FileMatrix | null {
  const [rows, columns] = array.shape;
  if (rows === undefined || columns === undefined || array.shape.length > 2 || array.run === null)
    return null;
  return denseMatrix(rows, columns, array.fortran ? 'by-column' : 'by-row', array.run, array.place);
}

/** The bytes that numpy.save writes for the graph's adjacency matrix of type uint8. */
export function npyBytes(graph: Graph): Uint8Array {
  return npyFile('|u1', [graph.nodes, graph.nodes], adjacencyBytes(graph, 'by-row'));
}

/**
 * The bytes that numpy.save writes for an array, row by row.
 *
 * @param type NumPy's name of it, `|u1` or `<i8`
 */
export function npyFile(type: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const start = Math.ceil((10 + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(start + data.length);
  bytes.set([...MAGIC, 1, 0, (start - 10) & 255, (start - 10) >>> 8]);
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(start - 11)}\n`), 10);
  bytes.set(data, start);
  return bytes;
}

export const npyFormat: GraphFormat = {
  name: 'npy',
  extensions: ['.npy'],
  meaning: 'NumPy array: a square matrix of any real type; written as uint8.',
  binary: true,
  looksLike: looksLikeNpy,
  read: (bytes, options) => {
    const array = parseNpy(bytes);
    const matrix = npyMatrix(array);
    if (!matrix)
      throw readError(
        array.place(0),
        'a matrix of real numbers has two dimensions and a type such as float64, got ' +
          `${describeNpy(array)}; save one that has`,
      );
    return graphOfMatrix(matrix, options);
  },
  write: npyBytes,
};
