import { lastWordMask, popcount } from '../bits.js';
import type { Graph } from '../types.js';
import { connected } from './connected.js';
import { distanceTable } from './distances.js';

/** The most nodes whose bitset rows are two words. */
const SMALL = 64;

/**
 * Average path length L: the mean over ordered pairs of different nodes of the edges on a shortest
 * path (directed paths in a directed graph). Null when some node cannot reach another; 0 for a
 * single node.
 */
export function pathLength(graph: Graph): number | null {
  const { nodes } = graph;
  if (nodes === 1) return 0;
  if (nodes <= SMALL) return smallPathLength(graph);
  if (!connected(graph)) return null;
  return (
    distanceTable(graph).pairs.reduce((sum, count, distance) => sum + count * distance, 0) /
    (nodes * (nodes - 1))
  );
}

/**
 * Up to 64 nodes: round by round every node takes over what its neighbours reach, until all reach
 * all. A pair at distance d is missing in d rounds, so the sum of distances is the sum over rounds
 * of the missing pairs.
 */
function smallPathLength({ nodes, words, rows, offsets, targets }: Graph): number | null {
  const allLow = words === 1 ? lastWordMask(nodes) | 0 : -1;
  const allHigh = words === 1 ? 0 : lastWordMask(nodes) | 0;
  let low = new Int32Array(nodes);
  let high = new Int32Array(nodes);
  for (let u = 0; u < nodes; u++) {
    low[u] = rows[u * words] | (u < 32 ? 1 << u : 0);
    if (words === 2) high[u] = rows[2 * u + 1] | (u < 32 ? 0 : 1 << (u & 31));
  }
  let nextLow = new Int32Array(nodes);
  let nextHigh = new Int32Array(nodes);
  let missing = nodes * (nodes - 1) - targets.length;
  let sum = nodes * (nodes - 1);
  while (missing > 0) {
    sum += missing;
    let reached = 0;
    for (let u = 0; u < nodes; u++) {
      let a = low[u];
      let b = high[u];
      const to = offsets[u + 1];
      for (let at = offsets[u]; at < to && (a !== allLow || b !== allHigh); at++) {
        a |= low[targets[at]];
        b |= high[targets[at]];
      }
      nextLow[u] = a;
      nextHigh[u] = b;
      reached += popcount(a) + popcount(b);
    }
    if (nodes * nodes - reached === missing) return null;
    missing = nodes * nodes - reached;
    [low, nextLow] = [nextLow, low];
    [high, nextHigh] = [nextHigh, high];
  }
  return sum / (nodes * (nodes - 1));
}
