import { must } from '../core/errors.js';
import { blockedContrast, pairedDifference } from '../stats/block-comparisons.js';
import { type BlockFit, fitBlocks } from '../stats/blocks.js';
import { mean } from '../stats/descriptive.js';
import { welchInterval } from '../stats/t-tests.js';
import type { ErrorTable, UnplacedRow } from './result-table.js';
import { CONFIDENCE_LEVEL } from './settings.js';

/** The ends of an interval, the lower first. */
export type Interval = readonly [low: number, high: number];

/**
 * A result table as a randomised block design: rows are graphs, blocks are training seeds. The
 * seeds of a study are common to all its graphs (the same start of dense layers, the same order and
 * changes of the images), so the errors of one seed move together, and differences are taken within
 * seeds.
 */
export interface Blocks {
  /**
   * The rows of the fit: the baseline first where there is one, then the graphs in the table's
   * order.
   */
  readonly rows: readonly UnplacedRow[];
  /** Rows x seeds; null where a training is missing. */
  readonly errors: readonly (readonly (number | null)[])[];
  /** Null where nothing was measured. */
  readonly fit: BlockFit | null;
  /** Row of each graph. */
  readonly index: ReadonlyMap<string, number>;
}

/** Fits the additive model graph + seed to a table, baseline included unless said otherwise. */
export function blocksOf(
  table: ErrorTable,
  { baseline = true }: { readonly baseline?: boolean } = {},
): Blocks {
  const rows = [
    ...(baseline && table.baseline !== null ? [table.baseline] : []),
    ...table.graphs,
    ...(table.unplaced ?? []),
  ];
  const errors = rows.map((row) => row.errors);
  return {
    rows,
    errors,
    fit: fitBlocks(errors),
    index: new Map(rows.map(({ graph }, at) => [graph, at])),
  };
}

/**
 * Each graph's mean error with the effects of missing seeds taken out; of a complete table plain
 * means.
 */
export function adjustedMeans(table: ErrorTable): ReadonlyMap<string, number> {
  const { rows, fit } = blocksOf(table);
  return new Map(
    rows.flatMap(({ graph }, at) => {
      const value = fit?.means[at] ?? null;
      return value === null ? [] : [[graph, value] as const];
    }),
  );
}

/**
 * The difference of two graphs, or of the means of two groups of graphs, with its intervals, in
 * points of error.
 */
export interface Comparison {
  readonly graphs: readonly string[];
  readonly than: readonly string[];
  /** Mean error of `graphs` minus that of `than`, seed by seed; negative: the first is better. */
  readonly difference: number;
  /** Seeds that both sides have. */
  readonly seeds: number;
  /** Paired by seed, the noise pooled over all graphs of the table; null without two seeds. */
  readonly interval: Interval | null;
  /**
   * Paired by seed, from the differences of these two alone (Student); null without two different
   * ones.
   */
  readonly own: Interval | null;
  /** Unpaired (Welch), beside it: what would be said if seeds were not shared. */
  readonly unpaired: Interval | null;
  /** Two-sided p of "no difference", of `interval`. */
  readonly p: number | null;
  /**
   * `interval` widened so that it holds although the graph was picked among `choices` (Bonferroni).
   */
  readonly chosen: Interval | null;
  readonly choices: number;
  readonly level: number;
}

/**
 * Compares graphs with others by a table's blocks.
 *
 * @param choices graphs that the first side was picked among after looking; 1: named before
 */
export function compareGraphs(
  blocks: Blocks,
  graphs: readonly string[],
  than: readonly string[],
  choices = 1,
): Comparison | null {
  const [mine, theirs] = [rowsOf(blocks, graphs), rowsOf(blocks, than)];
  if (blocks.fit === null || mine.length === 0 || theirs.length === 0) return null;
  const weights = blocks.rows.map(() => 0);
  // What `rowsOf` gives are numbers of rows.
  for (const at of mine) weights[at]! += 1 / mine.length;
  for (const at of theirs) weights[at]! -= 1 / theirs.length;
  const [one, two] = [seedMeans(blocks, mine), seedMeans(blocks, theirs)];
  const single = blockedContrast(blocks.fit, weights, CONFIDENCE_LEVEL);
  if (single === null) return null;
  return {
    graphs,
    than,
    difference: single.difference,
    seeds: one.filter((value, seed) => value !== null && two[seed] !== null).length,
    interval: wide(single.interval),
    own: pairedDifference(one, two, CONFIDENCE_LEVEL)?.interval ?? null,
    unpaired: welchInterval(present(one), present(two), CONFIDENCE_LEVEL),
    p: single.p === null ? null : 2 * Math.min(single.p, 1 - single.p),
    chosen: wide(blockedContrast(blocks.fit, weights, CONFIDENCE_LEVEL, choices)?.interval ?? null),
    choices,
    level: CONFIDENCE_LEVEL,
  };
}

/** An interval without any width says that nothing varied, not that all is known. */
export function wide(interval: Interval | null): Interval | null {
  return interval === null || interval[0] === interval[1] ? null : interval;
}

/** Rows of the graphs that were measured at all. */
function rowsOf({ index, fit }: Blocks, graphs: readonly string[]): number[] {
  return graphs.flatMap((graph) => {
    const at = index.get(graph);
    return at === undefined || (fit?.means[at] ?? null) === null ? [] : [at];
  });
}

/** Mean over rows, seed by seed; null for a seed that one of them lacks. */
function seedMeans({ errors }: Blocks, rows: readonly number[]): (number | null)[] {
  const seeds = errors[0]?.length ?? 0;
  return Array.from({ length: seeds }, (_, seed) => {
    const values = present(rows.map((row) => must(must(errors[row])[seed])));
    return values.length < rows.length ? null : mean(values);
  });
}

function present(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}
