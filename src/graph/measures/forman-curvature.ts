import type { Graph, GraphMeasure } from '../types.js';
import { doubledTriangles } from './triangles.js';

/**
 * Mean augmented Forman-Ricci curvature: over the edges u-v, the mean of 4 - d(u) - d(v) + 3 t, t
 * the triangles on the edge (Samal et al. 2018). Null for directed graphs and without edges.
 */
function formanCurvature(graph: Graph): number | null {
  if (graph.directed || graph.edges === 0) return null;
  let sum = 4 * graph.edges;
  // Over all edges, a node's degree is counted once for each of its edges, a triangle once on each
  // of its three sides.
  for (let u = 0; u < graph.nodes; u++) sum -= (graph.offsets[u + 1] - graph.offsets[u]) ** 2;
  for (const doubled of doubledTriangles(graph)) sum += (3 / 2) * doubled;
  return sum / graph.edges;
}

export const formanCurvatureMeasure: GraphMeasure = {
  name: 'formanCurvature',
  title: 'Forman',
  cost: 'quick',
  definition:
    'Mean augmented Forman-Ricci curvature of the edges u-v: 4 - d(u) - d(v) + 3 ' +
    'triangles on the edge; null without edges. Undirected graphs only.',
  description: `The combinatorial curvature of an edge, all weights 1, with triangles filled in as
faces. An edge between hubs is strongly negative: many edges spread out from it; triangles make it
more positive. A cycle of four or more nodes has 0, a complete graph n. It takes integer values on
each edge and scales with the degrees, so compare graphs of equal average degree.

The same as \`FormanRicci(G, method="augmented")\` of the package GraphRicciCurvature, averaged over
edges; checked against networkx's degrees and triangles.`,
  reference:
    "R. Forman: Bochner's method for cell complexes and combinatorial Ricci curvature. " +
    'Discrete and Computational Geometry 29, 2003. Augmented: A. Samal, R. P. Sreejith, ' +
    'J. Gu, S. Liu, E. Saucan, J. Jost: Comparative analysis of two discretizations of ' +
    'Ricci curvature for complex networks. Scientific Reports 8, 2018.',
  compute: formanCurvature,
};
