import { must } from '../core/errors.js';
import type { Graph } from '../graph/types.js';
import { partition } from './partition.js';
import type { BlockMask, Partition } from './types.js';

/**
 * The mask of one layer on `graph`: output node i reads input node j when the graph has the edge i
 * -> j, and itself.
 *
 * @param inChannels columns of the weight matrix
 * @param outChannels rows of the weight matrix
 * @throws UserError when either is smaller than the number of nodes
 */
export function blockMask(graph: Graph, inChannels: number, outChannels: number): BlockMask {
  const input = partition(inChannels, graph.nodes);
  const output = inChannels === outChannels ? input : partition(outChannels, graph.nodes);
  return { graph, input, output, nonzeros: countNonzeros(graph, input, output) };
}

function countNonzeros(graph: Graph, input: Partition, output: Partition): number {
  const { offsets, targets } = graph;
  let nonzeros = 0;
  for (let i = 0; i < graph.nodes; i++) {
    let columns = must(input.sizes[i]);
    for (const j of targets.subarray(offsets[i], offsets[i + 1])) columns += must(input.sizes[j]);
    nonzeros += columns * must(output.sizes[i]);
  }
  return nonzeros;
}

/**
 * The mask written out: `output.channels x input.channels` bytes, row-major, 1 where a weight
 * exists.
 */
export function denseMask(mask: BlockMask): Uint8Array {
  const { graph, input, output } = mask;
  const dense = new Uint8Array(output.channels * input.channels);
  for (let i = 0; i < graph.nodes; i++) {
    const neighbours = [i, ...graph.targets.subarray(graph.offsets[i], graph.offsets[i + 1])];
    const end = must(output.starts[i + 1]);
    for (let row = must(output.starts[i]); row < end; row++) {
      const base = row * input.channels;
      for (const j of neighbours)
        dense.fill(1, base + must(input.starts[j]), base + must(input.starts[j + 1]));
    }
  }
  return dense;
}
