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
 * A random graph with the degrees of `graph`: about `niter` swaps for each edge (Maslov and Sneppen
 * 2002). The graph of networkx's `random_reference(G, niter, connected, seed)`; a graph in which
 * nothing can be swapped comes back as it is.
 *
 * @throws UserError for a directed graph.
 */
export function randomReference(
  graph: Graph,
  niter: number,
  seed: SeedOrRandom,
  connected = true,
): Graph {
  return referenceGraph('random-reference graph', graph, niter, seed, connected, () => true);
}

export const randomReferenceFamily: GraphFamily = {
  name: 'random-reference',
  meaning: 'Null model: the random graph that sigma and omega compare with, every degree kept.',
  description: `The graph \`of\`, held with its neighbours in the order in which networkx would have
them after \`G = nx.Graph(); G.add_nodes_from(range(n)); G.add_edges_from(edges)\` with the edges u
< v in ascending order. niter x m times, m its number of edges: up to trunc(2m / (n - 1)) attempts
at one swap. An attempt draws nodes a and c with probability proportional to their degrees, then a
uniform neighbour b of a and d of c, again until all four differ; unless a-d or c-b is an edge, a-b
and c-d become a-d and c-b. With \`connected\`, a swap after which no path joins a and b is undone,
so a connected graph stays connected.

Edge for edge the graph of networkx's \`random_reference(G, niter, connectivity=connected,
seed=seed)\`. Undirected graphs only. Where no swap is possible (complete graphs, stars and the
other threshold graphs, every graph of fewer than four nodes), the graph is the only one with its
degrees and comes back as it is; networkx raises an error or never returns.`,
  reference:
    'S. Maslov, K. Sneppen: Specificity and stability in topology of protein networks. ' +
    'Science 296, 2002.',
  params: referenceParams(10),
  validate: validateReference,
  generate: (params, tools) =>
    randomReference(
      tools.build(textParam(params, 'of')),
      numberParam(params, 'niter'),
      numberParam(params, 'seed'),
      booleanParam(params, 'connected'),
    ),
  resize: resizeInner,
  samples: (n) =>
    referenceShares(n).map((share) => ({
      of: `ws-flex:n=${n},k=${Math.max(2, share * n)},p=0.1,seed=1`,
      niter: 10,
      connected: true,
      seed: 1,
    })),
};
