import { PythonRandom } from '../../core/random/python-random.js';
import { requireMemory } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { clampRound, distinct, nearest, pairsOf } from './densities.js';
import { EdgeSet } from './edge-set.js';
import {
  nodesParam,
  numberParam,
  requireParam,
  seedParam,
  validateNodes,
  validateSeed,
} from './params.js';
import { PythonIntSet } from './python-int-set.js';
import { integers } from './sizes.js';

/**
 * A graph grown by preferential attachment (Barabási and Albert): a star of node 0 with nodes 1..m,
 * then every further node is joined to `m` different ones, drawn in proportion to their degrees. m
 * (n - m) edges, always connected.
 */
function barabasiAlbertGraph(n: number, m: number, seed: number): Graph {
  requireMemory(n, 2 * m * (n - m));
  const random = new PythonRandom(seed);
  const edges = new EdgeSet(n);
  // Every node as often as it has edges: uniform draws from it are in proportion to the degrees.
  const ends = new Int32Array(2 * m * (n - m)).fill(0, 0, m);
  let filled = m;
  for (let spoke = 1; spoke <= m; spoke++) {
    edges.add(0, spoke);
    ends[filled++] = spoke;
  }
  for (let source = m + 1; source < n; source++) {
    for (const target of drawTargets(ends, filled, m, random).keys()) {
      edges.add(source, target);
      ends[filled++] = target;
    }
    ends.fill(source, filled, filled + m);
    filled += m;
  }
  return edges.graph();
}

/**
 * `m` different ones of the first `filled` values of `ends`, by drawing until there are so many.
 */
export function drawTargets(
  ends: Int32Array,
  filled: number,
  m: number,
  random: PythonRandom,
): PythonIntSet {
  const targets = new PythonIntSet();
  while (targets.size < m) targets.add(ends[random.randbelow(filled)]);
  return targets;
}

/** Checks `n`, `m` and `seed` of a graph that grows by m edges a node. */
export function validateAttachment(params: GraphParams): void {
  validateNodes(params);
  const n = numberParam(params, 'n');
  const m = numberParam(params, 'm');
  requireParam(
    m >= 1 && m < n,
    'm',
    m,
    `from 1 to n - 1 (n=${n})`,
    'm is the number of edges that each new node brings; there are m (n - m) in all',
  );
  validateSeed(params);
}

/**
 * The m on `nodes` nodes whose density 2 m (n - m) / (n (n - 1)) is nearest. That is the same for m
 * and n - m; m stays in its half.
 */
export function resizedAttachment(params: GraphParams, nodes: number): number {
  const n = numberParam(params, 'n');
  const m = numberParam(params, 'm');
  const density = (m * (n - m)) / pairsOf(n);
  const ascending = integers(1, Math.max(1, nodes - 1));
  const candidates = 2 * m <= n ? ascending : ascending.toReversed();
  return nearest(candidates, (candidate) =>
    Math.abs((candidate * (nodes - candidate)) / pairsOf(nodes) - density),
  );
}

/** Values of m from trees to the densest graph, which has m = n / 2. */
export function attachmentSamples(n: number, shares: readonly number[]): number[] {
  return distinct(shares.map((share) => clampRound(share * n, 1, n - 1)));
}

export const attachmentParam = {
  name: 'm',
  type: 'integer',
  range: '1 <= m < n',
  meaning: 'edges that each new node brings',
} as const;

export const barabasiAlbert: GraphFamily = {
  name: 'barabasi-albert',
  meaning:
    'Scale-free graph: new nodes join those that have many neighbours (Barabási and Albert 1999).',
  description: `Begins with a star: node 0 joined to nodes 1 to m. Each further node is joined to m
different nodes, drawn from a list that holds every node once for each of its edges, so in
proportion to the degrees; a node drawn twice is drawn anew. The list then grows by these m nodes,
in the order of CPython's set of them, and m times the new node. There are m (n - m) edges, so m = n
/ 2 is the densest; m = 1 gives trees. Always connected. Degrees follow a power law with exponent 3:
a few hubs, many nodes of degree m.

The same graph as \`barabasi_albert_graph\` of networkx 2.6 and later (earlier ones begin without
edges). On another number of nodes m is the one that gives the nearest density.`,
  reference:
    'A.-L. Barabási, R. Albert: Emergence of Scaling in Random Networks. Science 286, 1999.',
  params: [nodesParam, attachmentParam, seedParam],
  validate: validateAttachment,
  generate: (params) =>
    barabasiAlbertGraph(
      numberParam(params, 'n'),
      numberParam(params, 'm'),
      numberParam(params, 'seed'),
    ),
  resize: (params, nodes) => ({ ...params, n: nodes, m: resizedAttachment(params, nodes) }),
  samples: (n) =>
    attachmentSamples(n, [0, 0.03, 0.05, 0.08, 0.12, 0.18, 0.25, 0.35, 0.5]).map((m) => ({
      n,
      m,
      seed: 1,
    })),
};
