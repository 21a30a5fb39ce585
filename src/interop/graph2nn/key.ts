import type { PublishedGraph } from './types.js';

/** What a graph is known by in the names of results: nodes, k / n and p with six decimals, seed. */
export function keyOf({
  nodes,
  density,
  rewiring,
  seed,
}: Pick<PublishedGraph, 'nodes' | 'density' | 'rewiring' | 'seed'>): string {
  return [nodes, density.toFixed(6), rewiring.toFixed(6), seed].join(' ');
}
