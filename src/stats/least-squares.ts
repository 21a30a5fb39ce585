import { must } from '../core/errors.js';
import { dot, solveUpper } from './linear-algebra.js';
import { orthonormal } from './projection.js';

/** A linear model's solution. */
export interface LeastSquares {
  /** One for each column. */
  readonly coefficients: Float64Array;
  /**
   * Lower triangle L with L Lᵀ = XᵀX, flat by rows: the coefficients' covariance is s² (L Lᵀ)⁻¹.
   */
  readonly lower: Float64Array;
}

/**
 * Least squares of `y` on columns of its length, by orthogonalising one column after the other
 * (Gram and Schmidt, twice; as accurate as a QR decomposition by reflections). Null with fewer rows
 * than columns, and where a column keeps no more than `independent` of its size beside those before
 * it: the data then do not say which of them does it.
 */
export function leastSquares(
  columns: readonly Float64Array[],
  y: Float64Array,
  independent: number,
): LeastSquares | null {
  const n = columns.length;
  if (y.length < n) return null;
  const basis = orthonormal(columns, [], independent);
  if (basis.length < n) return null;
  // X = Q R, so XᵀX = Rᵀ R and R b = Qᵀ y.
  const lower = new Float64Array(n * n);
  for (const [i, column] of columns.entries()) {
    for (let j = 0; j <= i; j++) lower[i * n + j] = dot(column, must(basis[j]));
  }
  const coefficients = Float64Array.from(basis, (column) => dot(column, y));
  solveUpper(lower, n, coefficients);
  return { coefficients, lower };
}
