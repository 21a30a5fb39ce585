import { Matrix, QrDecomposition } from 'ml-matrix';
import { fisherSurvival, foldsOf, mean, sumOfSquares } from '../../stats/index.js';
import { meanError, measuredRows } from './rows.js';
import type { ErrorTable } from './types.js';

/** Terms of a model of the error: numbers of a graph, the constant not among them. */
type Terms = (graph: { readonly density: number; readonly clustering: number; readonly pathLength: number }) => readonly number[];

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

/** Density as an explanation of the error, beside C and L. Quadratic models of mean errors over graphs, baseline left out. */
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
  readonly graphs: readonly { readonly density: number; readonly clustering: number; readonly pathLength: number }[];
}

/** Columns scaled to [-1, 1] about their middle, so that the decomposition is well conditioned; the fit is the same. */
function design({ graphs }: Data, terms: Terms): number[][] {
  const raw = graphs.map(terms);
  const columns = raw[0].map((_, j) => raw.map((row) => row[j]));
  const scaled = columns.map((column) => {
    const centre = mean(column);
    const size = Math.max(...column.map((value) => Math.abs(value - centre))) || 1;
    return column.map((value) => (value - centre) / size);
  });
  return raw.map((_, i) => [1, ...scaled.map((column) => column[i])]);
}

/** Below this share of the largest one, a pivot is rounding: columns of size 1 depend on each other. */
const RANK = 1e-9;

/** Least squares; null where the columns do not say which of them does it (equal densities, for one). */
function solve(x: readonly (readonly number[])[], y: readonly number[]): number[] | null {
  if (x.length < x[0].length) return null;
  const decomposition = new QrDecomposition(new Matrix(x.map((row) => [...row])));
  const pivots = decomposition.upperTriangularMatrix.diagonal().map(Math.abs);
  if (Math.min(...pivots) <= RANK * Math.max(...pivots)) return null;
  return decomposition.solve(Matrix.columnVector([...y])).getColumn(0);
}

const predict = (row: readonly number[], coefficients: readonly number[]): number => row.reduce((sum, value, j) => sum + value * coefficients[j], 0);

function residualSquares(x: readonly (readonly number[])[], y: readonly number[]): number | null {
  const coefficients = solve(x, y);
  return coefficients === null ? null : y.reduce((sum, value, i) => sum + (value - predict(x[i], coefficients)) ** 2, 0);
}

type Fitted = ModelFit & { readonly residual: number; readonly parameters: number };

function fitModel(data: Data, terms: Terms): Fitted | null {
  const x = design(data, terms);
  const residual = residualSquares(x, data.y);
  if (residual === null) return null;
  const total = sumOfSquares(data.y);
  const fold = foldsOf(x.length, Math.min(10, x.length));
  let outside = 0;
  for (let k = 0; k < Math.min(10, x.length); k++) {
    const kept = x.flatMap((_, i) => (fold[i] === k ? [] : [i]));
    const coefficients = solve(kept.map((i) => x[i]), kept.map((i) => data.y[i]));
    if (coefficients === null) return null;
    x.forEach((row, i) => {
      if (fold[i] === k) outside += (data.y[i] - predict(row, coefficients)) ** 2;
    });
  }
  return { r2: 1 - residual / total, crossValidatedR2: 1 - outside / total, residual, parameters: x[0].length };
}

function partial(small: Fitted, large: Fitted, count: number): PartialEffect {
  const dof = [large.parameters - small.parameters, count - large.parameters] as const;
  const f = (small.residual - large.residual) / dof[0] / (large.residual / dof[1]);
  return { partialR2: (small.residual - large.residual) / small.residual, f, p: fisherSurvival(f, ...dof), dof };
}

/**
 * Whether C and L say more of the error than density does; null with fewer than 20 graphs, too few for eight terms, and where
 * the graphs do not tell the terms apart, with or without a tenth of them (all of one density, for one).
 */
export function confound(table: ErrorTable): Confound | null {
  const graphs = measuredRows(table);
  if (graphs.length < 20) return null;
  const data = { graphs, y: graphs.map((row) => meanError(row)!) };
  if (sumOfSquares(data.y) === 0) return null;
  const [density, plane, both] = [DENSITY, PLANE, BOTH].map((terms) => fitModel(data, terms));
  if (density === null || plane === null || both === null) return null;
  return { graphs: graphs.length, density, plane, both, planeGivenDensity: partial(density, both, graphs.length), densityGivenPlane: partial(plane, both, graphs.length) };
}
