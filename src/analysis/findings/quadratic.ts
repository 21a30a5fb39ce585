import { cholesky, dotAt, foldsOf, mean, solveLower, solveUpper, sumOfSquares } from '../../stats/index.js';
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

interface Solution {
  readonly coefficients: Float64Array;
  /** Cholesky's factor of XᵀX. */
  readonly lower: Float64Array;
}

/** Terms are dependent where one keeps less than this share of its own size beside those before it, squared. */
const INDEPENDENT = 1e-10;

/**
 * Solves the normal equations over some rows; the terms are scaled about the graphs' middle, so that squares lose nothing that counts.
 * Null where the terms are not independent.
 */
function solve(terms: readonly Float64Array[], y: readonly number[], kept: readonly number[]): Solution | null {
  const lower = new Float64Array(TERMS * TERMS);
  const coefficients = new Float64Array(TERMS);
  for (const i of kept) {
    for (let a = 0; a < TERMS; a++) {
      coefficients[a] += terms[i][a] * y[i];
      for (let b = 0; b <= a; b++) lower[a * TERMS + b] += terms[i][a] * terms[i][b];
    }
  }
  const sizes = Array.from({ length: TERMS }, (_, a) => lower[a * TERMS + a]);
  if (!cholesky(lower, TERMS) || sizes.some((size, a) => lower[a * TERMS + a] ** 2 < INDEPENDENT * size)) return null;
  solveLower(lower, TERMS, coefficients);
  solveUpper(lower, TERMS, coefficients);
  return { coefficients, lower };
}

/** R² of left-out graphs; null where the others do not settle the surface. */
function crossValidated(terms: readonly Float64Array[], y: readonly number[]): number | null {
  const folds = Math.min(10, y.length);
  const fold = foldsOf(y.length, folds);
  let outside = 0;
  for (let k = 0; k < folds; k++) {
    const without = solve(terms, y, y.flatMap((_, i) => (fold[i] === k ? [] : [i])));
    if (without === null) return null;
    y.forEach((value, i) => {
      if (fold[i] === k) outside += (value - dotAt(terms[i], 0, without.coefficients, 0, TERMS)) ** 2;
    });
  }
  return 1 - outside / sumOfSquares(y);
}

/** Fits the surface to graphs' errors, with ten folds as `foldsOf` has them; null where the graphs lie on a line or another conic. */
export function quadraticFit(places: readonly Place[], y: readonly number[]): QuadraticFit | null {
  const spread = (values: readonly number[]): { centre: number; size: number } => ({ centre: mean(values), size: Math.sqrt(sumOfSquares(values) / values.length) });
  const [c, l] = [spread(places.map((place) => place.clustering)), spread(places.map((place) => place.pathLength))];
  const termsOf = (place: Place): Float64Array => {
    const [u, v] = [(place.clustering - c.centre) / c.size, (place.pathLength - l.centre) / l.size];
    return Float64Array.of(1, u, v, u * u, v * v, u * v);
  };
  const terms = places.map(termsOf);
  const solved = solve(terms, y, places.map((_, i) => i));
  const crossValidatedR2 = crossValidated(terms, y);
  if (solved === null || crossValidatedR2 === null) return null;
  const { coefficients, lower } = solved;
  const at = (place: Place): number => dotAt(termsOf(place), 0, coefficients, 0, TERMS);
  const residual = y.reduce((sum, value, i) => sum + (value - dotAt(terms[i], 0, coefficients, 0, TERMS)) ** 2, 0);
  const sigma = Math.sqrt(residual / (y.length - TERMS));
  // Covariance of the surface at x: sigma² xᵀ (L Lᵀ)⁻¹ x, so the whitened terms are sigma L⁻¹ x.
  const whitened = (place: Place): Float64Array => {
    const x = termsOf(place);
    solveLower(lower, TERMS, x);
    return x.map((value) => value * sigma);
  };
  const over = (asked: readonly Place[]): LatticeSurface => {
    const rows = asked.map(whitened);
    const covariances = (i: number): Float64Array => Float64Array.from(rows, (row) => dotAt(rows[i], 0, row, 0, TERMS));
    return { mean: Float64Array.from(asked, at), variance: Float64Array.from(rows, (row) => dotAt(row, 0, row, 0, TERMS)), covariances };
  };
  const total = sumOfSquares(y);
  return { r2: 1 - residual / total, crossValidatedR2, at, standardError: (place) => Math.hypot(...whitened(place)), over };
}
