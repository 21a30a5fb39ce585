import { oneWayAnova } from '../../stats/anova.js';
import { blockedDifference } from '../../stats/block-comparisons.js';
import { fitBlocks } from '../../stats/blocks.js';
import { mean, sampleStd } from '../../stats/descriptive.js';
import { falseDiscovery } from '../../stats/false-discovery.js';
import { tTestHigher, welchInterval } from '../../stats/t-tests.js';
import { blocksOf, compareGraphs, type Interval } from '../paired.js';
import { CONFIDENCE_LEVEL, SWEET_LEVEL } from '../settings.js';
import type { SeedDesign } from './input.js';
import { type Cell, cellMean, cellsOf } from './paper.js';
import { measuredRows, present } from './rows.js';
import type { BaselineRow, ErrorRow, ErrorTable } from './types.js';

/**
 * How many graphs are better than the baseline, one test each and with the false discoveries kept
 * down.
 */
export interface BetterCounts {
  readonly graphs: number;
  /** One-sided tests below 5 %, as if each were the only one. */
  readonly single: number;
  /** False discovery rate of 5 % over all graphs. */
  readonly controlled: number;
}

/** Tests of all graphs against the baseline. */
export interface BetterThanBaseline extends BetterCounts {
  /**
   * Within seeds: differences of the means of the additive model of graph and seed, tested by its
   * residual variance, which all graphs share. Null where seeds have nothing in common.
   */
  readonly blocked: BetterCounts | null;
}

/**
 * Counts by t-tests of two samples, and within seeds where they are shared. Null without a baseline
 * of two values.
 */
export function betterThanBaseline(
  table: ErrorTable,
  design: SeedDesign,
): BetterThanBaseline | null {
  const { baseline } = table;
  if (baseline === null) return null;
  const rows = measuredRows(table);
  const two = countsOf(
    rows.flatMap((row) => tTestHigher(present(baseline), present(row))?.p ?? []),
  );
  if (two === null) return null;
  return { ...two, blocked: design === 'shared' ? countsOf(blockedTests(baseline, rows)) : null };
}

/** One-sided p-values of every graph against the baseline within seeds. */
function blockedTests(baseline: BaselineRow, rows: readonly ErrorRow[]): number[] {
  const fit = fitBlocks([baseline.errors, ...rows.map((row) => row.errors)]);
  if (fit === null) return [];
  return rows.flatMap((_, i) => blockedDifference(fit, 0, i + 1, CONFIDENCE_LEVEL)?.p ?? []);
}

function countsOf(p: readonly number[]): BetterCounts | null {
  if (p.length === 0) return null;
  const single = p.filter((each) => each < SWEET_LEVEL).length;
  const controlled = falseDiscovery(p).filter((each) => each <= SWEET_LEVEL).length;
  return { graphs: p.length, single, controlled };
}

/**
 * The best graph's advantage, told by the seeds it was chosen on and by others. Points of error
 * below the baseline.
 */
export interface HeldOut {
  /** Seeds that choose, and that report. */
  readonly seeds: readonly [number, number];
  readonly splits: number;
  /** Graphs that were chosen among. */
  readonly graphs: number;
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
  return Array.from({ length: Math.max(0, count - from) }, (_, i) => from + i).flatMap((first) =>
    subsets(count, size - 1, first + 1).map((rest) => [first, ...rest]),
  );
}

/**
 * Chooses the graph of lowest mean on some seeds and reports its error on the others, for every
 * split of the seeds: what the choice is worth without its luck. Null with one seed, or without a
 * baseline. Graphs with missing seeds are left out.
 *
 * @param choice the errors of the same trainings that graphs are chosen by
 */
export function heldOut(table: ErrorTable, choice: ErrorTable = table): HeldOut | null {
  const seeds = table.seeds.length;
  const baseline = table.baseline?.errors ?? [];
  if (seeds < 2 || baseline.length === 0 || baseline.includes(null)) return null;
  const rows = table.graphs.filter((row) => !row.errors.includes(null));
  if (rows.length === 0) return null;
  const chosenBy = new Map(choice.graphs.map(({ graph, errors }) => [graph, errors]));
  const size = Math.ceil(seeds / 2);
  const over = (errors: readonly (number | null)[], which: readonly number[]): number =>
    mean(which.map((seed) => errors[seed]!));
  const outcomes = subsets(seeds, size).map((choosing) => {
    const others = Array.from({ length: seeds }, (_, i) => i).filter(
      (seed) => !choosing.includes(seed),
    );
    const level = ({ graph, errors }: ErrorRow): number =>
      over(chosenBy.get(graph) ?? errors, choosing);
    const best = rows.reduce((low, row) => (level(row) < level(low) ? row : low));
    return {
      chosen: over(baseline, choosing) - over(best.errors, choosing),
      reported: over(baseline, others) - over(best.errors, others),
    };
  });
  const reports = outcomes.map((outcome) => outcome.reported);
  return {
    seeds: [size, seeds - size],
    splits: outcomes.length,
    graphs: rows.length,
    chosen: mean(outcomes.map((outcome) => outcome.chosen)),
    reported: mean(reports),
    range: [Math.min(...reports), Math.max(...reports)],
    outcomes,
  };
}

/** Spread of graphs against spread of seeds. */
export interface Reliability {
  /**
   * Of a graph's mean: variance between graphs / (variance between graphs + seed variance / seeds).
   */
  readonly ofMeans: number;
  readonly betweenGraphsStd: number;
  readonly seedStd: number;
}

/**
 * Null where no graph has two seeds, or there is one graph alone. Of shared seeds the variance
 * about graph and seed (fitted together, `fitBlocks`): what a seed does to all graphs is no noise
 * of their differences. Of independent ones the variance about the graph (one-way analysis of
 * variance).
 */
export function reliability(table: ErrorTable, design: SeedDesign): Reliability | null {
  const rows = measuredRows(table);
  const found = design === 'shared' ? blockComponents(rows) : oneWayComponents(rows);
  if (found === null) return null;
  const { between, within, size } = found;
  const noise = within / size;
  return {
    ofMeans: between + noise === 0 ? 0 : between / (between + noise),
    betweenGraphsStd: Math.sqrt(between),
    seedStd: Math.sqrt(within),
  };
}

/** Variances between graphs' true means and of one training, and trainings of a graph. */
interface Components {
  readonly between: number;
  readonly within: number;
  readonly size: number;
}

function oneWayComponents(rows: readonly ErrorRow[]): Components | null {
  const anova = oneWayAnova(rows.map(present));
  if (anova === null) return null;
  const { meanSquareBetween, meanSquareWithin: within, effectiveSize: size } = anova;
  return { between: Math.max(0, meanSquareBetween - within) / size, within, size };
}

function blockComponents(rows: readonly ErrorRow[]): Components | null {
  const size = oneWayAnova(rows.map(present))?.effectiveSize;
  const fit = fitBlocks(rows.map((row) => row.errors));
  if (size === undefined || fit === null || fit.residual.variance === null) return null;
  return { between: fit.betweenItems ?? 0, within: fit.residual.variance, size };
}

/**
 * Reliability of cell means: 1 - (mean seed variance of a cell's mean) / variance of cell means.
 * Null where it is not known.
 */
export function cellReliability(table: ErrorTable, design: SeedDesign): number | null {
  const noise = reliability(table, design);
  const cells = cellsOf(table, false);
  const spread = sampleStd(cells.map(cellMean));
  if (noise === null || spread === null || spread === 0) return null;
  const varianceOf = ({ rows }: Cell): number =>
    mean(rows.map((row) => noise.seedStd ** 2 / present(row).length)) / rows.length;
  return Math.max(0, 1 - mean(cells.map(varianceOf)) / spread ** 2);
}

/** Points of `errors` below the baseline. */
export interface Advantage {
  /** Difference of the means. */
  readonly value: number;
  /** Welch's 95 % interval of two samples; null below two values each. */
  readonly interval: readonly [number, number] | null;
  /**
   * Within seeds, the noise pooled over all graphs, as `summarise` compares its best graph; null
   * where seeds have nothing in common, and where nothing tells how large the noise is.
   */
  readonly paired: PairedAdvantage | null;
}

/** How far a graph lies from its baseline seed by seed, points. */
export interface PairedAdvantage {
  readonly difference: number;
  readonly interval: Interval;
  /** Seeds that both have. */
  readonly seeds: number;
}

/**
 * Advantage of a graph of a table below its baseline, as two samples and, of shared seeds, by seed.
 */
export function advantage(
  table: ErrorTable,
  baseline: BaselineRow,
  row: ErrorRow,
  design: SeedDesign,
): Advantage {
  const [a, b] = [present(baseline), present(row)];
  return {
    value: mean(a) - mean(b),
    interval: welchInterval(a, b, CONFIDENCE_LEVEL),
    paired: design === 'shared' ? pairedAdvantage(table, baseline, row) : null,
  };
}

function pairedAdvantage(
  table: ErrorTable,
  baseline: BaselineRow,
  row: ErrorRow,
): PairedAdvantage | null {
  const found = compareGraphs(blocksOf(table), [baseline.graph], [row.graph]);
  if (found === null || found.interval === null) return null;
  const { difference, interval, seeds } = found;
  return { difference, interval, seeds };
}
