import { invariant } from '../../core/errors.js';

/**
 * Eigenvalues of a symmetric tridiagonal matrix, unsorted, each with the last component of its unit
 * eigenvector.
 */
export interface TridiagonalEigen {
  readonly values: Float64Array;
  readonly lastComponents: Float64Array;
}

const MOST_SWEEPS = 60;

/**
 * Eigenvalues by the QL algorithm with implicit shifts (Bowdler, Martin, Reinsch, Wilkinson: The QR
 * and QL algorithms for symmetric matrices. Numerische Mathematik 11, 1968), in O(n^2).
 *
 * @param diagonal n values
 * @param beside n - 1 values (more are not read): `beside[i]` couples i and i + 1
 */
export function tridiagonalEigen(
  diagonal: readonly number[],
  beside: readonly number[],
): TridiagonalEigen {
  const n = diagonal.length;
  const d = Float64Array.from(diagonal);
  const e = new Float64Array(n);
  for (let i = 0; i < n - 1; i++) e[i] = beside[i];
  const last = new Float64Array(n);
  last[n - 1] = 1;
  for (let low = 0; low < n; low++) {
    for (let sweep = 0; ; sweep++) {
      invariant(sweep < MOST_SWEEPS, 'the QL algorithm did not converge');
      const high = blockEnd(d, e, low);
      if (high === low) break;
      qlSweep(d, e, last, low, high);
    }
  }
  return { values: d, lastComponents: last };
}

/** The first index from `low` on whose coupling to the next one is negligible. */
function blockEnd(d: Float64Array, e: Float64Array, low: number): number {
  for (let i = low; i < d.length - 1; i++) {
    const size = Math.abs(d[i]) + Math.abs(d[i + 1]);
    if (Math.abs(e[i]) <= Number.EPSILON * size) return i;
  }
  return d.length - 1;
}

/**
 * One sweep over the block low..high: rotations of neighbouring rows and columns from the bottom to
 * the top.
 */
function qlSweep(
  d: Float64Array,
  e: Float64Array,
  last: Float64Array,
  low: number,
  high: number,
): void {
  const half = (d[low + 1] - d[low]) / (2 * e[low]);
  const root = Math.hypot(half, 1);
  let g = d[high] - d[low] + e[low] / (half + (half >= 0 ? root : -root));
  let sine = 1;
  let cosine = 1;
  let carried = 0;
  for (let i = high - 1; i >= low; i--) {
    const f = sine * e[i];
    const b = cosine * e[i];
    const length = Math.hypot(f, g);
    e[i + 1] = length;
    if (length === 0) {
      d[i + 1] -= carried;
      e[high] = 0;
      return;
    }
    sine = f / length;
    cosine = g / length;
    const shifted = d[i + 1] - carried;
    const mixed = (d[i] - shifted) * sine + 2 * cosine * b;
    carried = sine * mixed;
    d[i + 1] = shifted + carried;
    g = cosine * mixed - b;
    const lower = last[i + 1];
    last[i + 1] = sine * last[i] + cosine * lower;
    last[i] = cosine * last[i] - sine * lower;
  }
  d[low] -= carried;
  e[low] = g;
  e[high] = 0;
}
