import { invariant, must } from '../core/errors.js';
import { mean } from './descriptive.js';
import {
  correlations,
  countOf,
  exactProcess,
  type KernelName,
  logEvidence,
  type Observations,
  pick,
  type Points,
  type Process,
  type ProcessParameters,
  whiten,
} from './gaussian-process.js';
import { type Minimum, nelderMead } from './nelder-mead.js';
import {
  farthestPoints,
  solveSparse,
  SparseFeatures,
  sparseProcess,
  without,
} from './sparse-process.js';

/** Up to so many graphs the process is exact, beyond through inducing points. */
const EXACT_LIMIT = 500;
/**
 * Up to so many graphs the parameters are those of the highest evidence, and are fitted again
 * without each fold. Beyond they are those of the highest bound, once for all folds: they hardly
 * depend on a tenth of the graphs (MLP: R² of left-out graphs 0.6592 either way).
 */
const REFIT_LIMIT = 80;
const INDUCING = 64;

/** Length scales, in the points' units (standard deviations of the graphs). */
const SCALE_RANGE = [0.2, 20] as const;
/** Height of the surface, in standard deviations of the errors. */
const HEIGHT_RANGE = [0.01, 10] as const;
/** Variance of own effects, in variances of the errors. */
const OWN_RANGE = [1e-6, 4] as const;
/**
 * Variance of the constant, in variances of the errors: ten standard deviations about their mean.
 */
const CONSTANT = 100;

/** Where the search for parameters starts. */
const SCALE_STARTS = [0.7, 1.5, 3] as const;
const HEIGHT_STARTS = [0.6, 1.5] as const;
const OWN_STARTS = [0.02, 0.3] as const;

/** Left-out errors as the others predict them. */
export interface LeftOut {
  readonly mean: Float64Array;
  /** Of the surface, without own effect and noise. */
  readonly variance: Float64Array;
  /** Variance of own effects as fitted without the graph. */
  readonly own: Float64Array;
}

/** A process with the parameters that make the observations most likely. */
export interface FittedProcess {
  readonly parameters: ProcessParameters;
  readonly process: Process;
  /** 0 where the process is exact. */
  readonly inducing: number;
  /**
   * Predictions of every graph from those of the other folds, whose numbers are given; a negative
   * number belongs to no fold: NaN.
   */
  readonly leftOut: (fold: readonly number[]) => LeftOut;
}

/** How a process is fitted. */
export interface ProcessOptions {
  readonly kernel: KernelName;
  /** Most graphs of an exact process; default `EXACT_LIMIT`. */
  readonly exactLimit?: number;
  /** Inducing points of a process that is not exact; default `INDUCING`. */
  readonly inducing?: number;
  /**
   * Most graphs of an exact process whose parameters are fitted again without each fold; default
   * `REFIT_LIMIT`.
   */
  readonly refitLimit?: number;
  /** Parameters of a process over the first of the axes, to search near to. */
  readonly start?: ProcessParameters;
}

const within = (value: number, [low, high]: readonly [number, number]): number =>
  Math.min(high, Math.max(low, value));

/** Population variance of the errors, the unit of heights and own effects. */
function unitOf({ y }: Observations): number {
  const values = [...y];
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
}

/**
 * Logarithms of (scales..., height, own) in the units above as parameters, held within their
 * ranges.
 */
function parametersOf(
  logs: readonly number[],
  kernel: KernelName,
  unit: number,
): ProcessParameters {
  const values = logs.map(Math.exp);
  const dims = logs.length - 2;
  return {
    kernel,
    scales: values.slice(0, dims).map((value) => within(value, SCALE_RANGE)),
    height: within(must(values[dims]), HEIGHT_RANGE) * Math.sqrt(unit),
    own: within(must(values[dims + 1]), OWN_RANGE) * unit,
    constant: CONSTANT * unit,
  };
}

function logsOf({ scales, height, own }: ProcessParameters, unit: number): number[] {
  return [...scales, height / Math.sqrt(unit), own / unit].map(Math.log);
}

const isotropic = (dims: number, scale: number): number[] =>
  Array.from({ length: dims }, () => Math.log(scale));

const lowest = (all: readonly Minimum[]): Minimum =>
  all.reduce((low, each) => (each.value < low.value ? each : low));

/**
 * Most probable parameters of the exact process: a grid, then a simplex; from `start` on, if given,
 * with a short search.
 */
function fitExact(
  observations: Observations,
  kernel: KernelName,
  start?: ProcessParameters,
): ProcessParameters {
  const { points } = observations;
  const unit = unitOf(observations);
  let known: { readonly key: string; readonly correlation: Float64Array } | null = null;
  const loss = (logs: readonly number[]): number => {
    const parameters = parametersOf(logs, kernel, unit);
    const key = parameters.scales.join();
    if (key !== known?.key) known = { key, correlation: correlations(points, points, parameters) };
    const whitened = whiten(known.correlation, observations, parameters);
    return whitened === null ? Infinity : -logEvidence(whitened);
  };
  if (start !== undefined) {
    const near = nelderMead(loss, logsOf(start, unit), {
      step: 0.2,
      evaluations: 80,
      tolerance: 1e-4,
    });
    return parametersOf(near.at, kernel, unit);
  }
  const rest = HEIGHT_STARTS.flatMap((height) =>
    OWN_STARTS.map((own) => [Math.log(height), Math.log(own)]),
  );
  const startsAt = (scale: number): number[][] =>
    rest.map((each) => [...isotropic(points.dims, scale), ...each]);
  const starts = SCALE_STARTS.flatMap(startsAt);
  const best = lowest(starts.map((at) => ({ at, value: loss(at) })));
  const found = nelderMead(loss, best.at, { step: 0.4, evaluations: 250, tolerance: 1e-6 });
  return parametersOf(found.at, kernel, unit);
}

/**
 * Most probable parameters by the bound: a search over length scales, and within it one over height
 * and own effect, which needs no features anew.
 */
function fitSparse(
  observations: Observations,
  inducing: Points,
  kernel: KernelName,
  start?: ProcessParameters,
): ProcessParameters {
  const { dims } = observations.points;
  const unit = unitOf(observations);
  let inner = [0, Math.log(0.1)];
  const tried = (scaleLogs: readonly number[]): Minimum => {
    const { scales } = parametersOf([...scaleLogs, ...inner], kernel, unit);
    const features = new SparseFeatures(observations, inducing, { kernel, scales });
    const groups = features.sums();
    const loss = (rest: readonly number[]): number => {
      const solved = solveSparse(
        groups,
        features.size,
        parametersOf([...scaleLogs, ...rest], kernel, unit),
      );
      return solved === null ? Infinity : -solved.logEvidence;
    };
    const found = nelderMead(loss, inner, { step: 0.3, evaluations: 60, tolerance: 1e-4 });
    return { at: [...scaleLogs, ...found.at], value: found.value };
  };
  const known = start?.scales.map((scale) => Math.log(scale));
  const startAt = (scale: number): number[] =>
    known === undefined
      ? isotropic(dims, scale)
      : [...known, ...isotropic(dims - known.length, 2 * scale)];
  const starts = SCALE_STARTS.map(startAt);
  const best = lowest(starts.map(tried));
  inner = best.at.slice(dims);
  let kept = best;
  const loss = (scaleLogs: readonly number[]): number => {
    const found = tried(scaleLogs);
    if (found.value < kept.value) {
      kept = found;
      inner = found.at.slice(dims);
    }
    return found.value;
  };
  nelderMead(loss, best.at.slice(0, dims), { step: 0.3, evaluations: 9 * dims, tolerance: 0.02 });
  return parametersOf(kept.at, kernel, unit);
}

/** Groups the indices of graphs by their folds. */
function membersOf(fold: readonly number[]): number[][] {
  const members: number[][] = [];
  fold.forEach((k, i) => {
    if (k >= 0) (members[k] ??= []).push(i);
  });
  return members.filter((each) => each !== undefined);
}

type FitWithout = (members: readonly number[]) => {
  readonly process: Process;
  readonly own: number;
};

function leaveOut(
  observations: Observations,
  fold: readonly number[],
  fitWithout: FitWithout,
): LeftOut {
  const count = observations.y.length;
  const unknown = (): Float64Array => new Float64Array(count).fill(NaN);
  const out = { mean: unknown(), variance: unknown(), own: unknown() };
  for (const members of membersOf(fold)) {
    const { process, own } = fitWithout(members);
    const found = process.posterior(pick(observations.points, members));
    members.forEach((graph, i) => {
      out.mean[graph] = must(found.mean[i]);
      out.variance[graph] = must(found.variance[i]);
      out.own[graph] = own;
    });
  }
  return out;
}

function subset(
  { points, y, noise, centre }: Observations,
  which: readonly number[],
): Observations {
  const of = (values: Float64Array): Float64Array =>
    Float64Array.from(which, (i) => must(values[i]));
  return { points: pick(points, which), y: of(y), noise: of(noise), centre };
}

type Settings = Required<Omit<ProcessOptions, 'exactLimit' | 'start'>> &
  Pick<ProcessOptions, 'start'>;

/** The exact process; with few observations its parameters are fitted again without each fold. */
function fitSmall(observations: Observations, options: Settings): FittedProcess {
  const { kernel, inducing, refitLimit, start } = options;
  const count = observations.y.length;
  const refit = count <= refitLimit;
  // Each evidence costs n³, some hundreds of them are asked for: with many observations the bound
  // stands for it.
  const parameters = refit
    ? fitExact(observations, kernel)
    : fitSparse(observations, farthestPoints(observations.points, inducing), kernel, start);
  const fitWithout: FitWithout = (members) => {
    const out = new Set(members);
    const rest = subset(
      observations,
      Array.from({ length: count }, (_, i) => i).filter((i) => !out.has(i)),
    );
    const again = refit ? fitExact(rest, kernel, parameters) : parameters;
    return { process: exactProcess(rest, again), own: again.own };
  };
  return {
    parameters,
    process: exactProcess(observations, parameters),
    inducing: 0,
    leftOut: (fold) => leaveOut(observations, fold, fitWithout),
  };
}

/** The process through inducing points; a fold is left out by taking its sums away. */
function fitLarge(
  observations: Observations,
  { kernel, inducing, start }: Settings,
): FittedProcess {
  const chosen = farthestPoints(observations.points, inducing);
  const parameters = fitSparse(observations, chosen, kernel, start);
  const features = new SparseFeatures(observations, chosen, parameters);
  const whole = features.sums();
  const fitWithout: FitWithout = (members) => {
    const out = new Set(members);
    const rest = without(
      whole,
      features.sums((graph) => out.has(graph)),
    );
    return { process: sparseProcess(features, rest, parameters), own: parameters.own };
  };
  return {
    parameters,
    process: sparseProcess(features, whole, parameters),
    inducing: countOf(chosen),
    leftOut: (fold) => leaveOut(observations, fold, fitWithout),
  };
}

/**
 * Fits the process of gaussian-process.ts to observations at two places at least, not all of one
 * value.
 */
export function fitProcess(observations: Observations, options: ProcessOptions): FittedProcess {
  invariant(unitOf(observations) > 0, 'observations without any spread have no surface');
  const {
    kernel,
    exactLimit = EXACT_LIMIT,
    inducing = INDUCING,
    refitLimit = REFIT_LIMIT,
    start,
  } = options;
  const set = { kernel, inducing, refitLimit, ...(start !== undefined && { start }) };
  return observations.y.length <= exactLimit
    ? fitSmall(observations, set)
    : fitLarge(observations, set);
}
