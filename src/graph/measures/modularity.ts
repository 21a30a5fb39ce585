import type { GraphMeasure } from '../types.js';
import { louvain, modularity } from './louvain.js';

export const modularityMeasure: GraphMeasure = {
  name: 'modularity',
  title: 'modularity',
  cost: 'quick',
  definition:
    "Modularity Q of the communities that Louvain's method finds: over communities, the " +
    'share of the edges inside them less the share expected ' +
    'at these degrees (directed: at these in- and out-degrees); null without edges.',
  description: `Q is the sum over communities c of L_c / m - (k_c / 2m)², with m edges in all, L_c
edges inside c and k_c the sum of its nodes' degrees. Directed: L_c / m - k_c(out) k_c(in) / m².
From -1/2 to below 1: 0 when everything is one community, high when edges stay within groups. Random
graphs reach values well above 0 too (0.3 is usual at an average degree of 8), so compare with a
null model such as \`rewired\`.

Louvain's method starts with every node on its own. Nodes, in an order shuffled once a level, move
to the community of a neighbour that gains most until no move gains; communities then become the
nodes of the next level, until a level gains no more than 1e-7. The result depends a little on the
order, which the seed decides (\`random.Random(seed).shuffle\`, default seed 1).

The same communities and the same value as \`louvain_communities(G, seed=seed)\` and \`modularity(G,
communities)\` of networkx 2.8, directed graphs included, for a graph built from its edges in
ascending order. On rare directed graphs networkx never ends, because gains that are 0 but for
rounding move nodes round and round; here a level ends after 1000 sweeps.`,
  reference:
    'M. E. J. Newman: Modularity and community structure in networks. PNAS 103, 2006. V. ' +
    'D. Blondel, J.-L. Guillaume, R. Lambiotte, E. Lefebvre: Fast unfolding of ' +
    'communities in large networks. Journal of Statistical Mechanics P10008, 2008. ' +
    'Directed: E. A. Leicht, M. E. J. Newman: Community structure in directed networks. ' +
    'Physical Review Letters 100, 2008.',
  compute: (graph, { seed }) => modularity(graph, louvain(graph, seed)),
};
