import type { Graph, GraphMeasure } from '../types.js';

/** The degree that a quarter of the nodes exceed at most. */
const QUANTILE = 0.75;

/**
 * Rich-club coefficients phi(k) for k = 0, 1, ...: the share of the possible edges that exist among
 * the nodes of degree above k, as long as there are two of them. The same as networkx's
 * `rich_club_coefficient(G, normalized=False)`; empty for directed graphs.
 */
export function richClubCurve(graph: Graph): number[] {
  if (graph.directed) return [];
  const { nodes, offsets, targets } = graph;
  const degree = (u: number): number => offsets[u + 1] - offsets[u];
  const members = new Int32Array(nodes + 1);
  const links = new Int32Array(nodes + 1);
  for (let u = 0; u < nodes; u++) {
    members[degree(u)]++;
    for (let at = offsets[u]; at < offsets[u + 1]; at++)
      if (u < targets[at]) links[Math.min(degree(u), degree(targets[at]))]++;
  }
  const curve: number[] = [];
  let richer = nodes;
  let between = graph.edges;
  for (let k = 0; k < nodes; k++) {
    richer -= members[k];
    between -= links[k];
    if (richer < 2) break;
    curve.push((2 * between) / (richer * (richer - 1)));
  }
  return curve;
}

/** The curve at the upper quartile of the degrees: the ceil(0.75 n)-th smallest. */
function richClub(graph: Graph): number | null {
  const degrees = Int32Array.from(
    { length: graph.nodes },
    (_, u) => graph.offsets[u + 1] - graph.offsets[u],
  ).sort();
  return richClubCurve(graph)[degrees[Math.ceil(QUANTILE * graph.nodes) - 1]] ?? null;
}

export const richClubMeasure: GraphMeasure = {
  name: 'richClub',
  title: 'rich club',
  cost: 'quick',
  definition:
    'Rich-club coefficient phi(k): share of the possible edges that exist among the ' +
    'nodes of degree above k, k being the upper quartile of the degrees; ' +
    'null with fewer than two such nodes. Undirected graphs only.',
  description: `phi(k) = 2 E_k / (N_k (N_k - 1)), with N_k the nodes whose degree is greater than k
and E_k the edges between them. The single number is phi at the ceil(3n/4)-th smallest degree, so
the club is at most a quarter of the nodes: those whose degree exceeds that of three quarters. From
0 (hubs avoid each other) to 1 (hubs are a clique). A regular graph has no club: null.

It is not normalised. In random graphs too phi grows with k, because hubs have more edges; compare
with the same number of a \`rewired\` graph. The whole curve is \`richClubCurve\` of the library,
the same numbers as \`rich_club_coefficient(G, normalized=False)\` of networkx, which is for
undirected graphs only.`,
  reference:
    'S. Zhou, R. J. Mondragon: The rich-club phenomenon in the Internet topology. IEEE ' +
    'Communications Letters 8, 2004. V. Colizza, A. Flammini, M. A. Serrano, A. ' +
    'Vespignani: Detecting rich-club ordering in complex networks. Nature Physics 2, ' +
    '2006.',
  compute: richClub,
};
