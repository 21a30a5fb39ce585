import { must, UserError } from '../core/errors.js';
import type { BlockFit } from './blocks.js';
import { mean, sumOfSquares } from './descriptive.js';
import { studentQuantile, studentSurvival } from './distributions.js';
import { dotAt, solveLower } from './linear-algebra.js';

/** A difference with what is known of it. */
export interface BlockedDifference {
  readonly difference: number;
  /**
   * Null, as `interval` and `p`, where the fit has no residual degrees of freedom, or no residual at
   * all: nothing then tells how large the noise is.
   */
  readonly standardError: number | null;
  /** Student's. */
  readonly interval: readonly [number, number] | null;
  /**
   * One-sided: P of a difference at least this high where there is none. For this comparison alone,
   * whatever `comparisons`.
   */
  readonly p: number | null;
  readonly dof: number;
}

function checkLevel(level: number): void {
  if (level > 0 && level < 1) return;
  throw new UserError(`a level must be between 0 and 1, got ${level}; 95 % is 0.95`);
}

type Weight = readonly [row: number, weight: number];

/**
 * Variance of a contrast of adjusted means over the residual variance:
 *   sum of w_i² / r_i + gᵀ C⁻ g,  g_j = sum over i of w_i n_ij / r_i
 * The first is that of row means, the second what the estimated block effects add; 0 where all
 * blocks are complete.
 */
function varianceFactor(fit: BlockFit, weights: readonly Weight[]): number {
  const order = fit.blocks - 1;
  const shares = new Float64Array(fit.blocks);
  let direct = 0;
  for (const [row, weight] of weights) {
    const blocks = must(fit.pattern[row]);
    direct += weight ** 2 / blocks.length;
    for (const block of blocks) shares[block] = must(shares[block]) + weight / blocks.length;
  }
  solveLower(Float64Array.from(fit.factor), order, shares);
  return direct + dotAt(shares, 0, shares, 0, order);
}

/**
 * P of a t = difference / standard error at least so high; half where nothing differs and nothing
 * varies.
 */
function oneSided(difference: number, standardError: number, dof: number): number {
  return difference === 0 ? 0.5 : studentSurvival(difference / standardError, dof);
}

function compare(
  fit: BlockFit,
  weights: readonly Weight[],
  level: number,
  comparisons: number,
): BlockedDifference | null {
  checkLevel(level);
  if (!(comparisons >= 1)) {
    throw new UserError(
      `comparisons must be at least 1, got ${comparisons}; give how many there are`,
    );
  }
  const means = weights.map(([row]) => fit.means[row]);
  if (means.includes(null)) return null;
  const difference = weights.reduce((sum, [, weight], at) => sum + weight * means[at]!, 0);
  const { variance, dof } = fit.residual;
  if (variance === null || variance === 0)
    return { difference, standardError: null, interval: null, p: null, dof };
  const standardError = Math.sqrt(variance * varianceFactor(fit, weights));
  const half = studentQuantile((1 - level) / (2 * comparisons), dof) * standardError;
  const p = oneSided(difference, standardError, dof);
  return { difference, standardError, interval: [difference - half, difference + half], p, dof };
}

/**
 * Adjusted mean of row `i` less that of row `j`, with an interval from the residual variance of all
 * rows. That variance is taken to be one: where rows vary differently, the intervals are right on
 * average over pairs of rows, too short for two that vary most (86 % instead of 95 % where their
 * deviation is twice that of the steadiest) and too long for two that vary least;
 * `pairedDifference` needs no such thing. With `comparisons` m all of m such intervals hold at once
 * with at least `level` (Bonferroni: each at 1 - (1 - level) / m). Null where a row is outside the
 * fitted part.
 */
export function blockedDifference(
  fit: BlockFit,
  i: number,
  j: number,
  level: number,
  comparisons = 1,
): BlockedDifference | null {
  return compare(
    fit,
    i === j
      ? []
      : [
          [i, 1],
          [j, -1],
        ],
    level,
    comparisons,
  );
}

/**
 * As `blockedDifference` for a contrast: a weight for each row, 0 in all. Cells against cells: 1 /
 * rows in one, -1 / rows in the other.
 */
export function blockedContrast(
  fit: BlockFit,
  weights: readonly number[],
  level: number,
  comparisons = 1,
): BlockedDifference | null {
  const count = fit.means.length;
  if (weights.length !== count) {
    const rule = `a contrast needs a weight for each of ${count} rows`;
    throw new UserError(`${rule}, got ${weights.length}; give 0 to the rest`);
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const size = weights.reduce((total, weight) => total + Math.abs(weight), 0);
  if (!(Math.abs(sum) <= 1e-9 * size)) {
    throw new UserError(
      `the weights of a contrast must add up to 0, got ${sum}; subtract their mean`,
    );
  }
  const used = weights.flatMap((weight, row): Weight[] => (weight === 0 ? [] : [[row, weight]]));
  return compare(fit, used, level, comparisons);
}

/** Mean difference of pairs. */
export interface PairedDifference {
  readonly difference: number;
  readonly standardError: number;
  readonly interval: readonly [number, number];
  /** One-sided: P of a difference at least this high where there is none. */
  readonly p: number;
  /** Pairs. */
  readonly n: number;
}

/**
 * Student's paired comparison (1908) of `a` less `b` over the blocks that both have. Null below two
 * pairs, and where all differences are equal up to rounding: nothing then tells how they would
 * vary.
 */
export function pairedDifference(
  a: readonly (number | null)[],
  b: readonly (number | null)[],
  level: number,
): PairedDifference | null {
  checkLevel(level);
  const pairs = a.flatMap((value, block): [number, number][] => {
    const other = b[block] ?? null;
    return value === null || other === null ? [] : [[value, other]];
  });
  const n = pairs.length;
  if (n < 2) return null;
  const differences = pairs.map(([value, other]) => value - other);
  const squares = sumOfSquares(differences);
  const rounding = 4 * Number.EPSILON * Math.max(...pairs.flat().map(Math.abs));
  if (squares <= n * rounding ** 2) return null;
  const difference = mean(differences);
  const standardError = Math.sqrt(squares / (n - 1) / n);
  const half = studentQuantile((1 - level) / 2, n - 1) * standardError;
  const p = oneSided(difference, standardError, n - 1);
  return { difference, standardError, interval: [difference - half, difference + half], p, n };
}
