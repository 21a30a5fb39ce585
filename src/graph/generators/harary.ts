import { wordsFor } from '../bits.js';
import { graphFromRows } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { nodesParam, numberParam, requireParam, validateNodes } from './params.js';
import { joinNodes, ringRows } from './ring.js';

const REFERENCE =
  'F. Harary: The maximum connectivity of a graph. Proceedings of the National Academy ' +
  'of Sciences 48, 1962.';

/**
 * The Harary graph H(k, n): k-connected on `n` nodes with the fewest edges, ceil(k n / 2); 1 <= k <
 * n.
 */
function hararyGraph(n: number, k: number): Graph {
  if (k === 1) return graphFromRows(n, false, pathRows(n));
  const rows = ringRows(n, Math.floor(k / 2));
  const words = wordsFor(n);
  const half = Math.floor(n / 2);
  if (k % 2 === 1) {
    // An odd degree needs the diameters too; with n odd, node 0 lies on two of them.
    for (let u = 0; u < half + (n % 2); u++) joinNodes(rows, words, u, (u + half) % n);
  }
  return graphFromRows(n, false, rows);
}

function pathRows(n: number): Uint32Array {
  const rows = ringRows(n, 0);
  for (let u = 1; u < n; u++) joinNodes(rows, wordsFor(n), u - 1, u);
  return rows;
}

/**
 * The Harary graph on `n` nodes and `m` edges, n-1 <= m <= n(n-1)/2: its connectivity is
 * floor(2m/n), the most there is.
 */
function hararyEdgesGraph(n: number, m: number): Graph {
  const degree = Math.floor((2 * m) / n);
  const ahead = Math.floor(degree / 2);
  const rows = ringRows(n, ahead);
  const words = wordsFor(n);
  const half = Math.floor(n / 2);
  if (n % 2 === 1 && degree % 2 === 1) {
    for (let u = 0; u < m - n * ahead; u++) joinNodes(rows, words, u, (u + half) % n);
    return graphFromRows(n, false, rows);
  }
  if (degree % 2 === 1) {
    for (let u = 0; u < half; u++) joinNodes(rows, words, u, u + half);
  }
  const rest = (2 * m) % n;
  for (let u = 0; u < Math.floor(rest / 2); u++) joinNodes(rows, words, u, u + ahead + 1);
  return graphFromRows(n, false, rows);
}

export const harary: GraphFamily = {
  name: 'harary',
  meaning: 'Fewest edges that stay connected when any k-1 nodes are taken away.',
  description: `The Harary graph H(k, n) has node connectivity k with the fewest edges, ceil(k n /
2). Nodes stand on a ring, each joined to the floor(k/2) nearest on either side. If k is odd,
opposite nodes are joined too: i and i + floor(n/2), for i below n/2, and for n odd once more, from
i = (n-1)/2, so that one node has degree k+1. H(1, n) is the path 0 - 1 - ... - n-1.

With k even it is the ring lattice. The same as \`hkn_harary_graph(k, n)\` of networkx. On another
number of nodes k is scaled with n - 1, to the nearest integer.`,
  reference: REFERENCE,
  params: [
    nodesParam,
    {
      name: 'k',
      type: 'integer',
      range: '1 <= k <= n - 1',
      meaning: 'node connectivity, and the least degree',
    },
  ],
  validate: (params) => {
    validateNodes(params);
    const [n, k] = [numberParam(params, 'n'), numberParam(params, 'k')];
    requireParam(
      k >= 1 && k < n,
      'k',
      k,
      `from 1 to n-1 (n=${n})`,
      `k=${n - 1} gives the complete graph`,
    );
  },
  generate: (params) => hararyGraph(numberParam(params, 'n'), numberParam(params, 'k')),
  resize: (params, nodes) => ({ n: nodes, k: resizedConnectivity(params, nodes) }),
  samples: (n) => [2, 3, 4, 5, 7, 8, 11, 16, 23, 32].filter((k) => k < n).map((k) => ({ n, k })),
};

function resizedConnectivity(params: GraphParams, nodes: number): number {
  const k = numberParam(params, 'k');
  const scaled = Math.round((k * (nodes - 1)) / (numberParam(params, 'n') - 1));
  // A ring stays a ring rather than become a path.
  return Math.max(Math.min(k, 2, nodes - 1), scaled);
}

export const hararyEdges: GraphFamily = {
  name: 'harary-edges',
  meaning: 'As hard to disconnect as a graph of n nodes and m edges can be.',
  description: `The graph of n nodes and m edges with the greatest node connectivity, d =
floor(2m/n). Nodes stand on a ring, each joined to the floor(d/2) nearest on either side. What is
left of the m edges is laid in the order of i = 0, 1, 2, ...: if d and n are odd, i to i + (n-1)/2
modulo n; otherwise first, if d is odd, every i below n/2 to i + n/2, and then i to i + floor(d/2) +
1.

The same as \`hnm_harary_graph(n, m)\` of networkx. On another number of nodes m keeps the density
2m / (n(n-1)), to the nearest integer.`,
  reference: REFERENCE,
  params: [
    nodesParam,
    { name: 'm', type: 'integer', range: 'n - 1 <= m <= n(n-1)/2', meaning: 'number of edges' },
  ],
  validate: validateEdges,
  generate: (params) => hararyEdgesGraph(numberParam(params, 'n'), numberParam(params, 'm')),
  resize: (params, nodes) => {
    const share = numberParam(params, 'm') / mostEdges(numberParam(params, 'n'));
    return { n: nodes, m: Math.max(nodes - 1, Math.round(share * mostEdges(nodes))) };
  },
  samples: (n) =>
    [0.05, 0.1, 0.15, 0.2, 0.3, 0.45, 0.6, 0.8].map((share) => ({
      n,
      m: Math.max(n - 1, Math.round(share * mostEdges(n))),
    })),
};

const mostEdges = (n: number): number => (n * (n - 1)) / 2;

function validateEdges(params: GraphParams): void {
  validateNodes(params);
  const [n, m] = [numberParam(params, 'n'), numberParam(params, 'm')];
  requireParam(
    m >= n - 1 && m <= mostEdges(n),
    'm',
    m,
    `from n-1 to n(n-1)/2 (${n - 1} to ${mostEdges(n)} for n=${n})`,
    'fewer edges cannot connect the nodes, more do not fit',
  );
}
