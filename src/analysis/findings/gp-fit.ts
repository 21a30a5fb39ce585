import { invariant } from '../../core/errors.js';
import { mean, nelderMead } from '../../stats/index.js';
import { correlations, countOf, exactProcess, pick, solveExact, solveSparse, SparseFeatures, sparseProcess, without, type KernelName, type Observations, type Points, type Process, type ProcessParameters } from './gaussian-process.js';

/** Up to so many graphs the process is exact, beyond through inducing points. */
export const EXACT_LIMIT = 500;
/**
 * Up to so many graphs the parameters are those of the highest evidence, and are fitted again without each fold. Beyond they are those of
 * the highest bound, once for all folds: they hardly depend on a tenth of the graphs (MLP: R² of left-out graphs 0.6592 either way).
 */
export const REFIT_LIMIT = 80;
export const INDUCING = 64;

/** Length scales, in the points' units (standard deviations of the graphs). */
const SCALE_RANGE = [0.2, 20] as const;
/** Height of the surface, in standard deviations of the errors. */
const HEIGHT_RANGE = [0.01, 10] as const;
/** Variance of own effects, in variances of the errors. */
const OWN_RANGE = [1e-6, 4] as const;
/** Variance of the constant, in variances of the errors: ten standard deviations about their mean. */
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

export interface FittedProcess {
  readonly parameters: ProcessParameters;
  readonly process: Process;
  /** 0 where the process is exact. */
  readonly inducing: number;
  /** Predictions of every graph from those of the other folds, whose numbers are given; a negative number belongs to no fold: NaN. */
  readonly leftOut: (fold: readonly number[]) => LeftOut;
}

export interface ProcessOptions {
  readonly kernel: KernelName;
  /** Most graphs of an exact process; default `EXACT_LIMIT`. */
  readonly exactLimit?: number;
  /** Inducing points of a process that is not exact; default `INDUCING`. */
  readonly inducing?: number;
  /** Most graphs of an exact process whose parameters are fitted again without each fold; default `REFIT_LIMIT`. */
  readonly refitLimit?: number;
  /** Parameters of a process over the first of the axes, to search near to. */
  readonly start?: ProcessParameters;
}

const within = (value: number, [low, high]: readonly [number, number]): number => Math.min(high, Math.max(low, value));

/** Population variance of the errors, the unit of heights and own effects. */
function unitOf({ y }: Observations): number {
  const values = [...y];
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
}

/** Logarithms of (scales..., height, own) in the units above as parameters, held within their ranges. */
function parametersOf(logs: readonly number[], kernel: KernelName, unit: number): ProcessParameters {
  const values = logs.map(Math.exp);
  const dims = logs.length - 2;
  return {
    kernel,
    scales: values.slice(0, dims).map((value) => within(value, SCALE_RANGE)),
    height: within(values[dims], HEIGHT_RANGE) * Math.sqrt(unit),
    own: within(values[dims + 1], OWN_RANGE) * unit,
    constant: CONSTANT * unit,
  };
}

function logsOf({ scales, height, own }: ProcessParameters, unit: number): number[] {
  return [...scales, height / Math.sqrt(unit), own / unit].map(Math.log);
}

const isotropic = (dims: number, scale: number): number[] => Array.from({ length: dims }, () => Math.log(scale));
const lowest = <T extends { readonly value: number }>(all: readonly T[]): T => all.reduce((low, each) => (each.value < low.value ? each : low));

/** Most probable parameters of the exact process: a grid, then a simplex; from `start` on, if given, with a short search. */
export function fitExact(observations: Observations, kernel: KernelName, start?: ProcessParameters): ProcessParameters {
  const { points } = observations;
  const unit = unitOf(observations);
  let known: { readonly key: string; readonly correlation: Float64Array } = { key: '', correlation: new Float64Array(0) };
  const loss = (logs: readonly number[]): number => {
    const parameters = parametersOf(logs, kernel, unit);
    const key = parameters.scales.join();
    if (key !== known.key) known = { key, correlation: correlations(points, points, parameters) };
    const solved = solveExact(known.correlation, observations, parameters);
    return solved === null ? Infinity : -solved.logEvidence;
  };
  if (start !== undefined) return parametersOf(nelderMead(loss, logsOf(start, unit), { step: 0.2, evaluations: 80, tolerance: 1e-4 }).at, kernel, unit);
  const starts = SCALE_STARTS.flatMap((scale) => HEIGHT_STARTS.flatMap((height) => OWN_STARTS.map((own) => [...isotropic(points.dims, scale), Math.log(height), Math.log(own)])));
  const best = lowest(starts.map((at) => ({ at, value: loss(at) })));
  return parametersOf(nelderMead(loss, best.at, { step: 0.4, evaluations: 250, tolerance: 1e-6 }).at, kernel, unit);
}

/** Most probable parameters by the bound: a search over length scales, and within it one over height and own effect, which needs no features anew. */
function fitSparse(observations: Observations, inducing: Points, kernel: KernelName, start?: ProcessParameters): ProcessParameters {
  const { dims } = observations.points;
  const unit = unitOf(observations);
  let inner = [0, Math.log(0.1)];
  const tried = (scaleLogs: readonly number[]): { readonly at: readonly number[]; readonly value: number } => {
    const { scales } = parametersOf([...scaleLogs, ...inner], kernel, unit);
    const features = new SparseFeatures(observations, inducing, { kernel, scales });
    const groups = features.sums();
    const loss = (rest: readonly number[]): number => -(solveSparse(groups, features.size, parametersOf([...scaleLogs, ...rest], kernel, unit))?.logEvidence ?? -Infinity);
    const found = nelderMead(loss, inner, { step: 0.3, evaluations: 60, tolerance: 1e-4 });
    return { at: [...scaleLogs, ...found.at], value: found.value };
  };
  const known = start?.scales.map((scale) => Math.log(scale));
  const starts = SCALE_STARTS.map((scale) => (known === undefined ? isotropic(dims, scale) : [...known, ...isotropic(dims - known.length, 2 * scale)]));
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

/** `count` of the points, each the farthest from those before it, the first the one nearest to their mean (Gonzalez 1985); fewer where places repeat. */
export function farthestPoints(points: Points, count: number): Points {
  const { dims, values } = points;
  const n = countOf(points);
  const centre = Array.from({ length: dims }, (_, d) => mean(Array.from({ length: n }, (_each, i) => values[i * dims + d])));
  const squareTo = (i: number, place: (d: number) => number): number => centre.reduce((sum, _, d) => sum + (values[i * dims + d] - place(d)) ** 2, 0);
  const fromCentre = Array.from({ length: n }, (_, i) => squareTo(i, (d) => centre[d]));
  const chosen = [fromCentre.indexOf(Math.min(...fromCentre))];
  const gaps = new Float64Array(n).fill(Infinity);
  while (chosen.length < Math.min(count, n)) {
    const last = chosen[chosen.length - 1];
    let next = 0;
    for (let i = 0; i < n; i++) {
      gaps[i] = Math.min(gaps[i], squareTo(i, (d) => values[last * dims + d]));
      if (gaps[i] > gaps[next]) next = i;
    }
    if (gaps[next] === 0) break;
    chosen.push(next);
  }
  return pick(points, chosen);
}

/** Groups the indices of graphs by their folds. */
function membersOf(fold: readonly number[]): number[][] {
  const members: number[][] = [];
  fold.forEach((k, i) => {
    if (k >= 0) (members[k] ??= []).push(i);
  });
  return members.filter((each) => each !== undefined);
}

function leaveOut(observations: Observations, fold: readonly number[], fitWithout: (members: readonly number[]) => { readonly process: Process; readonly own: number }): LeftOut {
  const count = observations.y.length;
  const out = { mean: new Float64Array(count).fill(NaN), variance: new Float64Array(count).fill(NaN), own: new Float64Array(count).fill(NaN) };
  for (const members of membersOf(fold)) {
    const { process, own } = fitWithout(members);
    const found = process.posterior(pick(observations.points, members));
    members.forEach((graph, i) => {
      out.mean[graph] = found.mean[i];
      out.variance[graph] = found.variance[i];
      out.own[graph] = own;
    });
  }
  return out;
}

function subset({ points, y, noise, centre }: Observations, which: readonly number[]): Observations {
  return { points: pick(points, which), y: Float64Array.from(which, (i) => y[i]), noise: Float64Array.from(which, (i) => noise[i]), centre };
}

/** Fits the process of gaussian-process.ts to observations at two places at least, not all of one error. */
export function fitProcess(observations: Observations, { kernel, exactLimit = EXACT_LIMIT, inducing = INDUCING, refitLimit = REFIT_LIMIT, start }: ProcessOptions): FittedProcess {
  const count = observations.y.length;
  invariant(unitOf(observations) > 0, 'errors without any spread have no surface');
  if (count <= exactLimit) {
    // Each evidence costs n³, some hundreds of them are asked for: with many graphs the bound stands for it.
    const parameters = count <= refitLimit ? fitExact(observations, kernel) : fitSparse(observations, farthestPoints(observations.points, inducing), kernel, start);
    const fitWithout = (members: readonly number[]): { process: Process; own: number } => {
      const out = new Set(members);
      const rest = subset(observations, Array.from({ length: count }, (_, i) => i).filter((i) => !out.has(i)));
      const again = count <= refitLimit ? fitExact(rest, kernel, parameters) : parameters;
      return { process: exactProcess(rest, again), own: again.own };
    };
    return { parameters, process: exactProcess(observations, parameters), inducing: 0, leftOut: (fold) => leaveOut(observations, fold, fitWithout) };
  }
  const chosen = farthestPoints(observations.points, inducing);
  const parameters = fitSparse(observations, chosen, kernel, start);
  const features = new SparseFeatures(observations, chosen, parameters);
  const whole = features.sums();
  const leftOut = (fold: readonly number[]): LeftOut => leaveOut(observations, fold, (members) => {
    const out = new Set(members);
    return { process: sparseProcess(features, without(whole, features.sums((graph) => out.has(graph))), parameters), own: parameters.own };
  });
  return { parameters, process: sparseProcess(features, whole, parameters), inducing: countOf(chosen), leftOut };
}
