import { invariant } from '../core/errors.js';
import { mean } from './descriptive.js';
import {
  correlations,
  countOf,
  type Observations,
  pick,
  type Points,
  type Posterior,
  type Process,
  type ProcessParameters,
  type Shape,
} from './gaussian-process.js';
import {
  cholesky,
  dot,
  dotAt,
  logDeterminant,
  solveLower,
  solveLowerFour,
  solveUpper,
} from './linear-algebra.js';

/**
 * The process through inducing points (Titsias 2009), in units where the surface has height 1. A
 * graph's features are φ = L⁻¹ k(inducing, x) with L Lᵀ = k(inducing, inducing) + JITTER, and 1 for
 * the constant, which is an inducing variable itself and so exact.
 */
const JITTER = 1e-6;

/** Sums over graphs of the same noise, which is all that the bound needs of them. */
export interface Sums {
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

/**
 * Features of graphs for one kernel and one set of length scales: what need not be made anew for
 * other heights and own effects.
 */
export class SparseFeatures {
  readonly size: number;
  private readonly lower: Float64Array;
  private readonly features: Float64Array;

  constructor(
    readonly observations: Observations,
    readonly inducing: Points,
    readonly shape: Shape,
  ) {
    const m = countOf(inducing);
    this.size = m + 1;
    this.lower = correlations(inducing, inducing, shape);
    for (let i = 0; i < m; i++) this.lower[i * m + i] += JITTER;
    invariant(
      cholesky(this.lower, m),
      'the covariance of the inducing points is not positive definite',
    );
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
      for (let j = 0; j < rows; j++)
        for (let a = 0; a < m; a++) four[4 * a + j] = raw[(first + j) * m + a];
      solveLowerFour(this.lower, m, four);
      for (let j = 0; j < rows; j++) {
        for (let a = 0; a < m; a++) out[(first + j) * this.size + a] = four[4 * a + j];
      }
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
    // Four graphs at a time, so that an entry is read and written once for them; what is left over
    // stands beside zeros.
    const four = new Float64Array(4 * size);
    for (let first = 0; first < graphs.length; first += 4) {
      four.fill(0);
      graphs.slice(first, first + 4).forEach((graph, j) => {
        for (let a = 0; a < size; a++) four[4 * a + j] = features[graph * size + a];
      });
      for (let a = 0; a < size; a++) {
        const [f0, f1, f2, f3] = [four[4 * a], four[4 * a + 1], four[4 * a + 2], four[4 * a + 3]];
        for (let b = 0; b <= a; b++) {
          const [g0, g1, g2, g3] = [four[4 * b], four[4 * b + 1], four[4 * b + 2], four[4 * b + 3]];
          outer[a * size + b] += f0 * g0 + f1 * g1 + (f2 * g2 + f3 * g3);
        }
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
    return {
      noise: sums.noise,
      count: sums.count - less.count,
      squares: sums.squares - less.squares,
      missing: sums.missing - less.missing,
      outer: sums.outer.map((value, i) => value - less.outer[i]),
      cross: sums.cross.map((value, i) => value - less.cross[i]),
    };
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

/**
 * Posterior of the inducing variables and Titsias's bound; null where rounding broke the
 * factorisation.
 */
export function solveSparse(
  groups: readonly Sums[],
  size: number,
  parameters: Omit<ProcessParameters, keyof Shape>,
): SparseSolved | null {
  const { height, own, constant } = parameters;
  const diagonal = new Float64Array(size).fill(height);
  diagonal[size - 1] = Math.sqrt(constant);
  const lower = new Float64Array(size * size);
  const weights = new Float64Array(size);
  let rest = 0;
  for (const { noise, count, outer, cross, squares, missing } of groups) {
    const lambda = own + noise;
    rest +=
      count * Math.log(2 * Math.PI * lambda) + squares / lambda + (height ** 2 * missing) / lambda;
    for (let a = 0; a < size; a++) {
      weights[a] += (diagonal[a] * cross[a]) / lambda;
      for (let b = 0; b <= a; b++) {
        lower[a * size + b] += (diagonal[a] * outer[a * size + b] * diagonal[b]) / lambda;
      }
    }
  }
  for (let a = 0; a < size; a++) lower[a * size + a] += 1;
  if (!cholesky(lower, size)) return null;
  solveLower(lower, size, weights);
  const logEvidence = -0.5 * (rest + logDeterminant(lower, size) - dot(weights, weights));
  solveUpper(lower, size, weights);
  return { lower, weights, diagonal, logEvidence };
}

/** The sparse process from sums over all graphs, or over those that are not left out. */
export function sparseProcess(
  features: SparseFeatures,
  groups: readonly Sums[],
  parameters: ProcessParameters,
): Process {
  const { size, observations, shape } = features;
  const solved = solveSparse(groups, size, parameters);
  invariant(solved !== null, 'the covariance of the inducing variables is not positive definite');
  const { height } = parameters;
  const posterior = (asked: Points): Posterior => {
    const count = countOf(asked);
    const rows = features.of(asked);
    const whitened = rows.map((value, i) => value * solved.diagonal[i % size]);
    // Of a correlation what the inducing points explain, and of that what the observations leave.
    const known = (i: number, j: number): number => dotAt(rows, i * size, rows, j * size, size - 1);
    const seen = (i: number, j: number): number =>
      dotAt(whitened, i * size, whitened, j * size, size);
    const means = new Float64Array(count);
    const variance = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const at = i * size;
      means[i] = observations.centre + dotAt(whitened, at, solved.weights, 0, size);
      solveLower(solved.lower, size, whitened, at);
      variance[i] = height ** 2 * (1 - known(i, i)) + seen(i, i);
    }
    const covariances = (at: number): Float64Array =>
      correlations(pick(asked, [at]), asked, shape).map(
        (value, j) => height ** 2 * (value - known(at, j)) + seen(at, j),
      );
    return { mean: means, variance, covariances };
  };
  return { logEvidence: solved.logEvidence, posterior };
}

/**
 * `count` of the points, each the farthest from those before it, the first the one nearest to their
 * mean (Gonzalez 1985); fewer where places repeat.
 */
export function farthestPoints(points: Points, count: number): Points {
  const { dims, values } = points;
  const n = countOf(points);
  const along = (d: number): number[] => Array.from({ length: n }, (_, i) => values[i * dims + d]);
  const centre = Array.from({ length: dims }, (_, d) => mean(along(d)));
  const squareTo = (i: number, place: (d: number) => number): number =>
    centre.reduce((sum, _, d) => sum + (values[i * dims + d] - place(d)) ** 2, 0);
  const fromCentre = Array.from({ length: n }, (_, i) => squareTo(i, (d) => centre[d]));
  const chosen = [fromCentre.indexOf(Math.min(...fromCentre))];
  const gaps = new Float64Array(n).fill(Infinity);
  while (chosen.length < Math.min(count, n)) {
    const last = chosen[chosen.length - 1];
    let next = 0;
    for (let i = 0; i < n; i++) {
      gaps[i] = Math.min(
        gaps[i],
        squareTo(i, (d) => values[last * dims + d]),
      );
      if (gaps[i] > gaps[next]) next = i;
    }
    if (gaps[next] === 0) break;
    chosen.push(next);
  }
  return pick(points, chosen);
}
