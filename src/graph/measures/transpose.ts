import { setBit } from '../bits.js';
import type { Graph } from '../types.js';

/**
 * The bitset rows with every edge turned round: bit u of row v is set when there is an edge u -> v.
 */
export function transposedRows(graph: Graph): Uint32Array {
  if (!graph.directed) return graph.rows;
  const rows = new Uint32Array(graph.rows.length);
  for (let u = 0; u < graph.nodes; u++) {
    for (let at = graph.offsets[u]; at < graph.offsets[u + 1]; at++)
      setBit(rows, graph.words, graph.targets[at], u);
  }
  return rows;
}

/** Every node's in-neighbours, ascending, in the form of `Graph.offsets` and `Graph.targets`. */
export function transposedLists(graph: Graph): Pick<Graph, 'offsets' | 'targets'> {
  if (!graph.directed) return graph;
  const { nodes, targets } = graph;
  const offsets = new Int32Array(nodes + 1);
  for (let at = 0; at < targets.length; at++) offsets[targets[at] + 1]++;
  for (let u = 0; u < nodes; u++) offsets[u + 1] += offsets[u];
  const free = offsets.slice(0, nodes);
  const sources = new Int32Array(targets.length);
  for (let u = 0; u < nodes; u++) {
    for (let at = graph.offsets[u]; at < graph.offsets[u + 1]; at++)
      sources[free[targets[at]]++] = u;
  }
  return { offsets, targets: sources };
}
