import { must } from '../core/errors.js';
import { blockedContrast } from '../stats/block-comparisons.js';
import { mean } from '../stats/descriptive.js';
import { rankGraphs } from '../study/ranking.js';
import { binEdges, binOf } from './bins.js';
import type { Rectangle } from './findings/types.js';
import { type Blocks, blocksOf, type Interval } from './paired.js';
import type { ErrorRow, ErrorTable } from './result-table.js';
import {
  CLUSTERING_RANGE,
  CONFIDENCE_LEVEL,
  PATH_LENGTH_RANGE,
  PLANE_BINS,
  SWEET_LEVEL,
} from './settings.js';

/** A cell of the plane with its graphs. */
export interface RuledCell {
  /** Bins of C and of L. */
  readonly i: number;
  readonly j: number;
  readonly rows: readonly ErrorRow[];
  /** Mean over its graphs of their adjusted mean errors. */
  readonly mean: number;
  /**
   * One-sided p of "this cell's errors are higher than the best cell's"; null: the best cell, or it
   * cannot be told.
   */
  readonly p: number | null;
  readonly isBest: boolean;
  /** The best cell, or not significantly worse. */
  readonly sweet: boolean;
}

/** The plane as a rule reads it. */
export interface RuledPlane {
  readonly clusteringEdges: readonly number[];
  readonly pathLengthEdges: readonly number[];
  readonly cells: readonly RuledCell[];
  /**
   * Graphs in no cell: without a path length, beyond the edges, or without a seed in common with
   * the others.
   */
  readonly outside: number;
  /** Around the sweet cells; null where no test is possible. */
  readonly rectangle: Rectangle | null;
}

/**
 * How Plexus reads a table, everywhere but in `plexus reproduce`, which goes by the paper
 * (`paperRule`).
 *
 * The best graph has the lowest mean error, seed effects of missing trainings taken out; the
 * baseline takes no part, ties go to the earlier graph. Cells are right-open but for the last, hold
 * no baseline, and are compared with the cell of the lowest mean paired by seed, the noise pooled
 * over all graphs: a cell is in the set unless it is worse at 5 % (one-sided). The rectangle runs
 * along the outer edges of the set's cells.
 */
export const plexusRule = { best: lowestGraph, plane: readPlane } as const;

/**
 * The graph of the lowest adjusted mean, by the rule that also says what is confirmed; null where
 * none was measured. Controls are none.
 */
export function lowestGraph(
  table: ErrorTable,
  { rows, fit }: Blocks = blocksOf(table),
): string | null {
  const baseline = table.baseline?.graph;
  return (
    rankGraphs(
      rows.map(({ graph }) => graph),
      fit?.means ?? [],
    ).find((graph) => graph !== baseline && table.controls?.has(graph) !== true) ?? null
  );
}

/** The plane of C and L in 15 x 15 bins, by the rule of Plexus. */
function readPlane(table: ErrorTable, blocks: Blocks = blocksOf(table)): RuledPlane {
  const clusteringEdges = binEdges(CLUSTERING_RANGE, PLANE_BINS);
  const pathLengthEdges = binEdges(PATH_LENGTH_RANGE, PLANE_BINS);
  const bins = new Map<
    number,
    { readonly i: number; readonly j: number; readonly rows: ErrorRow[] }
  >();
  let outside = table.unplaced?.length ?? 0;
  for (const row of table.graphs) {
    const [i, j] = [binOf(row.clustering, clusteringEdges), binOf(row.pathLength, pathLengthEdges)];
    // A graph that shares no seed with the others cannot be compared with them.
    const comparable = (blocks.fit?.means[blocks.index.get(row.graph) ?? -1] ?? null) !== null;
    if (i === null || j === null || !comparable) {
      outside += 1;
      continue;
    }
    const key = i * PLANE_BINS + j;
    const cell = bins.get(key) ?? { i, j, rows: [] };
    cell.rows.push(row);
    bins.set(key, cell);
  }
  const sorted = [...bins].sort(([a], [b]) => a - b).map(([, cell]) => cell);
  const cells = testCells(sorted, blocks);
  return {
    clusteringEdges,
    pathLengthEdges,
    cells,
    outside,
    rectangle: boxAround(cells, clusteringEdges, pathLengthEdges),
  };
}

type Bin = Pick<RuledCell, 'i' | 'j' | 'rows'>;

function testCells(bins: readonly Bin[], { fit, index, rows }: Blocks): RuledCell[] {
  const at = ({ graph }: ErrorRow): number => index.get(graph) ?? -1;
  const means = bins.map((bin) => mean(bin.rows.map((row) => fit?.means[at(row)] ?? Number.NaN)));
  const lowest = means.indexOf(Math.min(...means));
  const telling = (fit?.residual.variance ?? 0) > 0;
  return bins.map((bin, place) => {
    if (fit === null || !telling || place === lowest) {
      return {
        ...bin,
        mean: must(means[place]),
        p: null,
        isBest: telling && place === lowest,
        sweet: telling && place === lowest,
      };
    }
    const weights = rows.map(() => 0);
    const best = must(bins[lowest]);
    // The rows of bins are among those of the fit.
    for (const row of bin.rows) weights[at(row)]! += 1 / bin.rows.length;
    for (const row of best.rows) weights[at(row)]! -= 1 / best.rows.length;
    const p = blockedContrast(fit, weights, CONFIDENCE_LEVEL)?.p ?? null;
    return {
      ...bin,
      mean: must(means[place]),
      p,
      isBest: false,
      sweet: p !== null && p >= SWEET_LEVEL,
    };
  });
}

function boxAround(
  cells: readonly RuledCell[],
  c: readonly number[],
  l: readonly number[],
): Rectangle | null {
  const sweet = cells.filter((cell) => cell.sweet);
  if (sweet.length === 0) return null;
  const along = (edges: readonly number[], bins: readonly number[]): Interval => [
    must(edges[Math.min(...bins)]),
    must(edges[Math.max(...bins) + 1]),
  ];
  return {
    clustering: along(
      c,
      sweet.map(({ i }) => i),
    ),
    pathLength: along(
      l,
      sweet.map(({ j }) => j),
    ),
  };
}
