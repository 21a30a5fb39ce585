/**
 * The lower triangle L with L Lᵀ = `matrix`, row by row (Cholesky; Golub and Van Loan, Matrix Computations, 4.2); null where the
 * matrix is not positive definite in double precision. For the hundred rows or so of a search, no more.
 */
export function cholesky(matrix: readonly Float64Array[]): Float64Array[] | null {
  const lower: Float64Array[] = [];
  for (let i = 0; i < matrix.length; i++) {
    const row = new Float64Array(i + 1);
    for (let j = 0; j <= i; j++) {
      const other = j < i ? lower[j] : row;
      let sum = matrix[i][j];
      for (let k = 0; k < j; k++) sum -= row[k] * other[k];
      if (j < i) row[j] = sum / other[j];
      else if (sum > 0) row[i] = Math.sqrt(sum);
      else return null;
    }
    lower.push(row);
  }
  return lower;
}

/** x with L x = `right`. */
export function forwardSolve(lower: readonly Float64Array[], right: ArrayLike<number>): Float64Array {
  const x = new Float64Array(lower.length);
  for (let i = 0; i < lower.length; i++) {
    let sum = right[i];
    for (let k = 0; k < i; k++) sum -= lower[i][k] * x[k];
    x[i] = sum / lower[i][i];
  }
  return x;
}

/** Product of two vectors of one length. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
