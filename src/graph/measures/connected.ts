import { lowestBit, wordsFor } from '../bits.js';
import type { Graph } from '../types.js';
import { breadthFirstOrder } from './distances.js';
import { transposedLists } from './transpose.js';

/** Whether every node is reached from every other (strongly connected, if directed). */
export function connected(graph: Graph): boolean {
  const reachesAll = (lists: Pick<Graph, 'offsets' | 'targets'>): boolean =>
    breadthFirstOrder(lists, graph.nodes, [0]).length === graph.nodes;
  return reachesAll(graph) && (!graph.directed || reachesAll(transposedLists(graph)));
}

/** Whether node 0 reaches every node over the edges of these bitset rows. */
export function rowsReachAll(rows: Uint32Array, nodes: number): boolean {
  const words = wordsFor(nodes);
  const seen = new Uint32Array(words);
  const queue = new Int32Array(nodes);
  seen[0] = 1;
  let length = 1;
  for (let head = 0; head < length && length < nodes; head++) {
    const row = queue[head] * words;
    for (let word = 0; word < words; word++) {
      let fresh = rows[row + word] & ~seen[word];
      seen[word] |= fresh;
      for (; fresh !== 0; fresh &= fresh - 1) queue[length++] = word * 32 + lowestBit(fresh);
    }
  }
  return length === nodes;
}
