import { must } from '../../core/errors.js';
import { RandomStream } from '../../core/random/stream.js';
import { pearson } from '../../stats/correlation.js';
import { quantile } from '../../stats/descriptive.js';
import { cellsOf } from './paper.js';
import { meanError } from './rows.js';
import type { ErrorTable } from './types.js';

/**
 * How well some number of graphs, taken at random, gives the map of all. Numbers over resamples;
 * null where r is not known.
 */
export interface SubsetPoint {
  /** Graphs taken. */
  readonly graphs: number;
  /** Cells that they lie in, mean over resamples. */
  readonly cells: number;
  /** Of r with the cell means of all graphs, those taken among them. */
  readonly all: Quantiles | null;
  /**
   * Of r with the cell means of the graphs not taken; null as well where fewer than half of the
   * graphs are left.
   */
  readonly rest: Quantiles | null;
}

/** The middle of what random subsets give, and the band around it. */
export interface Quantiles {
  readonly median: number;
  /** The central 90 %. */
  readonly band: readonly [number, number];
}

/**
 * The numbers of graphs that are tried: 4 and on, two to a doubling, those asked for as well, and
 * all.
 */
function sizesUpTo(count: number, asked: readonly number[]): number[] {
  const sizes = asked.filter((size) => size >= 4);
  for (let size = 4; size < count; size *= 2) sizes.push(size, size * 1.5);
  return [...new Set([...sizes.filter((size) => size < count), count])].sort((a, b) => a - b);
}

function quantilesOf(values: readonly number[], resamples: number): Quantiles | null {
  return values.length < 0.9 * resamples
    ? null
    : { median: quantile(values, 0.5), band: [quantile(values, 0.05), quantile(values, 0.95)] };
}

/**
 * Pearson's r between the cell means (15 x 15, cells closed below, baseline left out) of m graphs
 * drawn without replacement and those of all graphs, over the cells that the m lie in; m from 4 to
 * all. As `subsetPairs`, but with graphs taken at random. A correlation that fewer than nine in ten
 * resamples have (three cells, values that differ) is null. Empty with fewer than four graphs.
 *
 * @param asked numbers of graphs to try besides
 */
export function subsetCurve(
  table: ErrorTable,
  resamples: number,
  asked: readonly number[] = [],
): SubsetPoint[] {
  const cells = cellsOf({ ...table, baseline: null }, false);
  const graphs = cells.flatMap((cell, at) =>
    cell.rows.map((row) => ({ at, error: meanError(row)! })),
  );
  if (graphs.length < 4) return [];
  const cellOf = Int32Array.from(graphs, (graph) => graph.at);
  const errors = Float64Array.from(graphs, (graph) => graph.error);
  const sums = Float64Array.from(cells, (cell) =>
    cell.rows.reduce((sum, row) => sum + meanError(row)!, 0),
  );
  const grid = {
    cellOf,
    errors,
    counts: Float64Array.from(cells, (cell) => cell.rows.length),
    sums,
  };
  const order = Int32Array.from(graphs.keys());
  return sizesUpTo(graphs.length, asked).map((size) => {
    const random = new RandomStream('subset curve', table.name, size);
    const [all, rest]: [number[], number[]] = [[], []];
    let seen = 0;
    for (let b = 0; b < resamples; b++) {
      drawFirst(order, size, random);
      const pairs = pairsOf(order, size, grid);
      seen += pairs.part.length;
      const [withAll, withRest] = [
        pearson(pairs.part, pairs.whole),
        size * 2 <= graphs.length ? pearson(pairs.partOfBoth, pairs.rest) : null,
      ];
      if (withAll !== null) all.push(withAll);
      if (withRest !== null) rest.push(withRest);
    }
    return {
      graphs: size,
      cells: seen / resamples,
      all: quantilesOf(all, resamples),
      rest: quantilesOf(rest, resamples),
    };
  });
}

/** Puts a random sample without replacement at the front (Fisher and Yates, stopped early). */
function drawFirst(order: Int32Array, size: number, random: RandomStream): void {
  for (let i = 0; i < size; i++) {
    const other = i + random.below(order.length - i);
    [order[i], order[other]] = [must(order[other]), must(order[i])];
  }
}

interface CellPairs {
  readonly part: number[];
  readonly whole: number[];
  /** Over the cells that hold graphs of both kinds. */
  readonly partOfBoth: number[];
  readonly rest: number[];
}

interface Grid {
  /** Each graph's cell and mean error. */
  readonly cellOf: Int32Array;
  readonly errors: Float64Array;
  /** Of each cell, over all graphs. */
  readonly counts: Float64Array;
  readonly sums: Float64Array;
}

function pairsOf(
  order: Int32Array,
  size: number,
  { cellOf, errors, counts, sums }: Grid,
): CellPairs {
  const [count, sum] = [new Float64Array(counts.length), new Float64Array(counts.length)];
  for (let place = 0; place < size; place++) {
    const graph = must(order[place]);
    const cell = must(cellOf[graph]);
    // A graph's cell is a number below `counts.length`.
    count[cell]! += 1;
    sum[cell]! += must(errors[graph]);
  }
  const pairs: CellPairs = { part: [], whole: [], partOfBoth: [], rest: [] };
  count.forEach((taken, at) => {
    if (taken === 0) return;
    pairs.part.push(must(sum[at]) / taken);
    pairs.whole.push(must(sums[at]) / must(counts[at]));
    if (counts[at] === taken) return;
    pairs.partOfBoth.push(must(sum[at]) / taken);
    pairs.rest.push((must(sums[at]) - must(sum[at])) / (must(counts[at]) - taken));
  });
  return pairs;
}
