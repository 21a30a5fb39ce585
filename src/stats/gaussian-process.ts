import { invariant } from '../core/errors.js';
import { cholesky, dot, dotAt, logDeterminant, solveLower } from './linear-algebra.js';

/*
 * The model of observations y_i at points x_i, of graphs' mean errors for one:
 *   y_i = centre + c + f(x_i) + u_i + e_i
 * centre a number; c ~ N(0, constant) with a wide prior; f a Gaussian process with covariance
 * height² k(r), r² = sum over axes of (difference / scale)²; u_i ~ N(0, own), a graph's own effect
 * that no surface explains; e_i ~ N(0, noise_i), s² / seeds. Its parameters are found by
 * process-fit.ts, or by a search's own grid. Rasmussen and Williams, Gaussian Processes for Machine
 * Learning (2006): 2.2 posterior, 4.2 kernels,
 * 5.4.1 evidence, 2.7 constant.
 */

/** Correlation functions that a process may have (`KERNELS`). */
export type KernelName = 'squared-exponential' | 'matern-5/2';

/** Correlation at a squared distance, in length scales. */
export const KERNELS: Readonly<Record<KernelName, (square: number) => number>> = {
  'squared-exponential': (square) => Math.exp(-square / 2),
  'matern-5/2': (square) => {
    const r = Math.sqrt(5 * square);
    return (1 + r + (r * r) / 3) * Math.exp(-r);
  },
};

/** Points in `dims` dimensions, one after another. */
export interface Points {
  readonly dims: number;
  readonly values: Float64Array;
}

/** What a process is conditioned on: places, values about `centre`, and how noisy they are. */
export interface Observations {
  readonly points: Points;
  readonly y: Float64Array;
  /** Variance of each y about the truth of its graph. */
  readonly noise: Float64Array;
  readonly centre: number;
}

/** The hyper-parameters of a process. */
export interface ProcessParameters {
  readonly kernel: KernelName;
  /** Length scale of each axis, in the points' units. */
  readonly scales: readonly number[];
  /** Standard deviation of the surface. */
  readonly height: number;
  /** Variance of graphs' own effects. */
  readonly own: number;
  /** Prior variance of the constant. */
  readonly constant: number;
}

/** What the correlations depend on. */
export type Shape = Pick<ProcessParameters, 'kernel' | 'scales'>;

/** Posterior of the surface (without own effects and noise) at some points. */
export interface Posterior {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Posterior covariances of one point with all of them. */
  readonly covariances: (at: number) => Float64Array;
}

/** A fitted process. */
export interface Process {
  /** Log marginal likelihood, or its lower bound. */
  readonly logEvidence: number;
  readonly posterior: (points: Points) => Posterior;
}

export const countOf = ({ dims, values }: Points): number => values.length / dims;

/** Rows of `points` whose indices are given. */
export function pick({ dims, values }: Points, which: readonly number[]): Points {
  const rows = which.flatMap((i) => [...values.subarray(i * dims, (i + 1) * dims)]);
  return { dims, values: Float64Array.from(rows) };
}

/** Correlations of every point of `a` (rows) with every one of `b`. */
export function correlations(a: Points, b: Points, { kernel, scales }: Shape): Float64Array {
  const { dims } = a;
  const k = KERNELS[kernel];
  const scaled = ({ values }: Points): Float64Array =>
    values.map((value, i) => value / scales[i % dims]);
  const [one, two] = [scaled(a), scaled(b)];
  const [rows, columns] = [countOf(a), countOf(b)];
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    // Of points among themselves each pair is computed once.
    for (let j = a === b ? i : 0; j < columns; j++) {
      let square = 0;
      for (let d = 0; d < dims; d++) square += (one[i * dims + d] - two[j * dims + d]) ** 2;
      out[i * columns + j] = k(square);
      if (a === b) out[j * columns + i] = out[i * columns + j];
    }
  }
  return out;
}

/**
 * Observations in terms of the factor of their covariance: all that evidence and posterior need of
 * them.
 */
export interface Whitened {
  /** L of the covariance L Lᵀ of y, flat by rows. */
  readonly lower: Float64Array;
  /** L⁻¹ (y - centre). */
  readonly residuals: Float64Array;
  /** Sum of their squares. */
  readonly squares: number;
  /** ln |L Lᵀ|. */
  readonly logDeterminant: number;
}

/**
 * Whitens observations whose correlations (n x n) are given; null where their covariance is not
 * positive definite.
 */
export function whiten(
  correlation: Float64Array,
  { y, noise, centre }: Omit<Observations, 'points'>,
  { height, own, constant }: Omit<ProcessParameters, 'kernel' | 'scales'>,
): Whitened | null {
  const n = y.length;
  const lower = new Float64Array(n * n);
  const square = height ** 2;
  for (let i = 0; i < lower.length; i++) lower[i] = square * correlation[i] + constant;
  for (let i = 0; i < n; i++) lower[i * n + i] += own + noise[i];
  if (!cholesky(lower, n)) return null;
  const residuals = y.map((value) => value - centre);
  solveLower(lower, n, residuals);
  return {
    lower,
    residuals,
    squares: dot(residuals, residuals),
    logDeterminant: logDeterminant(lower, n),
  };
}

/** Log marginal likelihood where all variances are known (Rasmussen and Williams, 2.30). */
export function logEvidence({ residuals, squares, logDeterminant: volume }: Whitened): number {
  return -0.5 * (residuals.length * Math.log(2 * Math.PI) + volume + squares);
}

/**
 * Where all variances are in units of an unknown noise variance s² with prior 1 / s²: the log
 * marginal likelihood with s² integrated out, up to a constant, -(ln |L Lᵀ| + m ln q) / 2, and the
 * estimate q / m. The n observations may be means of `measurements` m in all, which lie about them
 * with sum of squares `within`; q is the sum of all squares, taken as at least `least` a
 * measurement.
 */
export function integratedEvidence(
  { squares, logDeterminant: volume }: Whitened,
  measurements: number,
  within: number,
  least: number,
): { readonly logEvidence: number; readonly noiseVariance: number } {
  const q = Math.max(squares + within, measurements * least);
  return {
    logEvidence: -0.5 * (volume + measurements * Math.log(q)),
    noiseVariance: q / measurements,
  };
}

/**
 * Posterior mean and variance at points of prior variance `prior` whose covariances with the n
 * observations are given, a row of n for each point. The rows are whitened in place: cost n² / 2 a
 * point.
 */
export function predict(
  { lower, residuals }: Whitened,
  rows: Float64Array,
  prior: number,
  centre: number,
): Pick<Posterior, 'mean' | 'variance'> {
  const n = residuals.length;
  const mean = new Float64Array(rows.length / n);
  const variance = new Float64Array(rows.length / n);
  for (let i = 0; i < mean.length; i++) {
    solveLower(lower, n, rows, i * n);
    mean[i] = centre + dotAt(rows, i * n, residuals, 0, n);
    variance[i] = prior - dotAt(rows, i * n, rows, i * n, n);
  }
  return { mean, variance };
}

/** The exact process: cost n³ / 6 once, n² / 2 for each point asked. */
export function exactProcess(observations: Observations, parameters: ProcessParameters): Process {
  const { points, centre } = observations;
  const { height, constant } = parameters;
  const n = observations.y.length;
  const whitened = whiten(correlations(points, points, parameters), observations, parameters);
  invariant(whitened !== null, 'the covariance of the observations is not positive definite');
  const covariance = (value: number): number => height ** 2 * value + constant;
  const posterior = (asked: Points): Posterior => {
    const rows = correlations(asked, points, parameters).map(covariance);
    const known = predict(whitened, rows, covariance(1), centre);
    const covariances = (at: number): Float64Array =>
      correlations(pick(asked, [at]), asked, parameters).map(
        (value, j) => covariance(value) - dotAt(rows, at * n, rows, j * n, n),
      );
    return { ...known, covariances };
  };
  return { logEvidence: logEvidence(whitened), posterior };
}
