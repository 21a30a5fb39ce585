import { RandomStream } from '../../core/random/index.js';
import { binEdges } from '../bins.js';
import { CLUSTERING_RANGE, PATH_LENGTH_RANGE, PLANE_BINS, SWEET_LEVEL } from '../settings.js';
import { mean, percentileInterval, studentQuantile } from '../../stats/index.js';
import { cellsOf, type Cell } from './paper.js';
import { measuredRows, present } from './rows.js';
import type { ErrorTable, Rectangle } from './types.js';

/** The sweet spot of cells in every resample: the edges of resample b are at index b. */
export interface RectangleDraws {
  readonly clustering: readonly [Float64Array, Float64Array];
  readonly pathLength: readonly [Float64Array, Float64Array];
  readonly resamples: number;
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
 * variance), about its mean. Null without two seeds.
 */
export function sweetSpotDraws(table: ErrorTable, resamples: number): RectangleDraws | null {
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
  const [c0, c1, l0, l1] = Array.from({ length: 4 }, () => new Float64Array(resamples));
  for (let b = 0; b < resamples; b++) {
    const box = rectangleOf(cells.map((cell) => drawCell(cell, residuals, random)), cells);
    [c0[b], c1[b]] = box.clustering;
    [l0[b], l1[b]] = box.pathLength;
  }
  return { clustering: [c0, c1], pathLength: [l0, l1], resamples };
}

/** Percentile intervals of 95 % of the edges. */
export function edgeIntervals({ clustering, pathLength, resamples }: RectangleDraws): RectangleIntervals {
  const [c0, c1, l0, l1] = [...clustering, ...pathLength].map((values) => percentileInterval([...values], 0.95));
  return { clustering: [c0, c1], pathLength: [l0, l1], resamples };
}

/** `edgeIntervals` of `sweetSpotDraws`. */
export function sweetSpotIntervals(table: ErrorTable, resamples: number): RectangleIntervals | null {
  const draws = sweetSpotDraws(table, resamples);
  return draws === null ? null : edgeIntervals(draws);
}

/** What several sweet spots, each drawn on its own, have in common. */
export interface CommonDraws {
  /** Share of resamples in which there is no point in all rectangles. */
  readonly empty: number;
  /** Of each cell of 15 x 15, [C][L]: share of resamples in which its centre lies in all rectangles. */
  readonly inside: readonly (readonly number[])[];
  readonly resamples: number;
}

/** Of resample b of every table the intersection; of one table its own rectangle. The lists must not be empty. */
export function commonDraws(all: readonly RectangleDraws[]): CommonDraws {
  const resamples = Math.min(...all.map((draws) => draws.resamples));
  const centres = (range: readonly [number, number]): number[] => {
    const edges = binEdges(range, PLANE_BINS);
    return Array.from({ length: PLANE_BINS }, (_, i) => (edges[i] + edges[i + 1]) / 2);
  };
  const [c, l] = [centres(CLUSTERING_RANGE), centres(PATH_LENGTH_RANGE)];
  const counts = c.map(() => l.map(() => 0));
  let empty = 0;
  for (let b = 0; b < resamples; b++) {
    const along = (axis: 'clustering' | 'pathLength'): [number, number] => [Math.max(...all.map((draws) => draws[axis][0][b])), Math.min(...all.map((draws) => draws[axis][1][b]))];
    const [c0, c1] = along('clustering');
    const [l0, l1] = along('pathLength');
    if (c0 > c1 || l0 > l1) empty += 1;
    else c.forEach((x, i) => l.forEach((y, j) => {
      if (x >= c0 && x <= c1 && y >= l0 && y <= l1) counts[i][j] += 1;
    }));
  }
  return { empty: empty / resamples, inside: counts.map((row) => row.map((count) => count / resamples)), resamples };
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

