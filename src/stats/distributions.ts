import { betaPower, incompleteBeta } from './special.js';
import { tailQuantile } from './tail-quantile.js';

/**
 * P(T > t) for Student's t with `dof` > 0 degrees of freedom (any real number); t may be infinite.
 */
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

/** t with P(T > t) = `probability`, for 0 < probability < 1/2. */
export function studentQuantile(probability: number, dof: number): number {
  // The density is x^(dof/2) y^(1/2) / (t B(dof/2, 1/2)) with x = dof / (dof + t²), y = 1 - x.
  const scaledDensity = (t: number): number => {
    const square = (t * t) / dof;
    return betaPower(dof / 2, 0.5, 1 / (1 + square), square / (1 + square));
  };
  return tailQuantile(probability, (t) => studentSurvival(t, dof), scaledDensity);
}

/** P(F > f) for Fisher's F with (`between`, `within`) degrees of freedom; f may be infinite. */
export function fisherSurvival(f: number, between: number, within: number): number {
  if (f <= 0) return 1;
  if (f === Infinity) return 0;
  const scaled = (between / within) * f;
  return incompleteBeta(within / 2, between / 2, 1 / (1 + scaled), 1 / (1 + 1 / scaled));
}
