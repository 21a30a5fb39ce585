import { UserError } from '../../core/errors.js';
import { PythonWords } from '../../core/random/python-words.js';
import { roundHalfEven } from '../../core/rounding.js';
import { graphFromRows } from '../build.js';
import { rowsReachAll } from '../measures/connected.js';
import type { Graph, GraphFamily } from '../types.js';
import { completeGraph } from './complete.js';
import {
  type GraphParams,
  nodesParam,
  numberParam,
  requireParam,
  seedParam,
  validateNodes,
  validateSeed,
} from './params.js';
import { drawWsFlex, wsFlexSpace } from './ws-flex-draw.js';

/** Draws of one spec until a connected graph comes. */
export const WS_FLEX_TRIES = 100;

/**
 * A WS-flex graph (You et al., ICML 2020): Watts and Strogatz's small world with any real average
 * degree.
 *
 * m = round(k n / 2) ring edges, half to even: node i is joined to the floor(m / n) nodes ahead of
 * it, the first m mod n nodes to one more. Then each ring edge (u, v), in order of u and distance,
 * is replaced with probability p by (u, w), w uniform among the nodes that are neither u nor its
 * neighbours. Repeated with the same generator until connected. Draws are CPython's
 * `random.Random(seed)`, so that published graphs come out exactly.
 *
 * @throws UserError when no connected graph came in 100 tries.
 */
export function wsFlexGraph(n: number, k: number, p: number, seed: number): Graph {
  const m = roundHalfEven((k * n) / 2);
  // With this many edges the ring is complete: every rewiring would be given up.
  if (m >= (n * (n - 1)) / 2) return completeGraph(n);
  const random = new PythonWords();
  random.restart(seed);
  const space = wsFlexSpace(n);
  for (let tries = 0; tries < WS_FLEX_TRIES; tries++) {
    drawWsFlex(space, m, p, random);
    if (rowsReachAll(space.rows, n)) return graphFromRows(n, false, space.rows);
  }
  throw new UserError(
    `a ws-flex graph must be connected, but none of ${WS_FLEX_TRIES} draws with n=${n}, ` +
      `k=${k}, p=${p}, seed=${seed} was; ` +
      'raise k, lower p or change the seed',
  );
}

function validate(params: GraphParams): void {
  validateNodes(params);
  const n = numberParam(params, 'n');
  const k = numberParam(params, 'k');
  const p = numberParam(params, 'p');
  validateSeed(params);
  requireParam(
    k >= 2 && k <= n,
    'k',
    k,
    `from 2 to n (n=${n})`,
    `k is the average degree; k=${n} gives the complete graph`,
  );
  requireParam(
    p >= 0 && p <= 1,
    'p',
    p,
    'from 0 to 1',
    'p is the probability that an edge is rewired',
  );
}

export const wsFlex: GraphFamily = {
  name: 'ws-flex',
  meaning:
    'Small-world ring with any real average degree, edges rewired at random (You et al. 2020).',
  description: `The paper's own family. m = round(k n / 2) ring edges, half to even: node i is
joined to the floor(m / n) nodes ahead of it, the first m mod n nodes to one more. Then each ring
edge (u, v), in order of u and distance, is replaced with probability p by (u, w), w uniform among
the nodes that are neither u nor its neighbours. This is repeated, the same generator continuing,
until the graph is connected, at most 100 times.

With k an even integer the graph is Watts and Strogatz's, apart from the order in which edges are
rewired. Unlike theirs it exists for every real average degree, so that the plane of C and L can be
covered densely. Graph for graph the one of the paper's code (\`connected_ws_graph\`) for every
seed.`,
  reference:
    'J. You, J. Leskovec, K. He, S. Xie: Graph Structure of Neural Networks. ICML 2020, ' +
    'arXiv 2007.06559.',
  params: [
    nodesParam,
    {
      name: 'k',
      type: 'real',
      range: '2 <= k <= n',
      meaning: 'average degree; k = n is the complete graph',
    },
    {
      name: 'p',
      type: 'real',
      default: 0,
      range: '0 <= p <= 1',
      meaning: 'probability that a ring edge is rewired',
    },
    seedParam,
  ],
  validate,
  generate: (params) => {
    const real = (name: string): number => numberParam(params, name);
    return wsFlexGraph(real('n'), real('k'), real('p'), real('seed'));
  },
  resize: (params, nodes) => ({
    ...params,
    n: nodes,
    k: Math.max(2, (nodes * numberParam(params, 'k')) / numberParam(params, 'n')),
  }),
  samples: (n) =>
    [0.1, 0.2, 0.35, 0.6].flatMap((share) =>
      [0, 0.03, 0.1, 0.3, 1].map((p) => ({ n, k: Math.max(2, share * n), p, seed: 1 })),
    ),
};
