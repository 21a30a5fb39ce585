import { bootstrapIntervals } from '../../../stats/bootstrap.js';
import { correlationOf } from '../paper.js';
import type { Interval } from './types.js';

/** Pairs of numbers. */
export interface Pairs {
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** Pearson's r with its bootstrap interval. */
export interface Correlation {
  readonly r: number;
  readonly interval: Interval | null;
}

/**
 * Resamples of curves of many correlations at most: there are hundreds of points, and each is read
 * off a picture.
 */
export const MOST_OF_CURVES = 1000;

/** Among fewer pairs resamples repeat each other: their spread is no interval. */
const FEWEST_PAIRS = 8;

/** Pearson's r with a percentile bootstrap interval over pairs; null where r is not known. */
export function correlate({ a, b }: Pairs, name: string, resamples: number): Correlation | null {
  const r = correlationOf({ a, b });
  if (r === null) return null;
  const [x, y] = [Float64Array.from(a), Float64Array.from(b)];
  if (a.length < FEWEST_PAIRS) return { r, interval: null };
  const [interval = null] = bootstrapIntervals(a.length, (drawn) => [pearsonOf(x, y, drawn)], {
    name,
    resamples,
  });
  return { r, interval };
}

/**
 * `pearson` of the pairs that were drawn, without copying them: there are millions of resamples.
 * What is drawn are numbers of pairs.
 */
function pearsonOf(x: Float64Array, y: Float64Array, drawn: Int32Array): number | null {
  let [mx, my] = [0, 0];
  for (const pair of drawn) {
    mx += x[pair]! / drawn.length;
    my += y[pair]! / drawn.length;
  }
  let [xy, xx, yy] = [0, 0, 0];
  for (const pair of drawn) {
    const dx = x[pair]! - mx;
    const dy = y[pair]! - my;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  // A resample of one pair again and again has no spread but that of rounding.
  const alike = xx <= 1e-18 * mx * mx * drawn.length || yy <= 1e-18 * my * my * drawn.length;
  return alike ? null : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

/**
 * The r that perfect agreement would show, given the reliabilities of both sides (Spearman 1904);
 * null where one is not known.
 */
export function ceilingOf(one: number | null, two: number | null): number | null {
  return one === null || two === null ? null : Math.sqrt(one * two);
}
