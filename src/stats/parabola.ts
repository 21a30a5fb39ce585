import { mean } from './descriptive.js';

/** Least-squares parabola y = a + b x + c x^2. */
export interface Parabola {
  readonly coefficients: readonly [number, number, number];
  /** 1 - residual / total sum of squares; null when y does not vary. */
  readonly r2: number | null;
}

/**
 * Least-squares parabola through at least three points of distinct x, else null. By polynomials
 * orthogonal over the points (Forsythe 1957), x centred and scaled first: as accurate as a QR
 * decomposition.
 */
export function fitParabola(x: readonly number[], y: readonly number[]): Parabola | null {
  if (new Set(x).size < 3) return null;
  const centre = mean(x);
  const scale = Math.max(...x.map((value) => Math.abs(value - centre)));
  const u = x.map((value) => (value - centre) / scale);
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  // p0 = 1, p1 = u - m1, p2 = u p1 - alpha p1 - beta p0.
  const m1 = mean(u);
  const p1 = u.map((value) => value - m1);
  const norm1 = dot(p1, p1);
  const alpha =
    dot(
      p1.map((value, i) => value * (u[i] ?? 0)),
      p1,
    ) / norm1;
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
  return {
    coefficients: [a, b, c],
    r2: total === 0 ? null : 1 - dot(residuals, residuals) / total,
  };
}
