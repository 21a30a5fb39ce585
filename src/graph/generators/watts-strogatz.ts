import { UserError } from '../../core/errors.js';
import { PythonRandom } from '../../core/random/python-random.js';
import { requireMemory } from '../build.js';
import { connected } from '../measures/connected.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { completeGraph } from './complete.js';
import { distinct, nearest } from './densities.js';
import { EdgeSet } from './edge-set.js';
import {
  booleanParam,
  nodesParam,
  numberParam,
  requireParam,
  seedParam,
  validateNodes,
  validateSeed,
} from './params.js';
import { integers } from './sizes.js';

const MAX_TRIES = 100;

/**
 * A small world of Watts and Strogatz (Nature 1998): a ring on which each node is joined to the
 * floor(k / 2) nodes on either side, every edge (u, v) rewired with probability `p` to (u, w), w
 * uniform among the nodes that are neither u nor its neighbours. Edges are taken by distance along
 * the ring, then by node.
 */
function wattsStrogatzGraph(n: number, k: number, p: number, random: PythonRandom): Graph {
  if (k === n) return completeGraph(n);
  const reach = Math.floor(k / 2);
  requireMemory(n, 2 * reach * n);
  const edges = new EdgeSet(n);
  const degrees = new Int32Array(n).fill(2 * reach);
  for (let step = 1; step <= reach; step++) {
    for (let u = 0; u < n; u++) edges.add(u, (u + step) % n);
  }
  for (let step = 1; step <= reach; step++) {
    for (let u = 0; u < n; u++) {
      if (random.random() < p) rewire(edges, degrees, u, (u + step) % n, random);
    }
  }
  return edges.graph();
}

/** Replaces (u, v) by (u, w), unless a drawn w did not fit and u is joined to all others. */
function rewire(
  edges: EdgeSet,
  degrees: Int32Array,
  u: number,
  v: number,
  random: PythonRandom,
): void {
  const n = degrees.length;
  let w = random.randbelow(n);
  while (w === u || edges.has(u, w)) {
    w = random.randbelow(n);
    if (degrees[u] >= n - 1) return;
  }
  edges.remove(u, v);
  edges.add(u, w);
  degrees[v]--;
  degrees[w]++;
}

/**
 * `wattsStrogatzGraph`, repeated with the same generator until connected.
 * @throws UserError when no connected graph came in so many tries.
 */
export function connectedWattsStrogatzGraph(
  n: number,
  k: number,
  p: number,
  random: PythonRandom,
  tries = MAX_TRIES,
): Graph {
  for (let tried = 0; tried < tries; tried++) {
    const graph = wattsStrogatzGraph(n, k, p, random);
    if (connected(graph)) return graph;
  }
  throw new UserError(
    `a watts-strogatz graph with connected=true must be connected, but none of ${tries} ` +
      `draws with n=${n}, k=${k}, p=${p} was; raise k, lower p or change the seed`,
  );
}

function generate(params: GraphParams): Graph {
  const real = (name: string): number => numberParam(params, name);
  const make = booleanParam(params, 'connected') ? connectedWattsStrogatzGraph : wattsStrogatzGraph;
  return make(real('n'), real('k'), real('p'), new PythonRandom(real('seed')));
}

function validate(params: GraphParams): void {
  validateNodes(params);
  const n = numberParam(params, 'n');
  const k = numberParam(params, 'k');
  const p = numberParam(params, 'p');
  requireParam(
    k >= 2 && k <= n,
    'k',
    k,
    `from 2 to n (n=${n})`,
    `each node is joined to the floor(k / 2) nodes on either side; k=${n} gives the complete graph`,
  );
  requireParam(
    p >= 0 && p <= 1,
    'p',
    p,
    'from 0 to 1',
    'p is the probability that an edge is rewired',
  );
  validateSeed(params);
}

/** Average degree of the graph. */
function degreeOf(n: number, k: number): number {
  return k === n ? n - 1 : 2 * Math.floor(k / 2);
}

/**
 * The legal k on `nodes` nodes whose density is nearest: an even number, or `nodes` for the
 * complete graph.
 */
function resizedK(params: GraphParams, nodes: number): number {
  const n = numberParam(params, 'n');
  const k = numberParam(params, 'k');
  if (nodes === n) return k;
  const density = degreeOf(n, k) / (n - 1);
  const legal = [...integers(1, Math.floor((nodes - 1) / 2)).map((reach) => 2 * reach), nodes];
  return nearest(legal, (candidate) =>
    Math.abs(degreeOf(nodes, candidate) / (nodes - 1) - density),
  );
}

function samples(n: number): GraphParams[] {
  const even = [0.06, 0.12, 0.25, 0.5].map((share) => Math.max(2, 2 * Math.round((share * n) / 2)));
  const legal = distinct(even.map((k) => Math.min(k, n)));
  return legal.flatMap((k) =>
    [0, 0.03, 0.1, 0.3, 1].map((p) => ({ n, k, p, seed: 1, connected: true })),
  );
}

export const wattsStrogatz: GraphFamily = {
  name: 'watts-strogatz',
  meaning: 'Small world: a ring lattice with edges rewired at random (Watts and Strogatz 1998).',
  description: `Each node of a ring is joined to the floor(k / 2) nodes on either side (an odd k
counts as k - 1; k = n gives the complete graph). Then every edge (u, v) is rewired with probability
p: first, for all u in order, the edge to the next node, then the one to the node after it, and so
on. A node w is drawn, uniform among all, until it is neither u nor a neighbour of u, and (u, w)
takes the place of (u, v); where u is joined to all others, the edge stays.

The same graph as \`watts_strogatz_graph\` of networkx. It may fall apart, and then has no L; with
\`connected=true\` it is drawn again, the same generator continuing, at most 100 times, as by
\`connected_watts_strogatz_graph\`.

\`ws-flex\` is the same idea for any real average degree, with the edges in another order. On
another number of nodes k is the even number (or n) that gives the nearest density.`,
  reference:
    'D. J. Watts, S. H. Strogatz: Collective dynamics of small-world networks. Nature 393, 1998.',
  params: [
    nodesParam,
    {
      name: 'k',
      type: 'integer',
      range: '2 <= k <= n',
      meaning: 'neighbours on the ring, half of them on either side',
    },
    {
      name: 'p',
      type: 'real',
      default: 0,
      range: '0 <= p <= 1',
      meaning: 'probability that an edge is rewired',
    },
    seedParam,
    {
      name: 'connected',
      type: 'boolean',
      default: false,
      quiet: true,
      range: 'true or false',
      meaning: 'draw again until the graph is connected',
    },
  ],
  validate,
  generate,
  resize: (params, nodes) => ({ ...params, n: nodes, k: resizedK(params, nodes) }),
  samples,
};
