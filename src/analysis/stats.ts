import { mean, sumOfSquares } from '../core/stats.js';
import { incompleteBeta } from './special.js';

export { mean, quantile, sampleStd, sumOfSquares } from '../core/stats.js';

/** P(T > t) for Student's t with `dof` > 0 degrees of freedom (any real number); t may be infinite. */
export function studentSurvival(t: number, dof: number): number {
  if (t === 0) return 0.5;
  if (!Number.isFinite(t)) return t > 0 ? 0 : 1;
  // dof / (dof + t^2) and its complement, without squaring a t that would overflow.
  const ratio = Math.abs(t) / Math.sqrt(dof);
  const x = ratio > 1e150 ? 0 : 1 / (1 + ratio * ratio);
  const y = ratio < 1 ? ratio * ratio * x : 1 / (1 + 1 / (ratio * ratio));
  const tail = incompleteBeta(dof / 2, 0.5, x, y) / 2;
  return t > 0 ? tail : 1 - tail;
}

/** t with P(T > t) = `probability`, for 0 < probability < 1/2, by bisection to rounding. */
export function studentQuantile(probability: number, dof: number): number {
  let low = 0;
  let high = 1;
  while (studentSurvival(high, dof) > probability) high *= 2;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (studentSurvival(middle, dof) > probability) low = middle;
    else high = middle;
  }
}

/** P(F > f) for Fisher's F with (`between`, `within`) degrees of freedom; f may be infinite. */
export function fisherSurvival(f: number, between: number, within: number): number {
  if (f <= 0) return 1;
  if (f === Infinity) return 0;
  const scaled = (between / within) * f;
  return incompleteBeta(within / 2, between / 2, 1 / (1 + scaled), 1 / (1 + 1 / scaled));
}

/** How a sample compares with another: `t` is positive when the first mean is the higher. */
export interface TTest {
  readonly t: number;
  readonly dof: number;
  /** P of a `t` at least this high when the means are equal. */
  readonly p: number;
}

/**
 * One-sided two-sample t-test with equal variances (Student): is the mean of `a` higher than that of `b`? The two-sided
 * p-value halved, with the sign, as the paper does. Null where a sample has fewer than two values. Samples without any
 * variance: t is 0 when the means are equal, else infinite.
 */
export function tTestHigher(a: readonly number[], b: readonly number[]): TTest | null {
  if (a.length < 2 || b.length < 2) return null;
  const dof = a.length + b.length - 2;
  const variance = (sumOfSquares(a) + sumOfSquares(b)) / dof;
  const difference = mean(a) - mean(b);
  const t = difference === 0 ? 0 : difference / Math.sqrt(variance * (1 / a.length + 1 / b.length));
  return { t, dof, p: studentSurvival(t, dof) };
}

/**
 * Welch's confidence interval for mean(a) - mean(b), unequal variances, Satterthwaite's degrees of freedom. Null where
 * a sample has fewer than two values or neither varies.
 */
export function welchInterval(a: readonly number[], b: readonly number[], level: number): readonly [number, number] | null {
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

/** One-way analysis of variance. */
export interface Anova {
  /** Infinite when no group varies but the groups differ. */
  readonly f: number;
  readonly p: number;
  readonly dofBetween: number;
  readonly dofWithin: number;
  readonly meanSquareBetween: number;
  readonly meanSquareWithin: number;
  /** Values per group, weighted for unequal groups: (N - sum n_i^2 / N) / (k - 1). */
  readonly effectiveSize: number;
}

/** One-way analysis of variance over groups of values. Null with fewer than two groups or no group of two values. */
export function oneWayAnova(all: readonly (readonly number[])[]): Anova | null {
  const groups = all.filter((group) => group.length > 0);
  const values = groups.flat();
  const dofBetween = groups.length - 1;
  const dofWithin = values.length - groups.length;
  if (dofBetween < 1 || dofWithin < 1) return null;
  const centre = mean(values);
  const between = groups.reduce((sum, group) => sum + group.length * (mean(group) - centre) ** 2, 0);
  const meanSquareBetween = between / dofBetween;
  const meanSquareWithin = groups.reduce((sum, group) => sum + sumOfSquares(group), 0) / dofWithin;
  const f = meanSquareBetween === 0 ? 0 : meanSquareBetween / meanSquareWithin;
  const squares = groups.reduce((sum, group) => sum + group.length ** 2, 0);
  const effectiveSize = (values.length - squares / values.length) / dofBetween;
  const p = fisherSurvival(f, dofBetween, dofWithin);
  return { f, p, dofBetween, dofWithin, meanSquareBetween, meanSquareWithin, effectiveSize };
}

/** Least-squares parabola y = a + b x + c x^2. */
export interface Parabola {
  readonly coefficients: readonly [number, number, number];
  /** 1 - residual / total sum of squares; null when y does not vary. */
  readonly r2: number | null;
}

/**
 * Least-squares parabola through at least three points of distinct x, else null. By polynomials orthogonal over the
 * points (Forsythe 1957), x centred and scaled first: as accurate as a QR decomposition.
 */
export function fitParabola(x: readonly number[], y: readonly number[]): Parabola | null {
  if (new Set(x).size < 3) return null;
  const centre = mean(x);
  const scale = Math.max(...x.map((value) => Math.abs(value - centre)));
  const u = x.map((value) => (value - centre) / scale);
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  // p0 = 1, p1 = u - m1, p2 = u p1 - alpha p1 - beta p0.
  const m1 = mean(u);
  const p1 = u.map((value) => value - m1);
  const norm1 = dot(p1, p1);
  const alpha = dot(p1.map((value, i) => value * (u[i] ?? 0)), p1) / norm1;
  const beta = norm1 / u.length;
  const p2 = u.map((value, i) => (value - alpha) * (p1[i] ?? 0) - beta);
  const level = mean(y);
  const deviations = y.map((value) => value - level);
  const k1 = dot(deviations, p1) / norm1;
  const k2 = dot(deviations, p2) / dot(p2, p2);
  const residuals = deviations.map((value, i) => value - k1 * (p1[i] ?? 0) - k2 * (p2[i] ?? 0));
  const total = dot(deviations, deviations);
  // Back to powers of u, then of x.
  const q0 = level - k1 * m1 + k2 * (alpha * m1 - beta);
  const q1 = k1 - k2 * (alpha + m1);
  const c = k2 / scale ** 2;
  const b = q1 / scale - 2 * c * centre;
  const a = q0 - (q1 * centre) / scale + c * centre ** 2;
  return { coefficients: [a, b, c], r2: total === 0 ? null : 1 - dot(residuals, residuals) / total };
}
