import { mean, sampleStd } from '../stats/index.js';
import { invariant, UserError } from '../core/errors.js';
import { cholesky, dot, forwardSolve } from './cholesky.js';
import type { Arm } from './tally.js';
import type { Candidate } from './types.js';

/*
 * The model, in units of the noise variance s² of one training:
 *   error of a training of graph i = c + f(x_i) + u_i + noise
 * c constant with a wide prior; f a Gaussian process over x = (C, L, log density), each in standard deviations of the
 * candidates, with kernel rho² exp(-|x - x'|² / (2 scale²)); u_i the graph's own effect, variance `own`. See Rasmussen and
 * Williams, Gaussian Processes for Machine Learning (2006), 2.2 (posterior), 5.4.1 (marginal likelihood).
 *
 * The error that counts is the mean T_i over S training seeds. As the average of S noises is then part of it, T_i has the own
 * effect own + 1/S, and a mean over m of the S seeds differs from T_i by the variance 1/m - 1/S (sampling without
 * replacement; Cochran, Sampling Techniques, theorem 2.2): none once m = S.
 */

/** Length scales of the surface tried, in standard deviations of the candidates. */
const SCALES = [0.7, 1, 1.5, 2.2];
/** Standard deviations of the surface tried, in those of the noise. */
const HEIGHTS = [0.4, 0.7, 1, 1.5, 3, 6];
/** Variances of the graphs' own effects tried, in those of the noise. */
const OWN = [0.02, 0.1, 0.4, 1.5];
/** Log-normal priors (median, standard deviation of the logarithm), vague ones: features about as wide as the candidates' cloud, as high as the noise. */
const SCALE_PRIOR = { median: 1.2, spread: 0.5 };
const HEIGHT_PRIOR = { median: 1, spread: 0.7 };
/** Variance of the constant: ten standard deviations of the noise about the mean of what was seen. */
const CONSTANT = 100;
/** Keeps matrices definite where a mean is known exactly. */
const JITTER = 1e-6;

/** One setting of the model's parameters with what the observations make of it. */
interface Fit {
  readonly scale: number;
  readonly height: number;
  readonly own: number;
  /** Of the covariance of the arms' means, in units of the noise variance. */
  readonly lower: readonly Float64Array[];
  /** L⁻¹ (means - centre). */
  readonly whitened: Float64Array;
  readonly centre: number;
  /** s², in squared units of the errors. */
  readonly noiseVariance: number;
  readonly logPosterior: number;
}

/** What is believed of each candidate's error that counts. */
export interface Beliefs {
  readonly means: Float64Array;
  readonly sds: Float64Array;
  /** Standard deviation of one training about its graph's mean, as estimated. */
  readonly noise: number;
}

/** Log density of log(value) under a log-normal prior, without its constant. */
function logPrior(value: number, { median, spread }: { readonly median: number; readonly spread: number }): number {
  return -0.5 * (Math.log(value / median) / spread) ** 2;
}

/** The model over one list of candidates. Distances and kernels of tried candidates are kept from call to call. */
export class Surface {
  private readonly places: readonly Float64Array[];
  private readonly columns = new Map<string, Float64Array>();
  private readonly seeds: number;

  /** @param finalTrainings S: how many training seeds the error that counts is a mean of, or Infinity */
  constructor(candidates: readonly Candidate[], finalTrainings: number) {
    if (!(finalTrainings >= 1)) throw new UserError(`finalTrainings must be at least 1, got ${finalTrainings}; leave it out for the expected error`);
    this.seeds = finalTrainings;
    const axes: readonly ((one: Candidate) => number)[] = [(one) => one.clustering, (one) => one.pathLength, (one) => Math.log(one.density)];
    this.places = axes.map((axis) => {
      const values = candidates.map(axis);
      const wrong = values.findIndex((value) => !Number.isFinite(value));
      if (wrong !== -1) throw new UserError(`a candidate must have finite C and L and a density above 0, got ${JSON.stringify(candidates[wrong])}; leave graphs that are not connected out`);
      const centre = mean(values);
      // An axis on which all candidates agree says nothing.
      const spread = sampleStd(values) || 1;
      return Float64Array.from(values, (value) => (value - centre) / spread);
    });
  }

  /** Squared distance of every candidate from one of them, in standard deviations. */
  distances(from: number): Float64Array {
    return this.kept(`${from}`, () => {
      const sums = new Float64Array(this.places[0].length);
      for (const place of this.places) for (let i = 0; i < sums.length; i++) sums[i] += (place[i] - place[from]) ** 2;
      return sums;
    });
  }

  /** Posterior of every candidate, with the most probable parameters. Needs at least one arm. */
  beliefs(arms: readonly Arm[]): Beliefs {
    const fit = this.fit(arms);
    const { whitened, lower, centre, height } = fit;
    const count = this.places[0].length;
    const own = fit.own + 1 / this.seeds;
    const means = new Float64Array(count).fill(centre);
    const variances = new Float64Array(count).fill(height ** 2 + CONSTANT + own);
    this.project(arms, fit).forEach((row, i) => {
      for (let c = 0; c < count; c++) {
        means[c] += row[c] * whitened[i];
        variances[c] -= row[c] ** 2;
      }
    });
    // Tried graphs share their own effect with what was seen of them.
    arms.forEach(({ candidate }, at) => {
      const covariances = arms.map((arm) => this.covariance(arm.candidate, candidate, fit));
      covariances[at] += own;
      const solved = forwardSolve(lower, covariances);
      means[candidate] = centre + dot(solved, whitened);
      variances[candidate] = height ** 2 + CONSTANT + own - dot(solved, solved);
    });
    return { means, sds: variances.map((variance) => Math.sqrt(Math.max(variance, 0) * fit.noiseVariance)), noise: Math.sqrt(fit.noiseVariance) };
  }

  /** L⁻¹ times the covariances of the arms with all candidates: a row for each arm. */
  private project(arms: readonly Arm[], fit: Fit): Float64Array[] {
    const rows: Float64Array[] = [];
    arms.forEach(({ candidate }, i) => {
      const row = this.kernel(candidate, fit.scale).map((value) => fit.height ** 2 * value + CONSTANT);
      for (let j = 0; j < i; j++) {
        const factor = fit.lower[i][j];
        const known = rows[j];
        for (let c = 0; c < row.length; c++) row[c] -= factor * known[c];
      }
      const scale = 1 / fit.lower[i][i];
      for (let c = 0; c < row.length; c++) row[c] *= scale;
      rows.push(row);
    });
    return rows;
  }

  private covariance(a: number, b: number, { scale, height }: Pick<Fit, 'scale' | 'height'>): number {
    return height ** 2 * this.kernel(a, scale)[b] + CONSTANT;
  }

  private kernel(from: number, scale: number): Float64Array {
    return this.kept(`${from} ${scale}`, () => this.distances(from).map((square) => Math.exp(-square / (2 * scale ** 2))));
  }

  private kept(key: string, make: () => Float64Array): Float64Array {
    const known = this.columns.get(key) ?? make();
    this.columns.set(key, known);
    return known;
  }

  private fit(arms: readonly Arm[]): Fit {
    let best: Fit | null = null;
    for (const scale of SCALES) {
      const kernels = arms.map(({ candidate }, i) => {
        const column = this.kernel(candidate, scale);
        return Float64Array.from(arms.slice(0, i + 1), (other) => column[other.candidate]);
      });
      for (const height of HEIGHTS) {
        for (const own of OWN) {
          const fit = this.tryFit(arms, kernels, { scale, height, own });
          if (fit !== null && (best === null || fit.logPosterior > best.logPosterior)) best = fit;
        }
      }
    }
    invariant(best !== null, 'no setting of the surface fits');
    return best;
  }

  /** s² has the prior 1/s² and is integrated out, which leaves |A|^(-1/2) q^(-n/2); its estimate is q/n. */
  private tryFit(arms: readonly Arm[], kernels: readonly Float64Array[], setting: Pick<Fit, 'scale' | 'height' | 'own'>): Fit | null {
    const matrix = arms.map(({ count }, i) => {
      const row = kernels[i].map((kernel) => setting.height ** 2 * kernel + CONSTANT);
      row[i] += setting.own + 1 / this.seeds + Math.max(1 / count - 1 / this.seeds, 0) + JITTER;
      return row;
    });
    const lower = cholesky(matrix);
    if (lower === null) return null;
    const centre = mean(arms.map((arm) => arm.mean));
    const whitened = forwardSolve(lower, arms.map((arm) => arm.mean - centre));
    const trainings = arms.reduce((sum, { count }) => sum + count, 0);
    const within = arms.reduce((sum, { squares }) => sum + squares, 0);
    // Equal errors leave nothing to divide by; a noise of a millionth of a unit is none.
    const q = Math.max(dot(whitened, whitened) + within, trainings * 1e-12);
    const determinant = lower.reduce((sum, row, i) => sum + Math.log(row[i]), 0);
    const logPosterior = -determinant - (trainings / 2) * Math.log(q) + logPrior(setting.scale, SCALE_PRIOR) + logPrior(setting.height, HEIGHT_PRIOR);
    return { ...setting, lower, whitened, centre, noiseVariance: q / trainings, logPosterior };
  }
}
