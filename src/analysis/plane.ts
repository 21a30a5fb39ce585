import type { MeasuredGraph } from './graphs.js';
import { CLUSTERING_RANGE, PATH_LENGTH_RANGE, PLANE_BINS, SWEET_LEVEL } from './settings.js';
import { mean, tTestHigher } from '../stats/index.js';
import type { Plane, PlaneCell, SweetSpot } from './types.js';

/** `bins + 1` equally spaced edges, computed as NumPy's `linspace` does. */
export function binEdges(range: readonly [number, number], bins: number): readonly number[] {
  const [low, high] = range;
  const step = (high - low) / bins;
  return Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + i * step));
}

/** The bin of a value: right-open but for the last bin. Null outside the edges. */
export function binOf(value: number, edges: readonly number[]): number | null {
  const above = edges.findIndex((edge) => edge > value);
  if (above > 0) return above - 1;
  return above === -1 && value === edges.at(-1) ? edges.length - 2 : null;
}

function collectCells(graphs: readonly MeasuredGraph[], cEdges: readonly number[], lEdges: readonly number[]): { cells: PlaneCell[]; outside: number } {
  const members = new Map<number, { i: number; j: number; graphs: MeasuredGraph[] }>();
  let outside = 0;
  for (const graph of graphs) {
    const i = graph.clustering === null ? null : binOf(graph.clustering, cEdges);
    const j = graph.pathLength === null ? null : binOf(graph.pathLength, lEdges);
    if (i === null || j === null) {
      outside += 1;
      continue;
    }
    const key = i * PLANE_BINS + j;
    const cell = members.get(key) ?? { i, j, graphs: [] };
    cell.graphs.push(graph);
    members.set(key, cell);
  }
  const sorted = [...members].sort(([a], [b]) => a - b).map(([, cell]) => cell);
  const cells = sorted.map((cell) => {
    const errors = cell.graphs.flatMap((graph) => graph.errors);
    return { i: cell.i, j: cell.j, graphs: cell.graphs.map((graph) => graph.spec), errors, mean: mean(errors), p: null, isBest: false, sweet: false };
  });
  return { cells, outside };
}

/** Marks the best cell (lowest mean among testable ones, ties to the first) and tests every other against it. */
function testCells(cells: readonly PlaneCell[]): readonly PlaneCell[] {
  const testable = cells.filter((cell) => cell.errors.length >= 2);
  const best = testable.reduce<PlaneCell | null>((low, cell) => (low === null || cell.mean < low.mean ? cell : low), null);
  if (best === null) return cells;
  return cells.map((cell) => {
    if (cell === best) return { ...cell, isBest: true, sweet: true };
    const p = tTestHigher(cell.errors, best.errors)?.p ?? null;
    return { ...cell, p, sweet: p !== null && p >= SWEET_LEVEL };
  });
}

/** The (C, L) plane in bins, with the paper's rule applied to its cells. */
export function binPlane(graphs: readonly MeasuredGraph[]): Plane {
  const clusteringEdges = binEdges(CLUSTERING_RANGE, PLANE_BINS);
  const pathLengthEdges = binEdges(PATH_LENGTH_RANGE, PLANE_BINS);
  const { cells, outside } = collectCells(graphs, clusteringEdges, pathLengthEdges);
  return { clusteringEdges, pathLengthEdges, cells: testCells(cells), outside };
}

function boundingEdges(bins: readonly number[], edges: readonly number[]): readonly [number, number] {
  return [edges[Math.min(...bins)] ?? 0, edges[Math.max(...bins) + 1] ?? 0];
}

function countNotWorse(graphs: readonly MeasuredGraph[], best: MeasuredGraph | null): number | null {
  if (best === null || best.errors.length < 2) return null;
  return graphs.filter((graph) => graph.spec === best.spec || (graph.p !== null && graph.p >= SWEET_LEVEL)).length;
}

/** The sweet spot: the bounding box of the cells that `binPlane` found not significantly worse than the best. */
export function findSweetSpot(plane: Plane, graphs: readonly MeasuredGraph[], best: MeasuredGraph | null): SweetSpot {
  const sweet = plane.cells.filter((cell) => cell.sweet);
  const bestMean = plane.cells.find((cell) => cell.isBest)?.mean ?? null;
  const untestable = plane.cells.filter((cell) => cell.errors.length < 2);
  const counts = {
    cells: sweet.length,
    testable: plane.cells.length - untestable.length,
    untestable: untestable.length,
    untestableBelowBest: bestMean === null ? 0 : untestable.filter((cell) => cell.mean < bestMean).length,
    graphs: countNotWorse(graphs, best),
    level: SWEET_LEVEL,
  };
  if (bestMean === null) {
    const reason = plane.cells.length === 0 ? 'no graph with a complete trial lies in the plane' : 'no cell has two or more values; use more seeds or graphs';
    return { clustering: null, pathLength: null, ...counts, reason };
  }
  return {
    clustering: boundingEdges(sweet.map((cell) => cell.i), plane.clusteringEdges),
    pathLength: boundingEdges(sweet.map((cell) => cell.j), plane.pathLengthEdges),
    ...counts,
    reason: null,
  };
}
