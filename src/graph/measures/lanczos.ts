import { PythonRandom } from '../../core/random/python-random.js';
import { tridiagonalEigen } from './tridiagonal.js';

/** A symmetric matrix as what it does: writes the product with `x` into `y`. */
export type LinearMap = (x: Float64Array, y: Float64Array) => void;

/**
 * Relative size of a residual at which an eigenvalue counts as found; its error is about the square
 * of that.
 */
const TOLERANCE = 1e-11;
/** Eigenvalues of the projected matrix are looked at every so many steps. */
const LOOK = 10;

/** An extreme eigenvalue; not `found` when the steps ran out before. */
export interface Extreme {
  readonly value: number;
  readonly found: boolean;
}

export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

/** y += factor * x */
export function addScaled(y: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < x.length; i++) y[i] += factor * x[i];
}

/**
 * The least or greatest eigenvalue of a symmetric matrix on the vectors orthogonal to `leftOut`, a
 * unit eigenvector, by Lanczos's method with full reorthogonalisation (C. Lanczos 1950; B. N.
 * Parlett: The symmetric eigenvalue problem, chapter 13). With as many steps as the matrix has rows
 * it is always found. `steps` vectors are held.
 */
export function extremeEigenvalue(
  map: LinearMap,
  leftOut: Float64Array,
  end: 'least' | 'greatest',
  steps: number,
): Extreme {
  const n = leftOut.length;
  const basis = [leftOut];
  const diagonal: number[] = [];
  const beside: number[] = [];
  let vector = startVector(leftOut);
  for (let step = 1; ; step++) {
    basis.push(vector);
    const next = new Float64Array(n);
    map(vector, next);
    diagonal.push(dot(vector, next));
    // Twice is enough: W. Kahan's remark in Parlett's book.
    for (let pass = 0; pass < 2; pass++)
      for (const known of basis) addScaled(next, -dot(known, next), known);
    const length = Math.sqrt(dot(next, next));
    beside.push(length);
    const ended = step === Math.min(steps, n - 1);
    if (ended || step % LOOK === 0 || length < 1e-10) {
      const { value, residual, scale } = ritz(diagonal, beside, end);
      const found = residual <= TOLERANCE * scale || step === n - 1;
      if (found || ended) return { value, found };
    }
    vector = next.map((x) => x / length);
  }
}

/** A unit vector in no special direction, orthogonal to `leftOut`. */
function startVector(leftOut: Float64Array): Float64Array {
  const random = new PythonRandom(1);
  const vector = leftOut.map(() => random.random() - 0.5);
  addScaled(vector, -dot(leftOut, vector), leftOut);
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((x) => x / length);
}

/**
 * The extreme eigenvalue of the projected matrix, and how far the vector behind it is from being an
 * eigenvector.
 */
function ritz(
  diagonal: readonly number[],
  beside: readonly number[],
  end: 'least' | 'greatest',
): { value: number; residual: number; scale: number } {
  const { values, lastComponents } = tridiagonalEigen(diagonal, beside);
  let best = 0;
  let scale = 0;
  values.forEach((value, i) => {
    scale = Math.max(scale, Math.abs(value));
    if (end === 'least' ? value < values[best] : value > values[best]) best = i;
  });
  return {
    value: values[best],
    residual: beside[beside.length - 1] * Math.abs(lastComponents[best]),
    scale,
  };
}
