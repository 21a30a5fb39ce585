import { InternalError, invariant } from '../core/errors.js';

/**
 * Coefficients of Stirling's series for ln Gamma: B(2k) / (2k (2k - 1)), k = 1, 2, ... (Abramowitz
 * & Stegun
 * 6.1.40).
 */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];

/** From here on the seven terms above are exact to rounding. */
const STIRLING_FROM = 12;

/**
 * What Stirling's formula lacks: ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2), for x > 0. A
 * small number, so that differences of ln Gamma at large arguments can be taken without
 * cancellation.
 */
function stirlingCorrection(x: number): number {
  let shifted = x;
  let sum = 0;
  // Delta(x) = Delta(x + 1) + (x + 1/2) ln(1 + 1/x) - 1, from Gamma(x + 1) = x Gamma(x).
  for (; shifted < STIRLING_FROM; shifted += 1)
    sum += (shifted + 0.5) * Math.log1p(1 / shifted) - 1;
  const square = 1 / (shifted * shifted);
  const series =
    STIRLING.reduceRight((rest, coefficient) => coefficient + square * rest, 0) / shifted;
  return sum + series;
}

/** ln(1 + z) - z, without cancellation for small z. */
function log1pMinus(z: number): number {
  if (Math.abs(z) > 0.3) return Math.log1p(z) - z;
  // ln(1 + z) = 2 artanh(r) with r = z / (2 + z); the leading term 2 r - z equals -r z.
  const r = z / (2 + z);
  const square = r * r;
  let power = r * square;
  let sum = 0;
  for (let k = 3; k < 60; k += 2) {
    sum += power / k;
    power *= square;
  }
  return 2 * sum - r * z;
}

/**
 * x^a y^b / B(a, b) for x + y = 1, arranged about the peak x = a / (a + b) as in TOMS 708 (DiDonato
 * & Morris 1992), so that the relative error stays near rounding however small the result is.
 */
export function betaPower(a: number, b: number, x: number, y: number): number {
  const total = a + b;
  const peakX = a / total;
  const peakY = b / total;
  const z = (b * x - a * y) / total;
  const exponent =
    Math.abs(z) < 0.3 * Math.min(peakX, peakY)
      ? a * log1pMinus(z / peakX) + b * log1pMinus(-z / peakY)
      : a * Math.log(x / peakX) + b * Math.log(y / peakY);
  const correction = stirlingCorrection(total) - stirlingCorrection(a) - stirlingCorrection(b);
  return Math.sqrt((a * b) / (2 * Math.PI * total)) * Math.exp(exponent + correction);
}

/**
 * The continued fraction of I_x(a, b) (Abramowitz & Stegun 26.5.8) by Lentz's method; fast for x
 * below the mean.
 */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const guard = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 100_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) return result;
  }
  throw new InternalError(`incomplete beta function does not converge at a=${a}, b=${b}, x=${x}`);
}

/**
 * The regularised incomplete beta function I_x(a, b) for a, b > 0. `x` and `y = 1 - x` are both
 * given, because one of them may be too small to be had from the other.
 */
export function incompleteBeta(a: number, b: number, x: number, y: number): number {
  invariant(
    a > 0 && b > 0 && x >= 0 && y >= 0,
    `incomplete beta function at a=${a}, b=${b}, x=${x}, y=${y}`,
  );
  if (x === 0) return 0;
  if (y === 0) return 1;
  const power = betaPower(a, b, x, y);
  if (x <= (a + 1) / (a + b + 2)) return (power * betaFraction(a, b, x)) / a;
  return 1 - (power * betaFraction(b, a, y)) / b;
}
