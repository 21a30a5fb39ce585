import { must } from '../../../core/errors.js';
import { bootstrapIntervals } from '../../../stats/bootstrap.js';
import { fitParabola } from '../../../stats/parabola.js';
import { FIT_MINIMUM } from '../../settings.js';
import { lastTable, type TaskTables } from '../input.js';
import { minimumWithin, type Slice, sliceOf, slicePointsOf } from '../paper.js';
import type { Interval } from './types.js';

/**
 * Resamples that a parabola is fitted to at most: each is a fit to up to 1500 graphs, and 2000
 * settle an interval's second decimal.
 */
const MOST_FITS = 2000;
/** Among fewer graphs resamples repeat each other: their spread is no interval. */
const FEWEST_POINTS = 8;
/** Places at which the spread of the fitted parabolas is known. */
const RIBBON = 41;

/** A point of a curve. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One of the paper's cuts with its uncertainty. */
export interface SliceFact {
  readonly task: TaskTables;
  readonly slice: Slice;
  readonly points: readonly Point[];
  /**
   * R^2 of the fit with its interval; points whose errors are all the same have none and are no
   * fact.
   */
  readonly r2: number;
  readonly r2Interval: Interval | null;
  /** Null where fewer than nine in ten resamples have their lowest point inside. */
  readonly minimumInterval: Interval | null;
  /** The fitted error at places from the lowest to the highest x: 95 % of the resamples. */
  readonly ribbon: readonly { readonly x: number; readonly low: number; readonly high: number }[];
}

/** Both cuts of every task that have a fit. */
export function sliceFacts(tasks: readonly TaskTables[], resamples: number): SliceFact[] {
  return tasks.flatMap((task) =>
    (['pathLength', 'clustering'] as const).flatMap((x) => {
      const slice = sliceOf(lastTable(task), x);
      const r2 = slice?.fit.r2 ?? null;
      if (slice === null || r2 === null || slice.graphs < FIT_MINIMUM) return [];
      const points = slicePointsOf(lastTable(task), x);
      const places = placesAlong(points);
      const options = { name: `${task.name} ${x}`, resamples: Math.min(resamples, MOST_FITS) };
      const [r2Interval = null, minimumInterval = null, ...ribbon] = fitIntervals(
        points,
        places,
        options,
      );
      const known = ribbon.flatMap((range, i) =>
        range === null ? [] : [{ x: must(places[i]), low: range[0], high: range[1] }],
      );
      return [{ task, slice, points, r2, r2Interval, minimumInterval, ribbon: known }];
    }),
  );
}

function placesAlong(points: readonly Point[]): number[] {
  const at = points.map((point) => point.x);
  const [low, high] = [Math.min(...at), Math.max(...at)];
  return Array.from({ length: RIBBON }, (_, i) => low + ((high - low) * i) / (RIBBON - 1));
}

/**
 * Bootstrap intervals over points of R^2, of the lowest point, and of the parabola at some places.
 */
function fitIntervals(
  points: readonly Point[],
  places: readonly number[],
  options: { readonly name: string; readonly resamples: number },
): (Interval | null)[] {
  // Filled anew by every resample: there are thousands, of up to 1500 graphs.
  const [xs, ys] = [points.map((point) => point.x), points.map((point) => point.y)];
  if (points.length < FEWEST_POINTS) return [null, null, ...places.map(() => null)];
  const statistics = (drawn: Int32Array): (number | null)[] => {
    let [least, most] = [Infinity, -Infinity];
    drawn.forEach((which, i) => {
      const { x, y } = must(points[which]);
      [xs[i], ys[i]] = [x, y];
      least = Math.min(least, x);
      most = Math.max(most, x);
    });
    const fit = fitParabola(xs, ys);
    if (fit === null) return [null, null, ...places.map(() => null)];
    const [a, b, c] = fit.coefficients;
    return [
      fit.r2,
      minimumWithin(fit, least, most),
      ...places.map((place) => a + b * place + c * place * place),
    ];
  };
  return bootstrapIntervals(points.length, statistics, options);
}
