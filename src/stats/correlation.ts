import { must } from '../core/errors.js';
import { mapTuple } from '../core/tuples.js';
import { mean } from './descriptive.js';
import { dot } from './linear-algebra.js';
import { normalQuantile } from './normal.js';
import { orthonormal, residualOf } from './projection.js';

/** Below this share of its size, what covariates leave of a column is rounding. */
const VANISHED = 1e-10;

const norm = (column: Float64Array): number => Math.sqrt(dot(column, column));

function centred(values: readonly number[]): Float64Array {
  const centre = mean(values);
  return Float64Array.from(values, (value) => value - centre);
}

/** Pearson's correlation; null with fewer than three pairs or where one side does not vary. */
export function pearson(x: readonly number[], y: readonly number[]): number | null {
  if (x.length < 3) return null;
  const [mx, my] = [mean(x), mean(y)];
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (const [i, value] of x.entries()) {
    const [dx, dy] = [value - mx, must(y[i]) - my];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx === 0 || yy === 0 ? null : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

/**
 * Correlation of `x` with `y` at equal covariates: Pearson's of what least squares on a constant
 * and the covariates leaves of each. Null with fewer than three points more than covariates, and
 * where the covariates leave nothing of one side.
 */
export function partialCorrelation(
  x: readonly number[],
  y: readonly number[],
  covariates: readonly (readonly number[])[],
): number | null {
  const basis = orthonormal([
    new Float64Array(x.length).fill(1),
    ...covariates.map((each) => centred(each)),
  ]);
  if (x.length - basis.length < 2) return null;
  const sides = mapTuple([x, y], centred);
  const left = mapTuple(sides, (side) => residualOf(side, basis));
  const vanished = left.some((rest, i) => norm(rest) <= VANISHED * norm(must(sides[i])));
  return vanished ? null : pearson([...left[0]], [...left[1]]);
}

/**
 * Fisher's interval (1921) for a correlation of `n` pairs: atanh r is normal with variance 1 / (n -
 * 3), or 1 / (n - 3 - `given`) for a partial correlation at `given` covariates (Fisher 1924). For
 * normal data; null where n - 3 - `given` is not above 0.
 */
export function correlationInterval(
  r: number,
  n: number,
  level: number,
  given = 0,
): [number, number] | null {
  const weight = n - 3 - given;
  if (weight <= 0) return null;
  const half = normalQuantile((1 - level) / 2) / Math.sqrt(weight);
  return [Math.tanh(Math.atanh(r) - half), Math.tanh(Math.atanh(r) + half)];
}
