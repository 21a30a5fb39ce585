/*
 * Dense linear algebra on flat row-major arrays, in place and without an object for each step,
 * because a fit makes some thousands of them.
 */

/**
 * Cholesky's factor L of a symmetric matrix of order `n`, in place of its lower triangle (Golub and
 * Van Loan, Matrix Computations, 4.2); what is above the diagonal is left as it was. False where
 * the matrix is not positive definite in double precision.
 */
export function cholesky(matrix: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j <= i; j++) {
      const other = j * n;
      const sum = matrix[row + j] - dotAt(matrix, row, matrix, other, j);
      if (j < i) matrix[row + j] = sum / matrix[other + j];
      else if (sum > 0) matrix[row + i] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** Solves L x = b in place; `vector` holds b from `at` on. */
export function solveLower(lower: Float64Array, n: number, vector: Float64Array, at = 0): void {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    vector[at + i] = (vector[at + i] - dotAt(lower, row, vector, at, i)) / lower[row + i];
  }
}

/**
 * As `solveLower` for four vectors at once, their numbers in turn: each number of L is read once
 * for them.
 */
export function solveLowerFour(lower: Float64Array, n: number, four: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let [s0, s1, s2, s3] = [four[4 * i], four[4 * i + 1], four[4 * i + 2], four[4 * i + 3]];
    for (let k = 0; k < i; k++) {
      const factor = lower[row + k];
      s0 -= factor * four[4 * k];
      s1 -= factor * four[4 * k + 1];
      s2 -= factor * four[4 * k + 2];
      s3 -= factor * four[4 * k + 3];
    }
    const pivot = lower[row + i];
    four[4 * i] = s0 / pivot;
    four[4 * i + 1] = s1 / pivot;
    four[4 * i + 2] = s2 / pivot;
    four[4 * i + 3] = s3 / pivot;
  }
}

/** Solves Lᵀ x = b in place. */
export function solveUpper(lower: Float64Array, n: number, vector: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    const value = vector[i] / lower[i * n + i];
    vector[i] = value;
    for (let k = 0; k < i; k++) vector[k] -= lower[i * n + k] * value;
  }
}

/** ln |L Lᵀ|. */
export function logDeterminant(lower: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(lower[i * n + i]);
  return 2 * sum;
}

/** Product of `length` numbers of two arrays, from `i` and `j` on. */
export function dotAt(
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  length: number,
): number {
  // Four sums at once: one alone would wait for itself at every step.
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += a[i + k] * b[j + k];
    s1 += a[i + k + 1] * b[j + k + 1];
    s2 += a[i + k + 2] * b[j + k + 2];
    s3 += a[i + k + 3] * b[j + k + 3];
  }
  for (; k < length; k++) s0 += a[i + k] * b[j + k];
  return s0 + s1 + (s2 + s3);
}

/** Product of two vectors of one length. */
export function dot(a: Float64Array, b: Float64Array): number {
  return dotAt(a, 0, b, 0, a.length);
}

/**
 * A factor F of few columns with F Fᵀ close to a covariance: `rank` columns, each of as many
 * numbers as there are points.
 */
export interface LowRankFactor {
  readonly columns: readonly Float64Array[];
}

/**
 * Pivoted Cholesky factor of a positive semidefinite matrix that is given by its diagonal and its
 * columns (Harbrecht, Peters and Schneider 2012). Stops where no remaining variance is more than
 * `tolerance` of the largest: covariances of smooth functions on a fine grid have few columns that
 * matter, and the full factorisation would break down on the rest.
 */
export function pivotedCholesky(
  diagonal: Float64Array,
  column: (at: number) => Float64Array,
  tolerance: number,
): LowRankFactor {
  const left = Float64Array.from(diagonal);
  const largest = left.reduce((high, value) => Math.max(high, value), 0);
  const columns: Float64Array[] = [];
  while (columns.length < left.length) {
    let pivot = 0;
    for (let i = 1; i < left.length; i++) if (left[i] > left[pivot]) pivot = i;
    if (!(left[pivot] > tolerance * largest)) break;
    const next = Float64Array.from(column(pivot));
    for (const known of columns)
      for (let i = 0; i < next.length; i++) next[i] -= known[i] * known[pivot];
    const root = Math.sqrt(left[pivot]);
    for (let i = 0; i < next.length; i++) {
      next[i] /= root;
      left[i] -= next[i] ** 2;
    }
    left[pivot] = 0;
    columns.push(next);
  }
  return { columns };
}

/**
 * Adds the columns to a sum, each times the next of `factors`, which is asked in their order. Four
 * at a time, so that the sum is read and written once for them; its bits are those of one after
 * another.
 */
export function addColumns(
  sum: Float64Array,
  columns: readonly Float64Array[],
  factors: () => number,
): void {
  let at = 0;
  for (; at + 3 < columns.length; at += 4) {
    const [a, b, c, d] = columns.slice(at, at + 4);
    const [p, q, r, s] = [factors(), factors(), factors(), factors()];
    for (let i = 0; i < sum.length; i++)
      sum[i] = sum[i] + p * a[i] + q * b[i] + r * c[i] + s * d[i];
  }
  for (; at < columns.length; at++) {
    const [a, p] = [columns[at], factors()];
    for (let i = 0; i < sum.length; i++) sum[i] += p * a[i];
  }
}
