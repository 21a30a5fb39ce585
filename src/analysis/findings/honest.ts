import { RandomStream } from '../../core/random/index.js';
import { CLUSTERING_RANGE, PATH_LENGTH_RANGE, SWEET_LEVEL } from '../settings.js';
import { mean, oneWayAnova, sampleStd, studentQuantile, tTestHigher, welchInterval } from '../stats.js';
import { percentileInterval } from './bootstrap.js';
import { cellsOf, type Cell } from './paper.js';
import { meanError, measuredRows, present } from './rows.js';
import type { ErrorTable, Rectangle } from './types.js';

/**
 * Benjamini and Hochberg's adjusted p-values (1995), in the order given: rejecting all that are at most q keeps the expected
 * share of false discoveries at q, for independent or positively dependent tests.
 */
export function falseDiscovery(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[b] - p[a]);
  const adjusted = p.map(() => 1);
  let least = 1;
  order.forEach((i, place) => {
    least = Math.min(least, (p[i] * p.length) / (p.length - place));
    adjusted[i] = least;
  });
  return adjusted;
}

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

/** Intervals of the edges of the sweet spot of cells. */
export interface RectangleIntervals {
  readonly clustering: readonly [readonly [number, number], readonly [number, number]];
  readonly pathLength: readonly [readonly [number, number], readonly [number, number]];
  readonly resamples: number;
}

/** Numbers of a cell that its resamples are made of: n, sum and sum of squares of every graph. */
interface CellSums {
  readonly cell: Cell;
  readonly n: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

/**
 * How far the edges of the cells' sweet spot move from sample to sample: graphs are drawn anew within every cell, with their
 * seeds together; of a cell with one graph its seeds, drawn from all graphs' residuals (scaled by sqrt(n / (n - 1)) to their
 * variance), about its mean. Percentile intervals of 95 %. Null without two seeds.
 */
export function sweetSpotIntervals(table: ErrorTable, resamples: number): RectangleIntervals | null {
  const cells = cellsOf(table, true).map((cell): CellSums => ({
    cell,
    n: Float64Array.from(cell.rows, (row) => present(row).length),
    sum: Float64Array.from(cell.rows, (row) => present(row).reduce((a, b) => a + b, 0)),
    squares: Float64Array.from(cell.rows, (row) => present(row).reduce((a, b) => a + b * b, 0)),
  }));
  const residuals = measuredRows(table).flatMap((row) => {
    const errors = present(row);
    const scale = Math.sqrt(errors.length / (errors.length - 1));
    return errors.length < 2 ? [] : errors.map((error) => scale * (error - mean(errors)));
  });
  if (residuals.length === 0) return null;
  const random = new RandomStream('bootstrap', 'sweet spot', table.name);
  const edges: number[][] = [[], [], [], []];
  for (let b = 0; b < resamples; b++) {
    const box = rectangleOf(cells.map((cell) => drawCell(cell, residuals, random)), cells);
    [...box.clustering, ...box.pathLength].forEach((edge, which) => edges[which].push(edge));
  }
  const [c0, c1, l0, l1] = edges.map((values) => percentileInterval(values, 0.95));
  return { clustering: [c0, c1], pathLength: [l0, l1], resamples };
}

interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Sum of squared deviations. */
  readonly squares: number;
}

function drawCell({ n, sum, squares }: CellSums, residuals: readonly number[], random: RandomStream): Moments {
  let [count, total, square] = [0, 0, 0];
  if (n.length === 1) {
    const centre = sum[0] / n[0];
    for (let i = 0; i < n[0]; i++) {
      const value = centre + residuals[random.below(residuals.length)];
      count += 1;
      total += value;
      square += value * value;
    }
  } else {
    for (let i = 0; i < n.length; i++) {
      const graph = random.below(n.length);
      count += n[graph];
      total += sum[graph];
      square += squares[graph];
    }
  }
  return { n: count, mean: total / count, squares: Math.max(0, square - (total * total) / count) };
}

const quantiles = new Map<number, number>();

/** The 5 % point of Student's t, kept: only a few degrees of freedom occur. */
function criticalT(dof: number): number {
  const known = quantiles.get(dof) ?? studentQuantile(SWEET_LEVEL, dof);
  quantiles.set(dof, known);
  return known;
}

function rectangleOf(drawn: readonly Moments[], cells: readonly CellSums[]): Rectangle {
  const best = drawn.reduce((low, cell) => (cell.mean < low.mean ? cell : low));
  const clustering: [number, number] = [CLUSTERING_RANGE[1], CLUSTERING_RANGE[0]];
  const pathLength: [number, number] = [PATH_LENGTH_RANGE[1], PATH_LENGTH_RANGE[0]];
  drawn.forEach((each, i) => {
    const dof = each.n + best.n - 2;
    const error = Math.sqrt(((each.squares + best.squares) / dof) * (1 / each.n + 1 / best.n));
    if (each !== best && each.mean - best.mean > criticalT(dof) * error) return;
    const { cell } = cells[i];
    clustering[0] = Math.min(clustering[0], cell.clustering);
    clustering[1] = Math.max(clustering[1], cell.clustering);
    pathLength[0] = Math.min(pathLength[0], cell.pathLength);
    pathLength[1] = Math.max(pathLength[1], cell.pathLength);
  });
  return { clustering, pathLength };
}

