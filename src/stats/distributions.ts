import { incompleteBeta } from './special.js';

/** Standard deviations of a normal distribution that hold 95 % of it, to either side. */
export const NORMAL_95 = 1.959963984540054;

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
