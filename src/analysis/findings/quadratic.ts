import { must } from '../../core/errors.js';
import { mean, sumOfSquares } from '../../stats/descriptive.js';
import { foldsOf } from '../../stats/folds.js';
import { leastSquares, type LeastSquares } from '../../stats/least-squares.js';
import { dot, solveLower } from '../../stats/linear-algebra.js';
import type { Place } from './biological-types.js';
import type { LatticeSurface } from './surface-region.js';

/** Least-squares surface 1, C, L, C², L², C L of graphs' errors. */
export interface QuadraticFit {
  readonly r2: number;
  readonly crossValidatedR2: number;
  readonly at: (place: Place) => number;
  /** Standard error of the surface at a place. */
  readonly standardError: (place: Place) => number;
  /** The surface on a lattice with its covariances. */
  readonly over: (places: readonly Place[]) => LatticeSurface;
}

const TERMS = 6;

/**
 * Terms are dependent where one keeps no more than this share of its own size beside those before
 * it.
 */
const INDEPENDENT = 1e-5;

/** The model fitted to the graphs of `kept`; null where their terms are not independent. */
function solve(
  terms: readonly Float64Array[],
  y: readonly number[],
  kept: readonly number[],
): LeastSquares | null {
  const columns = Array.from({ length: TERMS }, (_, a) =>
    Float64Array.from(kept, (i) => must(must(terms[i])[a])),
  );
  return leastSquares(
    columns,
    Float64Array.from(kept, (i) => must(y[i])),
    INDEPENDENT,
  );
}

/** R² of left-out graphs; null where the others do not settle the surface. */
function crossValidated(terms: readonly Float64Array[], y: readonly number[]): number | null {
  const folds = Math.min(10, y.length);
  const fold = foldsOf(y.length, folds);
  let outside = 0;
  for (let k = 0; k < folds; k++) {
    const without = solve(
      terms,
      y,
      y.flatMap((_, i) => (fold[i] === k ? [] : [i])),
    );
    if (without === null) return null;
    y.forEach((value, i) => {
      if (fold[i] === k) outside += (value - dot(must(terms[i]), without.coefficients)) ** 2;
    });
  }
  return 1 - outside / sumOfSquares(y);
}

/**
 * Fits the surface to graphs' errors, with ten folds as `foldsOf` has them; null where the graphs
 * lie on a line or another conic.
 */
export function quadraticFit(places: readonly Place[], y: readonly number[]): QuadraticFit | null {
  const spread = (values: readonly number[]): { centre: number; size: number } => {
    return { centre: mean(values), size: Math.sqrt(sumOfSquares(values) / values.length) };
  };
  const c = spread(places.map((place) => place.clustering));
  const l = spread(places.map((place) => place.pathLength));
  const termsOf = (place: Place): Float64Array => {
    const [u, v] = [(place.clustering - c.centre) / c.size, (place.pathLength - l.centre) / l.size];
    return Float64Array.of(1, u, v, u * u, v * v, u * v);
  };
  const terms = places.map(termsOf);
  const solved = solve(
    terms,
    y,
    places.map((_, i) => i),
  );
  const crossValidatedR2 = crossValidated(terms, y);
  if (solved === null || crossValidatedR2 === null) return null;
  const { coefficients, lower } = solved;
  const at = (place: Place): number => dot(termsOf(place), coefficients);
  const residual = y.reduce(
    (sum, value, i) => sum + (value - dot(must(terms[i]), coefficients)) ** 2,
    0,
  );
  const sigma = Math.sqrt(residual / (y.length - TERMS));
  // Covariance of the surface at x: sigma² xᵀ (L Lᵀ)⁻¹ x, so the whitened terms are sigma L⁻¹ x.
  const whitened = (place: Place): Float64Array => {
    const x = termsOf(place);
    solveLower(lower, TERMS, x);
    return x.map((value) => value * sigma);
  };
  const over = (asked: readonly Place[]): LatticeSurface => {
    const rows = asked.map(whitened);
    const covariances = (i: number): Float64Array =>
      Float64Array.from(rows, (row) => dot(must(rows[i]), row));
    const variance = Float64Array.from(rows, (row) => dot(row, row));
    return { mean: Float64Array.from(asked, at), variance, covariances };
  };
  const total = sumOfSquares(y);
  const standardError = (place: Place): number => Math.hypot(...whitened(place));
  return { r2: 1 - residual / total, crossValidatedR2, at, standardError, over };
}
