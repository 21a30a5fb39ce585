import { invariant } from '../../core/errors.js';

/** Pairs of different nodes among `n`. */
export function pairsOf(n: number): number {
  return (n * (n - 1)) / 2;
}

/** The candidate that lies nearest by `distance`; the first of several. */
export function nearest(
  candidates: readonly number[],
  distance: (candidate: number) => number,
): number {
  invariant(candidates.length > 0, 'the nearest of no candidates');
  return candidates.reduce((best, candidate) =>
    distance(candidate) < distance(best) ? candidate : best,
  );
}

/** The whole number from `low` to `high` that is nearest to x; `low` where there is none. */
export function clampRound(x: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, Math.round(x)));
}

/** The values without repeats, ascending. */
export function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/**
 * `shares` of the way from the density from which most random graphs of `n` nodes are connected
 * (1.6 ln n / n: at ln n / n half of the large ones are; Erdős and Rényi 1959) to 1, as values
 * rounded to four decimals. For samples.
 */
export function densitiesAbove(n: number, shares: readonly number[]): number[] {
  const threshold = Math.min(1, (1.6 * Math.log(n)) / n);
  return distinct(
    shares.map((share) => Math.round((threshold + share * (1 - threshold)) * 1e4) / 1e4),
  );
}
