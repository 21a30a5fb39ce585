import { UserError } from '../core/errors.js';
import { readError } from './collect-error.js';
import { isMissing, isOddNumber } from './table-words.js';
import { dataLinesOf, fieldsOf, numberOf, separatorOf, type TextLine } from './text.js';

/** What a table of very few rows holds: the rows of a matrix, or an edge each. */
export interface SmallTable {
  readonly rows: number;
  /** Whether the rows begin with a name. */
  readonly named: boolean;
  readonly verdict: 'matrix' | 'edges' | 'unclear';
  /** Whether it can be nothing else. */
  readonly sure: boolean;
}

const isInteger = (field: string): boolean => /^[+-]?\d+$/.test(field);

type Rows = readonly (readonly string[])[];

/** A matrix of three nodes under a line of names: larger ones have wider rows than an edge. */
const MOST_ROWS = 4;

/**
 * What a table holds that is so small that it may be a matrix as well as a list of edges, whatever
 * its ending: two or three rows of so many numbers, with or without names before or above them.
 * Null for any other.
 *
 * All of 0 and 1, or names of nodes that would be fractions, make it a matrix for sure. Else
 * symmetry around an empty diagonal speaks for a matrix, and nodes that are counted without a gap
 * from 0 or 1 speak for edges.
 */
export function smallTable(bytes: Uint8Array): SmallTable | null {
  const rows = rowsOf(bytes);
  if (rows === null) return null;
  const [first = [], ...rest] = rows;
  const withHeader = rest.length > 1 && !first.some((field) => isNumber(field));
  return verdictOf(withHeader ? rest : rows, withHeader);
}

const isNumber = (field: string): boolean => numberOf(field) !== null || isOddNumber(field);

/** All rows of a table of few; null where there are more, or it is none. */
function rowsOf(bytes: Uint8Array): Rows | null {
  const lines: TextLine[] = [];
  try {
    for (const line of dataLinesOf(bytes)) if (lines.push(line) > MOST_ROWS) return null;
    const [first] = lines;
    if (first === undefined || lines.length < 2) return null;
    const separator = separatorOf(first.text);
    return lines.map((line) => fieldsOf(line, separator));
  } catch (error) {
    // It is told when the file is read.
    if (error instanceof UserError) return null;
    throw error;
  }
}

function verdictOf(rows: Rows, header: boolean): SmallTable | null {
  const size = rows.length;
  const plain = squareOf(rows, size);
  if (plain !== null) return { rows: size, named: false, ...ofSquare(rows, plain) };
  // Of one row "a 0" nothing speaks for a matrix.
  const behind = rows.map((row) => row.slice(1));
  const named = size === 2 ? squareOf(behind, size) : null;
  if (named === null) return null;
  const words = rows.every(([name = '']) => numberOf(name) === null);
  const matrix = isEmptyAndSymmetric(named);
  if (words) {
    const sure = matrix && isBits(behind);
    return { rows: size, named: true, verdict: matrix ? 'matrix' : 'unclear', sure };
  }
  // Numbers before the rows are names only where they look like nothing else.
  return matrix && header ? { rows: size, named: true, verdict: 'unclear', sure: false } : null;
}

/** So many rows of so many numbers, of which those on the diagonal may be missing, else null. */
function squareOf(rows: Rows, size: number): readonly (readonly number[])[] | null {
  if (size < 2 || size > 3 || rows.some((fields) => fields.length !== size)) return null;
  const numbers = rows.map((fields, u) =>
    fields.map((field, v) => (u === v && isMissing(field) ? 0 : (numberOf(field) ?? NaN))),
  );
  return numbers.flat().some(Number.isNaN) ? null : numbers;
}

const isBits = (rows: Rows): boolean => rows.flat().every((field) => /^[01]$/.test(field));

const isSymmetric = (square: readonly (readonly number[])[]): boolean =>
  square.every((row, u) => row.every((value, v) => value === square[v]?.[u]));

function isEmptyAndSymmetric(square: readonly (readonly number[])[]): boolean {
  return isSymmetric(square) && square.every((row, u) => row[u] === 0);
}

function ofSquare(
  rows: Rows,
  square: readonly (readonly number[])[],
): Pick<SmallTable, 'verdict' | 'sure'> {
  const noNames = rows.some((fields) => fields.slice(0, 2).some((field) => !isInteger(field)));
  if (isBits(rows) || noNames) return { verdict: 'matrix', sure: true };
  const empty = square.every((row, at) => row[at] === 0);
  const symmetric = isSymmetric(square);
  if (symmetric && (empty || rows.length === 3)) return { verdict: 'matrix', sure: false };
  const names = new Set(square.flatMap((row) => row.slice(0, 2)));
  const first = Math.min(...names);
  const counted = (first === 0 || first === 1) && Math.max(...names) === first + names.size - 1;
  return {
    verdict: counted === empty ? 'unclear' : counted ? 'edges' : 'matrix',
    sure: false,
  };
}

const what = ({ rows, named }: SmallTable): string =>
  `${rows} rows of ${named ? 'a name and ' : ''}${rows} numbers`;

/** Throws where a table may as well be the one as the other. */
export function requireClear(small: SmallTable | null): void {
  if (small?.verdict === 'unclear')
    throw readError(
      'line 1',
      `${what(small)} may be a matrix or a list of edges; add format=csv for a matrix, or ` +
        'format=edge-list',
    );
}

/** What to tell where a small table was taken for what it only probably is; null where it is sure. */
export function noteOfSmall(bytes: Uint8Array, taken: 'matrix' | 'edges'): string | null {
  const small = smallTable(bytes);
  if (small === null || small.sure) return null;
  return taken === 'matrix'
    ? `${what(small)} were read as a matrix; if they are edges, add format=edge-list`
    : `${what(small)} were read as an edge each; if they are a matrix, add format=matrix`;
}
