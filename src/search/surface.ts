import { invariant, must, UserError } from '../core/errors.js';
import { mean, sampleStd } from '../stats/descriptive.js';
import {
  integratedEvidence,
  KERNELS,
  predict,
  whiten,
  type Whitened,
} from '../stats/gaussian-process.js';
import type { Arm } from './tally.js';
import type { Candidate } from './types.js';

/*
 * The model, in units of the noise variance s² of one training:
 *   error of a training of graph i = c + f(x_i) + u_i + noise
 * c constant with a wide prior; f a Gaussian process over x = (C, L, log density), each in standard
 * deviations of the candidates, with kernel rho² exp(-|x - x'|² / (2 scale²)); u_i the graph's own
 * effect, variance `own`. See Rasmussen and Williams, Gaussian Processes for Machine Learning
 * (2006), 2.2 (posterior), 5.4.1 (marginal likelihood).
 *
 * The error that counts is the mean T_i over S training seeds. As the average of S noises is then
 * part of it, T_i has the own effect own + 1/S, and a mean over m of the S seeds differs from T_i
 * by the variance 1/m - 1/S (sampling without replacement; Cochran, Sampling Techniques, theorem
 * 2.2): none once m = S.
 */

/** Length scales of the surface tried, in standard deviations of the candidates. */
const SCALES = [0.7, 1, 1.5, 2.2];
/** Standard deviations of the surface tried, in those of the noise. */
const HEIGHTS = [0.4, 0.7, 1, 1.5, 3, 6];
/** Variances of the graphs' own effects tried, in those of the noise. */
const OWN = [0.02, 0.1, 0.4, 1.5];
/**
 * Log-normal priors (median, standard deviation of the logarithm), vague ones: features about as
 * wide as the candidates' cloud, as high as the noise.
 */
const SCALE_PRIOR = { median: 1.2, spread: 0.5 };
const HEIGHT_PRIOR = { median: 1, spread: 0.7 };
/**
 * Variance of the constant: ten standard deviations of the noise about the mean of what was seen.
 */
const CONSTANT = 100;
/** Equal errors leave nothing to divide by; a noise of a millionth of a unit is none. */
const LEAST_NOISE = 1e-12;
/** Keeps matrices definite where a mean is known exactly. */
const JITTER = 1e-6;

/** One setting of the model's parameters. */
interface Setting {
  readonly scale: number;
  readonly height: number;
  readonly own: number;
}

/** A setting with what the observations make of it. */
interface Fit extends Setting {
  readonly whitened: Whitened;
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

interface LogNormal {
  readonly median: number;
  readonly spread: number;
}

/** Log density of log(value) under a log-normal prior, without its constant. */
function logPrior(value: number, { median, spread }: LogNormal): number {
  return -0.5 * (Math.log(value / median) / spread) ** 2;
}

/** What the surface is a function of. */
const AXES: readonly ((one: Candidate) => number)[] = [
  (one) => one.clustering,
  (one) => one.pathLength,
  (one) => Math.log(one.density),
];

/**
 * The model over one list of candidates. Distances and kernels of tried candidates are kept from
 * call to call.
 */
export class Surface {
  private readonly places: readonly Float64Array[];
  private readonly columns = new Map<string, Float64Array>();
  private readonly seeds: number;

  /**
   * @param finalTrainings S: how many training seeds the error that counts is a mean of, or
   * Infinity
   */
  constructor(candidates: readonly Candidate[], finalTrainings: number) {
    if (!(finalTrainings >= 1)) {
      const remedy = 'leave it out for the expected error';
      throw new UserError(`finalTrainings must be at least 1, got ${finalTrainings}; ${remedy}`);
    }
    this.seeds = finalTrainings;
    this.places = AXES.map((axis) => {
      const values = candidates.map(axis);
      const wrong = values.findIndex((value) => !Number.isFinite(value));
      if (wrong !== -1) {
        const rule = 'a candidate must have finite C and L and a density above 0';
        const got = JSON.stringify(candidates[wrong]);
        throw new UserError(`${rule}, got ${got}; leave graphs that are not connected out`);
      }
      const centre = mean(values);
      // An axis on which all candidates agree says nothing.
      const spread = sampleStd(values) || 1;
      return Float64Array.from(values, (value) => (value - centre) / spread);
    });
  }

  /** Squared distance of every candidate from one of them, in standard deviations. */
  distances(from: number): Float64Array {
    return this.kept(`${from}`, () => {
      const sums = new Float64Array(must(this.places[0]).length);
      for (const place of this.places) {
        const own = must(place[from]);
        // Every candidate has a place.
        for (let i = 0; i < sums.length; i++) sums[i]! += (place[i]! - own) ** 2;
      }
      return sums;
    });
  }

  /** Posterior of every candidate, with the most probable parameters. Needs at least one arm. */
  beliefs(arms: readonly Arm[]): Beliefs {
    const { scale, height, own, whitened, noiseVariance } = this.fit(arms);
    const count = must(this.places[0]).length;
    const effect = own + 1 / this.seeds;
    const rows = new Float64Array(count * arms.length);
    arms.forEach(({ candidate }, at) => {
      const column = this.kernel(candidate, scale);
      for (let c = 0; c < count; c++)
        rows[c * arms.length + at] = height ** 2 * must(column[c]) + CONSTANT;
      // Tried graphs share their own effect with what was seen of them.
      const cell = candidate * arms.length + at;
      rows[cell] = must(rows[cell]) + effect;
    });
    const centre = mean(arms.map((arm) => arm.mean));
    const { mean: means, variance } = predict(
      whitened,
      rows,
      height ** 2 + CONSTANT + effect,
      centre,
    );
    const sds = variance.map((each) => Math.sqrt(Math.max(each, 0) * noiseVariance));
    return { means, sds, noise: Math.sqrt(noiseVariance) };
  }

  private kernel(from: number, scale: number): Float64Array {
    const correlation = KERNELS['squared-exponential'];
    const make = (): Float64Array =>
      this.distances(from).map((square) => correlation(square / scale ** 2));
    return this.kept(`${from} ${scale}`, make);
  }

  private kept(key: string, make: () => Float64Array): Float64Array {
    const known = this.columns.get(key) ?? make();
    this.columns.set(key, known);
    return known;
  }

  private fit(arms: readonly Arm[]): Fit {
    let best: Fit | null = null;
    for (const scale of SCALES) {
      const columns = arms.map(({ candidate }) => this.kernel(candidate, scale));
      const rows = columns.map((column) => arms.map(({ candidate }) => column[candidate]));
      const correlation = Float64Array.from(rows.flat());
      for (const height of HEIGHTS) {
        for (const own of OWN) {
          const fit = this.tryFit(arms, correlation, { scale, height, own });
          if (fit !== null && (best === null || fit.logPosterior > best.logPosterior)) best = fit;
        }
      }
    }
    invariant(best !== null, 'no setting of the surface fits');
    return best;
  }

  /** s² has the prior 1/s² and is integrated out. */
  private tryFit(arms: readonly Arm[], correlation: Float64Array, setting: Setting): Fit | null {
    const means = Float64Array.from(arms, (arm) => arm.mean);
    const noise = Float64Array.from(
      arms,
      ({ count }) => Math.max(1 / count - 1 / this.seeds, 0) + JITTER,
    );
    const { height, own } = setting;
    const parameters = { height, own: own + 1 / this.seeds, constant: CONSTANT };
    const whitened = whiten(correlation, { y: means, noise, centre: mean([...means]) }, parameters);
    if (whitened === null) return null;
    const trainings = arms.reduce((sum, { count }) => sum + count, 0);
    const within = arms.reduce((sum, { squares }) => sum + squares, 0);
    const { logEvidence, noiseVariance } = integratedEvidence(
      whitened,
      trainings,
      within,
      LEAST_NOISE,
    );
    const logPosterior =
      logEvidence + logPrior(setting.scale, SCALE_PRIOR) + logPrior(height, HEIGHT_PRIOR);
    return { ...setting, whitened, noiseVariance, logPosterior };
  }
}
