import { UserError } from '../core/errors.js';
import type { RandomStream } from '../core/random/stream.js';
import { clearBit, hasBit, popcount, setBit } from '../graph/bits.js';
import { graphFromRows } from '../graph/build.js';
import type { RewireRule } from '../graph/rewire-settings.js';
import type { Graph } from '../graph/types.js';

/**
 * Numbers of pairs of nodes, `nodes x nodes`: of an undirected graph those of u - v stand at u nodes
 * + v with u < v, of a directed one those of u -> v.
 */
type PairNumbers = Float64Array;

/** What one rewiring is made from. */
export interface Rewiring {
  readonly rule: RewireRule;
  /** Pairs to drop, and to join. */
  readonly count: number;
  /** Mean square of the weights of each pair; read for pairs that are joined. */
  readonly strength: PairNumbers;
  /** Weights that each pair has or would have. */
  readonly cost: PairNumbers;
  /** Mean square of the gradients of each pair; read by `rigl`. */
  readonly gradient: PairNumbers | null;
  /** Drawn from by `set`, and by `topological` among equals. */
  readonly random: RandomStream;
}

/**
 * One rewiring: the weakest pairs are dropped, then as many are joined by the rule among all that are
 * not, those just dropped included (Evci et al. 2020). What is joined has as many weights as what was
 * dropped, number for number, so that the network costs exactly as before. Pairs of a spanning
 * forest of the strongest are never dropped: whoever reaches one another still does. Of equals the
 * first counts.
 */
export function rewiredGraph(graph: Graph, rewiring: Rewiring): Graph {
  const joined = pairsOf(graph, (u, v) => hasBit(graph.rows, graph.words, u, v));
  const dropped = weakest(graph, joined, rewiring);
  const rows = graph.rows.slice();
  for (const pair of dropped) put(graph, rows, pair, clearBit);
  for (const pair of chosen(graph, rows, dropped, rewiring)) put(graph, rows, pair, setBit);
  return graphFromRows(graph.nodes, graph.directed, rows);
}

/**
 * Why nothing of a graph can be rewired: it has all pairs, or none to spare; null where it can be.
 */
export function rewireProblem(graph: Graph): 'complete' | 'tree' | null {
  const { nodes, edges, directed } = graph;
  if (edges === (nodes * (nodes - 1)) / (directed ? 1 : 2)) return 'complete';
  // A forest has fewer edges than nodes.
  if (edges >= nodes) return null;
  const strength = new Float64Array(nodes * nodes);
  const joined = pairsOf(graph, (u, v) => hasBit(graph.rows, graph.words, u, v));
  return spanning(graph, joined, strength).size === edges ? 'tree' : null;
}

/** Throws a `UserError` where nothing of a graph could ever be dropped. */
export function requireRewirable(graph: Graph): void {
  if (rewireProblem(graph) !== 'tree') return;
  throw new UserError(
    `a graph is rewired by dropping pairs that it can spare, but each of the ${graph.edges} edges of ` +
      `this one on ${graph.nodes} nodes holds it together: without it a node would be cut off; ` +
      'take a denser graph, or train it as it is',
  );
}

/** Pairs as numbers u nodes + v, ascending. */
function pairsOf(
  { nodes, directed }: Graph,
  wanted: (u: number, v: number) => boolean,
): Int32Array {
  const pairs: number[] = [];
  for (let u = 0; u < nodes; u++)
    for (let v = directed ? 0 : u + 1; v < nodes; v++)
      if (u !== v && wanted(u, v)) pairs.push(u * nodes + v);
  return Int32Array.from(pairs);
}

function put(
  { nodes, words, directed }: Graph,
  rows: Uint32Array,
  pair: number,
  change: typeof setBit,
): void {
  const [u, v] = [Math.floor(pair / nodes), pair % nodes];
  change(rows, words, u, v);
  if (!directed) change(rows, words, v, u);
}

function weakest(graph: Graph, joined: Int32Array, { count, strength }: Rewiring): number[] {
  const kept = spanning(graph, joined, strength);
  const order = joined
    .filter((pair) => !kept.has(pair))
    .sort((a, b) => strength[a] - strength[b] || a - b);
  return [...order.subarray(0, count)];
}

/**
 * The pairs of a spanning forest of the strongest (Kruskal 1956), directions left aside. Of equals
 * the first counts.
 */
export function spanning(
  { nodes }: Pick<Graph, 'nodes'>,
  joined: Int32Array,
  strength: PairNumbers,
): Set<number> {
  const parent = Int32Array.from({ length: nodes }, (_, u) => u);
  const root = (u: number): number => {
    while (parent[u] !== u) u = parent[u] = parent[parent[u]];
    return u;
  };
  const kept = new Set<number>();
  const order = joined.slice().sort((a, b) => strength[b] - strength[a] || a - b);
  for (const pair of order) {
    const [u, v] = [root(Math.floor(pair / nodes)), root(pair % nodes)];
    if (u === v) continue;
    parent[u] = v;
    kept.add(pair);
    if (kept.size === nodes - 1) break;
  }
  return kept;
}

/** The pairs to join, for every number of weights as many as were dropped with it. */
function chosen(
  graph: Graph,
  rows: Uint32Array,
  dropped: readonly number[],
  rewiring: Rewiring,
): number[] {
  const { cost } = rewiring;
  const wanted = new Map<number, number>();
  for (const pair of dropped) wanted.set(cost[pair], (wanted.get(cost[pair]) ?? 0) + 1);
  const candidates = pairsOf(
    graph,
    (u, v) => !hasBit(rows, graph.words, u, v) && wanted.has(cost[u * graph.nodes + v]),
  );
  const scores = scoresOf(graph, rows, candidates, rewiring);
  return [...wanted].flatMap(([weights, count]) => {
    const own = Int32Array.from(candidates.keys()).filter((at) => cost[candidates[at]] === weights);
    return highest(own, scores, count).map((at) => candidates[at]);
  });
}

function scoresOf(
  { nodes, words, directed }: Graph,
  rows: Uint32Array,
  candidates: Int32Array,
  { rule, gradient, random }: Rewiring,
): Float64Array {
  if (rule === 'rigl') return Float64Array.from(candidates, (pair) => gradient![pair]);
  if (rule === 'set') return Float64Array.from(candidates, () => random.uniform());
  // Nodes on paths of two steps from u to v.
  const into = directed ? turned(nodes, words, rows) : rows;
  return Float64Array.from(candidates, (pair) => {
    const [u, v] = [Math.floor(pair / nodes), pair % nodes];
    let common = 0;
    for (let word = 0; word < words; word++)
      common += popcount(rows[u * words + word] & into[v * words + word]);
    return common + random.uniform();
  });
}

function turned(nodes: number, words: number, rows: Uint32Array): Uint32Array {
  const into = new Uint32Array(rows.length);
  for (let u = 0; u < nodes; u++)
    for (let v = 0; v < nodes; v++) if (hasBit(rows, words, u, v)) setBit(into, words, v, u);
  return into;
}

/** The places with the highest scores, of equals the first. */
function highest(places: Int32Array, scores: Float64Array, count: number): number[] {
  const sorted = Float64Array.from(places, (at) => scores[at]).sort();
  const least = sorted[sorted.length - count];
  const above = places.filter((at) => scores[at] > least);
  const equal = places.filter((at) => scores[at] === least);
  return [...above, ...equal.subarray(0, count - above.length)];
}
