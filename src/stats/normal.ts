import { tailQuantile } from './tail-quantile.js';

/** Standard deviations of a normal distribution that hold 95 % of it, to either side. */
export const NORMAL_95 = 1.959963984540054;

/**
 * From here on the continued fraction is exact with its terms; before it the series loses no digits that
 * count.
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
  // Φ(-z) = φ(z) / (z + 1 / (z + 2 / (z + 3 / (z + ...)))), 26.2.14.
  let below = z;
  for (let term = FRACTION_TERMS; term >= 1; term--) below = z + term / below;
  return density(z) / below;
}

/** z with P(Z > z) = `probability`, for 0 < probability < 1/2. */
export function normalQuantile(probability: number): number {
  return tailQuantile(probability, normalSurvival, (z) => z * density(z));
}
