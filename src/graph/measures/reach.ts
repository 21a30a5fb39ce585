import type { Graph, GraphMeasure } from '../types.js';
import { connected } from './connected.js';
import { distanceTable } from './distances.js';

const HARARY = 'F. Harary: Graph Theory. Addison-Wesley 1969.';

/**
 * Ordered pairs of different nodes of which the first reaches the second, and the sum of their
 * distances.
 */
function reached(graph: Graph): { pairs: number; sum: number } {
  let pairs = 0;
  let sum = 0;
  distanceTable(graph).pairs.forEach((count, distance) => {
    pairs += count;
    sum += count * distance;
  });
  return { pairs, sum };
}

/**
 * Mean distance over the ordered pairs that have one; null where no node reaches another; 0 for a
 * single node.
 */
function reachablePathLength(graph: Graph): number | null {
  const { pairs, sum } = reached(graph);
  if (graph.nodes === 1) return 0;
  return pairs === 0 ? null : sum / pairs;
}

/**
 * Share of the ordered pairs of different nodes of which the first reaches the second; 1 for a
 * single node.
 */
function reachablePairs(graph: Graph): number {
  return graph.nodes === 1 ? 1 : reached(graph).pairs / (graph.nodes * (graph.nodes - 1));
}

/** Greatest distance between two nodes; null where some node cannot reach another. */
function diameter(graph: Graph): number | null {
  return connected(graph) ? distanceTable(graph).pairs.length - 1 : null;
}

/**
 * The least distance within which some node reaches all others; null where some node cannot reach
 * another.
 */
function radius(graph: Graph): number | null {
  return connected(graph)
    ? distanceTable(graph).eccentricities.reduce((least, x) => Math.min(least, x), graph.nodes)
    : null;
}

export const reachMeasures: readonly GraphMeasure[] = [
  {
    name: 'reachablePathLength',
    title: 'L reachable',
    cost: 'quick',
    reference:
      'D. J. Watts, S. H. Strogatz: Collective dynamics of small-world networks. Nature 393, 1998.',
    definition:
      'Mean over the ordered pairs of different nodes that are reachable of the edges on ' +
      'a shortest path (directed paths, if directed); unreachable pairs are left out; ' +
      'null when there are none but those.',
    description: `Equal to L where the graph is connected. Where it is not, it tells how far apart
the pairs are that messages can pass between at all, and is small when the graph falls into small
pieces: read it together with \`reachablePairs\`.

Checked against the mean of the values of networkx's \`all_pairs_shortest_path_length\`, zeros left
out.`,
    compute: reachablePathLength,
  },
  {
    name: 'reachablePairs',
    title: 'reachable',
    cost: 'quick',
    reference: HARARY,
    definition:
      'Share of the ordered pairs of different nodes u, v for which there is a path from ' +
      'u to v (a directed one, if directed).',
    description: `From 0 (no edges) to 1 (connected; strongly, if directed). In an undirected graph
of components of n₁, n₂, ... nodes it is Σ nᵢ (nᵢ - 1) / (n (n - 1)).

Checked against the number of values of networkx's \`all_pairs_shortest_path_length\`.`,
    compute: reachablePairs,
  },
  {
    name: 'diameter',
    title: 'diameter',
    cost: 'quick',
    reference: HARARY,
    definition:
      'Greatest distance of two nodes in edges (directed paths, if directed); null when ' +
      'some node cannot reach another.',
    description: `After so many rounds of message exchange every node has heard of every other. 1
for the complete graph, n - 1 for a path.

The same as \`diameter\` of networkx, which refuses graphs that are not (strongly) connected.`,
    compute: diameter,
  },
  {
    name: 'radius',
    title: 'radius',
    cost: 'quick',
    reference: HARARY,
    definition:
      'Least eccentricity: the distance from the most central node to the node that is ' +
      'farthest from it (directed paths, if directed); null when some node cannot reach ' +
      'another.',
    description: `Between half the diameter and the diameter where the graph is undirected.

The same as \`radius\` of networkx, which refuses graphs that are not (strongly) connected.`,
    compute: radius,
  },
];
