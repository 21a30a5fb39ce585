import { must } from '../../core/errors.js';
import { mapTuple } from '../../core/tuples.js';
import { mean, sumOfSquares } from '../../stats/descriptive.js';
import { foldsOf } from '../../stats/folds.js';
import type {
  KernelName,
  Observations,
  Points,
  ProcessParameters,
} from '../../stats/gaussian-process.js';
import { nelderMead } from '../../stats/nelder-mead.js';
import { NORMAL_95 } from '../../stats/normal.js';
import { fitProcess, type FittedProcess, type ProcessOptions } from '../../stats/process-fit.js';
import type { Place } from './biological-types.js';
import { graphMeans, type GraphMeans } from './graph-means.js';
import type { SeedDesign } from './input.js';
import { quadraticFit, type QuadraticFit } from './quadratic.js';
import { type Ground, groundOf, LATTICE, type MinimumRegion, regionOf } from './surface-region.js';
import type { ErrorTable } from './types.js';

/**
 * Matérn's with ν = 5/2: over C and L the published results are the more probable under it (by 3
 * nats for the MLP's 3942 graphs).
 */
const SURFACE_KERNEL: KernelName = 'matern-5/2';
/** Fewer graphs say too little of a surface: as few as the quadratic models take. */
const SURFACE_MINIMUM = 20;
/** Surfaces drawn for the region of the minimum. */
const SURFACE_DRAWS = 1000;

/** How a surface of errors over the plane is fitted. */
export interface SurfaceOptions extends Partial<Omit<ProcessOptions, 'start'>> {
  /** Default `independent`. */
  readonly seedDesign?: SeedDesign;
  /** Default `SURFACE_DRAWS`. */
  readonly draws?: number;
}

/** How well a surface says the errors. */
export interface SurfaceQuality {
  /** 1 - residual / total sum of squares, of the graphs it was fitted to. */
  readonly r2: number;
  /** The same of graphs left out of the fit, ten folds. */
  readonly crossValidatedR2: number;
}

/** A Gaussian process over some measures of graphs. */
export interface ProcessFit extends SurfaceQuality {
  /** Length scales in the measures' own units: C, L and, where it is one of them, ln density. */
  readonly scales: readonly number[];
  /** Standard deviation of the surface, points of error. */
  readonly height: number;
  /** Standard deviation of graphs' own effects, which no surface of these measures explains. */
  readonly ownStd: number;
  readonly logEvidence: number;
  /** Share of left-out means inside their 95 % predictive interval. */
  readonly coverage: number;
  /** Inducing points; 0 where the process is exact. */
  readonly inducing: number;
}

/** What a surface says of one place. */
export interface SurfacePrediction {
  /** Error of the surface, %. */
  readonly mean: number;
  /** Of the surface: how far it may be off, without the graph's own effect and seed noise. */
  readonly sd: number;
  /** Whether the place is among the graphs: between them or beside one (`Ground`). */
  readonly inside: boolean;
}

/** The lowest place of a surface among the graphs. */
export interface SurfaceMinimum extends Place {
  readonly value: number;
  /** Of the surface there; of the quadratic its standard error. */
  readonly sd: number;
  readonly region: MinimumRegion;
}

/** The error of a table's graphs as surfaces over C and L. */
export interface SurfaceFit {
  readonly graphs: number;
  readonly kernel: KernelName;
  readonly process: ProcessFit;
  /** The same over C, L and ln density; null where the density does not vary. */
  readonly withDensity: ProcessFit | null;
  readonly quadratic: SurfaceQuality & { readonly minimum: SurfaceMinimum };
  /**
   * R² of a surface that knew every graph's true error, given the seeds; null where no graph has
   * two.
   */
  readonly ceiling: number | null;
  readonly minimum: SurfaceMinimum;
  readonly predict: (clustering: number, pathLength: number) => SurfacePrediction;
  /** What figures and comparisons need besides. */
  readonly data: GraphMeans;
  readonly ground: Ground;
  /**
   * Errors of graphs as the surface over C and L of the other folds predicts them, in the order of
   * `data.rows`.
   */
  readonly leftOut: (fold: readonly number[]) => readonly number[];
}

/** A measure of graphs about its mean, in standard deviations. */
interface Axis {
  readonly centre: number;
  readonly size: number;
}

function axisOf(values: readonly number[]): Axis {
  const size = Math.sqrt(sumOfSquares(values) / values.length);
  return { centre: mean(values), size: size || 1 };
}

function pointsOf(columns: readonly (readonly number[])[], axes: readonly Axis[]): Points {
  return {
    dims: axes.length,
    values: Float64Array.from(
      must(columns[0]).flatMap((_, i) =>
        axes.map(({ centre, size }, d) => (must(must(columns[d])[i]) - centre) / size),
      ),
    ),
  };
}

function observationsOf({ means, noise }: GraphMeans, points: Points): Observations {
  return {
    points,
    y: Float64Array.from(means),
    noise: Float64Array.from(noise),
    centre: mean(means),
  };
}

function qualityOf(
  fitted: FittedProcess,
  observations: Observations,
  axes: readonly Axis[],
): ProcessFit {
  const { y, noise, points } = observations;
  const total = sumOfSquares([...y]);
  const r2 = (predicted: Float64Array): number =>
    1 - y.reduce((sum, value, i) => sum + (value - must(predicted[i])) ** 2, 0) / total;
  const out = fitted.leftOut(foldsOf(y.length));
  const covered = y.filter(
    (value, i) =>
      Math.abs(value - must(out.mean[i])) <=
      NORMAL_95 * Math.sqrt(must(out.variance[i]) + must(out.own[i]) + must(noise[i])),
  ).length;
  const { scales, height, own } = fitted.parameters;
  return {
    r2: r2(fitted.process.posterior(points).mean),
    crossValidatedR2: r2(out.mean),
    scales: scales.map((scale, d) => scale * must(axes[d]).size),
    height,
    ownStd: Math.sqrt(own),
    logEvidence: fitted.process.logEvidence,
    coverage: covered / y.length,
    inducing: fitted.inducing,
  };
}

/**
 * Whether a place lies outside the range of the graphs' C or L: beside the outermost graphs there
 * may be none (C above 1).
 */
function beyondAll({ origin, step }: Ground, { clustering, pathLength }: Place): boolean {
  const across = (value: number, low: number, by: number): boolean =>
    value < low || value > low + (LATTICE - 1) * by;
  return (
    across(clustering, origin.clustering, step.clustering) ||
    across(pathLength, origin.pathLength, step.pathLength)
  );
}

/**
 * The lowest of the lattice, then of the places near it: a simplex that may not leave the graphs,
 * nor the range of their C and L.
 */
function refine(
  ground: Ground,
  values: Float64Array,
  at: (place: Place) => number,
): Place & { readonly value: number } {
  const lowest = values.indexOf(values.reduce((low, value) => Math.min(low, value)));
  const start = must(ground.lattice[lowest]);
  const unit = ground.step;
  const placeOf = ([c = 0, l = 0]: readonly number[]): Place => ({
    clustering: start.clustering + c * unit.clustering,
    pathLength: start.pathLength + l * unit.pathLength,
  });
  const found = nelderMead(
    (moved) =>
      ground.inside(placeOf(moved)) && !beyondAll(ground, placeOf(moved))
        ? at(placeOf(moved))
        : Infinity,
    [0, 0],
    { step: 0.5, evaluations: 120, tolerance: 1e-9 },
  );
  return { ...placeOf(found.at), value: found.value };
}

function quadraticMinimum(
  quadratic: QuadraticFit,
  ground: Ground,
  name: string,
  draws: number,
): SurfaceMinimum {
  const surface = quadratic.over(ground.lattice);
  const { clustering, pathLength, value } = refine(ground, surface.mean, quadratic.at);
  const region = regionOf(ground, surface, { name: `${name} quadratic`, draws });
  return {
    clustering,
    pathLength,
    value,
    sd: quadratic.standardError({ clustering, pathLength }),
    region,
  };
}

/** The process over C and L with what is asked of it at any place. */
function planeOf(
  fitted: FittedProcess,
  ground: Ground,
  scaled: (place: Place) => readonly [number, number],
): Pick<SurfaceFit, 'predict'> & {
  readonly minimum: (name: string, draws: number) => SurfaceMinimum;
} {
  const posterior = (places: readonly Place[]): ReturnType<FittedProcess['process']['posterior']> =>
    fitted.process.posterior({ dims: 2, values: Float64Array.from(places.flatMap(scaled)) });
  const predict = (clustering: number, pathLength: number): SurfacePrediction => {
    const place = { clustering, pathLength };
    const found = posterior([place]);
    return {
      mean: must(found.mean[0]),
      sd: Math.sqrt(Math.max(0, must(found.variance[0]))),
      inside: ground.inside(place),
    };
  };
  const minimum = (name: string, draws: number): SurfaceMinimum => {
    const over = posterior(ground.lattice);
    const lowest = refine(ground, over.mean, (place) => must(posterior([place]).mean[0]));
    return {
      ...lowest,
      sd: predict(lowest.clustering, lowest.pathLength).sd,
      region: regionOf(ground, over, { name, draws }),
    };
  };
  return { predict, minimum };
}

/**
 * Fits both surfaces to the mean errors of a table's graphs, the baseline left out. Null with fewer
 * than 20 graphs, or where errors do not vary or the graphs do not spread over C and L (they lie on
 * a line or another conic). The same table and options give the same numbers to the last bit.
 */
export function surfaceFit(table: ErrorTable, options: SurfaceOptions = {}): SurfaceFit | null {
  const { seedDesign = 'independent' } = options;
  const data = graphMeans(table, seedDesign);
  const { rows, means } = data;
  const columns = [
    rows.map((row) => row.clustering),
    rows.map((row) => row.pathLength),
    rows.map((row) => Math.log(row.density)),
  ] as const;
  if (
    rows.length < SURFACE_MINIMUM ||
    [means, columns[0], columns[1]].some((values) => sumOfSquares(values) === 0)
  )
    return null;
  const quadratic = quadraticFit(rows, means);
  const axes = mapTuple(columns, axisOf);
  const [c, l] = axes;
  const scaled = (place: Place): [number, number] => [
    (place.clustering - c.centre) / c.size,
    (place.pathLength - l.centre) / l.size,
  ];
  const ground = groundOf(rows, scaled);
  if (quadratic === null || ground.lattice.length === 0) return null;
  const processOptions = { ...options, kernel: options.kernel ?? SURFACE_KERNEL };
  const fitOver = (
    dims: number,
    start?: ProcessParameters,
  ): { fitted: FittedProcess; quality: ProcessFit } => {
    const observations = observationsOf(
      data,
      pointsOf(columns.slice(0, dims), axes.slice(0, dims)),
    );
    const fitted = fitProcess(observations, {
      ...processOptions,
      ...(start !== undefined && { start }),
    });
    return { fitted, quality: qualityOf(fitted, observations, axes) };
  };
  const { fitted, quality } = fitOver(2);
  const { predict, minimum } = planeOf(fitted, ground, scaled);
  const draws = options.draws ?? SURFACE_DRAWS;
  return {
    graphs: rows.length,
    kernel: processOptions.kernel,
    process: quality,
    withDensity: sumOfSquares(columns[2]) === 0 ? null : fitOver(3, fitted.parameters).quality,
    quadratic: {
      r2: quadratic.r2,
      crossValidatedR2: quadratic.crossValidatedR2,
      minimum: quadraticMinimum(quadratic, ground, table.name, draws),
    },
    ceiling: data.ceiling,
    minimum: minimum(table.name, draws),
    predict,
    data,
    ground,
    leftOut: (fold) => [...fitted.leftOut(fold).mean],
  };
}
