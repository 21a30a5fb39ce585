import { NORMAL_95, studentQuantile, sumOfSquares } from '../../stats/index.js';
import type { Place } from './biological-types.js';
import { quadraticFit } from './quadratic.js';
import { meanError, measuredRows } from './rows.js';
import { surfaceOf } from './surface.js';
import type { ErrorTable } from './types.js';

/** What the surface says of a place. */
export interface Prediction {
  /** Error, %. */
  readonly value: number;
  /** 95 % prediction interval of the mean error of one graph there. */
  readonly interval: readonly [number, number];
  /** The place is not among the graphs that the surface was fitted to (`Ground`). */
  readonly extrapolated: boolean;
}

/** The error as a function of C and L, fitted to graphs' mean errors. */
export interface PlaneSurface {
  readonly graphs: number;
  /** 1 - residual / total sum of squares, of the graphs it was fitted to, and of graphs left out of the fit, ten folds. */
  readonly r2: number;
  readonly crossValidatedR2: number;
  /** Standard deviation of graphs about the surface, points of error. */
  readonly std: number;
  at(place: Place): Prediction;
}

/** Parameters of the quadratic surface. */
const TERMS = 6;

/**
 * The quadratic surface 1, C, L, C², L², C L of a table, the baseline left out; null with fewer than 20 graphs, too few for six terms, where their errors are all
 * alike, or where they lie on one line or another conic.
 */
export function quadraticSurface(table: ErrorTable): PlaneSurface | null {
  const rows = measuredRows(table);
  const errors = rows.map((row) => meanError(row)!);
  const total = sumOfSquares(errors);
  const ground = surfaceOf(table)?.ground;
  const fit = ground === undefined ? null : quadraticFit(rows, errors);
  if (ground === undefined || fit === null) return null;
  const dof = rows.length - TERMS;
  const std = Math.sqrt(Math.max(0, (1 - fit.r2) * total) / dof);
  const t = studentQuantile(0.025, dof);
  return {
    graphs: rows.length,
    r2: fit.r2,
    crossValidatedR2: fit.crossValidatedR2,
    std,
    at: (place) => {
      const value = fit.at(place);
      const half = t * Math.hypot(std, fit.standardError(place));
      return { value, interval: [value - half, value + half], extrapolated: !ground.inside(place) };
    },
  };
}

/**
 * The Gaussian process of section 8 as a surface: its interval is of one graph's error without seed noise. Extrapolated is what is
 * not near the graphs. Null where the quadratic is.
 */
export function processSurface(table: ErrorTable): PlaneSurface | null {
  const fit = surfaceOf(table);
  if (fit === null) return null;
  const { r2, crossValidatedR2, ownStd } = fit.process;
  return {
    graphs: fit.graphs, r2, crossValidatedR2, std: ownStd,
    at: ({ clustering, pathLength }) => {
      const { mean, sd, inside } = fit.predict(clustering, pathLength);
      const half = NORMAL_95 * Math.hypot(sd, ownStd);
      return { value: mean, interval: [mean - half, mean + half], extrapolated: !inside };
    },
  };
}
