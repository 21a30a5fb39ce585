import { mean, sumOfSquares } from '../stats/descriptive.js';

/** The error of a training at a rung, and at its end. */
export interface Pair {
  readonly early: number;
  readonly final: number;
}

/** Pairs from which a slope is taken. */
const ENOUGH = 3;

/**
 * What a training that was stopped would have ended with: least squares of the final on the early
 * error over those that went on, the slope kept within 0 to 1. That only the lowest went on does
 * not bias the line: they were chosen by its x. With one or two pairs the slope is 1 (the early
 * error minus their mean gain), with none the early error is all that is known.
 */
export function forecast(early: number, pairs: readonly Pair[]): number {
  if (pairs.length === 0) return early;
  const x = pairs.map((pair) => pair.early);
  const [centre, level] = [mean(x), mean(pairs.map(({ final }) => final))];
  const spread = sumOfSquares(x);
  const together = pairs.reduce(
    (sum, pair) => sum + (pair.early - centre) * (pair.final - level),
    0,
  );
  const slope =
    pairs.length < ENOUGH || spread === 0 ? 1 : Math.min(1, Math.max(0, together / spread));
  return level + slope * (early - centre);
}
