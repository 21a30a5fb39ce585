import { RandomStream } from '../core/random/stream.js';
import { quantile } from './descriptive.js';

/** Resamples where nothing else is asked for. */
export const RESAMPLES = 10_000;

/** Which intervals `bootstrapIntervals` draws. */
export interface BootstrapOptions {
  /** Names the random stream: the same name gives the same interval. */
  readonly name: string;
  readonly resamples?: number;
  /** Default 0.95. */
  readonly level?: number;
}

/**
 * Percentile bootstrap intervals (Efron 1979) of `statistics`, which maps indices drawn with
 * replacement from 0 .. `size` - 1 to one or more numbers; those that cannot be computed from a
 * resample are null and left out. An interval is null where fewer than nine in ten resamples gave
 * its number.
 */
export function bootstrapIntervals(
  size: number,
  statistics: (drawn: Int32Array) => readonly (number | null)[],
  options: BootstrapOptions,
): (readonly [number, number] | null)[] {
  const { name, resamples = RESAMPLES, level = 0.95 } = options;
  const random = new RandomStream('bootstrap', name);
  const drawn = new Int32Array(size);
  const found: number[][] = [];
  for (let b = 0; b < resamples; b++) {
    for (let i = 0; i < size; i++) drawn[i] = random.below(size);
    statistics(drawn).forEach((value, which) => {
      found[which] ??= [];
      if (value !== null && !Number.isNaN(value)) found[which].push(value);
    });
  }
  return found.map((values) =>
    values.length < 0.9 * resamples ? null : percentileInterval(values, level),
  );
}

/** The central part of some values. */
export function percentileInterval(values: readonly number[], level: number): [number, number] {
  return [quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)];
}
