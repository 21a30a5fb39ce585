import type { ActivationFunction, StairLevels } from '../../../../network/types.js';
import type { Columns } from './linear.js';

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/**
 * erf: the Maclaurin series 2 / sqrt(pi) e^(-x^2) sum (2 x^2)^n x / (1 3 5 ... (2n + 1)), whose
 * terms are all positive, up to
 * |x| = 3; beyond it 1 - erfc by the continued fraction of Laplace (Abramowitz and Stegun
 * 7.1.6, 7.1.14). Errors near 1e-15.
 */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  const weight = Math.exp(-z * z) / Math.sqrt(Math.PI);
  if (z < 3) {
    let [term, sum] = [z, z];
    for (let n = 1; term > 1e-17 * sum; n++) sum += term *= (2 * z * z) / (2 * n + 1);
    return Math.sign(x) * 2 * weight * sum;
  }
  let fraction = z;
  for (let n = 60; n > 0; n--) fraction = z + n / 2 / fraction;
  return Math.sign(x) * (1 - weight / fraction);
}

/** The normal distribution's Phi. */
function phi(x: number): number {
  return (1 + erf(x / Math.SQRT2)) / 2;
}

function stairs(levels: StairLevels): (x: number) => number {
  return (x) => Math.min(Math.max(Math.floor(x * levels + 0.5), 0), levels) / levels;
}

/** 1 where the level is not cut off, so that gradients go straight through the steps. */
function ramp(levels: StairLevels): (x: number) => number {
  return (x) => {
    const level = x * levels + 0.5;
    return level >= 0 && level < levels + 1 ? 1 : 0;
  };
}

/** f(x). Math.max keeps NaN: a diverged run must stay visible. */
export const activate: Readonly<Record<ActivationFunction, (x: number) => number>> = {
  relu: (x) => Math.max(x, 0),
  swish: (x) => x * sigmoid(x),
  sigmoid,
  gelu: (x) => x * phi(x),
  'stairs-2': stairs(2),
  'stairs-4': stairs(4),
  'stairs-8': stairs(8),
  'stairs-16': stairs(16),
};

/** f'(x), from x and y = f(x): relu and sigmoid look at y only, the others at x only. */
export const slopeOf: Readonly<Record<ActivationFunction, (x: number, y: number) => number>> = {
  relu: (_, y) => (y <= 0 ? 0 : 1),
  swish: (x) => {
    const s = sigmoid(x);
    return s * (1 + x * (1 - s));
  },
  sigmoid: (_, y) => y * (1 - y),
  gelu: (x) => phi(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
  'stairs-2': ramp(2),
  'stairs-4': ramp(4),
  'stairs-8': ramp(8),
  'stairs-16': ramp(16),
};

/** y = f(x). */
export function activation(
  name: ActivationFunction,
  x: Float64Array,
  y: Float64Array,
  rows: number,
  { batch, count }: Columns,
): void {
  const f = activate[name];
  for (let row = 0; row < rows; row++)
    for (let at = row * batch; at < row * batch + count; at++) y[at] = f(x[at]);
}

/** dx = f'(x) dy. */
export function activationGrad(
  name: ActivationFunction,
  x: Float64Array,
  y: Float64Array,
  dy: Float64Array,
  dx: Float64Array,
  rows: number,
  { batch, count }: Columns,
): void {
  const slope = slopeOf[name];
  for (let row = 0; row < rows; row++) {
    for (let at = row * batch; at < row * batch + count; at++) {
      const s = slope(x[at], y[at]);
      dx[at] = s === 0 ? 0 : s * dy[at];
    }
  }
}
