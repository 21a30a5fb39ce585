import { mean, sumOfSquares } from './descriptive.js';

/*
 * What is to be expected of one of many noisy means, the one that was chosen for being the lowest
 * included. Means are y_i = t_i + noise of variance s² f_i; the true means t_i come from one
 * distribution that is not known: its shape is normal, or has a floor and a long tail (gamma
 * distributions down to the exponential), its location is anything, its deviation has a half-Cauchy
 * prior at the scale of the noise (Gelman 2006), and s² is known by its residual degrees of freedom.
 * All of these are integrated over, so that few means give wide intervals. A posterior given all
 * means needs no correction for a choice that was made by them (Dawid 1994; Efron 2011); what it
 * takes is a prior that fits.
 */

/** Means of one kind with their noise. */
export interface NoisyMeans {
  readonly means: readonly number[];
  /** Variance of the noise of each mean over that of one entry: 1 / n for a mean of n. */
  readonly factors: readonly number[];
  /** Estimated variance of one entry's noise, and its degrees of freedom. */
  readonly variance: number;
  readonly dof: number;
}

/** A posterior distribution of a difference or a mean. */
export interface MeanPosterior {
  readonly mean: number;
  readonly sd: number;
  readonly interval: readonly [number, number];
}

/** Skewness of the true means' distribution, with prior weights: normal, in between, exponential. */
const SKEWS = [
  { skew: 0, prior: 0.6 },
  { skew: 1, prior: 0.25 },
  { skew: 2, prior: 0.15 },
] as const;
/** Scale of the prior of the true means' deviation, in standard deviations of a mean's noise. */
const PRIOR_SCALE = 1.5;
/** Nodes of each integral: deviation of the true means, location, distribution, noise. */
const SPREADS = 10;
const LOCATIONS = 7;
const NODES = 32;
const NOISE_STEPS = [-1.6, -0.6, 0.4, 1.4, 2.4, 3.4] as const;
/** From so many degrees of freedom on the noise is as good as known. */
const DOF_KNOWN = 150;
/** More means than this are sorted into so many bins. */
const BINS = 120;
/** Beyond so many means their distribution tells its form by itself. */
const MANY = 300;
/** Places of true means then, and steps towards the likeliest distribution. */
const GRID = 120;
const EM_STEPS = 200;
/** Weights below this share of the largest count for nothing. */
const NEGLIGIBLE = 1e-5;
/** Standard normal values of equal weight, for the noise of what a mean is compared with. */
const NORMAL_NODES = [-1.73, -1.04, -0.65, -0.32, 0, 0.32, 0.65, 1.04, 1.73] as const;

/** Values and weights of a quadrature over a standardised distribution (mean 0, deviation 1). */
interface Shape {
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/** The normal distribution (skew 0) or the gamma distribution of that skewness, at its nodes. */
function shapeOf(skew: number): Shape {
  const [low, high] = skew === 0 ? [-4, 4] : [-2 / skew, 4 + 3.5 * skew];
  // Nodes lie closer at the lower end of a gamma distribution, where its density is steep.
  const at = (share: number): number => low + (high - low) * share ** (skew === 0 ? 1 : 1.5);
  const density = (z: number): number =>
    skew === 0
      ? Math.exp((-z * z) / 2)
      : Math.exp((4 / skew ** 2 - 1) * Math.log1p((z * skew) / 2) - (2 * z) / skew);
  const values = Float64Array.from({ length: NODES }, (_, i) => at((i + 0.5) / NODES));
  const raw = values.map((z, i) => density(z) * (at((i + 1) / NODES) - at(i / NODES)));
  const sum = raw.reduce((total, weight) => total + weight, 0);
  const weights = raw.map((weight) => weight / sum);
  const over = (of: (z: number) => number): number =>
    values.reduce((total, z, i) => total + weights[i] * of(z), 0);
  const centre = over((z) => z);
  const deviation = Math.sqrt(over((z) => (z - centre) ** 2));
  return { values: values.map((z) => (z - centre) / deviation), weights };
}

const SHAPES = SKEWS.map(({ skew, prior }) => ({ ...shapeOf(skew), log: Math.log(prior) }));

interface Group {
  value: number;
  readonly factor: number;
  count: number;
}

/** Means with their counts; many of them are sorted into bins. */
function groupsOf({ means, factors }: NoisyMeans): Group[] {
  const groups = means.map((value, i) => ({ value, factor: factors[i], count: 1 }));
  if (means.length <= BINS) return groups;
  const low = Math.min(...means);
  const width = (Math.max(...means) - low) / BINS;
  const bins = new Map<string, Group>();
  for (const { value, factor } of groups) {
    const key = `${Math.floor((value - low) / width)} ${factor}`;
    const bin = bins.get(key) ?? { value, factor, count: 0 };
    bin.count += 1;
    bin.value += (value - bin.value) / bin.count;
    bins.set(key, bin);
  }
  return [...bins.values()];
}

interface Weighted {
  readonly value: number;
  /** Log of its weight. */
  readonly log: number;
}

/** Variances of the noise: flat in its logarithm, and as likely as its estimate makes them. */
function noisesOf({ variance, dof }: NoisyMeans): Weighted[] {
  if (dof >= DOF_KNOWN) return [{ value: variance, log: 0 }];
  return NOISE_STEPS.map((step) => {
    const value = variance * Math.exp(step * Math.sqrt(2 / dof));
    return { value, log: (-dof / 2) * (Math.log(value / variance) + variance / value) };
  });
}

/** Deviations of true means, 0 to beyond what was seen, by a half-Cauchy prior of that scale. */
function spreadsOf(scale: number, seen: number): Weighted[] {
  const [low, top] = [0.2 * scale, Math.max(4 * scale, 2.5 * seen)];
  const ends = Array.from({ length: SPREADS }, (_, i) => low * (top / low) ** (i / (SPREADS - 1)));
  const mass = (from: number, to: number): number =>
    Math.atan(to / scale) - Math.atan(from / scale);
  return [
    { value: 0, log: Math.log(mass(0, low)) },
    ...ends.slice(1).map((end, i) => ({
      value: Math.sqrt(ends[i] * end),
      log: Math.log(mass(ends[i], end)),
    })),
  ];
}

/** A distribution of true means at its nodes. */
interface Component {
  readonly location: number;
  readonly spread: number;
  readonly shape: Shape;
  readonly noise: number;
}

/** Log likelihood of all means. */
function logLikelihood(groups: readonly Group[], component: Component): number {
  const { location, spread, noise } = component;
  const { values, weights } = component.shape;
  let log = 0;
  for (const { value, factor, count } of groups) {
    const precision = 1 / (2 * noise * factor);
    let sum = 0;
    for (let q = 0; q < NODES; q++) {
      const d = value - location - spread * values[q];
      sum += weights[q] * Math.exp(-d * d * precision);
    }
    log += count * (Math.log(sum + Number.MIN_VALUE) - 0.5 * Math.log(noise * factor));
  }
  return log;
}

type Likely = Component & { readonly log: number };

/** Every combination of noise, shape, deviation and location with the log of its weight. */
function componentsOf(data: NoisyMeans): Likely[] {
  const groups = groupsOf(data);
  const count = data.means.length;
  const factor = mean(data.factors);
  const [centre, seen] = [mean(data.means), Math.sqrt(sumOfSquares(data.means) / count)];
  const found: Likely[] = [];
  for (const noise of noisesOf(data)) {
    const scale = Math.sqrt(noise.value * factor);
    for (const shape of SHAPES) {
      for (const spread of spreadsOf(PRIOR_SCALE * scale, seen)) {
        const se = Math.hypot(spread.value, scale) / Math.sqrt(count);
        for (let l = 0; l < LOCATIONS; l++) {
          const location = centre + (se * (l - (LOCATIONS - 1) / 2)) / 1.1;
          const component = { location, spread: spread.value, shape, noise: noise.value };
          const prior = noise.log + shape.log + spread.log + Math.log(se);
          found.push({ ...component, log: prior + logLikelihood(groups, component) });
        }
      }
    }
  }
  return found;
}

/**
 * The distribution of many true means without any form, by expectation and maximisation (Laird
 * 1978) from even weights; ended early, which leaves it smooth (Efron 2016).
 */
function freeDistribution(data: NoisyMeans): Likely[] {
  const groups = groupsOf(data);
  const [low, high] = [Math.min(...data.means), Math.max(...data.means)];
  const values = Float64Array.from(
    { length: GRID },
    (_, i) => low + ((high - low) * (i + 0.5)) / GRID,
  );
  const likelihoods = groups.map(({ value, factor }) =>
    values.map((t) => Math.exp(-((value - t) ** 2) / (2 * data.variance * factor))),
  );
  let weights = new Float64Array(GRID).fill(1 / GRID);
  for (let step = 0; step < EM_STEPS; step++) {
    const next = new Float64Array(GRID);
    groups.forEach(({ count }, at) => {
      const row = likelihoods[at];
      let sum = Number.MIN_VALUE;
      for (let q = 0; q < GRID; q++) sum += weights[q] * row[q];
      for (let q = 0; q < GRID; q++) next[q] += (count * weights[q] * row[q]) / sum;
    });
    weights = next.map((weight) => weight / data.means.length);
  }
  return [{ location: 0, spread: 1, shape: { values, weights }, noise: data.variance, log: 0 }];
}

/** A density by its bins, and its first two moments. */
interface Histogram {
  readonly low: number;
  readonly width: number;
  readonly bins: Float64Array;
  readonly total: number;
  readonly mean: number;
  readonly sd: number;
}

/** Posterior bins reach so many standard deviations of the noise to either side of a mean. */
const REACH = 8;
const RESOLUTION = 1200;

/** The posterior of a mean less `against`. */
function posteriorOf(
  components: readonly Likely[],
  y: number,
  factor: number,
  against: Against | null,
): Histogram {
  const top = components.reduce((high, { log }) => Math.max(high, log), -Infinity);
  const likely = components.filter(({ log }) => Math.exp(log - top) >= NEGLIGIBLE);
  const noisiest = Math.max(...likely.map(({ noise }) => noise));
  const offsets = against === null ? [0] : NORMAL_NODES;
  const reach = REACH * Math.sqrt(noisiest * (factor + (against?.factor ?? 0)));
  const low = y - (against?.mean ?? 0) - reach;
  const width = (2 * reach) / RESOLUTION;
  const bins = new Float64Array(RESOLUTION);
  let [total, sum, squares] = [0, 0, 0];
  for (const { log, location, spread, shape, noise } of likely) {
    const sd = against === null ? 0 : Math.sqrt(noise * against.factor);
    const terms = shape.values.map((z, q) => {
      const d = y - location - spread * z;
      return shape.weights[q] * Math.exp((-d * d) / (2 * noise * factor));
    });
    const share = Math.exp(log - top) / terms.reduce((all, term) => all + term, Number.MIN_VALUE);
    for (let q = 0; q < terms.length; q++) {
      const weight = (share * terms[q]) / offsets.length;
      // Counted from y, so that squares lose no digits.
      const value = location + spread * shape.values[q] - y;
      for (const z of offsets) {
        const at = value + sd * z;
        const bin = Math.floor((at + reach) / width);
        bins[Math.min(RESOLUTION - 1, Math.max(0, bin))] += weight;
        total += weight;
        sum += weight * at;
        squares += weight * at * at;
      }
    }
  }
  const centre = sum / total;
  return {
    low,
    width,
    bins,
    total,
    mean: y - (against?.mean ?? 0) + centre,
    sd: Math.sqrt(Math.max(0, squares / total - centre ** 2)),
  };
}

/** What a mean is compared with: a mean that was not chosen, with its variance factor. */
export interface Against {
  readonly mean: number;
  readonly factor: number;
}

/** The posteriors of means of one kind. */
export type TruePosteriors = (
  which: number,
  level: number,
  against?: Against | null,
) => MeanPosterior;

/**
 * Posterior of the true value of each of several means, by number, also of one that was chosen by
 * the means; less that of `against` where it is given. Null below two means, and where nothing
 * tells how large the noise is. `level` of the interval: 0.95.
 */
export function truePosteriors(data: NoisyMeans): TruePosteriors | null {
  const { means, factors, variance, dof } = data;
  if (means.length < 2 || !(variance > 0) || dof < 1) return null;
  const components = means.length > MANY ? freeDistribution(data) : componentsOf(data);
  return (which, level, against = null) => {
    const found = posteriorOf(components, means[which], factors[which], against);
    const at = (share: number): number => quantile(found, share);
    return {
      mean: found.mean,
      sd: found.sd,
      interval: [at((1 - level) / 2), at((1 + level) / 2)],
    };
  };
}

/** Where that share of the weight lies below. */
function quantile({ low, width, bins, total }: Histogram, share: number): number {
  let below = 0;
  for (const [i, weight] of bins.entries()) {
    if (below + weight >= share * total)
      return low + width * (i + (share * total - below) / weight);
    below += weight;
  }
  return low + width * bins.length;
}
