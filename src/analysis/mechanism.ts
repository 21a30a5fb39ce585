import { must } from '../core/errors.js';
import { mean } from '../stats/descriptive.js';
import { studentQuantile } from '../stats/distributions.js';
import { blocksOf, type Interval, wide } from './paired.js';
import type { ErrorTable, ResultTable, Training } from './result-table.js';
import { CONFIDENCE_LEVEL } from './settings.js';

/** How many of the lowest graphs stand for "better graphs". */
const LOWEST = 10;

/** A difference from the baseline with its interval, points. */
export interface Difference {
  readonly difference: number;
  readonly interval: Interval | null;
}

/**
 * Whether the graphs of the lowest test errors fit the training images better than the baseline, or
 * generalise better. Training errors are those of the last epoch, taken as the images were trained
 * on.
 *
 * On every seed it is asked of the graphs that are lowest on the other seeds: graphs that were
 * lucky on a seed have a small gap on that seed, so those that it chose itself would seem to
 * generalise better where nothing differs.
 */
export interface Mechanism {
  /** Graphs on each seed, ten at most. */
  readonly graphs: number;
  /** Mean training error, theirs and the baseline's, %. */
  readonly train: readonly [graphs: number, baseline: number];
  /** Mean test error less training error, theirs and the baseline's, points. */
  readonly gap: readonly [graphs: number, baseline: number];
  /** Their training error minus the baseline's, paired by seed. */
  readonly fit: Difference;
  /** Their gap minus the baseline's, paired by seed. */
  readonly generalisation: Difference;
  /**
   * What the intervals show: `fit`: a lower training error; `generalisation`: a smaller gap;
   * `both`; `neither`.
   */
  readonly shown: 'fit' | 'generalisation' | 'both' | 'neither';
}

/**
 * Training errors and gaps of the lowest graphs beside the baseline's; null without a baseline,
 * training errors or two seeds, and after a single epoch, whose training errors are those of
 * weights that were still learning the images.
 */
export function mechanismOf(results: ResultTable, test: ErrorTable): Mechanism | null {
  const last = results.epochs.length - 1;
  if (test.baseline === null || last < 1 || test.seeds.length < 2) return null;
  const chosen = test.seeds.map((_, seed) => lowestWithout(test, seed));
  const known = trainingsOf(results);
  const mapped = (value: (train: number, error: number) => number): ErrorTable =>
    mapErrors(test, (graph, seed) => {
      const training = known.get(graph)?.[seed] ?? null;
      const train = training?.train[last] ?? null;
      return training === null || train === null ? null : value(train, training.error);
    });
  const train = sides(
    mapped((error) => error),
    chosen,
    test.baseline.graph,
  );
  const gap = sides(
    mapped((error, tested) => tested - error),
    chosen,
    test.baseline.graph,
  );
  if (train === null || gap === null) return null;
  const [fits, generalises] = [(train.interval?.[1] ?? 0) < 0, (gap.interval?.[1] ?? 0) < 0];
  return {
    graphs: Math.max(...chosen.map(({ length }) => length)),
    train: train.means,
    gap: gap.means,
    fit: { difference: train.difference, interval: train.interval },
    generalisation: { difference: gap.difference, interval: gap.interval },
    shown: fits && generalises ? 'both' : fits ? 'fit' : generalises ? 'generalisation' : 'neither',
  };
}

function trainingsOf({
  baseline,
  graphs,
}: ResultTable): ReadonlyMap<string, readonly (Training | null)[]> {
  return new Map(
    [...(baseline === null ? [] : [baseline]), ...graphs].map(({ graph, trainings }) => [
      graph,
      trainings,
    ]),
  );
}

/** The graphs of the lowest mean test error over all seeds but one. */
function lowestWithout(test: ErrorTable, left: number): string[] {
  const { rows, fit } = blocksOf(
    mapErrors(test, (_, seed, error) => (seed === left ? null : error)),
  );
  return rows
    .flatMap(({ graph }, at) => {
      const value = fit?.means[at] ?? null;
      const control = graph === test.baseline?.graph || test.controls?.has(graph) === true;
      return value === null || control ? [] : [{ graph, value }];
    })
    .sort((a, b) => a.value - b.value)
    .slice(0, LOWEST)
    .map(({ graph }) => graph);
}

type Mapped = (graph: string, seed: number, error: number | null) => number | null;

function mapErrors(
  { baseline, graphs, unplaced = [], ...table }: ErrorTable,
  value: Mapped,
): ErrorTable {
  const map = <
    Row extends ErrorTable['graphs'][number] | NonNullable<ErrorTable['unplaced']>[number],
  >(
    row: Row,
  ): Row => ({
    ...row,
    errors: row.errors.map((error, seed) => value(row.graph, seed, error)),
  });
  return {
    ...table,
    baseline: baseline && map(baseline),
    graphs: graphs.map(map),
    unplaced: unplaced.map(map),
  };
}

type Sides = Difference & { readonly means: readonly [graphs: number, baseline: number] };

/**
 * The mean over seeds of (mean of the seed's graphs - baseline). Its variance is s² (1 + 1 / k) / n
 * with n seeds, k graphs on each and the noise s pooled over the table.
 */
function sides(
  table: ErrorTable,
  chosen: readonly (readonly string[])[],
  baseline: string,
): Sides | null {
  const { rows, errors, index, fit } = blocksOf(table);
  const bySeed = table.seeds.flatMap((_, seed) => {
    const base = errors[index.get(baseline) ?? -1]?.[seed] ?? null;
    const values = rows.flatMap(({ graph }, at) =>
      must(chosen[seed]).includes(graph) ? (must(errors[at])[seed] ?? []) : [],
    );
    return base === null || values.length === 0
      ? []
      : [{ base, own: mean(values), share: 1 + 1 / values.length }];
  });
  if (fit === null || bySeed.length === 0) return null;
  const means = [mean(bySeed.map(({ own }) => own)), mean(bySeed.map(({ base }) => base))] as const;
  const difference = means[0] - means[1];
  const { variance, dof } = fit.residual;
  if (variance === null) return { means, difference, interval: null };
  const error = Math.sqrt((variance * mean(bySeed.map(({ share }) => share))) / bySeed.length);
  const half = studentQuantile((1 - CONFIDENCE_LEVEL) / 2, dof) * error;
  return { means, difference, interval: wide([difference - half, difference + half]) };
}
