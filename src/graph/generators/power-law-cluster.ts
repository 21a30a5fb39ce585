import { PythonRandom } from '../../core/random/python-random.js';
import { requireMemory } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import {
  attachmentParam,
  attachmentSamples,
  drawTargets,
  resizedAttachment,
  validateAttachment,
} from './barabasi-albert.js';
import { EdgeSet } from './edge-set.js';
import { nodesParam, numberParam, requireParam, seedParam } from './params.js';

/** A graph while it grows, and every node as often as it was joined. */
interface Growth {
  readonly edges: EdgeSet;
  /**
   * What each node was joined to when it came, in that order. Later neighbours came in ascending
   * order.
   */
  readonly firsts: number[][];
  readonly ends: Int32Array;
  filled: number;
}

/**
 * A graph grown by preferential attachment with triangles (Holme and Kim): each new node is joined
 * to a drawn target, then m - 1 times with probability `p` to a neighbour of the last target, else
 * to the next target.
 */
function powerLawClusterGraph(n: number, m: number, p: number, seed: number): Graph {
  requireMemory(n, 2 * m * (n - m));
  const random = new PythonRandom(seed);
  const ends = new Int32Array(m + 2 * m * (n - m));
  for (let node = 0; node < m; node++) ends[node] = node;
  const growth: Growth = {
    edges: new EdgeSet(n),
    firsts: Array.from({ length: n }, () => []),
    ends,
    filled: m,
  };
  for (let source = m; source < n; source++) {
    attach(growth, source, m, p, random);
    ends.fill(source, growth.filled, growth.filled + m);
    growth.filled += m;
  }
  return growth.edges.graph();
}

function attach(growth: Growth, source: number, m: number, p: number, random: PythonRandom): void {
  const targets = drawTargets(growth.ends, growth.filled, m, random).keys();
  let popped = 0;
  let target = targets[popped++];
  join(growth, source, target);
  for (let count = 1; count < m; count++) {
    const open = random.random() < p ? drawOpen(growth, source, target, random) : -1;
    if (open < 0) target = targets[popped++];
    join(growth, source, open < 0 ? target : open);
  }
}

/**
 * A uniform one of the neighbours of `target`, in the order in which they came, that `source` can
 * be joined to; -1 where there is none.
 */
function drawOpen(
  { edges, firsts }: Growth,
  source: number,
  target: number,
  random: PythonRandom,
): number {
  const early = firsts[target].filter((node) => !edges.has(source, node));
  const count = early.length + edges.countOwn(target, source);
  if (count === 0) return -1;
  const index = random.randbelow(count);
  return index < early.length ? early[index] : edges.ownAt(target, source, index - early.length);
}

/**
 * Joins two nodes; a target that a triangle has joined already is counted once more, but the edge
 * is there once.
 */
function join(growth: Growth, source: number, target: number): void {
  growth.ends[growth.filled++] = target;
  if (growth.edges.has(source, target)) return;
  growth.edges.add(source, target);
  growth.firsts[source].push(target);
}

function validate(params: GraphParams): void {
  validateAttachment(params);
  const p = numberParam(params, 'p');
  requireParam(
    p >= 0 && p <= 1,
    'p',
    p,
    'from 0 to 1',
    'p is the probability that an edge closes a triangle',
  );
}

export const powerLawCluster: GraphFamily = {
  name: 'power-law-cluster',
  meaning: 'Scale-free graph with triangles (Holme and Kim 2002).',
  description: `Grows like \`barabasi-albert\`, but from m nodes without edges, and closes
triangles. For each new node m different targets are drawn from a list that holds every node once
for each time it was joined (at first, each of the m nodes once). The node is joined to the first
target, in the order of CPython's set. Then, m - 1 times: with probability p it is joined to a
random neighbour of the last target that it is not joined to yet, otherwise, or where there is none,
to the next target. A target that a triangle has joined already brings no new edge, so there are m
(n - m) edges or somewhat fewer. Always connected. C grows with p. Every step looks through the m
first neighbours of the last target, so the time grows like n m^2 p: at n = 20000 half a minute for
m = 500, minutes from m = 2000.

The same graph as \`powerlaw_cluster_graph\` of networkx. On another number of nodes m is the one
that gives the nearest density, taken as 2 m (n - m) / (n (n - 1)).`,
  reference:
    'P. Holme, B. J. Kim: Growing scale-free networks with tunable clustering. Physical ' +
    'Review E 65, 2002.',
  params: [
    nodesParam,
    attachmentParam,
    {
      name: 'p',
      type: 'real',
      range: '0 <= p <= 1',
      meaning: 'probability that an edge closes a triangle',
    },
    seedParam,
  ],
  validate,
  generate: (params) => {
    const real = (name: string): number => numberParam(params, name);
    return powerLawClusterGraph(real('n'), real('m'), real('p'), real('seed'));
  },
  resize: (params, nodes) => ({ ...params, n: nodes, m: resizedAttachment(params, nodes) }),
  samples: (n) =>
    attachmentSamples(n, [0.03, 0.06, 0.12, 0.25, 0.5]).flatMap((m) =>
      [0.3, 0.7, 1].map((p) => ({ n, m, p, seed: 1 })),
    ),
};
