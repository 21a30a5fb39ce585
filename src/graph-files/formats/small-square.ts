import { numberOf } from './text.js';

const isInteger = (field: string): boolean => /^[+-]?\d+$/.test(field);

/** Two rows of two numbers, or three of three; null where the first rows are something else. */
function squareOf(rows: readonly (readonly string[])[]): readonly (readonly number[])[] | null {
  const size = rows.length;
  if (size < 2 || size > 3 || rows.some((fields) => fields.length !== size)) return null;
  const numbers = rows.map((fields) => fields.map((field) => numberOf(field) ?? NaN));
  return numbers.flat().some(Number.isNaN) ? null : numbers;
}

/**
 * Whether two rows of two, or three of three, are a matrix whatever else they might be: all is 0 or
 * 1, or the names of nodes would be fractions.
 */
export function isSurelyMatrix(rows: readonly (readonly string[])[]): boolean {
  return (
    squareOf(rows) !== null &&
    (rows.flat().every((field) => field === '0' || field === '1') ||
      rows.some((fields) => fields.slice(0, 2).some((field) => !isInteger(field))))
  );
}

/**
 * What a table of so few numbers holds: the rows of a matrix, or an edge each. Without a mark of
 * either, symmetry with an empty diagonal speaks for a matrix, and names that are counted without a
 * gap speak for edges. Null where the rows are more or hold other things than numbers.
 */
export function smallSquare(
  rows: readonly (readonly string[])[],
): 'matrix' | 'edges' | 'unclear' | null {
  const square = squareOf(rows);
  if (square === null) return null;
  if (isSurelyMatrix(rows)) return 'matrix';
  const empty = square.every((row, at) => row[at] === 0);
  const symmetric = square.every((row, u) => row.every((value, v) => value === square[v][u]));
  if (symmetric && (empty || rows.length === 3)) return 'matrix';
  const names = new Set(square.flatMap((row) => row.slice(0, 2)));
  const first = Math.min(...names);
  const counted = (first === 0 || first === 1) && Math.max(...names) === first + names.size - 1;
  if (counted === empty) return 'unclear';
  return counted ? 'edges' : 'matrix';
}
