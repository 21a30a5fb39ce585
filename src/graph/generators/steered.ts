import { UserError } from '../../core/errors.js';
import { PythonRandom } from '../../core/random/python-random.js';
import { clearBit, hasBit, lowestBit, setBit } from '../bits.js';
import { edgeList, graphFromRows } from '../build.js';
import { clustering } from '../measures/clustering.js';
import { connected } from '../measures/connected.js';
import { pathLength } from '../measures/path-length.js';
import type { Graph, GraphFamily } from '../types.js';
import { ofParam, resizeInner } from './null-models.js';
import {
  type GraphParams,
  numberParam,
  requireParam,
  seedParam,
  textParam,
  validateSeed,
} from './params.js';
import { rewire } from './rewired.js';
import { canSwap } from './swap-graph.js';

/** Where a graph is steered to. */
export interface SteerOptions {
  /** The wanted average clustering coefficient. */
  readonly clustering: number;
  /** The wanted average path length. */
  readonly pathLength: number;
  /** Attempts at a swap for each edge; default 400. */
  readonly attempts?: number;
}

/** Every attempt measures the whole graph. */
const MOST_NODES = 512;

/** Swaps for each edge that make the start random. */
const FORGET = 10;

/**
 * A deviation of 1 is one of these: the tolerances of `graph match`. Steering ends at a
 * quarter of them.
 */
const UNITS = { clustering: 0.01, pathLength: 0.02 } as const;
const NEAR = 0.25;

/** Worse graphs are taken while they are worse by at most so many units; falls to 0. */
const FIRST_SLACK = 0.1;

const PRESET_ATTEMPTS = 400;

/**
 * A random graph of the same degrees as another, led to a wanted clustering and path length: the
 * graph is made random by swaps of edges, then swaps are taken that lead nearer, or not much
 * farther (threshold accepting; Dueck and Scheuer 1990). The nearest graph that was met; the same
 * for the same graph, seed and options on every machine.
 *
 * @throws UserError for a directed graph, one that is not connected or one of more than 512 nodes
 */
export function steer(graph: Graph, seed: number, options: SteerOptions): Graph {
  requireSteerable(graph);
  if (!canSwap(graph)) return graph;
  const random = new PythonRandom(seed);
  const start = rewire(graph, FORGET * graph.edges, random, { connected: true });
  const swaps = new Steered(start, options);
  const tries = (options.attempts ?? PRESET_ATTEMPTS) * graph.edges;
  for (let at = 0; at < tries && swaps.nearest > NEAR; at++)
    swaps.attempt(random, FIRST_SLACK * (1 - at / tries));
  return swaps.graph();
}

function requireSteerable(graph: Graph): void {
  if (graph.directed)
    throw new UserError(
      'a graph must be undirected to be steered, got a directed one; use the family rewired, or ' +
        'directed=false',
    );
  if (graph.nodes > MOST_NODES)
    throw new UserError(
      `a graph must have at most ${MOST_NODES} nodes to be steered, got ${graph.nodes}: every ` +
        'attempt measures the whole graph; choose a smaller one',
    );
  if (!connected(graph))
    throw new UserError(
      'a graph must be connected to be steered, got one that is not; choose one that is',
    );
}

/** A graph whose edges are swapped, with its place. Degrees stay, so do the ends of the lists. */
class Steered {
  private readonly edges: [number, number][];
  private readonly now: Graph;
  private deviation: number;
  private best: Uint32Array;
  /** Deviation of the nearest graph so far, in units. */
  nearest: number;

  constructor(
    graph: Graph,
    private readonly wanted: SteerOptions,
  ) {
    this.edges = edgeList(graph);
    this.now = { ...graph, rows: graph.rows.slice(), targets: graph.targets.slice() };
    this.deviation = this.measured(Infinity) ?? Infinity;
    this.nearest = this.deviation;
    this.best = graph.rows.slice();
  }

  /** The nearest graph so far. */
  graph(): Graph {
    return graphFromRows(this.now.nodes, false, this.best.slice());
  }

  /**
   * Draws two edges u-v and x-y, and the direction of the second, and makes them u-y and x-v unless
   * an edge would be there twice, the graph fall apart, or get farther off by more than `slack`.
   */
  attempt(random: PythonRandom, slack: number): void {
    const first = this.edges[random.randbelow(this.edges.length)];
    const second = this.edges[random.randbelow(this.edges.length)];
    if (random.randbelow(2) === 1) second.reverse();
    const [u, v] = first;
    const [x, y] = second;
    const { rows, words } = this.now;
    if (u === x || u === y || v === x || v === y) return;
    if (hasBit(rows, words, u, y) || hasBit(rows, words, x, v)) return;
    this.exchange(first, second);
    const deviation = this.measured(this.deviation + slack);
    if (deviation === null) {
      this.exchange(first, second);
      return;
    }
    this.deviation = deviation;
    if (deviation >= this.nearest) return;
    this.nearest = deviation;
    this.best = rows.slice();
  }

  /**
   * The larger of both deviations, in units; null where it is above `most` or the graph not
   * connected.
   */
  private measured(most: number): number | null {
    const c = Math.abs(clustering(this.now) - this.wanted.clustering) / UNITS.clustering;
    if (c > most) return null;
    const length = pathLength(this.now);
    if (length === null) return null;
    const larger = Math.max(c, Math.abs(length - this.wanted.pathLength) / UNITS.pathLength);
    return larger > most ? null : larger;
  }

  private exchange(first: [number, number], second: [number, number]): void {
    const { rows, words } = this.now;
    const each = [first, second] as const;
    for (const [a, b] of each) {
      clearBit(rows, words, a, b);
      clearBit(rows, words, b, a);
    }
    [first[1], second[1]] = [second[1], first[1]];
    for (const [a, b] of each) {
      setBit(rows, words, a, b);
      setBit(rows, words, b, a);
    }
    for (const [a, b] of each) {
      this.list(a);
      this.list(b);
    }
  }

  /** Writes the neighbours of a node anew. */
  private list(node: number): void {
    const { rows, words, offsets, targets } = this.now;
    let at = offsets[node];
    for (let word = 0; word < words; word++)
      for (let bits = rows[node * words + word] | 0; bits !== 0; bits &= bits - 1)
        targets[at++] = 32 * word + lowestBit(bits);
  }
}

function validate(params: GraphParams): void {
  const [c, l] = [numberParam(params, 'clustering'), numberParam(params, 'pathLength')];
  requireParam(c >= 0 && c <= 1, 'clustering', c, 'from 0 to 1', 'C is a share');
  requireParam(l >= 1, 'pathLength', l, '1 or more', '1 is the complete graph');
  const attempts = numberParam(params, 'attempts');
  requireParam(
    attempts >= 0 && attempts <= 10_000,
    'attempts',
    attempts,
    'from 0 to 10000',
    'attempts counts swaps tried for each edge',
  );
  validateSeed(params);
}

export const steered: GraphFamily = {
  name: 'steered',
  meaning: 'Null model: a random graph of the same degrees, led to a wanted C and L.',
  description: `A graph that shares its degrees, and as nearly as can be its C and L, with others, and
is random in all else: what a graph is compared with whose modules or levels are to count.

The graph \`of\` first takes ${FORGET} m attempts at a swap as \`rewired\` with connected=true makes
them, and forgets its wiring. Then up to \`attempts\` m attempts follow, from the same generator. One
draws two edges of the list by \`randrange(m)\`, and by \`randrange(2)\` whether the second is turned
round; u-v and x-y become u-y and x-v unless two ends are one node, an edge would be there twice or
the graph not connected. It is undone where max(|C - clustering| / ${UNITS.clustering}, |L -
pathLength| / ${UNITS.pathLength}) rises by more than ${FIRST_SLACK} (1 - t), t being the share of the
attempts that are over (threshold accepting). It ends where that falls to ${NEAR}; the nearest graph
that was met is the graph. It need not be near: few graphs of given degrees have a C far from that of
random ones at the L of such, and \`plexus graph match\` tells how far off they end.

Threshold graphs, the only ones of their degrees, come back as they are.`,
  reference:
    'C. Orsini and others: Quantifying randomness in real networks. Nature Communications 6, ' +
    '2015 (targeted rewiring). Threshold accepting: G. Dueck, T. Scheuer. Journal of ' +
    'Computational Physics 90, 1990.',
  params: [
    ofParam,
    {
      name: 'clustering',
      type: 'real',
      range: '0 <= clustering <= 1',
      meaning: 'wanted average clustering coefficient C',
    },
    {
      name: 'pathLength',
      type: 'real',
      range: 'pathLength >= 1',
      meaning: 'wanted average path length L',
    },
    {
      name: 'attempts',
      type: 'integer',
      default: PRESET_ATTEMPTS,
      quiet: true,
      range: '0 <= attempts <= 10000',
      meaning: 'swaps tried for each edge',
    },
    seedParam,
  ],
  validate,
  generate: (params, tools) =>
    steer(tools.build(textParam(params, 'of')), numberParam(params, 'seed'), {
      clustering: numberParam(params, 'clustering'),
      pathLength: numberParam(params, 'pathLength'),
      attempts: numberParam(params, 'attempts'),
    }),
  resize: resizeInner,
  samples: (n) =>
    [
      [0.3, 2.2],
      [0.4, 2.4],
      [0.5, 2.6],
    ].map(([c, l]) => ({
      of: `ws-flex:n=${Math.min(n, 64)},k=${Math.max(2, Math.min(8, n / 8))},p=0.1,seed=1`,
      clustering: c,
      pathLength: l,
      attempts: 50,
      seed: 1,
    })),
  example: 'steered:of=(connectome:cat),clustering=0.5,pathLength=2,seed=1',
};
