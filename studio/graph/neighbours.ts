import type { Graph } from '../../src/graph/types.js';

/** The nodes that a node has edges to. */
export function neighbours({ offsets, targets }: Graph, node: number): Int32Array {
  return targets.subarray(offsets[node], offsets[node + 1]);
}
