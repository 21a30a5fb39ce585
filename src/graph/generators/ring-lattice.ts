import { graphFromRows } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { nodesParam, numberParam, requireParam, validateNodes } from './params.js';
import { ringRows } from './ring.js';

/** A ring of `n` nodes, each joined to its `k` nearest ones; `k` even, from 2 to n. */
function ringLattice(n: number, k: number): Graph {
  return graphFromRows(n, false, ringRows(n, k / 2));
}

function validate(params: GraphParams): void {
  validateNodes(params);
  const n = numberParam(params, 'n');
  const k = numberParam(params, 'k');
  const nearest = Math.max(2, 2 * Math.floor(Math.min(k, n) / 2));
  requireParam(
    k >= 2 && k <= n && k % 2 === 0,
    'k',
    k,
    `even and from 2 to n (n=${n})`,
    `try k=${nearest}; ws-flex has rings of every real degree`,
  );
}

export const ringLatticeFamily: GraphFamily = {
  name: 'ring-lattice',
  meaning: 'Ring where each node is joined to its k nearest: high clustering, long paths.',
  description: `Nodes stand on a ring in the order of their numbers; node i is joined to i+1, ...,
i+k/2 and, the other way round, to i-1, ..., i-k/2, all modulo n. With k = n, or k = n-1, the graph
is complete.

While k < 2n/3 the clustering coefficient is C = 3(k-2) / (4(k-1)), whatever n. It is the ordered
end of the small-world family: the same graph as \`watts_strogatz_graph(n, k, 0)\` and
\`circulant_graph(n, range(1, k // 2 + 1))\` of networkx, and as \`ws-flex:n=N,k=K,p=0\`. On another
number of nodes k is scaled with n to the nearest even integer.`,
  reference:
    'D. J. Watts, S. H. Strogatz: Collective dynamics of small-world networks. Nature 393, 1998.',
  params: [
    nodesParam,
    {
      name: 'k',
      type: 'integer',
      range: '2 <= k <= n, even',
      meaning: 'number of nearest nodes that each is joined to',
    },
  ],
  validate,
  generate: (params) => ringLattice(numberParam(params, 'n'), numberParam(params, 'k')),
  resize: (params, nodes) => ({ n: nodes, k: resizedDegree(params, nodes) }),
  samples: (n) => [2, 4, 6, 8, 12, 16, 24, 32, 48].filter((k) => k < n).map((k) => ({ n, k })),
};

function resizedDegree(params: GraphParams, nodes: number): number {
  const halves = Math.round((numberParam(params, 'k') * nodes) / numberParam(params, 'n') / 2);
  return 2 * Math.min(Math.floor(nodes / 2), Math.max(1, halves));
}
