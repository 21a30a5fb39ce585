import { invariant } from '../../core/errors.js';
import {
  cholesky, dotAt, logDeterminant, solveLower, solveLowerFour, solveUpper,
} from '../../stats/index.js';

/*
 * The model of graphs' mean errors y_i at places x_i:
 *   y_i = centre + c + f(x_i) + u_i + e_i
 * centre a number; c ~ N(0, constant) with a wide prior; f a Gaussian process with covariance height² k(r), r² = sum over axes of
 * (difference / scale)²; u_i ~ N(0, own), a graph's own effect that no surface explains; e_i ~ N(0, noise_i), s² / seeds. Rasmussen and Williams, Gaussian
 * Processes for Machine Learning (2006): 2.2 posterior, 4.2 kernels, 5.4.1 evidence, 2.7 constant.
 */

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

export interface Observations {
  readonly points: Points;
  readonly y: Float64Array;
  /** Variance of each y about the truth of its graph. */
  readonly noise: Float64Array;
  readonly centre: number;
}

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
  return { dims, values: Float64Array.from(which.flatMap((i) => [...values.subarray(i * dims, (i + 1) * dims)])) };
}

/** Correlations of every point of `a` (rows) with every one of `b`. */
export function correlations(a: Points, b: Points, { kernel, scales }: Pick<ProcessParameters, 'kernel' | 'scales'>): Float64Array {
  const { dims } = a;
  const k = KERNELS[kernel];
  const scaled = ({ values }: Points): Float64Array => values.map((value, i) => value / scales[i % dims]);
  const [one, two] = [scaled(a), scaled(b)];
  const [rows, columns] = [countOf(a), countOf(b)];
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let square = 0;
      for (let d = 0; d < dims; d++) square += (one[i * dims + d] - two[j * dims + d]) ** 2;
      out[i * columns + j] = k(square);
    }
  }
  return out;
}

interface Solved {
  /** Factor of the covariance of y. */
  readonly lower: Float64Array;
  /** L⁻¹ (y - centre). */
  readonly whitened: Float64Array;
  readonly logEvidence: number;
}

/** The factor and evidence for the correlations among the observations; null where the covariance is not positive definite. */
export function solveExact(correlation: Float64Array, { y, noise, centre }: Observations, { height, own, constant }: ProcessParameters): Solved | null {
  const n = y.length;
  const lower = correlation.map((value) => height ** 2 * value + constant);
  for (let i = 0; i < n; i++) lower[i * n + i] += own + noise[i];
  if (!cholesky(lower, n)) return null;
  const whitened = y.map((value) => value - centre);
  solveLower(lower, n, whitened);
  const logEvidence = -0.5 * (n * Math.log(2 * Math.PI) + logDeterminant(lower, n) + dotAt(whitened, 0, whitened, 0, n));
  return { lower, whitened, logEvidence };
}

/** The exact process: cost n³ / 6 once, n² / 2 for each point asked. */
export function exactProcess(observations: Observations, parameters: ProcessParameters): Process {
  const { points, y, centre } = observations;
  const n = y.length;
  const { height, constant } = parameters;
  const solved = solveExact(correlations(points, points, parameters), observations, parameters);
  invariant(solved !== null, 'the covariance of the errors is not positive definite');
  const posterior = (asked: Points): Posterior => {
    const count = countOf(asked);
    const rows = correlations(asked, points, parameters).map((value) => height ** 2 * value + constant);
    const mean = new Float64Array(count);
    const variance = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      solveLower(solved.lower, n, rows, i * n);
      mean[i] = centre + dotAt(rows, i * n, solved.whitened, 0, n);
      variance[i] = height ** 2 + constant - dotAt(rows, i * n, rows, i * n, n);
    }
    const covariances = (at: number): Float64Array => correlations(pick(asked, [at]), asked, parameters).map((value, j) => height ** 2 * value + constant - dotAt(rows, at * n, rows, j * n, n));
    return { mean, variance, covariances };
  };
  return { logEvidence: solved.logEvidence, posterior };
}

/**
 * The process through inducing points (Titsias 2009), in units where the surface has height 1. A graph's features are
 * φ = L⁻¹ k(inducing, x) with L Lᵀ = k(inducing, inducing) + JITTER, and 1 for the constant, which is an inducing variable itself and so exact.
 */
const JITTER = 1e-6;

/** Sums over graphs of the same noise, which is all that the bound needs of them. */
interface Sums {
  readonly noise: number;
  readonly count: number;
  /** Sum of φ φᵀ, lower triangle. */
  readonly outer: Float64Array;
  /** Sum of φ (y - centre). */
  readonly cross: Float64Array;
  /** Sum of (y - centre)². */
  readonly squares: number;
  /** Sum of 1 - |φ|², what the inducing points leave out of the surface's variance. */
  readonly missing: number;
}

/** Features of graphs for one kernel and one set of length scales: what need not be made anew for other heights and own effects. */
export class SparseFeatures {
  readonly size: number;
  private readonly lower: Float64Array;
  private readonly features: Float64Array;

  constructor(readonly observations: Observations, readonly inducing: Points, readonly shape: Pick<ProcessParameters, 'kernel' | 'scales'>) {
    const m = countOf(inducing);
    this.size = m + 1;
    this.lower = correlations(inducing, inducing, shape);
    for (let i = 0; i < m; i++) this.lower[i * m + i] += JITTER;
    invariant(cholesky(this.lower, m), 'the covariance of the inducing points is not positive definite');
    this.features = this.of(observations.points);
  }

  /** φ of points, a row each; the constant's 1 last. */
  of(points: Points): Float64Array {
    const m = this.size - 1;
    const raw = correlations(points, this.inducing, this.shape);
    const count = countOf(points);
    const out = new Float64Array(count * this.size).fill(1);
    const four = new Float64Array(4 * m);
    for (let first = 0; first < count; first += 4) {
      const rows = Math.min(4, count - first);
      for (let j = 0; j < rows; j++) for (let a = 0; a < m; a++) four[4 * a + j] = raw[(first + j) * m + a];
      solveLowerFour(this.lower, m, four);
      for (let j = 0; j < rows; j++) for (let a = 0; a < m; a++) out[(first + j) * this.size + a] = four[4 * a + j];
    }
    return out;
  }

  /** Sums by noise over the graphs that are kept. */
  sums(kept: (graph: number) => boolean = () => true): Sums[] {
    const groups = new Map<number, number[]>();
    this.observations.noise.forEach((noise, i) => {
      if (!kept(i)) return;
      const group = groups.get(noise);
      if (group === undefined) groups.set(noise, [i]);
      else group.push(i);
    });
    return [...groups].map(([noise, graphs]) => this.sumsOf(noise, graphs));
  }

  private sumsOf(noise: number, graphs: readonly number[]): Sums {
    const { y, centre } = this.observations;
    const { size, features } = this;
    const [outer, cross] = [new Float64Array(size * size), new Float64Array(size)];
    let [squares, missing] = [0, 0];
    for (const graph of graphs) {
      const [at, value] = [graph * size, y[graph] - centre];
      for (let a = 0; a < size; a++) cross[a] += features[at + a] * value;
      squares += value * value;
      missing += 1 - dotAt(features, at, features, at, size - 1);
    }
    // Four graphs at a time, so that an entry is read and written once for them; what is left over stands beside zeros.
    const four = new Float64Array(4 * size);
    for (let first = 0; first < graphs.length; first += 4) {
      four.fill(0);
      graphs.slice(first, first + 4).forEach((graph, j) => {
        for (let a = 0; a < size; a++) four[4 * a + j] = features[graph * size + a];
      });
      for (let a = 0; a < size; a++) {
        const [f0, f1, f2, f3] = [four[4 * a], four[4 * a + 1], four[4 * a + 2], four[4 * a + 3]];
        for (let b = 0; b <= a; b++) outer[a * size + b] += f0 * four[4 * b] + f1 * four[4 * b + 1] + (f2 * four[4 * b + 2] + f3 * four[4 * b + 3]);
      }
    }
    return { noise, count: graphs.length, outer, cross, squares, missing };
  }
}

/** `whole` without `part`, group by group; both over the same features. */
export function without(whole: readonly Sums[], part: readonly Sums[]): Sums[] {
  return whole.map((sums) => {
    const less = part.find((each) => each.noise === sums.noise);
    if (less === undefined) return sums;
    const { count, squares, missing } = less;
    return { noise: sums.noise, count: sums.count - count, squares: sums.squares - squares, missing: sums.missing - missing, outer: sums.outer.map((value, i) => value - less.outer[i]), cross: sums.cross.map((value, i) => value - less.cross[i]) };
  });
}

interface SparseSolved {
  /** Factor of B = I + sum of D φ φᵀ D / λ. */
  readonly lower: Float64Array;
  /** B⁻¹ c: posterior mean of the whitened inducing variables. */
  readonly weights: Float64Array;
  /** D: height of the surface, root of the constant's variance. */
  readonly diagonal: Float64Array;
  readonly logEvidence: number;
}

/** Posterior of the inducing variables and Titsias's bound; null where rounding broke the factorisation. */
export function solveSparse(groups: readonly Sums[], size: number, { height, own, constant }: Pick<ProcessParameters, 'height' | 'own' | 'constant'>): SparseSolved | null {
  const diagonal = new Float64Array(size).fill(height);
  diagonal[size - 1] = Math.sqrt(constant);
  const lower = new Float64Array(size * size);
  const weights = new Float64Array(size);
  let rest = 0;
  for (const { noise, count, outer, cross, squares, missing } of groups) {
    const lambda = own + noise;
    rest += count * Math.log(2 * Math.PI * lambda) + squares / lambda + (height ** 2 * missing) / lambda;
    for (let a = 0; a < size; a++) {
      weights[a] += (diagonal[a] * cross[a]) / lambda;
      for (let b = 0; b <= a; b++) lower[a * size + b] += (diagonal[a] * outer[a * size + b] * diagonal[b]) / lambda;
    }
  }
  for (let a = 0; a < size; a++) lower[a * size + a] += 1;
  if (!cholesky(lower, size)) return null;
  solveLower(lower, size, weights);
  const logEvidence = -0.5 * (rest + logDeterminant(lower, size) - dotAt(weights, 0, weights, 0, size));
  solveUpper(lower, size, weights);
  return { lower, weights, diagonal, logEvidence };
}

/** The sparse process from sums over all graphs, or over those that are not left out. */
export function sparseProcess(features: SparseFeatures, groups: readonly Sums[], parameters: ProcessParameters): Process {
  const { size, observations, shape } = features;
  const solved = solveSparse(groups, size, parameters);
  invariant(solved !== null, 'the covariance of the inducing variables is not positive definite');
  const { height } = parameters;
  const posterior = (asked: Points): Posterior => {
    const count = countOf(asked);
    const rows = features.of(asked);
    const whitened = rows.map((value, i) => value * solved.diagonal[i % size]);
    const mean = new Float64Array(count);
    const variance = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const at = i * size;
      mean[i] = observations.centre + dotAt(whitened, at, solved.weights, 0, size);
      solveLower(solved.lower, size, whitened, at);
      variance[i] = height ** 2 * (1 - dotAt(rows, at, rows, at, size - 1)) + dotAt(whitened, at, whitened, at, size);
    }
    const covariances = (at: number): Float64Array => correlations(pick(asked, [at]), asked, shape).map((value, j) => height ** 2 * (value - dotAt(rows, at * size, rows, j * size, size - 1)) + dotAt(whitened, at * size, whitened, j * size, size));
    return { mean, variance, covariances };
  };
  return { logEvidence: solved.logEvidence, posterior };
}
