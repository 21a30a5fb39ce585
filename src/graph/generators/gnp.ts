import { PythonRandom } from '../../core/random/python-random.js';
import { requireMemory } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { densitiesAbove, pairsOf } from './densities.js';
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
 * The random graph G(n, p) of Gilbert: every pair u < v, in ascending order, is joined with
 * probability `p`. One draw a pair; none where p is 0 or 1 or beyond, as those graphs do not depend
 * on them.
 */
function gnpGraph(n: number, p: number, seed: number): Graph {
  requireMemory(n, Math.floor(2 * p * pairsOf(n)));
  const random = new PythonRandom(seed);
  const edges = new EdgeSet(n);
  for (let u = 0; u < n; u++) {
    for (let v = u + 1; v < n; v++) {
      if (random.random() < p) edges.add(u, v);
    }
  }
  return edges.graph();
}

function validate(params: GraphParams): void {
  validateNodes(params);
  const p = numberParam(params, 'p');
  requireParam(
    p >= 0 && p <= 1,
    'p',
    p,
    'from 0 to 1',
    'p is the probability of an edge, so it is about the density',
  );
  validateSeed(params);
}

export const gnp: GraphFamily = {
  name: 'gnp',
  meaning: 'Random graph G(n, p): every pair of nodes is joined with probability p (Gilbert).',
  description: `Every pair of nodes u < v is looked at in ascending order, (0, 1), (0, 2), ..., and
joined where a uniform number in [0, 1) is below p: p n (n-1) / 2 edges on average, C about p. Below
p = ln n / n the graph is mostly not connected, and then has no L.

The same graph as \`gnp_random_graph\` of networkx (the plain one, which draws once a pair, not
\`fast_gnp_random_graph\`). On another number of nodes p stays.`,
  reference: 'E. N. Gilbert: Random Graphs. Annals of Mathematical Statistics 30, 1959.',
  params: [
    nodesParam,
    { name: 'p', type: 'real', range: '0 <= p <= 1', meaning: 'probability of an edge' },
    seedParam,
  ],
  validate,
  generate: (params) =>
    gnpGraph(numberParam(params, 'n'), numberParam(params, 'p'), numberParam(params, 'seed')),
  resize: (params, nodes) => ({ ...params, n: nodes }),
  samples: (n) =>
    densitiesAbove(n, [0, 0.03, 0.08, 0.15, 0.25, 0.4, 0.6, 0.8]).map((p) => ({ n, p, seed: 1 })),
};
