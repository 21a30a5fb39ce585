import type { Graph } from '../types.js';

/** Average degree: 2m / n, directed m / n (in- and out-degree have the same mean). */
export function averageDegree(graph: Graph): number {
  return graph.targets.length / graph.nodes;
}
