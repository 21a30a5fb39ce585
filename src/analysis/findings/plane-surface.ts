import { sumOfSquares } from '../../stats/descriptive.js';
import { studentQuantile } from '../../stats/distributions.js';
import { NORMAL_95 } from '../../stats/normal.js';
import type { Place } from './biological-types.js';
import { quadraticFit } from './quadratic.js';
import type { SurfaceFit } from './surface.js';

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
  /**
   * 1 - residual / total sum of squares, of the graphs it was fitted to, and of graphs left out of
   * the fit, ten folds.
   */
  readonly r2: number;
  readonly crossValidatedR2: number;
  /** Standard deviation of graphs about the surface, points of error. */
  readonly std: number;
  at(place: Place): Prediction;
}

/** Parameters of the quadratic surface. */
const TERMS = 6;

/**
 * The quadratic surface 1, C, L, C², L², C L of the graphs that a process was fitted to, the
 * baseline left out.
 */
export function quadraticSurface({
  data: { rows, means },
  ground,
}: SurfaceFit): PlaneSurface | null {
  const fit = quadraticFit(rows, means);
  if (fit === null) return null;
  const dof = rows.length - TERMS;
  const std = Math.sqrt(Math.max(0, (1 - fit.r2) * sumOfSquares(means)) / dof);
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
 * The Gaussian process of section 8 as a surface: its interval is of one graph's error without seed
 * noise. Extrapolated is what is not near the graphs.
 */
export function processSurface(fit: SurfaceFit): PlaneSurface {
  const { r2, crossValidatedR2, ownStd } = fit.process;
  return {
    graphs: fit.graphs,
    r2,
    crossValidatedR2,
    std: ownStd,
    at: ({ clustering, pathLength }) => {
      const { mean, sd, inside } = fit.predict(clustering, pathLength);
      const half = NORMAL_95 * Math.hypot(sd, ownStd);
      return { value: mean, interval: [mean - half, mean + half], extrapolated: !inside };
    },
  };
}
