import type { Graph } from '../types.js';
import { degrees } from './degree-statistics.js';
import { transposedLists } from './transpose.js';

/**
 * Every node's core number: the greatest k such that the node is in a part of the graph where every
 * node has at least k edges within the part (directed: in- and out-edges together). By taking away
 * the node of least degree again and again, in O(n + m) (V. Batagelj, M. Zaveršnik: An O(m)
 * algorithm for cores decomposition of networks. 2003). The same as `core_number` of networkx.
 */
export function coreNumbers(graph: Graph): Int32Array {
  const core = degrees(graph);
  const { order, place, start } = sortedByDegree(core);
  const sides = graph.directed ? [graph, transposedLists(graph)] : [graph];
  for (const u of order) {
    for (const { offsets, targets } of sides) {
      for (let at = offsets[u]; at < offsets[u + 1]; at++) {
        const v = targets[at];
        if (core[v] <= core[u]) continue;
        // v goes to the front of its degree's block, and the block begins after it.
        const front = start[core[v]]++;
        const other = order[front];
        order[place[v]] = other;
        place[other] = place[v];
        order[front] = v;
        place[v] = front;
        core[v]--;
      }
    }
  }
  return core;
}

/**
 * Nodes in ascending order of degree, each one's place in it, and where each degree's block starts.
 */
function sortedByDegree(degree: Int32Array): {
  order: Int32Array;
  place: Int32Array;
  start: Int32Array;
} {
  const start = new Int32Array(degree.reduce((most, d) => Math.max(most, d), 0) + 2);
  for (const d of degree) start[d + 1]++;
  for (let d = 1; d < start.length; d++) start[d] += start[d - 1];
  const free = start.slice();
  const order = new Int32Array(degree.length);
  const place = degree.map((d) => free[d]++);
  place.forEach((at, u) => (order[at] = u));
  return { order, place, start };
}
