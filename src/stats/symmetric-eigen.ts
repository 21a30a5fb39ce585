/** Eigenvalues of a symmetric matrix, ascending, each with its unit eigenvector. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  /** Row i is the eigenvector of value i. */
  readonly vectors: readonly Float64Array[];
}

/** Sweeps after which the rotations have always converged. */
const MOST_SWEEPS = 60;

/**
 * All eigenvalues and eigenvectors by cyclic Jacobi rotations (G. H. Golub, C. F. Van Loan: Matrix
 * Computations, section 8.5), which are exact to rounding whatever the eigenvalues are. Takes some
 * 20 n^3 operations. The largest entry of an eigenvector is positive.
 *
 * @param matrix n x n, row-major
 */
export function symmetricEigen(matrix: Float64Array, n: number): SymmetricEigen {
  const a = matrix.slice();
  // Row i is what becomes of the i-th unit vector: rows lie together in memory.
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  const size = Math.sqrt(a.reduce((sum, x) => sum + x * x, 0));
  for (let sweep = 0; sweep < MOST_SWEEPS && beside(a, n) > 1e-15 * size; sweep++)
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[i * n + i] - a[j * n + j]);
  return {
    values: Float64Array.from(order, (i) => a[i * n + i]),
    vectors: order.map((i) => pointingUp(v.slice(i * n, (i + 1) * n))),
  };
}

/** Root of the sum of squares beside the diagonal. */
function beside(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) sum += a[i * n + j] ** 2;
  return Math.sqrt(sum);
}

/** The rotation in the plane of p and q that makes the entry (p, q) 0. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q];
  if (apq === 0) return;
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  turn(a, { from: p * n, to: q * n, step: 1, n, c, s });
  turn(a, { from: p, to: q, step: n, n, c, s });
  turn(v, { from: p * n, to: q * n, step: 1, n, c, s });
}

/** Two rows or columns of a matrix, and by how much they are turned. */
interface Turn {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly n: number;
  readonly c: number;
  readonly s: number;
}

function turn(a: Float64Array, { from, to, step, n, c, s }: Turn): void {
  for (let i = 0, at = from, other = to; i < n; i++, at += step, other += step) {
    const [x, y] = [a[at], a[other]];
    a[at] = c * x - s * y;
    a[other] = s * x + c * y;
  }
}

function pointingUp(vector: Float64Array): Float64Array {
  const largest = vector.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
  return largest < 0 ? vector.map((x) => -x) : vector;
}
