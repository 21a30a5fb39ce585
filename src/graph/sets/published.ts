import { numpyPermutation } from '../../core/random/index.js';
import type { GraphSpec } from '../types.js';
import { graphSpec } from '../spec.js';

/** Cells along each axis of the (C, L) plane from which the published sets were picked. */
const CELLS = 135;
/** One cell in nine, along both axes, makes the small set. */
const STRIDE = 9;
const PHASE = 5;
const DEGREES = 300;
const PROBABILITIES = 300;
const SEEDS = 30;

/** A candidate graph with its place in the plane. */
export interface PlacedGraph {
  readonly spec: GraphSpec;
  readonly clustering: number;
  readonly pathLength: number;
}

/** `numpy.linspace(start, stop, count)`. */
function linspace(start: number, stop: number, count: number): number[] {
  const step = (stop - start) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? stop : i * step + start));
}

const clusteringEdges = linspace(0, 1, CELLS + 1);
const pathLengthEdges = linspace(1, 4.5, CELLS + 1);

/** `numpy.digitize`: how many of the ascending edges are at most `x`. */
function digitize(x: number, edges: readonly number[]): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

const key = (i: number, j: number): number => i * 1000 + j;

/** The cell of a graph as one number. */
function cellOf(graph: PlacedGraph): number {
  return key(digitize(graph.clustering, clusteringEdges), digitize(graph.pathLength, pathLengthEdges));
}

/**
 * The 2,700,000 WS-flex candidates of 64 nodes behind the published sets, in the order in which they were looked at:
 * squares of 300 even steps of sqrt(k) from sqrt(8) to sqrt(62), squares of 300 even steps of sqrt(p), seeds 0..29, all
 * shuffled by NumPy (You et al., ICML 2020, and its code's arrays).
 */
export function* publishedCandidates(): Generator<GraphSpec> {
  const degrees = linspace(Math.sqrt(8), Math.sqrt(62), DEGREES).map((x) => x * x);
  const probabilities = linspace(0, 1, PROBABILITIES).map((x) => x * x);
  const indices = Int32Array.from({ length: DEGREES * PROBABILITIES * SEEDS }, (_, i) => i);
  for (const index of numpyPermutation(1, indices)) {
    const pair = Math.floor(index / SEEDS);
    const k = degrees[Math.floor(pair / PROBABILITIES)];
    const p = probabilities[pair % PROBABILITIES];
    yield graphSpec('ws-flex', { n: 64, k, p, seed: index % SEEDS });
  }
}

/** The first graph of every cell of the 135 x 135 plane, in the order of `graphs`: of the candidates, 3942. */
export function firstOfEveryCell(graphs: Iterable<PlacedGraph>): PlacedGraph[] {
  const kept = new Map<number, PlacedGraph>();
  for (const graph of graphs) {
    const cell = cellOf(graph);
    if (!kept.has(cell)) kept.set(cell, graph);
  }
  return [...kept.values()];
}

/**
 * The set of 52 from the 3942: the graphs of every ninth cell along both axes, in their order; then, where such a cell
 * of clustering above 0.75 is empty, the first graph in the cells around it (one row, three columns either way).
 */
export function everyNinthCell(kept: readonly PlacedGraph[]): PlacedGraph[] {
  const byCell = new Map(kept.map((graph) => [cellOf(graph), graph]));
  const chosen = kept.filter((graph) => {
    const cell = cellOf(graph);
    return Math.floor(cell / 1000) % STRIDE === PHASE && (cell % 1000) % STRIDE === PHASE;
  });
  for (let i = PHASE; i <= CELLS; i += STRIDE) {
    if (clusteringEdges[i] <= 0.75) continue;
    for (let j = PHASE; j <= CELLS; j += STRIDE) {
      if (byCell.has(key(i, j))) continue;
      const neighbour = firstAround(byCell, i, j);
      if (neighbour) chosen.push(neighbour);
    }
  }
  return chosen;
}

/** The graph of the first kept cell, row by row, in the block of 3 x 7 cells around an empty one. */
function firstAround(byCell: ReadonlyMap<number, PlacedGraph>, i: number, j: number): PlacedGraph | undefined {
  for (let row = i - 1; row <= i + 1; row++) {
    for (let column = j - 3; column <= j + 3; column++) {
      const graph = byCell.get(key(row, column));
      if (graph) return graph;
    }
  }
  return undefined;
}
