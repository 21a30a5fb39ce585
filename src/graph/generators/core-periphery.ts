import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { clampRound, distinct } from './densities.js';
import {
  nodesParam,
  numberParam,
  requireParam,
  seedParam,
  validateNodes,
  validateSeed,
} from './params.js';
import { blockModelGraph, validateProbability } from './stochastic-block.js';

/** A block model of two: nodes 0..core-1, and the periphery. */
function generate(params: GraphParams): Graph {
  const real = (name: string): number => numberParam(params, name);
  const densities = [real('inside'), real('between'), real('outside')];
  return blockModelGraph(
    [real('core'), real('n') - real('core')],
    (i, j) => densities[i + j],
    real('seed'),
  );
}

function validate(params: GraphParams): void {
  validateNodes(params);
  const n = numberParam(params, 'n');
  const core = numberParam(params, 'core');
  requireParam(
    core >= 1 && core < n,
    'core',
    core,
    `from 1 to n - 1 (n=${n})`,
    'core is the number of nodes in the core; a quarter of n is a good start',
  );
  validateProbability(params, 'inside', 'two nodes of the core are joined');
  validateProbability(params, 'between', 'a node of the core and one of the periphery are joined');
  validateProbability(params, 'outside', 'two nodes of the periphery are joined');
  validateSeed(params);
}

/** Cores of 15, 25 and 50 % of the nodes, with four sets of densities. */
function samples(n: number): GraphParams[] {
  const cores = distinct([0.15, 0.25, 0.5].map((share) => clampRound(share * n, 1, n - 1)));
  const densities = [
    [1, 0.6, 0],
    [1, 0.4, 0.05],
    [0.8, 0.4, 0.1],
    [0.9, 0.8, 0.02],
  ];
  return cores.flatMap((core) =>
    densities.map(([inside, between, outside]) => ({ n, core, inside, between, outside, seed: 1 })),
  );
}

export const corePeriphery: GraphFamily = {
  name: 'core-periphery',
  meaning: 'A dense core and a sparse periphery that hangs on it (Borgatti and Everett 1999).',
  description: `A block model of two blocks. Nodes 0 to core - 1 are the core. Two nodes of the core
are joined with probability \`inside\`, a node of the core and one of the periphery with
\`between\`, two of the periphery with \`outside\`; usually inside > between > outside. With inside
= 1 and outside = 0 this is Borgatti and Everett's ideal core. Random numbers are drawn as for
\`stochastic-block\`. Where \`between\` is small the graph may be not connected, and then has no L.

The same graph as \`stochastic_block_model\` of networkx with sizes [core, n - core] and the
probabilities [[inside, between], [between, outside]]. On another number of nodes the core keeps its
share, at least one node and not all; the probabilities stay.`,
  reference:
    'S. P. Borgatti, M. G. Everett: Models of core/periphery structures. Social Networks 21, 1999.',
  params: [
    nodesParam,
    {
      name: 'core',
      type: 'integer',
      range: '1 <= core < n',
      meaning: 'number of nodes in the core',
    },
    {
      name: 'inside',
      type: 'real',
      default: 1,
      range: '0 <= inside <= 1',
      meaning: 'probability of an edge inside the core',
    },
    {
      name: 'between',
      type: 'real',
      range: '0 <= between <= 1',
      meaning: 'probability of an edge between core and periphery',
    },
    {
      name: 'outside',
      type: 'real',
      default: 0,
      range: '0 <= outside <= 1',
      meaning: 'probability of an edge inside the periphery',
    },
    seedParam,
  ],
  validate,
  generate,
  resize: (params, nodes) => ({
    ...params,
    n: nodes,
    core: clampRound(
      (numberParam(params, 'core') * nodes) / numberParam(params, 'n'),
      1,
      nodes - 1,
    ),
  }),
  samples,
};
