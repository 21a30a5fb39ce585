import { UserError } from '../../core/errors.js';
import type { PythonRandom } from '../../core/random/python-random.js';
import type { Graph, GraphFamily, GraphParamInfo } from '../types.js';
import {
  type GraphParams,
  numberParam,
  requireParam,
  seedParam,
  textParam,
  validateSeed,
} from './params.js';
import { canSwap, randomOf, type SeedOrRandom, SwapGraph } from './swap-graph.js';

/** What the null models of a graph have in common. */

/** The graph that a null model is of. */
export const ofParam: GraphParamInfo = {
  name: 'of',
  type: 'spec',
  range: 'a graph spec in parentheses',
  meaning: 'the graph whose degrees are kept',
};

/** The null model of the same graph on another number of nodes. */
export const resizeInner: NonNullable<GraphFamily['resize']> = (params, nodes, tools) => ({
  ...params,
  of: tools.resize(textParam(params, 'of'), nodes),
});

/** Checks the parameters of both kinds of reference graphs. */
export function validateReference(params: GraphParams): void {
  const niter = numberParam(params, 'niter');
  requireParam(
    niter >= 0 && niter <= 1000,
    'niter',
    niter,
    'from 0 to 1000',
    'niter counts rounds of swaps for each edge',
  );
  validateSeed(params);
}

/** Parameters of the families of reference graphs, with their usual number of rounds. */
export const referenceParams = (niter: number): GraphFamily['params'] => [
  ofParam,
  {
    name: 'niter',
    type: 'integer',
    default: niter,
    range: '0 <= niter <= 1000',
    meaning: 'rounds of swaps for each edge',
  },
  {
    name: 'connected',
    type: 'boolean',
    default: true,
    range: 'true or false',
    meaning: 'undo swaps that part the nodes of a removed edge',
  },
  seedParam,
];

/**
 * Shares of the nodes that are neighbours in the samples of references: of large graphs only sparse
 * ones, since each edge takes many swaps.
 */
export function referenceShares(nodes: number): readonly number[] {
  return [0.05, 0.1, 0.2, 0.4, 0.7].filter((share, at) => at < 1 || share * nodes <= 64);
}

/** Whether the edges a-b, c-d may become a-d, c-b. */
type Accept = (a: number, b: number, c: number, d: number) => boolean;

/**
 * The swaps that networkx's `random_reference` and `lattice_reference` share: `niter` times the
 * number of edges, up to trunc(2m / (n - 1)) attempts at a swap each. With `connected`, a swap
 * after which no path joins a and b is undone.
 *
 * @throws UserError for a directed graph.
 */
export function referenceGraph(
  what: string,
  graph: Graph,
  niter: number,
  seed: SeedOrRandom,
  connected: boolean,
  accept: Accept,
): Graph {
  if (graph.directed)
    throw new UserError(
      `a ${what} is made of an undirected graph, got a directed one; use the family ` +
        'rewired, or directed=false',
    );
  // networkx would look for two edges without a common node for ever.
  if (!canSwap(graph)) return graph;
  const { nodes, edges } = graph;
  const random = randomOf(seed);
  const state = new SwapGraph(graph);
  const attempts = Math.trunc((nodes * edges) / ((nodes * (nodes - 1)) / 2));
  for (let round = 0; round < niter * edges; round++) {
    let tries = 0;
    while (tries < attempts && !swapOnce(state, random, connected, accept)) tries++;
  }
  return state.graph();
}

/** Draws two edges on four nodes and swaps them where that is allowed; whether it did. */
function swapOnce(
  state: SwapGraph,
  random: PythonRandom,
  connected: boolean,
  accept: Accept,
): boolean {
  for (;;) {
    const a = state.drawNode(random);
    const c = state.drawNode(random);
    if (a === c) continue;
    const b = state.drawNeighbour(a, random);
    const d = state.drawNeighbour(c, random);
    if (b === c || b === d || d === a) continue;
    if (state.has(a, d) || state.has(c, b) || !accept(a, b, c, d)) return false;
    exchange(state, a, b, c, d);
    if (!connected || state.hasPath(a, b)) return true;
    exchange(state, a, d, c, b);
    return false;
  }
}

/** a-b, c-d become a-d, c-b; added before removed, which decides the order of neighbours. */
function exchange(state: SwapGraph, a: number, b: number, c: number, d: number): void {
  state.add(a, d);
  state.add(c, b);
  state.remove(a, b);
  state.remove(c, d);
}
