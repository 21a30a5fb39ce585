import { messageOf, printable, UserError } from '../../core/errors.js';
import { mapTuple } from '../../core/tuples.js';
import { readError } from '../../graph-formats/collect.js';
import { beginningOfZlib, unfoldZlib } from './inflate.js';
import {
  denseMatrix,
  type FileMatrix,
  type FileVariable,
  mostUnfolded,
} from '../../graph-formats/matrices.js';
import {
  byteOf,
  numberAt,
  type NumberKind,
  numberKinds,
  type NumberRun,
} from '../../graph-formats/numbers.js';

/**
 * MATLAB's level 5 MAT-files (`save -v6`, `-v7`), from MathWorks' "MAT-File Format" (2019): a
 * header of 128 bytes, then data elements, each a tag (type, bytes) and its content, padded to 8
 * bytes; a matrix is an element whose content is elements in turn: flags, dimensions, name,
 * numbers.
 */
const HEADER = 128;

const COMPRESSED = 15;
const MATRIX = 14;

/** Types of data elements that are numbers. */
const NUMBER_TYPES: Readonly<Record<number, NumberKind>> = {
  1: 'i1',
  2: 'u1',
  3: 'i2',
  4: 'u2',
  5: 'i4',
  6: 'u4',
  7: 'f4',
  9: 'f8',
  12: 'i8',
  13: 'u8',
};

const NUMERIC_CLASSES: Readonly<Record<number, string>> = {
  6: 'double',
  7: 'single',
  8: 'int8',
  9: 'uint8',
  10: 'int16',
  11: 'uint16',
  12: 'int32',
  13: 'uint32',
  14: 'int64',
  15: 'uint64',
};

const OTHER_CLASSES: Readonly<Record<number, string>> = {
  1: 'cell array',
  2: 'struct',
  3: 'object',
  4: 'text',
  16: 'function',
  17: 'object',
};

const SPARSE = 5;

/** Bits of the array flags. */
const IS_COMPLEX = 0x800;
const IS_LOGICAL = 0x200;

/**
 * A stretch of bytes with the words for its places: inside a compressed element these are not the
 * file's.
 */
interface Stretch {
  readonly view: DataView;
  readonly little: boolean;
  readonly place: (at: number) => string;
}

interface Element {
  readonly type: number;
  readonly start: number;
  readonly bytes: number;
  /** Where the next one starts. */
  readonly next: number;
}

/**
 * The arrays of a level 5 file, whose header is there. Throws a `UserError` for one that is
 * damaged.
 */
export function readMat5(bytes: Uint8Array): FileVariable[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const file: Stretch = { view, little: bytes[126] === 0x49, place: (at) => `byte ${at}` };
  const variables: FileVariable[] = [];
  for (let at = HEADER; at < bytes.length;) {
    const element = elementAt(file, at, bytes.length);
    const variable =
      element.type === COMPRESSED
        ? foldedVariable(file, element, at)
        : element.type === MATRIX
          ? readVariable(file, element)
          : null;
    if (variable !== null) variables.push(variable);
    at = element.next;
  }
  return variables;
}

/**
 * The element whose tag stands at `at`; checked to end by `end`. Small elements have their content
 * in the tag.
 */
function elementAt({ view, little, place }: Stretch, at: number, end: number): Element {
  if (at + 8 > end)
    throw readError(
      place(at),
      'the file ends within the tag of a data element; copy or save it again',
    );
  const type = view.getUint32(at, little);
  const small = type >>> 16;
  if (small > 4)
    throw readError(
      place(at),
      `a small data element holds at most 4 bytes, got ${small}; save the file again`,
    );
  if (small > 0) return { type: type & 0xffff, start: at + 4, bytes: small, next: at + 8 };
  const bytes = view.getUint32(at + 4, little);
  const last = at + 8 + bytes;
  if (last > end)
    throw readError(
      place(at),
      `a data element should end at byte ${last}, but there are ${end}; copy or save the ` +
        'file again',
    );
  // Compressed elements are not padded, and some writers leave out the padding of the last one.
  return {
    type,
    start: at + 8,
    bytes,
    next: type === COMPRESSED ? last : Math.min(end, at + 8 + 8 * Math.ceil(bytes / 8)),
  };
}

/**
 * The array in a compressed element; null where it holds something else. Its head alone is unfolded
 * until its numbers are needed, and then to no more bytes than the head tells, so that what unfolds
 * without end costs nothing.
 */
function foldedVariable(file: Stretch, element: Element, at: number): FileVariable | null {
  const { view, little, place } = file;
  const folded = new Uint8Array(view.buffer, view.byteOffset + element.start, element.bytes);
  const stretchOf = (bytes: Uint8Array): Stretch => ({
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    little,
    place: (inner) => `byte ${at} (unfolded byte ${inner})`,
  });
  const unfolding = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw readError(
        place(at),
        'a compressed data element cannot be unfolded: ' +
          `${error instanceof RangeError ? 'its head is cut off' : printable(messageOf(error))}; ` +
          'copy or save the file again',
      );
    }
  };
  return unfolding((): FileVariable | null => {
    const beginning = stretchOf(beginningOfZlib(folded));
    const matrix = elementAt(beginning, 0, Infinity);
    if (matrix.type !== MATRIX) return null;
    const head = headOf(beginning, matrix);
    const { name, what, size: plane } = head;
    if (plane === null) return { name, what, matrix: null };
    const [rows, columns] = plane;
    const size = matrix.start + matrix.bytes;
    const whole = (): FileMatrix => {
      const most = mostUnfolded(folded.length);
      if (size > most)
        throw readError(
          place(at),
          `an array of ${folded.length} bytes may unfold to at most ${most} bytes, got ${size}; ` +
            'save it as a sparse or logical matrix',
        );
      const stretch = stretchOf(unfolding(() => unfoldZlib(folded, size + 8)));
      const again = headOf(stretch, elementAt(stretch, 0, stretch.view.byteLength));
      return matrixOf(stretch, again, plane);
    };
    const entries: FileMatrix['entries'] = (use) => whole().entries(use);
    return { name, what, matrix: { rows, columns, place: beginning.place, entries } };
  });
}

/** What stands before the numbers of an array. */
interface Head {
  readonly name: string;
  readonly what: string;
  readonly kind: number;
  /** Rows and columns of a two-dimensional array of real numbers; null of anything else. */
  readonly size: readonly [number, number] | null;
  /** Where its numbers start, and where it ends. */
  readonly start: number;
  readonly end: number;
}

/** One array: its flags, dimensions and name; the numbers are looked at when they are needed. */
function readVariable(stretch: Stretch, element: Element): FileVariable {
  const head = headOf(stretch, element);
  const { name, what, size } = head;
  return { name, what, matrix: size === null ? null : matrixOf(stretch, head, size) };
}

function matrixOf(
  stretch: Stretch,
  { kind, start, end }: Head,
  size: readonly [number, number],
): FileMatrix {
  return kind === SPARSE
    ? sparseMatrix(stretch, start, end, size)
    : fullMatrix(stretch, start, end, size);
}

function headOf(stretch: Stretch, matrix: Element): Head {
  const end = matrix.start + matrix.bytes;
  const { view, little, place } = stretch;
  const flagged = elementAt(stretch, matrix.start, end);
  if (flagged.type !== 6 || flagged.bytes !== 8)
    throw readError(
      place(matrix.start),
      'an array must start with its flags (8 bytes of uint32); save the file again',
    );
  const flags = view.getUint32(flagged.start, little);
  const sized = elementAt(stretch, flagged.next, end);
  const named = elementAt(stretch, sized.next, end);
  const sizes = sizesOf(stretch, sized);
  const [rows, columns] = sizes;
  const plane = rows !== undefined && columns !== undefined && sizes.length === 2;
  if (named.start + named.bytes > view.byteLength) throw new RangeError('a name without end');
  const name = new TextDecoder('latin1').decode(
    new Uint8Array(view.buffer, view.byteOffset + named.start, named.bytes),
  );
  const kind = flags & 0xff;
  const isNumeric = kind === SPARSE || Object.hasOwn(NUMERIC_CLASSES, kind);
  return {
    name,
    what: describe(kind, flags, sizes),
    kind,
    size: plane && isNumeric && (flags & IS_COMPLEX) === 0 ? [rows, columns] : null,
    start: named.next,
    end,
  };
}

function describe(kind: number, flags: number, sizes: readonly number[]): string {
  const type =
    flags & IS_LOGICAL
      ? 'logical'
      : (NUMERIC_CLASSES[kind] ?? OTHER_CLASSES[kind] ?? `class ${kind}`);
  return (
    `${sizes.join('x')} ` +
    (flags & IS_COMPLEX ? 'complex ' : '') +
    (kind === SPARSE ? (flags & IS_LOGICAL ? 'sparse logical' : 'sparse') : type)
  );
}

function sizesOf({ view, little, place }: Stretch, { type, start, bytes }: Element): number[] {
  if (type !== 5 || bytes % 4 !== 0 || bytes < 8)
    throw readError(
      place(start),
      'the dimensions of an array must be two or more int32; save the file again',
    );
  const sizes = Array.from({ length: bytes / 4 }, (_, at) => view.getInt32(start + 4 * at, little));
  if (!sizes.every((size) => size >= 0))
    throw readError(
      place(start),
      'the dimensions of an array must not be negative, got ' +
        `${printable(sizes.join('x'))}; save the file again`,
    );
  return sizes;
}

/** The numbers of an element; their type may be narrower than the array's class. */
function runOf({ view, little, place }: Stretch, element: Element): NumberRun {
  const kind = NUMBER_TYPES[element.type];
  if (kind === undefined)
    throw readError(
      place(element.start),
      `numbers are expected here, got data of type ${element.type}; save the file again`,
    );
  return {
    view,
    start: element.start,
    count: Math.floor(element.bytes / numberKinds[kind].bytes),
    kind,
    little,
  };
}

function fullMatrix(
  stretch: Stretch,
  at: number,
  end: number,
  [rows, columns]: readonly [number, number],
): FileMatrix {
  const run =
    rows * columns === 0 && at === end
      ? emptyRun(stretch)
      : runOf(stretch, elementAt(stretch, at, end));
  if (run.count !== rows * columns)
    throw readError(
      stretch.place(at),
      `a ${rows}x${columns} array needs ${rows * columns} numbers, got ${run.count}; ` +
        'copy or save the file again',
    );
  return denseMatrix(rows, columns, 'by-column', run, (place) => stretch.place(place));
}

const emptyRun = ({ view, little }: Stretch): NumberRun => ({
  view,
  start: 0,
  count: 0,
  kind: 'u1',
  little,
});

/**
 * Row of every entry, where each column starts (columns + 1 numbers), the values: compressed
 * columns.
 */
function sparseMatrix(
  stretch: Stretch,
  at: number,
  end: number,
  [rows, columns]: readonly [number, number],
): FileMatrix {
  const rowElement = elementAt(stretch, at, end);
  const startElement = elementAt(stretch, rowElement.next, end);
  const valueElement = elementAt(stretch, startElement.next, end);
  const [inRow, starts, values] = mapTuple([rowElement, startElement, valueElement], (element) =>
    runOf(stretch, element),
  );
  const wrong = (place: number, message: string): UserError =>
    readError(stretch.place(place), `${message}; copy or save the file again`);
  if (starts.count !== columns + 1)
    throw wrong(
      starts.start,
      `a sparse array of ${columns} columns needs ${columns + 1} column starts, got ` +
        starts.count,
    );
  const stored = Math.min(inRow.count, values.count);
  const entries: FileMatrix['entries'] = (use) => {
    let entry = numberAt(starts, 0);
    if (entry !== 0) throw wrong(starts.start, `the first column must start at 0, got ${entry}`);
    for (let column = 0; column < columns; column++) {
      const stop = numberAt(starts, column + 1);
      if (!Number.isInteger(stop) || stop < entry || stop > stored)
        throw wrong(
          byteOf(starts, column + 1),
          `column starts must not fall, and end at ${stored} at most, got ${stop}`,
        );
      for (; entry < stop; entry++) {
        const row = numberAt(inRow, entry);
        if (!Number.isInteger(row) || row < 0 || row >= rows)
          throw wrong(byteOf(inRow, entry), `a row must be from 0 to ${rows - 1}, got ${row}`);
        const value = numberAt(values, entry);
        if (value !== 0) use(row, column, value, byteOf(values, entry));
      }
    }
  };
  return { rows, columns, place: (place) => stretch.place(place), entries };
}
