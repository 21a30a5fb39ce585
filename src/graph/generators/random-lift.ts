import { UserError } from '../../core/errors.js';
import { PythonRandom } from '../../core/random/python-random.js';
import { setBit, wordsFor } from '../bits.js';
import { graphFromRows, MAX_NODES, requireMemory } from '../build.js';
import type { Graph, GraphFamily, GraphParams, SpecTools } from '../types.js';
import { numberParam, requireParam, seedParam, textParam, validateSeed } from './params.js';
import { requireNodes } from './product.js';
import { integers } from './sizes.js';

/**
 * A random lift of a base graph: `lift` copies of every node, and for every base edge a random
 * perfect matching between the copies of its ends. Copy i of base node u has number u lift + i;
 * draws are CPython's `random.Random(seed)`.
 */
export function randomLift(base: Graph, lift: number, seed: number): Graph {
  requireNodes('a lift', base.nodes, lift);
  const nodes = base.nodes * lift;
  requireMemory(nodes, base.targets.length * lift);
  const words = wordsFor(nodes);
  const rows = new Uint32Array(nodes * words);
  const random = new PythonRandom(seed);
  const order = integers(0, lift - 1);
  for (let u = 0; u < base.nodes; u++) {
    for (let at = base.offsets[u]; at < base.offsets[u + 1]; at++) {
      const v = base.targets[at];
      if (!base.directed && v < u) continue;
      for (let copy = 0; copy < lift; copy++) order[copy] = copy;
      random.shuffle(order);
      for (let copy = 0; copy < lift; copy++) {
        setBit(rows, words, u * lift + copy, v * lift + order[copy]);
        if (!base.directed) setBit(rows, words, v * lift + order[copy], u * lift + copy);
      }
    }
  }
  return graphFromRows(nodes, base.directed, rows);
}

function validate(params: GraphParams): void {
  const lift = numberParam(params, 'lift');
  requireParam(
    lift >= 1 && lift <= MAX_NODES / 2,
    'lift',
    lift,
    `from 1 to ${MAX_NODES / 2}`,
    'lift=8 of complete:n=8 has 64 nodes',
  );
  validateSeed(params);
}

function resize(params: GraphParams, nodes: number, tools: SpecTools): GraphParams {
  const base = tools.build(textParam(params, 'base')).nodes;
  if (nodes % base === 0) return { ...params, lift: nodes / base };
  throw new UserError(
    `a random lift of a base with ${base} nodes has a multiple of ${base} nodes, but ` +
      `${nodes} are needed; choose another base or another number of nodes`,
  );
}

export const randomLiftFamily: GraphFamily = {
  name: 'random-lift',
  meaning:
    'Random covering of a small base graph: keeps its degrees, nearly the best expander ' +
    '(Ramanujan-like).',
  description: `Every node u of the base graph becomes \`lift\` copies; copy i has number u lift +
i. For each edge (u, v) of the base, in ascending order (u < v; directed: every u -> v), the list 0,
1, ..., lift-1 is shuffled by \`random.shuffle\` of CPython's random.Random(seed), one generator for
all edges, and copy i of u is joined to copy order[i] of v. So copies have the degree of their base
node, and copies of the same node are never joined. The copies may fall into unconnected parts, in
particular where the base has few edges; nothing is redrawn then.

Lifts of \`complete:n=D+1\` are D-regular; their new eigenvalues are close to 2 sqrt(D-1), the bound
that Ramanujan graphs reach. networkx has no such generator. On another number of nodes \`lift\`
changes, where that is a multiple of the base's.`,
  reference:
    'A. Amit, N. Linial: Random graph coverings I: general theory and graph ' +
    'connectivity. Combinatorica 22, 2002. J. Friedman: Relative expanders or weakly ' +
    'relatively Ramanujan graphs. Duke Mathematical Journal 118, 2003.',
  params: [
    {
      name: 'base',
      type: 'spec',
      range: 'any graph spec in parentheses',
      meaning: 'the graph that is lifted',
    },
    {
      name: 'lift',
      type: 'integer',
      range: `1 <= lift <= ${MAX_NODES / 2}, with the base at most ${MAX_NODES} nodes`,
      meaning: 'copies of each node of the base',
    },
    seedParam,
  ],
  validate,
  generate: (params, tools) =>
    randomLift(
      tools.build(textParam(params, 'base')),
      numberParam(params, 'lift'),
      numberParam(params, 'seed'),
    ),
  resize,
  samples: (nodes) =>
    [8, 4, 5, 6, 12, 16].map((n) => ({
      base: `complete:n=${n}`,
      lift: Math.max(1, Math.round(nodes / n)),
      seed: 1,
    })),
};
