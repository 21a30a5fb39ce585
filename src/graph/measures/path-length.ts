import { lastWordMask, lowestBit, popcount } from '../bits.js';
import type { Graph } from '../types.js';

/** Bitsets of one breadth-first search, reused over all sources. */
interface Search {
  readonly seen: Uint32Array;
  readonly frontier: Uint32Array;
  readonly next: Uint32Array;
}

/**
 * Average path length L: the mean over ordered pairs of different nodes of the edges on a shortest path (directed paths
 * in a directed graph). Null when some node cannot reach another; 0 for a single node.
 */
export function pathLength(graph: Graph): number | null {
  const { nodes, words } = graph;
  if (nodes === 1) return 0;
  const search: Search = { seen: new Uint32Array(words), frontier: new Uint32Array(words), next: new Uint32Array(words) };
  let total = 0;
  for (let source = 0; source < nodes; source++) {
    const sum = distanceSum(graph, source, search);
    if (sum < 0) return null;
    total += sum;
  }
  return total / (nodes * (nodes - 1));
}

/** Sum of the distances from `source`; -1 when some node is out of reach. A level of the search is a bitset. */
function distanceSum(graph: Graph, source: number, search: Search): number {
  const { nodes, words, rows } = graph;
  const { seen, frontier, next } = search;
  const degree = graph.offsets[source + 1] - graph.offsets[source];
  let missing = nodes - 1 - degree;
  let sum = degree;
  for (let word = 0; word < words; word++) seen[word] = frontier[word] = rows[source * words + word]!;
  seen[source >>> 5] |= 1 << (source & 31);
  // Bits beyond the last node count as seen, so that "all seen" is "all ones".
  seen[words - 1] |= ~lastWordMask(nodes);
  for (let distance = 2; missing > 0; distance++) {
    expand(graph, search);
    let found = 0;
    for (let word = 0; word < words; word++) {
      const fresh = next[word] & ~seen[word];
      frontier[word] = fresh;
      seen[word] |= fresh;
      found += popcount(fresh);
    }
    if (found === 0) return -1;
    missing -= found;
    sum += distance * found;
  }
  return sum;
}

/** `next` = neighbours of the frontier, until no node is left unseen. */
function expand(graph: Graph, { seen, frontier, next }: Search): void {
  const { words, rows, offsets, targets } = graph;
  for (let word = 0; word < words; word++) next[word] = 0;
  for (let word = 0; word < words; word++) {
    for (let bits = frontier[word] | 0; bits !== 0; bits &= bits - 1) {
      const node = word * 32 + lowestBit(bits);
      const from = offsets[node];
      const to = offsets[node + 1];
      if (to - from < words) {
        for (let at = from; at < to; at++) next[targets[at] >>> 5] |= 1 << (targets[at] & 31);
        continue;
      }
      let unseen = 0;
      for (let w = 0; w < words; w++) {
        next[w] |= rows[node * words + w];
        unseen |= ~(next[w] | seen[w]);
      }
      if (unseen === 0) return;
    }
  }
}
