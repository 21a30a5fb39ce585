import { PythonWords } from '../../core/random/python-words.js';
import { roundHalfEven } from '../../core/rounding.js';
import { lowestBit } from '../bits.js';
import { drawWsFlex, wsFlexSpace } from '../generators/ws-flex-draw.js';
import { WS_FLEX_TRIES } from '../generators/ws-flex.js';
import { clustering } from '../measures/clustering.js';
import { pathLength } from '../measures/path-length.js';
import type { Graph } from '../types.js';
import { candidates, type SpaceGrid } from './grid.js';

/**
 * Random words kept of a seed: more than nearly every graph of 64 nodes takes, and within a core's
 * own cache.
 */
const KEPT_WORDS = 65_536;

/**
 * Gives C and L of WS-flex graphs of one number of nodes; null where `wsFlexGraph` finds no
 * connected one.
 */
export type Placer = (
  k: number,
  p: number,
  seed: number,
) => { readonly clustering: number; readonly pathLength: number } | null;

/**
 * C and L of `wsFlexGraph(nodes, k, p, seed)` to the last bit, without the checks and the memory of
 * a graph for each. Fastest when one seed is asked for many times in a row.
 */
export function placer(nodes: number): Placer {
  const space = wsFlexSpace(nodes);
  const source = new PythonWords(KEPT_WORDS);
  const most = (nodes * (nodes - 1)) / 2;
  const { words, rows } = space;
  const offsets = new Int32Array(nodes + 1);
  let targets = new Int32Array(0);
  return (k, p, seed) => {
    const edges = roundHalfEven((k * nodes) / 2);
    if (edges >= most) return { clustering: nodes > 2 ? 1 : 0, pathLength: 1 };
    if (targets.length < 2 * edges) targets = new Int32Array(2 * edges);
    source.restart(seed);
    for (let tries = 0; tries < WS_FLEX_TRIES; tries++) {
      drawWsFlex(space, edges, p, source);
      listTargets(rows, nodes, words, offsets, targets);
      const graph: Graph = {
        nodes,
        directed: false,
        edges,
        words,
        rows,
        offsets,
        targets: targets.subarray(0, 2 * edges),
      };
      const length = pathLength(graph);
      if (length !== null) return { clustering: clustering(graph), pathLength: length };
    }
    return null;
  };
}

function listTargets(
  rows: Uint32Array,
  nodes: number,
  words: number,
  offsets: Int32Array,
  targets: Int32Array,
): void {
  let filled = 0;
  for (let u = 0; u < nodes; u++) {
    for (let word = 0; word < words; word++) {
      for (let bits = rows[u * words + word] | 0; bits !== 0; bits &= bits - 1)
        targets[filled++] = word * 32 + lowestBit(bits);
    }
    offsets[u + 1] = filled;
  }
}

/**
 * C and L of candidates: the pair of candidate i at 2 i and 2 i + 1. Both are NaN where no
 * connected graph was found.
 *
 * @param numbers of the candidates in their grid, in any order
 */
export function placeCandidates(grid: SpaceGrid, numbers: Int32Array): Float64Array {
  const place = placer(grid.nodes);
  const candidateOf = candidates(grid);
  const places = new Float64Array(2 * numbers.length);
  for (const at of bySeed(numbers, grid.seeds)) {
    const { k, p, seed } = candidateOf(numbers[at]);
    const found = place(k, p, seed);
    places[2 * at] = found ? found.clustering : NaN;
    places[2 * at + 1] = found ? found.pathLength : NaN;
  }
  return places;
}

/** Places in `numbers` in the order of their seeds, which the last digits of the numbers are. */
function bySeed(numbers: Int32Array, seeds: number): Int32Array {
  const order = Int32Array.from(numbers, (_, at) => at);
  return order.sort((a, b) => (numbers[a] % seeds) - (numbers[b] % seeds) || a - b);
}
