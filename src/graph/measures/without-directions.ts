import { graphFromRows } from '../build.js';
import type { Graph } from '../types.js';
import { transposedRows } from './transpose.js';

/**
 * The undirected graph that joins two nodes where an edge goes either way; an undirected graph as
 * it is.
 */
export function withoutDirections(graph: Graph): Graph {
  if (!graph.directed) return graph;
  const back = transposedRows(graph);
  return graphFromRows(
    graph.nodes,
    false,
    graph.rows.map((word, at) => word | back[at]),
  );
}
