import { dot } from './linear-algebra.js';

/** Share of a column's size that must be left beside those before it for it to count as another. */
const INDEPENDENT = 1e-8;

/**
 * Orthonormal columns that span what `columns` add to `known`, which are orthonormal; what adds
 * nothing is left out (Gram and Schmidt, twice, which is as accurate as a QR decomposition by
 * reflections).
 */
export function orthonormal(
  columns: readonly Float64Array[],
  known: readonly Float64Array[] = [],
  independent = INDEPENDENT,
): Float64Array[] {
  const out: Float64Array[] = [];
  for (const column of columns) {
    const left = residualOf(residualOf(column, [...known, ...out]), [...known, ...out]);
    const size = Math.sqrt(dot(left, left));
    if (size > independent * Math.sqrt(dot(column, column)))
      out.push(left.map((value) => value / size));
  }
  return out;
}

/** `y` without its projections on orthonormal columns, one after the other. */
export function residualOf(y: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const left = Float64Array.from(y);
  for (const column of basis) {
    const share = dot(left, column);
    for (let i = 0; i < left.length; i++) left[i] -= share * column[i];
  }
  return left;
}
