import { SWEET_LEVEL } from '../settings.js';
import { falseDiscovery, mean, oneWayAnova, sampleStd, tTestHigher, welchInterval } from '../../stats/index.js';
import { cellsOf } from './paper.js';
import { meanError, measuredRows, present } from './rows.js';
import type { ErrorTable } from './types.js';

/** How many graphs are better than the baseline, one test each and with the false discoveries kept down. */
export interface BetterThanBaseline {
  readonly graphs: number;
  /** One-sided t-tests below 5 %, as if each were the only one. */
  readonly single: number;
  /** False discovery rate of 5 % over all graphs. */
  readonly controlled: number;
}

/** Null without a baseline of two values. */
export function betterThanBaseline(table: ErrorTable): BetterThanBaseline | null {
  const baseline = table.baseline === null ? [] : present(table.baseline);
  const p = measuredRows(table).flatMap((row) => tTestHigher(baseline, present(row))?.p ?? []);
  if (p.length === 0) return null;
  return { graphs: p.length, single: p.filter((each) => each < SWEET_LEVEL).length, controlled: falseDiscovery(p).filter((each) => each <= SWEET_LEVEL).length };
}

/** The best graph's advantage, told by the seeds it was chosen on and by others. Points of error below the baseline. */
export interface HeldOut {
  /** Seeds that choose, and that report. */
  readonly seeds: readonly [number, number];
  readonly splits: number;
  /** On the seeds that chose, mean over the splits. */
  readonly chosen: number;
  /** On the other seeds. */
  readonly reported: number;
  /** Lowest and highest report among the splits. */
  readonly range: readonly [number, number];
  /** Of every split. */
  readonly outcomes: readonly { readonly chosen: number; readonly reported: number }[];
}

function subsets(count: number, size: number, from = 0): number[][] {
  if (size === 0) return [[]];
  return Array.from({ length: Math.max(0, count - from) }, (_, i) => from + i).flatMap((first) => subsets(count, size - 1, first + 1).map((rest) => [first, ...rest]));
}

/**
 * Chooses the graph of lowest mean on some seeds and reports its error on the others, for every split of the seeds: what the
 * choice is worth without its luck. Null with one seed, or without a baseline. Graphs with missing seeds are left out.
 */
export function heldOut(table: ErrorTable): HeldOut | null {
  const seeds = table.seeds.length;
  const baseline = table.baseline?.errors ?? [];
  if (seeds < 2 || baseline.length === 0 || baseline.includes(null)) return null;
  const rows = table.graphs.filter((row) => !row.errors.includes(null));
  if (rows.length === 0) return null;
  const size = Math.ceil(seeds / 2);
  const over = (errors: readonly (number | null)[], which: readonly number[]): number => mean(which.map((seed) => errors[seed]!));
  const outcomes = subsets(seeds, size).map((choosing) => {
    const others = Array.from({ length: seeds }, (_, i) => i).filter((seed) => !choosing.includes(seed));
    const best = rows.reduce((low, row) => (over(row.errors, choosing) < over(low.errors, choosing) ? row : low));
    return { chosen: over(baseline, choosing) - over(best.errors, choosing), reported: over(baseline, others) - over(best.errors, others) };
  });
  const reports = outcomes.map((outcome) => outcome.reported);
  return {
    seeds: [size, seeds - size],
    splits: outcomes.length,
    chosen: mean(outcomes.map((outcome) => outcome.chosen)),
    reported: mean(reports),
    range: [Math.min(...reports), Math.max(...reports)],
    outcomes,
  };
}

/** Spread of graphs against spread of seeds. */
export interface Reliability {
  /** Of a graph's mean: variance between graphs / (variance between graphs + seed variance / seeds). */
  readonly ofMeans: number;
  readonly betweenGraphsStd: number;
  readonly seedStd: number;
}

/** Null where no graph has two seeds. */
export function reliability(table: ErrorTable): Reliability | null {
  const anova = oneWayAnova(measuredRows(table).map(present));
  if (anova === null) return null;
  const between = Math.max(0, anova.meanSquareBetween - anova.meanSquareWithin) / anova.effectiveSize;
  const noise = anova.meanSquareWithin / anova.effectiveSize;
  return { ofMeans: between + noise === 0 ? 0 : between / (between + noise), betweenGraphsStd: Math.sqrt(between), seedStd: Math.sqrt(anova.meanSquareWithin) };
}

/** Reliability of cell means: 1 - (mean seed variance of a cell's mean) / variance of cell means. Null where it is not known. */
export function cellReliability(table: ErrorTable): number | null {
  const noise = reliability(table);
  const cells = cellsOf(table, false);
  const spread = sampleStd(cells.map((cell) => mean(cell.rows.map((row) => meanError(row)!))));
  if (noise === null || spread === null || spread === 0) return null;
  const variance = mean(cells.map((cell) => mean(cell.rows.map((row) => noise.seedStd ** 2 / present(row).length)) / cell.rows.length));
  return Math.max(0, 1 - variance / spread ** 2);
}

/** Advantage of `errors` below the baseline with Welch's 95 % interval, points. */
export function advantage(baseline: readonly number[], errors: readonly number[]): { readonly value: number; readonly interval: readonly [number, number] | null } {
  return { value: mean(baseline) - mean(errors), interval: welchInterval(baseline, errors, 0.95) };
}
