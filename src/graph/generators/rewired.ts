import { UserError } from '../../core/errors.js';
import type { PythonRandom } from '../../core/random/python-random.js';
import { roundHalfEven } from '../../core/rounding.js';
import { clearBit, hasBit, lowestBit, setBit } from '../bits.js';
import { edgeList, graphFromRows } from '../build.js';
import { connected } from '../measures/connected.js';
import type { Graph, GraphFamily } from '../types.js';
import { ofParam, resizeInner } from './null-models.js';
import {
  booleanParam,
  type GraphParams,
  numberParam,
  requireParam,
  seedParam,
  textParam,
  validateSeed,
} from './params.js';
import { canSwap, randomOf, type SeedOrRandom, SwapGraph } from './swap-graph.js';

/** How a graph is rewired. */
export interface RewireOptions {
  /**
   * Keeps the graph (strongly) connected; the number of swaps is then the number of attempts.
   * Default false.
   */
  readonly connected?: boolean;
  /**
   * Attempts after which the search for the wanted number of swaps is given up; default 100 for
   * each swap.
   */
  readonly maxTries?: number;
}

/**
 * The graph after `swaps` double-edge swaps: every node keeps its degree (directed: its in- and
 * out-degree), all else is random. Undirected, the graph of networkx's `double_edge_swap(G, swaps,
 * maxTries, seed)`; with `connected` that of `connected_double_edge_swap(G, swaps,
 * _window_threshold=math.inf, seed)`. A graph in which nothing can be swapped comes back as it is.
 *
 * @throws UserError when `maxTries` attempts give fewer swaps, or when a graph to be kept connected
 * is not.
 */
export function rewire(
  graph: Graph,
  swaps: number,
  seed: SeedOrRandom,
  options: RewireOptions = {},
): Graph {
  if (options.connected && !connected(graph))
    throw new UserError(
      'a graph must be connected to be rewired with connected=true, got one that is not; ' +
        'leave connected out or choose another graph',
    );
  if (!canSwap(graph)) return graph;
  const random = randomOf(seed);
  const maxTries = options.maxTries ?? 100 * swaps;
  const state = graph.directed ? new ArcSwaps(graph) : new EdgeSwaps(graph);
  if (options.connected) {
    for (let tries = 0; tries < swaps; tries++) state.attempt(random, true);
    return state.graph();
  }
  let done = 0;
  for (let tries = 0; done < swaps && tries <= maxTries; tries++)
    done += Number(state.attempt(random, false));
  if (done < swaps) {
    throw new UserError(
      `${maxTries} attempts should give ${swaps} double-edge swaps, but gave ${done}: ` +
        `little can be swapped in a graph of density ${densityOf(graph)}; lower swaps or ` +
        'raise tries',
    );
  }
  return state.graph();
}

const densityOf = ({ nodes, targets }: Graph): string =>
  (targets.length / (nodes * (nodes - 1))).toFixed(2);

/** Swaps in an undirected graph: u-v, x-y become u-x, v-y. */
class EdgeSwaps {
  private readonly edges: SwapGraph;

  constructor(graph: Graph) {
    this.edges = new SwapGraph(graph);
  }

  /**
   * Draws two edges with different ends and swaps them where no edge would be there twice; whether
   * it did.
   */
  attempt(random: PythonRandom, connectedOnly: boolean): boolean {
    const { edges } = this;
    for (;;) {
      const u = edges.drawNode(random);
      const x = edges.drawNode(random);
      if (u === x) continue;
      const v = edges.drawNeighbour(u, random);
      const y = edges.drawNeighbour(x, random);
      if (v === y) continue;
      if (edges.has(u, x) || edges.has(v, y)) return false;
      this.exchange(u, v, x, y);
      if (!connectedOnly || edges.hasPath(u, v)) return true;
      this.exchange(u, x, v, y);
      return false;
    }
  }

  graph(): Graph {
    return this.edges.graph();
  }

  /** u-v, x-y become u-x, v-y. */
  private exchange(u: number, v: number, x: number, y: number): void {
    this.edges.add(u, x);
    this.edges.add(v, y);
    this.edges.remove(u, v);
    this.edges.remove(x, y);
  }
}

/** Swaps in a directed graph: a -> b, c -> d become a -> d, c -> b. */
class ArcSwaps {
  private readonly arcs: [number, number][];
  private readonly rows: Uint32Array;
  private readonly seen: Uint32Array;
  private readonly queue: Int32Array;

  constructor(private readonly start: Graph) {
    this.arcs = edgeList(start);
    this.rows = start.rows.slice();
    this.seen = new Uint32Array(start.words);
    // `from` may be met again.
    this.queue = new Int32Array(start.nodes + 1);
  }

  /**
   * Draws two arcs uniformly and swaps their targets where that gives no self loop and no arc
   * twice; whether it did.
   */
  attempt(random: PythonRandom, connectedOnly: boolean): boolean {
    const { words } = this.start;
    const first = this.arcs[random.randbelow(this.arcs.length)];
    const second = this.arcs[random.randbelow(this.arcs.length)];
    const [a, b] = first;
    const [c, d] = second;
    // The same arc, the same source or the same target: then one of these arcs is there already.
    if (a === d || c === b || hasBit(this.rows, words, a, d) || hasBit(this.rows, words, c, b))
      return false;
    this.exchange(first, second);
    if (!connectedOnly || (this.reaches(a, b) && this.reaches(c, d))) return true;
    this.exchange(first, second);
    return false;
  }

  graph(): Graph {
    return graphFromRows(this.start.nodes, true, this.rows.slice());
  }

  private exchange(first: [number, number], second: [number, number]): void {
    const { words } = this.start;
    for (const [u, v] of [first, second]) clearBit(this.rows, words, u, v);
    [first[1], second[1]] = [second[1], first[1]];
    for (const [u, v] of [first, second]) setBit(this.rows, words, u, v);
  }

  /** Whether a path leads from one node to another. */
  private reaches(from: number, to: number): boolean {
    const {
      rows,
      queue,
      seen,
      start: { words },
    } = this;
    seen.fill(0);
    queue[0] = from;
    for (let head = 0, length = 1; head < length; head++) {
      const node = queue[head];
      if (hasBit(rows, words, node, to)) return true;
      for (let word = 0; word < words; word++) {
        let fresh = rows[node * words + word] & ~seen[word];
        seen[word] |= fresh;
        for (; fresh !== 0; fresh &= fresh - 1) queue[length++] = 32 * word + lowestBit(fresh);
      }
    }
    return false;
  }
}

function validate(params: GraphParams): void {
  const swaps = numberParam(params, 'swaps');
  const tries = numberParam(params, 'tries');
  requireParam(
    swaps >= 0 && swaps <= 1000,
    'swaps',
    swaps,
    'from 0 to 1000',
    'swaps counts double-edge swaps for each edge; 10 forget the start',
  );
  requireParam(
    tries >= 1 && tries <= 1_000_000,
    'tries',
    tries,
    'from 1 to 1000000',
    'tries counts attempts for each swap',
  );
  validateSeed(params);
}

export const rewired: GraphFamily = {
  name: 'rewired',
  meaning: 'Null model: another graph with its edges swapped at random, every degree kept.',
  description: `The graph \`of\`, taken through round(swaps x m) double-edge swaps, m its number of
edges (round half to even). The graph is held as networkx holds \`G = nx.Graph();
G.add_nodes_from(range(n)); G.add_edges_from(edges)\` with the edges u < v in ascending order:
neighbours in order of insertion.

**Undirected.** An attempt draws nodes u and x with probability proportional to their degrees (again
while u = x), then a uniform neighbour v of u and y of x (again, all of it, while v = y). Unless u-x
or v-y is an edge, u-v and x-y become u-x and v-y. After \`tries\` attempts for each wanted swap it
is given up with an error. Edge for edge the graph of networkx's \`double_edge_swap(G,
nswap=round(swaps * m), max_tries=tries * nswap, seed=seed)\`.

**Undirected, connected=true.** The same attempts, round(swaps x m) of them in all; a swap that
would part u from v is undone. The graph must be connected and stays so. Edge for edge the graph of
\`connected_double_edge_swap(G, nswap=round(swaps * m), _window_threshold=math.inf, seed=seed)\`.
(With its default window, networkx draws some numbers from the global generator, so that its result
does not follow from the seed.)

**Directed.** networkx 2.8 has no directed swap. An attempt draws two arcs a -> b and c -> d
uniformly from the list of all; they become a -> d and c -> b unless that makes a self loop or an
arc that exists. In- and out-degrees stay. With connected=true a swap is undone unless a still
reaches b and c still reaches d, which keeps the graph strongly connected. Reversing a directed
triangle takes more than such swaps, so a few graphs with the same degrees may be out of reach.

Where no swap is possible at all (complete graphs, stars and the other threshold graphs), the graph
is the only one with its degrees and comes back as it is; networkx raises an error or never
returns.`,
  reference:
    'S. Maslov, K. Sneppen: Specificity and stability in topology of protein networks. ' +
    'Science 296, 2002. Connected: C. Gkantsidis, M. Mihail, E. Zegura: The Markov chain ' +
    'simulation method for generating connected power law random graphs. ALENEX 2003. ' +
    'Directed: A. R. Rao, R. Jana, S. Bandyopadhyay: A Markov chain Monte Carlo method ' +
    'for generating random (0,1)-matrices with given marginals. Sankhya A 58, 1996.',
  params: [
    ofParam,
    {
      name: 'swaps',
      type: 'real',
      default: 10,
      range: '0 <= swaps <= 1000',
      meaning: 'double-edge swaps for each edge; with connected=true, attempts at one',
    },
    {
      name: 'connected',
      type: 'boolean',
      default: false,
      range: 'true or false',
      meaning: 'undo swaps that part the graph',
    },
    {
      name: 'tries',
      type: 'integer',
      default: 100,
      quiet: true,
      range: '1 <= tries <= 1000000',
      meaning: 'attempts for each swap before giving up',
    },
    seedParam,
  ],
  validate,
  generate: (params, tools) => {
    const graph = tools.build(textParam(params, 'of'));
    const swaps = roundHalfEven(numberParam(params, 'swaps') * graph.edges);
    return rewire(graph, swaps, numberParam(params, 'seed'), {
      connected: booleanParam(params, 'connected'),
      maxTries: numberParam(params, 'tries') * swaps,
    });
  },
  resize: resizeInner,
  samples: (n) =>
    [0.1, 0.3].flatMap((share) =>
      [0, 0.1, 0.3, 1, 10].map((swaps) => ({
        of: `ws-flex:n=${n},k=${Math.max(2, share * n)},p=0,seed=1`,
        swaps,
        connected: true,
        tries: 100,
        seed: 1,
      })),
    ),
  example: 'rewired:of=(connectome:cat),swaps=10,seed=1',
};
