import { PythonRandom } from '../../core/random/python-random.js';
import { roundHalfEven } from '../../core/rounding.js';
import { requireMemory } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { completeGraph } from './complete.js';
import { densitiesAbove, distinct, pairsOf } from './densities.js';
import { EdgeSet } from './edge-set.js';
import {
  nodesParam,
  numberParam,
  requireParam,
  seedParam,
  validateNodes,
  validateSeed,
} from './params.js';

/**
 * The random graph G(n, m) of Erdős and Rényi: pairs of nodes are drawn, two draws each, until `m`
 * different ones of different nodes came.
 */
function gnmGraph(n: number, m: number, seed: number): Graph {
  requireMemory(n, 2 * m);
  if (m >= pairsOf(n)) return completeGraph(n);
  const random = new PythonRandom(seed);
  const edges = new EdgeSet(n);
  for (let found = 0; found < m;) {
    const u = random.randbelow(n);
    const v = random.randbelow(n);
    if (u === v || edges.has(u, v)) continue;
    edges.add(u, v);
    found++;
  }
  return edges.graph();
}

function validate(params: GraphParams): void {
  validateNodes(params);
  const n = numberParam(params, 'n');
  const m = numberParam(params, 'm');
  const most = pairsOf(n);
  requireParam(
    m >= 0 && m <= most,
    'm',
    m,
    `from 0 to n (n - 1) / 2 (${most} for n=${n})`,
    `m is the number of edges; m=${most} gives the complete graph`,
  );
  validateSeed(params);
}

/** The number of edges that has the same density on `nodes` nodes, halves to the even one. */
function resizedEdges(params: GraphParams, nodes: number): number {
  return roundHalfEven(
    (numberParam(params, 'm') * pairsOf(nodes)) / pairsOf(numberParam(params, 'n')),
  );
}

export const gnm: GraphFamily = {
  name: 'gnm',
  meaning: 'Random graph G(n, m): m edges, uniform among all sets of m edges (Erdős and Rényi).',
  description: `Two nodes u and v are drawn, each uniform among all; the edge is kept unless u = v
or it is there already; this is repeated until there are m edges. Every graph of m edges is equally
likely. Below about m = n ln n / 2 the graph is mostly not connected, and then has no L.

The same graph as \`gnm_random_graph\` of networkx. On another number of nodes m is scaled with the
number of pairs, so that the density stays (rounded, halves to the even number).`,
  reference: 'P. Erdős, A. Rényi: On Random Graphs I. Publicationes Mathematicae Debrecen 6, 1959.',
  params: [
    nodesParam,
    { name: 'm', type: 'integer', range: '0 <= m <= n (n - 1) / 2', meaning: 'number of edges' },
    seedParam,
  ],
  validate,
  generate: (params) =>
    gnmGraph(numberParam(params, 'n'), numberParam(params, 'm'), numberParam(params, 'seed')),
  resize: (params, nodes) => ({ ...params, n: nodes, m: resizedEdges(params, nodes) }),
  samples: (n) => {
    const densities = densitiesAbove(n, [0, 0.03, 0.08, 0.15, 0.25, 0.4, 0.6, 0.8]);
    return distinct(densities.map((density) => Math.round(density * pairsOf(n)))).map((m) => ({
      n,
      m,
      seed: 1,
    }));
  },
};
