import { must } from '../../core/errors.js';
import { pearson } from '../../stats/correlation.js';
import { mean, populationStd } from '../../stats/descriptive.js';
import { fitParabola, type Parabola } from '../../stats/parabola.js';
import { tTestHigher } from '../../stats/t-tests.js';
import { binEdges } from '../bins.js';
import { CLUSTERING_RANGE, PATH_LENGTH_RANGE, PLANE_BINS, SWEET_LEVEL } from '../settings.js';
import { boundingBox, meanError, measuredRows, placedBaseline, present } from './rows.js';
import type { ErrorRow, ErrorTable, Rectangle } from './types.js';

/** Mean and standard deviation (n in the denominator) of one graph's errors. */
export interface Level {
  readonly graph: string;
  readonly mean: number;
  readonly std: number;
}

/** Baseline and best graph as the paper names them; null where there is none. */
export interface PaperBest {
  readonly baseline: Level | null;
  readonly best: Level;
  readonly row: ErrorRow;
}

export function levelOf(row: Pick<ErrorRow, 'graph' | 'errors'>): Level {
  const errors = present(row);
  return { graph: row.graph, mean: mean(errors), std: populationStd(errors) ?? 0 };
}

/**
 * Baseline and best of a table. For the MLP the paper takes the graph with the third lowest mean as
 * its best, because the two below it vary much from seed to seed; for all others the lowest mean.
 * Of equal means the sparser graph comes first, as the official code's order of names has it. Null
 * where no graph was measured.
 */
export function paperBest(table: ErrorTable): PaperBest | null {
  // The baseline takes part in the ranking, as in the official code.
  const baseline = placedBaseline(table);
  const ranked = [...measuredRows(table), ...(baseline === null ? [] : [baseline])].sort(
    (a, b) => meanError(a)! - meanError(b)! || a.density - b.density,
  );
  const row = ranked[table.arch === 'mlp' ? Math.min(2, ranked.length - 1) : 0];
  return row === undefined
    ? null
    : { baseline: baseline === null ? null : levelOf(baseline), best: levelOf(row), row };
}

/**
 * Whether the paper's test takes `errors` as worse than `best`: one-sided two-sample t-test with
 * equal variances at 5 %.
 */
function isWorse(errors: readonly number[], best: readonly number[]): boolean {
  const test = tTestHigher(errors, best);
  return test !== null && test.p < SWEET_LEVEL;
}

/**
 * The sweet spot of single graphs: the bounding box of all that are not significantly worse than
 * the best. Null without any.
 */
export function sweetSpotOfGraphs(
  table: ErrorTable,
): { readonly rectangle: Rectangle; readonly graphs: number } | null {
  const best = paperBest(table);
  if (best === null) return null;
  const reference = present(best.row);
  const kept = measuredRows(table).filter((row) => !isWorse(present(row), reference));
  return { rectangle: boundingBox(kept), graphs: kept.length };
}

/**
 * Cells of the plane as the official code numbers them: NumPy's `digitize`, right-closed along C
 * where `closed`.
 */
function digit(value: number, edges: readonly number[], closed: boolean): number {
  const above = edges.findIndex((edge) => (closed ? edge >= value : edge > value));
  return above < 0 ? edges.length : above;
}

/** A cell of the plane with all errors of all its graphs. */
export interface Cell {
  readonly key: string;
  readonly clustering: number;
  readonly pathLength: number;
  readonly rows: readonly ErrorRow[];
}

/**
 * The graphs and the baseline (C = L = 1) sorted into 15 x 15 cells of C in [0, 1] and L in [1,
 * 4.5]. A cell stands for its centre; where it touches the upper end of an axis the official code
 * takes its lower left corner as the code numbers it. `closed`: whether cells contain their upper
 * end along C (maps and sweet spot) or their lower (correlations). A right-open grid has the
 * baseline in a cell of its own.
 */
export function cellsOf(table: ErrorTable, closed: boolean): Cell[] {
  const c = binEdges(CLUSTERING_RANGE, PLANE_BINS);
  const l = binEdges(PATH_LENGTH_RANGE, PLANE_BINS);
  const cells = new Map<string, { clustering: number; pathLength: number; rows: ErrorRow[] }>();
  const baseline = placedBaseline(table);
  for (const row of [...measuredRows(table), ...(baseline === null ? [] : [baseline])]) {
    const i = digit(row.clustering, c, closed);
    const j = digit(row.pathLength, l, false);
    const key = `${j} ${i}`;
    const inner = i + 1 < c.length && j + 1 < l.length;
    const centre = (edges: readonly number[], at: number): number =>
      inner && at > 0
        ? (must(edges[at - 1]) + must(edges[at])) / 2
        : must(edges[Math.min(at, edges.length - 1)]);
    const cell = cells.get(key) ?? { clustering: centre(c, i), pathLength: centre(l, j), rows: [] };
    cell.rows.push(row);
    cells.set(key, cell);
  }
  return [...cells].map(([key, cell]) => ({ key, ...cell }));
}

const errorsOf = (cell: Cell): number[] => cell.rows.flatMap(present);

/**
 * The sweet spot of cells: the bounding box of the centres of all cells not significantly worse
 * than the one of lowest mean.
 */
export function sweetSpotOfCells(table: ErrorTable): {
  readonly rectangle: Rectangle;
  readonly cells: number;
  readonly best: readonly number[];
} | null {
  const cells = cellsOf(table, true).map((cell) => ({ ...cell, errors: errorsOf(cell) }));
  if (cells.length === 0) return null;
  const best = cells.reduce((low, cell) => (mean(cell.errors) < mean(low.errors) ? cell : low));
  const kept = cells.filter((cell) => cell === best || !isWorse(cell.errors, best.errors));
  return { rectangle: boundingBox(kept), cells: kept.length, best: best.errors };
}

/** A cut through the plane with its parabola. */
export interface Slice {
  readonly x: 'clustering' | 'pathLength';
  /** What was held fixed, and between which values, ends included. */
  readonly within: readonly [number, number];
  readonly graphs: number;
  readonly fit: Parabola;
  /**
   * Where the parabola is lowest, if it opens upwards and that lies among the graphs; else null.
   */
  readonly minimum: number | null;
}

/** The paper's cuts: L where 0.4 <= C <= 0.6, C where 2 <= L <= 2.5. */
export const SLICES = { pathLength: [0.4, 0.6], clustering: [2, 2.5] } as const;

/** The points of one of the paper's cuts, the baseline among them where it lies in it. */
export function slicePointsOf(
  table: ErrorTable,
  x: Slice['x'],
): { readonly x: number; readonly y: number }[] {
  const other = x === 'clustering' ? 'pathLength' : 'clustering';
  const [low, high] = SLICES[x];
  const baseline = placedBaseline(table);
  return [...measuredRows(table), ...(baseline === null ? [] : [baseline])].flatMap((row) => {
    const y = meanError(row);
    return y !== null && row[other] >= low && row[other] <= high ? [{ x: row[x], y }] : [];
  });
}

/** The lowest point of a parabola, where it opens upwards and lies among the points. */
export function minimumOf(fit: Parabola, points: readonly { readonly x: number }[]): number | null {
  const at = points.map((point) => point.x);
  return minimumWithin(fit, Math.min(...at), Math.max(...at));
}

/** The lowest point of a parabola, where it opens upwards and lies between two places. */
export function minimumWithin(
  { coefficients: [, b, c] }: Parabola,
  low: number,
  high: number,
): number | null {
  const vertex = -b / (2 * c);
  return c > 0 && vertex >= low && vertex <= high ? vertex : null;
}

/**
 * One of the paper's cuts with its least-squares parabola; null with fewer than three different
 * places.
 */
export function sliceOf(table: ErrorTable, x: Slice['x']): Slice | null {
  const points = slicePointsOf(table, x);
  const fit = fitParabola(
    points.map((point) => point.x),
    points.map((point) => point.y),
  );
  return fit === null
    ? null
    : { x, within: SLICES[x], graphs: points.length, fit, minimum: minimumOf(fit, points) };
}

/**
 * A missing error of a later seed replaced by that of the first, as the official code does before
 * it averages.
 */
function filled(table: ErrorTable): ErrorTable {
  const fill = <Row extends Pick<ErrorRow, 'errors'>>(row: Row): Row => ({
    ...row,
    errors: row.errors.map((error) => error ?? row.errors[0]),
  });
  return {
    ...table,
    baseline: table.baseline === null ? null : fill(table.baseline),
    graphs: table.graphs.map(fill),
  };
}

/**
 * Pairs of cell means of two tables over the cells that both have: cells closed below and missing
 * seeds filled from the first, so the published 0.658 comes out. `baseline`: which pair holds the
 * first table's baseline; null where none does.
 */
export function commonCells(
  one: ErrorTable,
  two: ErrorTable,
): {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly baseline: number | null;
} {
  const [a, b] = [filled(one), filled(two)];
  const other = new Map(cellsOf(b, false).map((cell) => [cell.key, cellMean(cell)]));
  const pairs = cellsOf(a, false).flatMap((cell) => {
    const theirs = other.get(cell.key);
    return theirs === undefined
      ? []
      : [
          {
            mine: cellMean(cell),
            theirs,
            baseline: cell.rows.some((row) => row === a.baseline),
          },
        ];
  });
  const baseline = pairs.findIndex((pair) => pair.baseline);
  return {
    a: pairs.map((pair) => pair.mine),
    b: pairs.map((pair) => pair.theirs),
    baseline: baseline < 0 ? null : baseline,
  };
}

/** Mean over a cell's graphs of their mean errors. */
export function cellMean(cell: Cell): number {
  return mean(cell.rows.map((row) => meanError(row)!));
}

/**
 * Pairs of mean errors of the same graphs, baseline included, in two tables of one task (an early
 * epoch and the last).
 */
export function commonGraphs(
  early: ErrorTable,
  late: ErrorTable,
): { readonly a: readonly number[]; readonly b: readonly number[] } {
  const all = (table: ErrorTable): readonly Pick<ErrorRow, 'graph' | 'errors'>[] =>
    table.baseline === null ? table.graphs : [...table.graphs, table.baseline];
  const last = new Map(all(late).map((row) => [row.graph, meanError(row)]));
  const pairs = all(early).flatMap((row) => {
    const [mine, theirs] = [meanError(row), last.get(row.graph) ?? null];
    return mine === null || theirs === null ? [] : [[mine, theirs] as const];
  });
  return { a: pairs.map(([mine]) => mine), b: pairs.map(([, theirs]) => theirs) };
}

/**
 * How well few graphs give the map of all: correlation between cell means of `subset` and those of
 * the whole table, over the subset's cells, without the baseline (cells closed below, as in the
 * official code for this figure).
 */
export function subsetPairs(
  table: ErrorTable,
  subset: ReadonlySet<string>,
): { readonly a: readonly number[]; readonly b: readonly number[] } {
  const whole = new Map(
    cellsOf({ ...table, baseline: null }, false).map((cell) => [cell.key, cellMean(cell)]),
  );
  const part = cellsOf(
    { ...table, baseline: null, graphs: table.graphs.filter((row) => subset.has(row.graph)) },
    false,
  );
  return { a: part.map(cellMean), b: part.map((cell) => whole.get(cell.key)!) };
}

/** Pearson's correlation of pairs. */
export function correlationOf({
  a,
  b,
}: {
  readonly a: readonly number[];
  readonly b: readonly number[];
}): number | null {
  return pearson(a, b);
}
