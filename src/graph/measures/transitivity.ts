import type { Graph, GraphMeasure } from '../types.js';
import { doubledTriangles } from './triangles.js';
import { withoutDirections } from './without-directions.js';

/**
 * Share of the paths of two edges whose ends are joined too; 0 where there is no such path.
 * Directions are dropped.
 */
export function transitivity(graph: Graph): number {
  const { nodes, offsets } = withoutDirections(graph);
  const doubled = doubledTriangles(withoutDirections(graph));
  let closed = 0;
  let all = 0;
  for (let u = 0; u < nodes; u++) {
    const degree = offsets[u + 1] - offsets[u];
    closed += doubled[u];
    all += degree * (degree - 1);
  }
  return closed === 0 ? 0 : closed / all;
}

export const transitivityMeasure: GraphMeasure = {
  name: 'transitivity',
  title: 'transitivity',
  cost: 'quick',
  definition:
    'Share of the paths of two edges u-v-w whose ends are joined too, over the whole ' +
    'graph: 3 x triangles / connected triples; 0 where there is no such path; directions ' +
    'are dropped.',
  description: `T = 3 t / s with t triangles and s = Σ d (d - 1) / 2 paths of two edges, from 0 to
1. Where C is the mean over nodes, T is the mean over paths: nodes of high degree weigh more, those
of degree below 2 not at all. The two differ most where degrees differ most.

The same as \`transitivity\` of networkx; of a directed graph as that of its \`to_undirected()\`.`,
  reference:
    'M. E. J. Newman, S. H. Strogatz, D. J. Watts: Random graphs with arbitrary degree ' +
    'distributions and their applications. Physical Review E 64, 2001.',
  compute: transitivity,
};
