import { lastWordMask, lowestBit } from '../bits.js';
import type { Graph, GraphMeasure } from '../types.js';

/** Time of a word of a bitset row in units of a step along a list, as measured. */
const WORD_STEPS = 2;

/**
 * Every node's betweenness centrality: the share of shortest paths between two other nodes that
 * pass through it, averaged over all ordered pairs of other nodes; pairs without a path count 0.
 * From 0 to 1; 0 below 3 nodes. O(n m) (Brandes 2001).
 */
export function betweenness(graph: Graph): Float64Array {
  const { nodes } = graph;
  const totals = new Float64Array(nodes);
  if (nodes < 3) return totals;
  const search: Search = {
    order: new Int32Array(nodes),
    distance: new Int32Array(nodes),
    unmet: new Int32Array(graph.words),
    paths: new Float64Array(nodes),
    share: new Float64Array(nodes),
    ahead: new Int32Array(graph.targets.length + 1),
    ends: new Int32Array(nodes),
    met: 0,
    filled: 0,
  };
  for (let source = 0; source < nodes; source++) {
    countPaths(graph, source, search);
    collectShares(search, totals);
  }
  return totals.map((total) => total / ((nodes - 1) * (nodes - 2)));
}

/**
 * The state of one search. `distance`, `unmet`, `paths` and `order` hold the whole levels so far
 * and some of the next.
 */
interface Search {
  /** Nodes in the order in which they are met. */
  readonly order: Int32Array;
  /** Edges from the source; `nodes` where it was not met. */
  readonly distance: Int32Array;
  /** Bits of the nodes that were not met in the levels before the next. */
  readonly unmet: Int32Array;
  /** Number of shortest paths from the source; 0 where it was not met. */
  readonly paths: Float64Array;
  /** (1 + dependency of the source on the node) / paths. */
  readonly share: Float64Array;
  /**
   * For node after node of `order` the neighbours on the way away from the source; `ends` says
   * where each one's end.
   */
  readonly ahead: Int32Array;
  readonly ends: Int32Array;
  /** How many nodes `order` has, and how many entries `ahead`. */
  met: number;
  filled: number;
}

/** Breadth-first search, level by level, that counts shortest paths. */
function countPaths(graph: Graph, source: number, search: Search): void {
  const { nodes, words, offsets } = graph;
  const { order, distance, unmet, paths, ends } = search;
  distance.fill(nodes);
  unmet.fill(-1);
  unmet[words - 1] = lastWordMask(nodes);
  paths.fill(0);
  distance[source] = 0;
  paths[source] = 1;
  order[0] = source;
  search.met = 1;
  search.filled = 0;
  let from = 0;
  // Once every node was met nothing lies beyond the farthest ones, where a dense graph has most of
  // its edges.
  for (let to = 1; from < to && search.met < nodes; from = to, to = search.met) {
    for (let i = from; i < to; i++) unmet[order[i] >>> 5] &= ~(1 << (order[i] & 31));
    for (let i = from; i < to; i++) {
      const u = order[i];
      if (offsets[u + 1] - offsets[u] < WORD_STEPS * words) meetListed(graph, u, search);
      else meetBits(graph, u, search);
      ends[i] = search.filled;
    }
  }
  ends.fill(search.filled, from, search.met);
}

/**
 * Goes on from `u` along its list; which neighbours lie ahead is hard to foretell, so there is no
 * branch on it.
 */
function meetListed({ offsets, targets }: Graph, u: number, search: Search): void {
  const { order, distance, paths, ahead } = search;
  const ways = paths[u];
  const next = distance[u] + 1;
  const to = offsets[u + 1];
  let { met, filled } = search;
  let at = filled;
  for (let from = offsets[u]; from < to; from++) {
    const v = targets[from];
    ahead[filled] = v;
    filled += Number(distance[v] >= next);
  }
  for (; at < filled; at++) {
    const v = ahead[at];
    if (paths[v] === 0) {
      distance[v] = next;
      order[met++] = v;
    }
    paths[v] += ways;
  }
  search.met = met;
  search.filled = filled;
}

/** The same along its bitset row, in the same order; faster where neighbours are many. */
function meetBits({ rows, words }: Graph, u: number, search: Search): void {
  const { order, distance, unmet, paths, ahead } = search;
  const ways = paths[u];
  const next = distance[u] + 1;
  let { met, filled } = search;
  for (let word = 0; word < words; word++) {
    for (let bits = rows[u * words + word] & unmet[word]; bits !== 0; bits &= bits - 1) {
      const v = word * 32 + lowestBit(bits);
      if (paths[v] === 0) {
        distance[v] = next;
        order[met++] = v;
      }
      paths[v] += ways;
      ahead[filled++] = v;
    }
  }
  search.met = met;
  search.filled = filled;
}

/** Adds what every node passes on, from the farthest nodes back. */
function collectShares(
  { order, paths, share, ahead, ends, met }: Search,
  totals: Float64Array,
): void {
  for (let i = met - 1; i > 0; i--) {
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
  definition:
    'Greatest betweenness centrality of a node: the share of shortest paths (directed, ' +
    'if directed) between two other nodes that pass through it, averaged over all ' +
    'ordered pairs of other nodes; pairs without a path count 0.',
  description: `b(v) = Σ σ(s, t | v) / σ(s, t) / ((n - 1)(n - 2)) over ordered pairs s, t of nodes
other than v, σ the number of shortest paths and σ( | v) of those through v. 1 for the centre of a
star, 0 for every node of a complete graph: how much of the traffic the busiest node carries. The
function \`betweenness\` gives every node's value, \`plexus graph measure --per-node --json\` too.
The mean over nodes is no news: in a connected graph it is (L - 1) / (n - 2).

The greatest value of \`betweenness_centrality\` of networkx, normalised as there.`,
  reference:
    'L. C. Freeman: A set of measures of centrality based on betweenness. Sociometry 40, ' +
    '1977. Computed after U. Brandes: A faster algorithm for betweenness centrality. ' +
    'Journal of Mathematical Sociology 25, 2001.',
  compute: (graph) => betweenness(graph).reduce((most, value) => Math.max(most, value), 0),
};
