import { tailQuantile } from './tail-quantile.js';

/** Standard deviations of a normal distribution that hold 95 % of it, to either side. */
export const NORMAL_95 = 1.959963984540054;

/**
 * From here on the continued fraction is exact with its terms; before it the series loses no digits
 * that count.
 */
const FRACTION_FROM = 2;
const FRACTION_TERMS = 200;

const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** P(Z > z) of a standard normal Z. */
export function normalSurvival(z: number): number {
  if (z < 0) return 1 - normalSurvival(-z);
  if (z < FRACTION_FROM) {
    // Φ(z) = 1/2 + φ(z) (z + z³/3 + z⁵/(3 5) + ...), Abramowitz and Stegun 26.2.11.
    let term = z;
    let sum = 0;
    for (let odd = 3; sum + term > sum; odd += 2) {
      sum += term;
      term *= (z * z) / odd;
    }
    return 0.5 - density(z) * sum;
  }
  return density(z) / (z + beyond(z));
}

/**
 * k with Φ(-z) = φ(z) / (z + k), for z where the continued fraction holds: k = 1 / (z + 2 / (z + 3
 * / (z + ...))), Abramowitz and Stegun 26.2.14.
 */
function beyond(z: number): number {
  let below = z;
  for (let term = FRACTION_TERMS; term > 1; term--) below = z + term / below;
  return 1 / below;
}

/**
 * E max(0, Z sd - gap) for a standard normal Z and gap >= 0: sd (φ(u) - u Φ(-u)) with u = gap / sd.
 */
export function expectedExcess(gap: number, sd: number): number {
  if (sd <= 0) return 0;
  const u = gap / sd;
  if (u < FRACTION_FROM) return sd * (density(u) - u * normalSurvival(u));
  // Without cancellation where the tail is thin: φ - u φ / (u + k) = φ k / (u + k).
  const k = beyond(u);
  return (sd * density(u) * k) / (u + k);
}

/** z with P(Z > z) = `probability`, for 0 < probability < 1/2. */
export function normalQuantile(probability: number): number {
  return tailQuantile(probability, normalSurvival, (z) => z * density(z));
}
