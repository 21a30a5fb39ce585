import { must, printable, UserError } from '../../core/errors.js';
import { readError } from '../../graph-formats/collect.js';
import type { FileMatrix } from '../../graph-formats/matrices.js';
import { describeNpy, type NpyArray } from '../../graph-formats/npy.js';
import { byteOf, numberAt, type NumberRun } from '../../graph-formats/numbers.js';

/**
 * Sparse matrices as scipy.sparse.save_npz stores them: the members `format` (`csr`, `csc`, `coo`,
 * `bsr`, `dia`), `shape`, `data` and, by format, `indices` and `indptr`, `row` and `col`, or
 * `offsets`. https://docs.scipy.org/doc/scipy/reference/generated/scipy.sparse.save_npz.html
 */
type Use = (row: number, column: number, value: number, at: number) => void;

interface Members {
  /** The numbers of a member, in the shape that its format has. */
  numbers(name: string): NumberRun;
  shapeOf(name: string): readonly number[];
  error(name: string, index: number, message: string): UserError;
}

interface Size {
  readonly rows: number;
  readonly columns: number;
}

type SparseReader = (members: Members, size: Size, use: Use) => void;

const sparseReaders: Readonly<Record<string, SparseReader>> = {
  csr: (members, { rows, columns }, use) =>
    readCompressed(members, rows, columns, (line, index, at) =>
      useEntry(members, use, line, index, at),
    ),
  csc: (members, { rows, columns }, use) =>
    readCompressed(members, columns, rows, (line, index, at) =>
      useEntry(members, use, index, line, at),
    ),
  coo: readCoordinates,
  bsr: readBlocks,
  dia: readDiagonals,
};

/** The matrix that the members make up; null where they are arrays of their own. */
export function sparseOfMembers(arrays: ReadonlyMap<string, NpyArray>): FileMatrix | null {
  const format = arrays.get('format');
  const shape = arrays.get('shape');
  if (!format || !shape || !arrays.has('data') || format.run !== null) return null;
  const name = textOf(format);
  if (!Object.hasOwn(sparseReaders, name)) {
    throw readError(
      format.place(format.start),
      'the format of a sparse matrix must be one of ' +
        `${Object.keys(sparseReaders).join(', ')}, got "${printable(name)}"; save it with ` +
        'scipy.sparse.save_npz',
    );
  }
  const members = membersOf(arrays);
  const sizes = members.numbers('shape');
  if (sizes.count !== 2)
    throw readError(
      shape.place(0),
      `the shape of a sparse matrix has two numbers, got ${sizes.count}; save a matrix ` +
        'of two dimensions',
    );
  const size = { rows: numberAt(sizes, 0), columns: numberAt(sizes, 1) };
  for (const [index, length] of [size.rows, size.columns].entries()) {
    if (!Number.isSafeInteger(length) || length < 0)
      throw members.error('shape', index, `a size must be an integer of at least 0, got ${length}`);
  }
  return {
    ...size,
    place: (at) => (arrays.get('data') ?? shape).place(at),
    entries: (use) => must(sparseReaders[name])(members, size, use),
  };
}

/** The text in an array of one element: bytes (`|S3`) or UTF-32 (`<U3`); zeros fill it up. */
function textOf({ run, start, bytes }: NpyArray): string {
  return run === null
    ? new TextDecoder('latin1').decode(bytes.subarray(start, start + 64)).replaceAll('\0', '')
    : '';
}

function membersOf(arrays: ReadonlyMap<string, NpyArray>): Members {
  const member = (name: string): NpyArray => {
    const array = arrays.get(name);
    if (!array)
      throw readError(
        'whole file',
        `a sparse matrix of this format needs the member ${name}.npy; save it anew with ` +
          'scipy.sparse.save_npz',
      );
    return array;
  };
  const numbers = (name: string): NumberRun => {
    const array = member(name);
    if (array.run === null)
      throw readError(
        array.place(0),
        `the member ${name} must hold real numbers, got ${describeNpy(array)}; save the ` +
          'matrix anew',
      );
    return array.run;
  };
  const error = (name: string, index: number, message: string): UserError => {
    return readError(
      member(name).place(byteOf(numbers(name), index)),
      `${message}; save the matrix anew with scipy.sparse.save_npz`,
    );
  };
  return { numbers, shapeOf: (name) => member(name).shape, error };
}

/** Index `at` of a member, checked to be an integer from 0 to below `end`. */
function indexAt(members: Members, name: string, at: number, end: number): number {
  const value = numberAt(members.numbers(name), at);
  if (!Number.isInteger(value) || value < 0 || value >= end)
    throw members.error(
      name,
      at,
      `an index in ${name} must be an integer from 0 to ${end - 1}, got ${value}`,
    );
  return value;
}

function sameLength(members: Members, a: string, b: string): number {
  const { count } = members.numbers(a);
  const other = members.numbers(b).count;
  if (count !== other)
    throw members.error(a, 0, `${a} and ${b} must have the same length, got ${count} and ${other}`);
  return count;
}

function useEntry(members: Members, use: Use, row: number, column: number, index: number): void {
  const data = members.numbers('data');
  const value = numberAt(data, index);
  if (value !== 0) use(row, column, value, byteOf(data, index));
}

/** `indices[indptr[i] .. indptr[i + 1]]` are the entries of line i. */
function readCompressed(
  members: Members,
  lines: number,
  across: number,
  use: (line: number, index: number, at: number) => void,
): void {
  walkPointers(members, lines, sameLength(members, 'indices', 'data'), (line, at) =>
    use(line, indexAt(members, 'indices', at, across), at),
  );
}

function walkPointers(
  members: Members,
  lines: number,
  entries: number,
  use: (line: number, at: number) => void,
): void {
  const pointers = members.numbers('indptr');
  if (pointers.count !== lines + 1)
    throw members.error(
      'indptr',
      0,
      `indptr must have one number more than the ${lines} rows or columns, got ${pointers.count}`,
    );
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const end = numberAt(pointers, line + 1);
    if (!Number.isInteger(end) || end < at || end > entries)
      throw members.error(
        'indptr',
        line + 1,
        `indptr must not fall, and end at ${entries} at most, got ${end}`,
      );
    for (; at < end; at++) use(line, at);
  }
}

function readCoordinates(members: Members, { rows, columns }: Size, use: Use): void {
  const count = sameLength(members, 'row', 'data');
  sameLength(members, 'col', 'data');
  for (let at = 0; at < count; at++)
    useEntry(
      members,
      use,
      indexAt(members, 'row', at, rows),
      indexAt(members, 'col', at, columns),
      at,
    );
}

/** `data` has three dimensions: blocks, rows and columns of a block. */
function readBlocks(members: Members, { rows, columns }: Size, use: Use): void {
  const [blocks, high = 0, wide = 0] = members.shapeOf('data');
  const { count } = members.numbers('indices');
  if (
    members.shapeOf('data').length !== 3 ||
    high < 1 ||
    wide < 1 ||
    blocks !== count ||
    rows % high !== 0 ||
    columns % wide !== 0
  ) {
    throw members.error(
      'data',
      0,
      `the blocks of a ${rows}x${columns} matrix must divide it and be as many as ` +
        `indices (${count}), got shape (${members.shapeOf('data').join(', ')})`,
    );
  }
  walkPointers(members, rows / high, count, (line, block) => {
    const column = indexAt(members, 'indices', block, columns / wide) * wide;
    for (let i = 0; i < high * wide; i++)
      useEntry(
        members,
        use,
        line * high + Math.floor(i / wide),
        column + (i % wide),
        block * high * wide + i,
      );
  });
}

/** `data[d, j]` is the entry of column j on the diagonal `offsets[d]` = column - row. */
function readDiagonals(members: Members, { rows, columns }: Size, use: Use): void {
  const offsets = members.numbers('offsets');
  const [diagonals, length = 0] = members.shapeOf('data');
  if (members.shapeOf('data').length !== 2 || diagonals !== offsets.count) {
    throw members.error(
      'data',
      0,
      `data must have a row for each of the ${offsets.count} diagonals, got shape ` +
        `(${members.shapeOf('data').join(', ')})`,
    );
  }
  for (let d = 0; d < diagonals; d++) {
    const offset = numberAt(offsets, d);
    if (!Number.isSafeInteger(offset))
      throw members.error('offsets', d, `a diagonal must be an integer, got ${offset}`);
    const last = Math.min(columns, length, rows + offset);
    for (let column = Math.max(0, offset); column < last; column++)
      useEntry(members, use, column - offset, column, d * length + column);
  }
}
