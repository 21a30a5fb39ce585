import { invariant, must } from '../core/errors.js';
import { normalQuantile } from './normal.js';

/** How x and y order pairs of points, in all and of those with each point. */
interface Counts {
  /** Concordant less discordant pairs, of all pairs and of those with a point. */
  readonly agree: number;
  readonly agreeOf: Float64Array;
  /** Pairs that x tells apart. */
  readonly apart: number;
  readonly apartOf: Float64Array;
}

/** Looks at every point beside every other, n² steps, so that a point's own pairs are counted as well. */
function countsOf(x: readonly number[], y: readonly number[]): Counts {
  const agreeOf = new Float64Array(x.length);
  const apartOf = new Float64Array(x.length);
  for (const [i, xi] of x.entries()) {
    const yi = must(y[i]);
    let [agree, apart] = [0, 0];
    for (const [j, xj] of x.entries()) {
      const side = Math.sign(xi - xj);
      agree += side * Math.sign(yi - must(y[j]));
      apart += Math.abs(side);
    }
    agreeOf[i] = agree;
    apartOf[i] = apart;
  }
  const half = (counts: Float64Array): number => counts.reduce((sum, each) => sum + each, 0) / 2;
  return { agree: half(agreeOf), agreeOf, apart: half(apartOf), apartOf };
}

/** Tau-b of all points, and of all but each one in turn; NaN where one side does not vary. */
function tausOf(
  x: readonly number[],
  y: readonly number[],
): { all: number; without: Float64Array } {
  invariant(x.length === y.length, 'Kendall’s tau needs two values a point');
  const [a, b] = [countsOf(x, y), countsOf(y, x)];
  const without = a.agreeOf.map(
    (agree, i) =>
      (a.agree - agree) /
      Math.sqrt((a.apart - must(a.apartOf[i])) * (b.apart - must(b.apartOf[i]))),
  );
  return { all: a.agree / Math.sqrt(a.apart * b.apart), without };
}

/** A number with its interval. */
export interface KendallResult {
  readonly value: number;
  readonly interval: readonly [number, number];
}

/** The jackknife's interval (Quenouille 1956, Tukey 1958): n - 1 over n of the sum of squares. */
function jackknife(value: number, without: Float64Array, level: number): KendallResult | null {
  if (!Number.isFinite(value) || !without.every(Number.isFinite)) return null;
  const n = without.length;
  const centre = without.reduce((sum, each) => sum + each, 0) / n;
  const squares = without.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  const half = normalQuantile((1 - level) / 2) * Math.sqrt(((n - 1) / n) * squares);
  return { value, interval: [value - half, value + half] };
}

/**
 * Kendall's rank correlation tau-b (Kendall 1945): concordant less discordant pairs over the root of
 * the pairs that x tells apart times those that y does. With the jackknife's interval; null where it
 * is not defined, as where one side does not vary.
 *
 * @param level of the interval, e.g. 0.95
 */
export function kendallTau(
  x: readonly number[],
  y: readonly number[],
  level = 0.95,
): KendallResult | null {
  const { all, without } = tausOf(x, y);
  return jackknife(all, without, level);
}

/**
 * By how much `x` agrees better with `y` than `than` does: the difference of the two tau-b of the
 * same points, with the jackknife's interval, which is paired by that; null where either is not
 * defined.
 */
export function kendallGain(
  x: readonly number[],
  than: readonly number[],
  y: readonly number[],
  level = 0.95,
): KendallResult | null {
  const [one, two] = [tausOf(x, y), tausOf(than, y)];
  const without = one.without.map((value, i) => value - must(two.without[i]));
  return jackknife(one.all - two.all, without, level);
}
