import type { Graph } from '../types.js';

/**
 * Share of the possible edges that exist: m / (n (n-1) / 2), directed m / (n (n-1)); 0 for a single
 * node.
 */
export function density(graph: Graph): number {
  const pairs = graph.nodes * (graph.nodes - 1);
  return pairs === 0 ? 0 : graph.targets.length / pairs;
}
