import { pairedDifference } from '../stats/block-comparisons.js';
import { mean } from '../stats/descriptive.js';
import { blocksOf, compareGraphs, type Comparison, type Interval } from './paired.js';
import type { ErrorTable } from './result-table.js';
import { CONFIDENCE_LEVEL } from './settings.js';

/**
 * The graphs that the first seeds chose, and the baseline, trained with seeds that had no part in
 * the choice.
 */
export interface FreshSeeds {
  /**
   * Chosen graphs, lowest mean on the first seeds first; null while the first trials are not all
   * done.
   */
  readonly chosen: readonly string[] | null;
  /** Fresh training seeds that were asked for. */
  readonly seeds: readonly number[];
  /** Fresh seeds with which the baseline and every chosen graph have been trained. */
  readonly complete: number;
  /**
   * The mean of the chosen graphs against the baseline: seeds are the unit (Student over one
   * difference a seed), so that what the graphs share in a seed counts once. Null without two
   * complete seeds.
   */
  readonly together: {
    readonly difference: number;
    readonly interval: Interval | null;
    readonly p: number | null;
  } | null;
  /** Each chosen graph against the baseline. */
  readonly each: readonly Comparison[];
}

/**
 * What the fresh seeds say.
 *
 * @param fresh the table of the fresh seeds alone
 */
export function onFreshSeeds(fresh: ErrorTable, chosen: readonly string[] | null): FreshSeeds {
  const { seeds, baseline } = fresh;
  if (chosen === null || baseline === null)
    return { chosen, seeds, complete: 0, together: null, each: [] };
  const rows = chosen.flatMap((graph) =>
    [...fresh.graphs, ...(fresh.unplaced ?? [])].filter((row) => row.graph === graph),
  );
  const complete = seeds.map(
    (_, at) =>
      baseline.errors[at] !== null &&
      rows.length === chosen.length &&
      rows.every(({ errors }) => errors[at] !== null),
  );
  const groups = seeds.map((_, at) =>
    complete[at] ? mean(rows.map(({ errors }) => errors[at] ?? Number.NaN)) : null,
  );
  const paired = pairedDifference(groups, baseline.errors, CONFIDENCE_LEVEL);
  const blocks = blocksOf(fresh);
  return {
    chosen,
    seeds,
    complete: complete.filter(Boolean).length,
    together:
      paired === null
        ? null
        : {
            difference: paired.difference,
            interval: paired.interval,
            p: 2 * Math.min(paired.p, 1 - paired.p),
          },
    each: chosen.flatMap((graph) => compareGraphs(blocks, [graph], [baseline.graph]) ?? []),
  };
}
