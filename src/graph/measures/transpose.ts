import { setBit } from '../build.js';
import type { Graph } from '../types.js';

/** The bitset rows with every edge turned round: bit u of row v is set when there is an edge u -> v. */
export function transposedRows(graph: Graph): Uint32Array {
  if (!graph.directed) return graph.rows;
  const rows = new Uint32Array(graph.rows.length);
  for (let u = 0; u < graph.nodes; u++) {
    for (let at = graph.offsets[u]; at < graph.offsets[u + 1]; at++) setBit(rows, graph.words, graph.targets[at], u);
  }
  return rows;
}
