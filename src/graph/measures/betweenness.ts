import type { Graph, GraphMeasure } from '../types.js';

/**
 * Every node's betweenness centrality: the share of shortest paths between two other nodes that pass through it, averaged
 * over all ordered pairs of other nodes; pairs without a path count 0. From 0 to 1; 0 below 3 nodes. O(n m) (Brandes 2001).
 */
export function betweenness(graph: Graph): Float64Array {
  const { nodes } = graph;
  const totals = new Float64Array(nodes);
  if (nodes < 3) return totals;
  const search: Search = {
    order: new Int32Array(nodes), distance: new Int32Array(nodes), paths: new Float64Array(nodes), share: new Float64Array(nodes),
    ahead: new Int32Array(graph.targets.length), ends: new Int32Array(nodes),
  };
  for (let source = 0; source < nodes; source++) collectShares(countPaths(graph, source, search), search, totals);
  return totals.map((total) => total / ((nodes - 1) * (nodes - 2)));
}

interface Search {
  /** Nodes in the order in which they are met. */
  readonly order: Int32Array;
  /** Edges from the source; `nodes` where it was not met. */
  readonly distance: Int32Array;
  /** Number of shortest paths from the source. */
  readonly paths: Float64Array;
  /** (1 + dependency of the source on the node) / paths. */
  readonly share: Float64Array;
  /** For node after node of `order` the neighbours on the way away from the source; `ends` says where each one's end. */
  readonly ahead: Int32Array;
  readonly ends: Int32Array;
}

/** Breadth-first search that counts shortest paths; returns how many nodes were met. */
function countPaths({ nodes, offsets, targets }: Graph, source: number, { order, distance, paths, ahead, ends }: Search): number {
  distance.fill(nodes);
  paths.fill(0);
  distance[source] = 0;
  paths[source] = 1;
  order[0] = source;
  let length = 1;
  let filled = 0;
  for (let head = 0; head < length; head++) {
    const u = order[head];
    const beyond = distance[u] + 1;
    const ways = paths[u];
    const to = offsets[u + 1];
    for (let at = offsets[u]; at < to; at++) {
      const v = targets[at];
      if (distance[v] < beyond) continue;
      if (distance[v] > beyond) {
        distance[v] = beyond;
        order[length++] = v;
      }
      paths[v] += ways;
      ahead[filled++] = v;
    }
    ends[head] = filled;
  }
  return length;
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
