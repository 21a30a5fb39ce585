import type { Graph, GraphFamily } from '../types.js';
import {
  referenceGraph,
  referenceParams,
  referenceShares,
  resizeInner,
  validateReference,
} from './null-models.js';
import { booleanParam, numberParam, textParam } from './params.js';
import type { SeedOrRandom } from './swap-graph.js';

/**
 * A graph with the degrees of `graph` whose edges are drawn towards a ring lattice in the order of
 * the nodes: about `niter` swaps for each edge (Sporns and Zwi 2004). The graph of networkx's
 * `lattice_reference(G, niter, None, connected, seed)`; a graph in which nothing can be swapped
 * comes back as it is.
 *
 * @throws UserError for a directed graph.
 */
export function latticeReference(
  graph: Graph,
  niter: number,
  seed: SeedOrRandom,
  connected = true,
): Graph {
  const apart = (u: number, v: number): number =>
    Math.min(Math.abs(u - v), graph.nodes - Math.abs(u - v));
  // networkx's test: the pairs a-c and b-d, not the edges a-d and c-b that the swap makes.
  return referenceGraph(
    'lattice-reference graph',
    graph,
    niter,
    seed,
    connected,
    (a, b, c, d) => apart(a, b) + apart(c, d) >= apart(a, c) + apart(b, d),
  );
}

export const latticeReferenceFamily: GraphFamily = {
  name: 'lattice-reference',
  meaning: 'Null model: another graph latticised, the reference of omega, every degree kept.',
  description: `The same swaps as those of \`random-reference\`, with one more condition: a-b and
c-d become a-d and c-b only where D(a, b) + D(c, d) >= D(a, c) + D(b, d), D(i, j) = min(|i - j|, n -
|i - j|) being the distance of two nodes on the ring of node numbers. (networkx compares with the
pairs a-c and b-d, although the swap joins a-d and c-b; so does this.) Edges gather near the
diagonal of the adjacency matrix, and clustering rises. The result depends on how the nodes are
numbered.

Edge for edge the graph of networkx's \`lattice_reference(G, niter, D=None, connectivity=connected,
seed=seed)\` with G built from the edges u < v in ascending order. Undirected graphs only. Where no
swap is possible (complete graphs, stars and the other threshold graphs, every graph of fewer than
four nodes), the graph is the only one with its degrees and comes back as it is.`,
  reference:
    'O. Sporns, J. D. Zwi: The small world of the cerebral cortex. Neuroinformatics 2, 2004.',
  params: referenceParams(5),
  validate: validateReference,
  generate: (params, tools) =>
    latticeReference(
      tools.build(textParam(params, 'of')),
      numberParam(params, 'niter'),
      numberParam(params, 'seed'),
      booleanParam(params, 'connected'),
    ),
  resize: resizeInner,
  samples: (n) =>
    referenceShares(n).map((share) => ({
      of: `ws-flex:n=${n},k=${Math.max(2, share * n)},p=1,seed=1`,
      niter: 5,
      connected: true,
      seed: 1,
    })),
};
