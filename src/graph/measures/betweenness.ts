import { lastWordMask, lowestBit } from '../bits.js';
import type { Graph, GraphMeasure } from '../types.js';

/** Time of one word of a bitset row in units of a step along a list, as measured. */
const LIST_STEPS = 1;

/**
 * Every node's betweenness centrality: the share of shortest paths between two other nodes that pass through it, averaged
 * over all ordered pairs of other nodes; pairs without a path count 0. From 0 to 1; 0 below 3 nodes. O(n m) (Brandes 2001).
 */
export function betweenness(graph: Graph): Float64Array {
  const { nodes } = graph;
  const totals = new Float64Array(nodes);
  if (nodes < 3) return totals;
  const search: Search = {
    order: new Int32Array(nodes), distance: new Int32Array(nodes), beyond: new Int32Array(graph.words), paths: new Float64Array(nodes), share: new Float64Array(nodes),
    ahead: new Int32Array(graph.targets.length + 1), ends: new Int32Array(nodes),
  };
  for (let source = 0; source < nodes; source++) collectShares(countPaths(graph, source, search), search, totals);
  return totals.map((total) => total / ((nodes - 1) * (nodes - 2)));
}

interface Search {
  /** Nodes in the order in which they are met. */
  readonly order: Int32Array;
  /** Edges from the source; `nodes` where it was not met. */
  readonly distance: Int32Array;
  /** The same as bits: what was not met before the level to come. */
  readonly beyond: Int32Array;
  /** Number of shortest paths from the source; 0 where it was not met. */
  readonly paths: Float64Array;
  /** (1 + dependency of the source on the node) / paths. */
  readonly share: Float64Array;
  /** For node after node of `order` the neighbours on the way away from the source; `ends` says where each one's end. */
  readonly ahead: Int32Array;
  readonly ends: Int32Array;
}

/** Breadth-first search, level by level, that counts shortest paths; returns how many nodes were met. */
function countPaths(graph: Graph, source: number, search: Search): number {
  const { order, distance, beyond, paths, ends } = search;
  distance.fill(graph.nodes);
  beyond.fill(-1);
  beyond[graph.words - 1] = lastWordMask(graph.nodes);
  paths.fill(0);
  distance[source] = 0;
  paths[source] = 1;
  order[0] = source;
  let length = 1;
  let filled = 0;
  // Nothing lies beyond the farthest nodes once every node was met: in dense graphs most edges are at these.
  let from = 0;
  for (let to = 1; from < to && length < graph.nodes; from = to, to = length) {
    for (let i = from; i < to; i++) beyond[order[i] >>> 5] &= ~(1 << (order[i] & 31));
    for (let i = from; i < to; i++) {
      const u = order[i];
      const before = filled;
      filled = graph.offsets[u + 1] - graph.offsets[u] < LIST_STEPS * graph.words ? listAhead(graph, u, search, filled) : bitsAhead(graph, u, search, filled);
      const ways = paths[u];
      for (let at = before; at < filled; at++) {
        const v = search.ahead[at];
        if (paths[v] === 0) {
          distance[v] = distance[u] + 1;
          order[length++] = v;
        }
        paths[v] += ways;
      }
      ends[i] = filled;
    }
  }
  ends.fill(filled, from, length);
  return length;
}

/** Writes the neighbours of `u` that lie farther from the source into `ahead`, in ascending order. */
function listAhead({ offsets, targets }: Graph, u: number, { distance, ahead }: Search, filled: number): number {
  const here = distance[u];
  const to = offsets[u + 1];
  for (let at = offsets[u]; at < to; at++) {
    const v = targets[at];
    ahead[filled] = v;
    filled += Number(distance[v] > here);
  }
  return filled;
}

/** The same from the bitset rows, which is faster where neighbours are many. */
function bitsAhead({ rows, words }: Graph, u: number, { beyond, ahead }: Search, filled: number): number {
  for (let word = 0; word < words; word++) {
    for (let bits = rows[u * words + word] & beyond[word]; bits !== 0; bits &= bits - 1) ahead[filled++] = word * 32 + lowestBit(bits);
  }
  return filled;
}

/** Adds what every node passes on, from the farthest nodes back. */
function collectShares(length: number, { order, paths, share, ahead, ends }: Search, totals: Float64Array): void {
  for (let i = length - 1; i > 0; i--) {
    const u = order[i];
    let sum = 0;
    for (let at = ends[i - 1]; at < ends[i]; at++) sum += share[ahead[at]];
    const dependency = sum * paths[u];
    totals[u] += dependency;
    share[u] = (1 + dependency) / paths[u];
  }
}

export const betweennessMeasure: GraphMeasure = {
  name: 'betweenness',
  title: 'betweenness',
  cost: 'slow',
  definition: 'Greatest betweenness centrality of a node: the share of shortest paths (directed, if directed) between two other nodes that pass through it, averaged over all ordered pairs of other nodes; pairs without a path count 0.',
  description: `b(v) = Σ σ(s, t | v) / σ(s, t) / ((n - 1)(n - 2)) over ordered pairs s, t of nodes other than v, σ the number of shortest
paths and σ( | v) of those through v. 1 for the centre of a star, 0 for every node of a complete graph: how much of the
traffic the busiest node carries. The function \`betweenness\` gives every node's value, \`plexus graph measure --per-node
--json\` too. The mean over nodes is no news: in a connected graph it is (L - 1) / (n - 2).

The greatest value of \`betweenness_centrality\` of networkx, normalised as there.`,
  reference: 'L. C. Freeman: A set of measures of centrality based on betweenness. Sociometry 40, 1977. Computed after U. Brandes: A faster algorithm for betweenness centrality. Journal of Mathematical Sociology 25, 2001.',
  compute: (graph) => betweenness(graph).reduce((most, value) => Math.max(most, value), 0),
};
