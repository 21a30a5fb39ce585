import { mean, sumOfSquares } from './descriptive.js';
import { studentQuantile, studentSurvival } from './distributions.js';

/** How a sample compares with another: `t` is positive when the first mean is the higher. */
export interface TTest {
  readonly t: number;
  readonly dof: number;
  /** P of a `t` at least this high when the means are equal. */
  readonly p: number;
}

/**
 * One-sided two-sample t-test with equal variances (Student): is the mean of `a` higher than that
 * of `b`? The two-sided p-value halved, with the sign, as the paper does. Null where a sample has
 * fewer than two values, and where neither varies: nothing then tells how large the noise is.
 */
export function tTestHigher(a: readonly number[], b: readonly number[]): TTest | null {
  if (a.length < 2 || b.length < 2) return null;
  const dof = a.length + b.length - 2;
  const variance = (sumOfSquares(a) + sumOfSquares(b)) / dof;
  const difference = mean(a) - mean(b);
  if (variance === 0) return null;
  const t = difference / Math.sqrt(variance * (1 / a.length + 1 / b.length));
  return { t, dof, p: studentSurvival(t, dof) };
}

/**
 * Welch's confidence interval for mean(a) - mean(b), unequal variances, Satterthwaite's degrees of
 * freedom. Null where a sample has fewer than two values or neither varies.
 */
export function welchInterval(
  a: readonly number[],
  b: readonly number[],
  level: number,
): readonly [number, number] | null {
  if (a.length < 2 || b.length < 2) return null;
  const va = sumOfSquares(a) / (a.length - 1) / a.length;
  const vb = sumOfSquares(b) / (b.length - 1) / b.length;
  const total = va + vb;
  if (total === 0) return null;
  const dof = 1 / ((va / total) ** 2 / (a.length - 1) + (vb / total) ** 2 / (b.length - 1));
  const half = studentQuantile((1 - level) / 2, dof) * Math.sqrt(total);
  const difference = mean(a) - mean(b);
  return [difference - half, difference + half];
}
