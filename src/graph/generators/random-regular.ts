import { UserError } from '../../core/errors.js';
import { PythonRandom } from '../../core/random/python-random.js';
import { requireMemory } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { distinct, nearest } from './densities.js';
import { EdgeSet } from './edge-set.js';
import {
  nodesParam,
  numberParam,
  requireParam,
  seedParam,
  validateNodes,
  validateSeed,
} from './params.js';
import { integers } from './sizes.js';

/**
 * Searches before a graph is given up. Degrees up to n / 2 take some tens of them, three quarters
 * of n some hundreds.
 */
const MAX_TRIES = 2000;

/** Stubs that all searches together may pair: some minutes. */
const MAX_STUBS = 4e9;

/**
 * A random graph in which every node has `d` neighbours (Steger and Wormald): each node has d
 * stubs, a random pairing of the stubs makes edges, those that would be loops or repeats go into
 * the next pairing, and all begins anew where no suitable pair is left. n d must be even.
 *
 * @throws UserError when 2000 searches, fewer for large graphs, gave no graph, as happens for
 * degrees a little below n - 1.
 */
function randomRegularGraph(n: number, d: number, seed: number): Graph {
  requireMemory(n, n * d);
  const random = new PythonRandom(seed);
  const edges = new EdgeSet(n);
  const searches = Math.min(MAX_TRIES, Math.ceil(MAX_STUBS / (n * d)));
  for (let tries = 0; tries < searches; tries++) {
    if (pairStubs(edges, n, d, random)) return edges.graph();
    edges.clear();
  }
  throw new UserError(
    `a random-regular graph must be found in ${searches} searches, but with n=${n}, ` +
      `d=${d}, seed=${seed} none ended well; ` +
      `so dense ones are rarely found: lower d, change the seed, or take d=${n - 1}, the ` +
      'complete graph',
  );
}

/** One search; whether it ended with every stub paired. */
function pairStubs(edges: EdgeSet, n: number, d: number, random: PythonRandom): boolean {
  let stubs = Int32Array.from({ length: n * d }, (_, at) => at % n);
  const counts = new Int32Array(n);
  while (stubs.length > 0) {
    random.shuffle(stubs);
    const left = pair(edges, stubs, counts);
    if (left.length > 0 && !suitable(edges, left)) return false;
    stubs = takeStubs(left, counts);
  }
  return true;
}

/**
 * Joins stubs two by two where that is a new edge. The others are counted by node; their nodes in
 * order of coming.
 */
function pair(edges: EdgeSet, stubs: Int32Array, counts: Int32Array): number[] {
  const left: number[] = [];
  const leave = (node: number): void => {
    if (counts[node]++ === 0) left.push(node);
  };
  for (let at = 0; at < stubs.length; at += 2) {
    const u = Math.min(stubs[at], stubs[at + 1]);
    const v = Math.max(stubs[at], stubs[at + 1]);
    if (u !== v && !edges.has(u, v)) {
      edges.add(u, v);
    } else {
      leave(u);
      leave(v);
    }
  }
  return left;
}

/** The stubs of the nodes, node by node; the counts are 0 afterwards. */
function takeStubs(nodes: readonly number[], counts: Int32Array): Int32Array<ArrayBuffer> {
  const stubs = new Int32Array(nodes.reduce((sum, node) => sum + counts[node], 0));
  let filled = 0;
  for (const node of nodes) {
    stubs.fill(node, filled, filled + counts[node]);
    filled += counts[node];
    counts[node] = 0;
  }
  return stubs;
}

/**
 * Whether some pair of the nodes can be joined, as networkx looks for it: with u falling to the
 * smallest node met so far, it misses some pairs, and which searches are given up decides which
 * graph comes out.
 */
function suitable(edges: EdgeSet, nodes: readonly number[]): boolean {
  for (const first of nodes) {
    let u = first;
    for (const v of nodes) {
      if (u === v) break;
      if (!edges.has(u, v)) return true;
      u = Math.min(u, v);
    }
  }
  return false;
}

function validate(params: GraphParams): void {
  validateNodes(params);
  const n = numberParam(params, 'n');
  const d = numberParam(params, 'd');
  requireParam(
    d >= 0 && d < n,
    'd',
    d,
    `from 0 to n - 1 (n=${n})`,
    'd is the degree of every node',
  );
  requireParam(
    (n * d) % 2 === 0,
    'd',
    d,
    `even where n is odd (n=${n})`,
    `try d=${d - 1} or another n`,
  );
  validateSeed(params);
}

/**
 * The legal d on `nodes` nodes whose density is nearest, and at least 2 where d is: a graph in
 * pairs is no network.
 */
function resizedDegree(params: GraphParams, nodes: number): number {
  const n = numberParam(params, 'n');
  const d = numberParam(params, 'd');
  const legal = integers(0, Math.max(0, nodes - 1)).filter(
    (degree) => (nodes * degree) % 2 === 0 && degree >= Math.min(d, 2, nodes - 1),
  );
  return nearest(legal, (degree) => Math.abs(degree / (nodes - 1) - d / (n - 1)));
}

/** Degrees from 3 to n / 2, odd ones raised by one where n is odd. */
function samples(n: number): GraphParams[] {
  const degrees = [3, 4, 5, 6, 8, 0.15 * n, 0.2 * n, 0.3 * n, 0.4 * n, 0.5 * n].map((degree) =>
    Math.min(n - 1, Math.max(3, Math.round(degree))),
  );
  return distinct(degrees.map((degree) => degree + ((n * degree) % 2))).map((d) => ({
    n,
    d,
    seed: 1,
  }));
}

export const randomRegular: GraphFamily = {
  name: 'random-regular',
  meaning: 'Random graph in which every node has the same degree d (Steger and Wormald 1999).',
  description: `Every node has d stubs. The stubs are shuffled and paired; a pair becomes an edge
unless it would be a loop or a repeat, and stubs that are left are shuffled and paired again. Where
no suitable pair is left, everything begins anew, the same generator continuing. For d small against
n all d-regular graphs come out about equally often. Connected with high probability from d = 3 on
(d = 1 is a set of pairs, d = 2 a set of cycles; graphs that are not connected have no L), and good
expanders: L is near the least that the degree allows, C about d / n. n d must be even.

The same graph as \`random_regular_graph\` of networkx. A degree a little below n - 1 may need more
searches than anybody can wait for: the graph is given up after 2000, and after fewer where n d is
over 2 million, so that it never takes more than some minutes; at n = 20000 it takes seconds up to d
= 2000, a minute at d = 5000. d = n - 1 is the complete graph. On another number of nodes d is the
legal degree that gives the nearest density, but not below 2 unless it was.`,
  reference:
    'A. Steger, N. C. Wormald: Generating Random Regular Graphs Quickly. Combinatorics, ' +
    'Probability and Computing 8, 1999.',
  params: [
    nodesParam,
    { name: 'd', type: 'integer', range: '0 <= d < n, n d even', meaning: 'degree of every node' },
    seedParam,
  ],
  validate,
  generate: (params) =>
    randomRegularGraph(
      numberParam(params, 'n'),
      numberParam(params, 'd'),
      numberParam(params, 'seed'),
    ),
  resize: (params, nodes) => ({ ...params, n: nodes, d: resizedDegree(params, nodes) }),
  samples,
};
