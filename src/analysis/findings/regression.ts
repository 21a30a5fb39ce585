import { must } from '../../core/errors.js';
import { mapTuple } from '../../core/tuples.js';
import { mean, sumOfSquares } from '../../stats/descriptive.js';
import { fisherSurvival } from '../../stats/distributions.js';
import { foldsOf } from '../../stats/folds.js';
import { leastSquares } from '../../stats/least-squares.js';
import { dot } from '../../stats/linear-algebra.js';
import { meanError, measuredRows } from './rows.js';
import type { ErrorTable } from './types.js';

interface Measured {
  readonly density: number;
  readonly clustering: number;
  readonly pathLength: number;
}

/** Terms of a model of the error: numbers of a graph, the constant not among them. */
type Terms = (graph: Measured) => readonly number[];

const DENSITY: Terms = ({ density }) => [Math.log(density), Math.log(density) ** 2];
const PLANE: Terms = ({ clustering: c, pathLength: l }) => [c, l, c * c, l * l, c * l];
const BOTH: Terms = (graph) => [...DENSITY(graph), ...PLANE(graph)];

/** How well a model says the error of graphs. */
export interface ModelFit {
  /** 1 - residual / total sum of squares. */
  readonly r2: number;
  /** The same of graphs that were left out of the fit, ten folds. */
  readonly crossValidatedR2: number;
}

/** What one group of terms adds to another. */
export interface PartialEffect {
  /** Share of the other model's residual sum of squares that it takes away. */
  readonly partialR2: number;
  /** F test of nested models. */
  readonly f: number;
  readonly p: number;
  readonly dof: readonly [number, number];
}

/**
 * Density as an explanation of the error, beside C and L. Quadratic models of mean errors over
 * graphs, baseline left out.
 */
export interface Confound {
  readonly graphs: number;
  /** ln d and its square. */
  readonly density: ModelFit;
  /** C, L, C^2, L^2, C L. */
  readonly plane: ModelFit;
  readonly both: ModelFit;
  readonly planeGivenDensity: PartialEffect;
  readonly densityGivenPlane: PartialEffect;
}

interface Data {
  readonly y: readonly number[];
  readonly graphs: readonly Measured[];
}

/**
 * Columns scaled to [-1, 1] about their middle, so that none is far larger than another; the fit is
 * the same.
 */
function design({ graphs }: Data, terms: Terms): Float64Array[] {
  const raw = graphs.map(terms);
  const columns = must(raw[0]).map((_, j) => raw.map((row) => must(row[j])));
  const scaled = columns.map((column) => {
    const centre = mean(column);
    const size = Math.max(...column.map((value) => Math.abs(value - centre))) || 1;
    return Float64Array.from(column, (value) => (value - centre) / size);
  });
  return [new Float64Array(graphs.length).fill(1), ...scaled];
}

/**
 * A column that keeps no more than this of its size beside the others is rounding (equal densities,
 * for one).
 */
const RANK = 1e-9;

/**
 * Squared errors of the graphs of `asked` by the model fitted to those of `kept`; null where these
 * do not settle it.
 */
function squaresOf(
  x: readonly Float64Array[],
  y: readonly number[],
  kept: readonly number[],
  asked: readonly number[],
): number | null {
  const rows = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(kept, (i) => must(values[i]));
  const solved = leastSquares(x.map(rows), rows(y), RANK);
  if (solved === null) return null;
  const predicted = (i: number): number =>
    dot(
      Float64Array.from(x, (column) => must(column[i])),
      solved.coefficients,
    );
  return asked.reduce((sum, i) => sum + (must(y[i]) - predicted(i)) ** 2, 0);
}

type Fitted = ModelFit & { readonly residual: number; readonly parameters: number };

function fitModel(data: Data, terms: Terms): Fitted | null {
  const { y } = data;
  const x = design(data, terms);
  const all = y.map((_, i) => i);
  const residual = squaresOf(x, y, all, all);
  if (residual === null) return null;
  const folds = Math.min(10, y.length);
  const fold = foldsOf(y.length, folds);
  let outside = 0;
  for (let k = 0; k < folds; k++) {
    const squares = squaresOf(
      x,
      y,
      all.filter((i) => fold[i] !== k),
      all.filter((i) => fold[i] === k),
    );
    if (squares === null) return null;
    outside += squares;
  }
  const total = sumOfSquares(y);
  return {
    r2: 1 - residual / total,
    crossValidatedR2: 1 - outside / total,
    residual,
    parameters: x.length,
  };
}

function partial(small: Fitted, large: Fitted, count: number): PartialEffect {
  const dof = [large.parameters - small.parameters, count - large.parameters] as const;
  const f = (small.residual - large.residual) / dof[0] / (large.residual / dof[1]);
  const partialR2 = (small.residual - large.residual) / small.residual;
  return { partialR2, f, p: fisherSurvival(f, ...dof), dof };
}

/**
 * Whether C and L say more of the error than density does; null with fewer than 20 graphs, too few
 * for eight terms, and where the graphs do not tell the terms apart, with or without a tenth of
 * them (all of one density, for one).
 */
export function confound(table: ErrorTable): Confound | null {
  const graphs = measuredRows(table);
  if (graphs.length < 20) return null;
  const data = { graphs, y: graphs.map((row) => meanError(row)!) };
  if (sumOfSquares(data.y) === 0) return null;
  const [density, plane, both] = mapTuple([DENSITY, PLANE, BOTH], (terms) => fitModel(data, terms));
  if (density === null || plane === null || both === null) return null;
  return {
    graphs: graphs.length,
    density,
    plane,
    both,
    planeGivenDensity: partial(density, both, graphs.length),
    densityGivenPlane: partial(plane, both, graphs.length),
  };
}
