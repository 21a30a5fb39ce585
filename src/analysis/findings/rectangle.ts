import { must } from '../../core/errors.js';
import { RandomStream } from '../../core/random/stream.js';
import { mapTuple } from '../../core/tuples.js';
import { percentileInterval } from '../../stats/bootstrap.js';
import { mean } from '../../stats/descriptive.js';
import { studentQuantile } from '../../stats/distributions.js';
import { binEdges, binRange } from '../bins.js';
import { blocksOf } from '../paired.js';
import { plexusRule } from '../rules.js';
import { CLUSTERING_RANGE, PATH_LENGTH_RANGE, PLANE_BINS, SWEET_LEVEL } from '../settings.js';
import { cellsOf } from './paper.js';
import { measuredRows, present } from './rows.js';
import type { ErrorRow, ErrorTable, Rectangle } from './types.js';

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

/**
 * Numbers of a cell that its resamples are made of: n, sum and sum of squares of every graph; and
 * where it lies.
 */
interface CellSums {
  readonly low: CellPlace;
  readonly high: CellPlace;
  readonly n: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

type CellPlace = Pick<ErrorRow, 'clustering' | 'pathLength'>;

/**
 * The variance that cells are compared by: of the two cells' own values, or known beforehand with
 * its degrees of freedom.
 */
type Noise = { readonly variance: number; readonly dof: number } | 'own';

function sumsOf(rows: readonly ErrorRow[], low: CellPlace, high: CellPlace): CellSums {
  return {
    low,
    high,
    n: Float64Array.from(rows, (row) => present(row).length),
    sum: Float64Array.from(rows, (row) => present(row).reduce((x, y) => x + y, 0)),
    squares: Float64Array.from(rows, (row) => present(row).reduce((x, y) => x + y * y, 0)),
  };
}

/** Of every graph with two errors or more, scaled by sqrt(n / (n - 1)) to their variance. */
function residualsOf(table: ErrorTable): number[] {
  return measuredRows(table).flatMap((row) => {
    const errors = present(row);
    const scale = Math.sqrt(errors.length / (errors.length - 1));
    return errors.length < 2 ? [] : errors.map((error) => scale * (error - mean(errors)));
  });
}

/**
 * How far the edges of the cells' sweet spot move from sample to sample, by the paper's rule:
 * graphs are drawn anew within every cell, with their seeds together; of a cell with one graph its
 * seeds, drawn from all graphs' residuals, about its mean. Null without two seeds.
 */
export function paperDraws(table: ErrorTable, resamples: number): RectangleDraws | null {
  const cells = cellsOf(table, true).map((cell) => sumsOf(cell.rows, cell, cell));
  return drawRectangles(table, cells, residualsOf(table), 'own', resamples);
}

/**
 * The same by the rule of Plexus: the effects of the seeds are taken out first, cells hold no
 * baseline and count from edge to edge, and the noise is pooled over all graphs.
 */
export function plexusDraws(table: ErrorTable, resamples: number): RectangleDraws | null {
  const { fit } = blocksOf(table);
  if (fit === null || fit.residual.variance === null) return null;
  const { variance, dof } = fit.residual;
  const settled = (row: ErrorRow): ErrorRow => ({
    ...row,
    errors: row.errors.map((error, seed) =>
      error === null ? null : error - (fit.blockEffects[seed] ?? 0),
    ),
  });
  const { cells, clusteringEdges: c, pathLengthEdges: l } = plexusRule.plane(table);
  const sums = cells.map(({ i, j, rows }) =>
    sumsOf(
      rows.map(settled),
      { clustering: must(c[i]), pathLength: must(l[j]) },
      { clustering: must(c[i + 1]), pathLength: must(l[j + 1]) },
    ),
  );
  const residuals = residualsOf({ ...table, graphs: table.graphs.map(settled) });
  return drawRectangles(table, sums, residuals, { variance, dof }, resamples);
}

function drawRectangles(
  table: ErrorTable,
  cells: readonly CellSums[],
  residuals: readonly number[],
  noise: Noise,
  resamples: number,
): RectangleDraws | null {
  if (residuals.length === 0 || cells.length === 0) return null;
  const random = new RandomStream('bootstrap', 'sweet spot', table.name);
  const edges = (): [Float64Array, Float64Array] => [
    new Float64Array(resamples),
    new Float64Array(resamples),
  ];
  const [[c0, c1], [l0, l1]] = [edges(), edges()];
  for (let b = 0; b < resamples; b++) {
    const box = rectangleOf(
      cells.map((cell) => drawCell(cell, residuals, random)),
      cells,
      noise,
    );
    [c0[b], c1[b]] = box.clustering;
    [l0[b], l1[b]] = box.pathLength;
  }
  return { clustering: [c0, c1], pathLength: [l0, l1], resamples };
}

/** Percentile intervals of 95 % of the edges. */
export function edgeIntervals({
  clustering,
  pathLength,
  resamples,
}: RectangleDraws): RectangleIntervals {
  const [c0, c1, l0, l1] = mapTuple([...clustering, ...pathLength], (values) =>
    percentileInterval([...values], 0.95),
  );
  return { clustering: [c0, c1], pathLength: [l0, l1], resamples };
}

/** What several sweet spots, each drawn on its own, have in common. */
export interface CommonDraws {
  /** Share of resamples in which there is no point in all rectangles. */
  readonly empty: number;
  /**
   * Of each cell of 15 x 15, [C][L]: share of resamples in which its centre lies in all rectangles.
   */
  readonly inside: readonly (readonly number[])[];
  readonly resamples: number;
}

/**
 * Of resample b of every table the intersection; of one table its own rectangle. The lists must not
 * be empty.
 */
export function commonDraws(all: readonly RectangleDraws[]): CommonDraws {
  const resamples = Math.min(...all.map((draws) => draws.resamples));
  const centres = (range: readonly [number, number]): number[] => {
    const edges = binEdges(range, PLANE_BINS);
    return Array.from({ length: PLANE_BINS }, (_, i) => mean(binRange(edges, i)));
  };
  const [c, l] = [centres(CLUSTERING_RANGE), centres(PATH_LENGTH_RANGE)];
  const counts = c.map(() => l.map(() => 0));
  let empty = 0;
  for (let b = 0; b < resamples; b++) {
    const along = (axis: 'clustering' | 'pathLength'): [number, number] => [
      Math.max(...all.map((draws) => must(draws[axis][0][b]))),
      Math.min(...all.map((draws) => must(draws[axis][1][b]))),
    ];
    const [c0, c1] = along('clustering');
    const [l0, l1] = along('pathLength');
    if (c0 > c1 || l0 > l1) empty += 1;
    else
      c.forEach((x, i) =>
        l.forEach((y, j) => {
          // `counts` is as large as the plane of `c` and `l`.
          if (x >= c0 && x <= c1 && y >= l0 && y <= l1) counts[i]![j]! += 1;
        }),
      );
  }
  return {
    empty: empty / resamples,
    inside: counts.map((row) => row.map((count) => count / resamples)),
    resamples,
  };
}

interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Sum of squared deviations. */
  readonly squares: number;
}

function drawCell(
  { n, sum, squares }: CellSums,
  residuals: readonly number[],
  random: RandomStream,
): Moments {
  let [count, total, square] = [0, 0, 0];
  if (n.length === 1) {
    const trainings = must(n[0]);
    const centre = must(sum[0]) / trainings;
    for (let i = 0; i < trainings; i++) {
      const value = centre + must(residuals[random.below(residuals.length)]);
      count += 1;
      total += value;
      square += value * value;
    }
  } else {
    for (let i = 0; i < n.length; i++) {
      const graph = random.below(n.length);
      count += must(n[graph]);
      total += must(sum[graph]);
      square += must(squares[graph]);
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

function rectangleOf(
  drawn: readonly Moments[],
  cells: readonly CellSums[],
  noise: Noise,
): Rectangle {
  const best = drawn.reduce((low, cell) => (cell.mean < low.mean ? cell : low));
  const clustering: [number, number] = [CLUSTERING_RANGE[1], CLUSTERING_RANGE[0]];
  const pathLength: [number, number] = [PATH_LENGTH_RANGE[1], PATH_LENGTH_RANGE[0]];
  drawn.forEach((each, i) => {
    if (each !== best && isWorse(each, best, noise)) return;
    const { low, high } = must(cells[i]);
    clustering[0] = Math.min(clustering[0], low.clustering);
    clustering[1] = Math.max(clustering[1], high.clustering);
    pathLength[0] = Math.min(pathLength[0], low.pathLength);
    pathLength[1] = Math.max(pathLength[1], high.pathLength);
  });
  return { clustering, pathLength };
}

function isWorse(cell: Moments, best: Moments, noise: Noise): boolean {
  const own = cell.n + best.n - 2;
  const { variance, dof } =
    noise === 'own' ? { variance: (cell.squares + best.squares) / own, dof: own } : noise;
  return cell.mean - best.mean > criticalT(dof) * Math.sqrt(variance * (1 / cell.n + 1 / best.n));
}
