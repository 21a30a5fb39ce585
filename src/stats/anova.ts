import { mean, sumOfSquares } from './descriptive.js';
import { fisherSurvival } from './distributions.js';

/** One-way analysis of variance. */
export interface Anova {
  /** Infinite when no group varies but the groups differ. */
  readonly f: number;
  readonly p: number;
  readonly dofBetween: number;
  readonly dofWithin: number;
  readonly meanSquareBetween: number;
  readonly meanSquareWithin: number;
  /** Values per group, weighted for unequal groups: (N - sum n_i^2 / N) / (k - 1). */
  readonly effectiveSize: number;
}

/**
 * One-way analysis of variance over groups of values. Null with fewer than two groups or no group
 * of two values.
 */
export function oneWayAnova(all: readonly (readonly number[])[]): Anova | null {
  const groups = all.filter((group) => group.length > 0);
  const values = groups.flat();
  const dofBetween = groups.length - 1;
  const dofWithin = values.length - groups.length;
  if (dofBetween < 1 || dofWithin < 1) return null;
  const centre = mean(values);
  const between = groups.reduce(
    (sum, group) => sum + group.length * (mean(group) - centre) ** 2,
    0,
  );
  const meanSquareBetween = between / dofBetween;
  const meanSquareWithin = groups.reduce((sum, group) => sum + sumOfSquares(group), 0) / dofWithin;
  const f = meanSquareBetween === 0 ? 0 : meanSquareBetween / meanSquareWithin;
  const squares = groups.reduce((sum, group) => sum + group.length ** 2, 0);
  const effectiveSize = (values.length - squares / values.length) / dofBetween;
  const p = fisherSurvival(f, dofBetween, dofWithin);
  return { f, p, dofBetween, dofWithin, meanSquareBetween, meanSquareWithin, effectiveSize };
}
