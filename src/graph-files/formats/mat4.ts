import type { UserError } from '../../core/errors.js';
import { mapTuple } from '../../core/tuples.js';
import { readError } from '../../graph-formats/collect.js';
import { denseMatrix, type FileMatrix, type FileVariable } from '../../graph-formats/matrices.js';
import {
  byteOf,
  numberAt,
  type NumberKind,
  numberKinds,
  type NumberRun,
} from '../../graph-formats/numbers.js';

/**
 * MATLAB's level 4 MAT-files (`save -v4`, `scipy.io.savemat(format='4')`), from MathWorks'
 * "MAT-File Format" (2019). Each matrix begins with five 32-bit integers: its type, rows, columns,
 * whether it is complex, and the length of its name; then follow the name and the numbers, column
 * by column. The decimal digits MOPT of the type are: order of bytes (0 little, 1 big), 0, kind of
 * number, kind of matrix (0 full, 1 text, 2 sparse).
 */
const HEAD = 20;

const KINDS: readonly NumberKind[] = ['f8', 'f4', 'i4', 'i2', 'u2', 'u1'];

interface Head {
  readonly little: boolean;
  readonly kind: NumberKind;
  readonly matrix: 'full' | 'text' | 'sparse';
}

/** What a type says, read in the order of bytes that it names; null where it is none. */
function headOf(type: number, little: boolean): Head | null {
  const digits = mapTuple([1000, 100, 10, 1], (unit) => Math.floor(type / unit) % 10);
  const [order, zero, kindDigit, matrixDigit] = digits;
  const kind = KINDS[kindDigit];
  const matrix = (['full', 'text', 'sparse'] as const)[matrixDigit];
  if (type > 9999 || order !== (little ? 0 : 1) || zero !== 0) return null;
  return kind === undefined || matrix === undefined ? null : { little, kind, matrix };
}

function headAt(view: DataView, at: number): Head | null {
  return headOf(view.getUint32(at, true), true) ?? headOf(view.getUint32(at, false), false);
}

/**
 * Whether the bytes begin like a level 4 file, which has no mark: for files that are called .mat
 * only.
 */
export function looksLikeMat4(bytes: Uint8Array): boolean {
  return (
    bytes.length >= HEAD &&
    headAt(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0) !== null
  );
}

const place = (at: number): string => `byte ${at}`;

const wrong = (at: number, message: string): UserError =>
  readError(place(at), `${message}; copy or save the file again`);

/** The arrays of a level 4 file. Throws a `UserError` for one that is damaged. */
export function readMat4(bytes: Uint8Array): FileVariable[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const variables: FileVariable[] = [];
  for (let at = 0; at < bytes.length;) {
    const { variable, next } = variableAt(view, at);
    variables.push(variable);
    at = next;
  }
  return variables;
}

function variableAt(view: DataView, at: number): { variable: FileVariable; next: number } {
  if (at + HEAD > view.byteLength) throw wrong(at, 'the file ends within the head of an array');
  const head = headAt(view, at);
  if (!head)
    throw wrong(
      at,
      'the type of an array must be four digits such as 0, 50 or 1002, got ' +
        view.getUint32(at, true),
    );
  const [rows, columns, complex, nameLength] = mapTuple([4, 8, 12, 16], (offset) =>
    view.getUint32(at + offset, head.little),
  );
  const start = at + HEAD + nameLength;
  const count = rows * columns;
  const next = start + count * numberKinds[head.kind].bytes * (complex === 0 ? 1 : 2);
  if (!(next <= view.byteLength))
    throw wrong(
      at,
      `an array of ${rows}x${columns} numbers should end at byte ${next}, but there are ` +
        view.byteLength,
    );
  const name = new TextDecoder('latin1')
    .decode(new Uint8Array(view.buffer, view.byteOffset + at + HEAD, nameLength))
    .replace(/\0.*$/s, '');
  const run: NumberRun = { view, start, count, kind: head.kind, little: head.little };
  const what =
    head.matrix === 'text'
      ? 'text'
      : `${rows}x${columns} ${complex === 0 ? '' : 'complex '}${head.matrix}`;
  if (head.matrix === 'text' || complex !== 0)
    return { variable: { name, what, matrix: null }, next };
  const matrix =
    head.matrix === 'full'
      ? denseMatrix(rows, columns, 'by-column', run, place)
      : sparseMatrix(run, rows, columns);
  return { variable: { name, what, matrix }, next };
}

/**
 * Row, column (both from 1) and value of every entry, as three columns; the last row holds the
 * numbers of rows and columns.
 */
function sparseMatrix(run: NumberRun, length: number, width: number): FileMatrix {
  if (length < 1 || width !== 3)
    throw wrong(
      run.start,
      'a sparse array has three columns (row, column, value) and a last row with its ' +
        `size, got ${length}x${width} numbers`,
    );
  const numberOf = (row: number, column: number): number => numberAt(run, column * length + row);
  const sizeOf = (column: number): number => {
    const size = numberOf(length - 1, column);
    if (!Number.isSafeInteger(size) || size < 0)
      throw wrong(
        byteOf(run, column * length + length - 1),
        `a size must be an integer of at least 0, got ${size}`,
      );
    return size;
  };
  const [rows, columns] = [sizeOf(0), sizeOf(1)];
  const indexOf = (entry: number, column: number, size: number): number => {
    const index = numberOf(entry, column);
    if (!Number.isInteger(index) || index < 1 || index > size)
      throw wrong(
        byteOf(run, column * length + entry),
        `an index must be an integer from 1 to ${size}, got ${index}`,
      );
    return index - 1;
  };
  const entries: FileMatrix['entries'] = (use) => {
    for (let entry = 0; entry < length - 1; entry++) {
      const [row, column] = [indexOf(entry, 0, rows), indexOf(entry, 1, columns)];
      const value = numberOf(entry, 2);
      if (value !== 0) use(row, column, value, byteOf(run, 2 * length + entry));
    }
  };
  return { rows, columns, place, entries };
}
