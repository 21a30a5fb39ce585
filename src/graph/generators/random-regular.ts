import { UserError } from '../../core/errors.js';
import { PythonRandom } from '../../core/random/index.js';
import { requireMemory } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { distinct, nearest } from './densities.js';
import { EdgeSet } from './edge-set.js';
import { nodesParam, numberParam, requireParam, seedParam, validateNodes, validateSeed } from './params.js';
import { integers } from './sizes.js';

/** Stubs that are shuffled before a search is given up: some seconds. */
const MAX_SHUFFLED = 2 ** 28;

/**
 * A random graph in which every node has `d` neighbours (Steger and Wormald): each node has d stubs, a random pairing of
 * the stubs makes edges, those that would be loops or repeats go into the next pairing, and all begins anew where no
 * suitable pair is left. n d must be even.
 *
 * @throws UserError when 2^28 shuffled stubs gave no graph, as happens for degrees a little below n - 1.
 */
export function randomRegularGraph(n: number, d: number, seed: number): Graph {
  requireMemory(n, n * d);
  const random = new PythonRandom(seed);
  const edges = new EdgeSet(n);
  for (let shuffled = 0; shuffled < MAX_SHUFFLED; ) {
    const { complete, effort } = tryPairing(edges, n, d, random);
    if (complete) return edges.graph();
    shuffled += effort;
    edges.clear();
  }
  throw new UserError(
    `a random-regular graph must come out of ${MAX_SHUFFLED} shuffled stubs, but with n=${n}, d=${d}, seed=${seed} none did; ` +
      `so dense ones are rare: lower d, change the seed, or take d=${n - 1}, the complete graph`,
  );
}

/** One search. `effort` is the number of stubs that it shuffled. */
function tryPairing(edges: EdgeSet, n: number, d: number, random: PythonRandom): { complete: boolean; effort: number } {
  let stubs = Int32Array.from({ length: n * d }, (_, at) => at % n);
  let effort = 0;
  while (stubs.length > 0) {
    random.shuffle(stubs);
    effort += stubs.length;
    const left = pair(edges, stubs);
    if (left.size > 0 && !suitable(edges, [...left.keys()])) return { complete: false, effort };
    stubs = Int32Array.from([...left].flatMap(([node, count]) => Array.from({ length: count }, () => node)));
  }
  return { complete: true, effort };
}

/** Joins stubs two by two where that is a new edge; the others are counted by node, in the order in which they came. */
function pair(edges: EdgeSet, stubs: Int32Array): Map<number, number> {
  const left = new Map<number, number>();
  const leave = (node: number): void => {
    left.set(node, (left.get(node) ?? 0) + 1);
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

/**
 * Whether some pair of the nodes can be joined, as networkx looks for it: with u falling to the smallest node met so far,
 * it misses some pairs, and which searches are given up decides which graph comes out.
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
  requireParam(d >= 0 && d < n, 'd', d, `from 0 to n - 1 (n=${n})`, 'd is the degree of every node');
  requireParam((n * d) % 2 === 0, 'd', d, `even where n is odd (n=${n})`, `try d=${d - 1} or another n`);
  validateSeed(params);
}

/** The legal d on `nodes` nodes whose density is nearest, and at least 2 where d is: a graph in pairs is no network. */
function resizedDegree(params: GraphParams, nodes: number): number {
  const n = numberParam(params, 'n');
  const d = numberParam(params, 'd');
  const legal = integers(0, Math.max(0, nodes - 1)).filter((degree) => (nodes * degree) % 2 === 0 && degree >= Math.min(d, 2, nodes - 1));
  return nearest(legal, (degree) => Math.abs(degree / (nodes - 1) - d / (n - 1)));
}

function samples(n: number): GraphParams[] {
  const degrees = [3, 4, 5, 6, 8, 0.15 * n, 0.2 * n, 0.3 * n, 0.4 * n, 0.5 * n].map((degree) => Math.min(n - 1, Math.round(degree)));
  return distinct(degrees.map((degree) => degree - ((n * degree) % 2))).map((d) => ({ n, d, seed: 1 }));
}

export const randomRegular: GraphFamily = {
  name: 'random-regular',
  meaning: 'Random graph in which every node has the same degree d (Steger and Wormald 1999).',
  description: `Every node has d stubs. The stubs are shuffled and paired; a pair becomes an edge unless it would be a loop or a repeat, and
stubs that are left are shuffled and paired again. Where no suitable pair is left, everything begins anew, the same
generator continuing. For d small against n all d-regular graphs come out about equally often. Connected with high
probability from d = 3 on (d = 1 is a set of pairs, d = 2 a set of cycles; graphs that are not connected have no L), and
good expanders: L is near the least that the degree allows, C about d / n. n d must be even.

The same graph as \`random_regular_graph\` of networkx. A degree a little below n - 1 may need more searches than anybody
can wait for: the search is given up after 2^28 shuffled stubs. d = n - 1 is the complete graph. On another number of
nodes d is the legal degree that gives the nearest density, but not below 2 unless it was.`,
  reference: 'A. Steger, N. C. Wormald: Generating Random Regular Graphs Quickly. Combinatorics, Probability and Computing 8, 1999.',
  params: [nodesParam, { name: 'd', type: 'integer', range: '0 <= d < n, n d even', meaning: 'degree of every node' }, seedParam],
  validate,
  generate: (params) => randomRegularGraph(numberParam(params, 'n'), numberParam(params, 'd'), numberParam(params, 'seed')),
  resize: (params, nodes) => ({ ...params, n: nodes, d: resizedDegree(params, nodes) }),
  samples,
};
