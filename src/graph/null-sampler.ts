import { UserError } from '../core/errors.js';
import { RandomStream } from '../core/random/stream.js';
import { clearBit, hasBit, popcount, setBit } from './bits.js';
import { edgeList, graphFromRows } from './build.js';
import type { Graph } from './types.js';

/** What the random graphs of an ensemble have in common with the graph that they are drawn for. */
export type NullModel = 'degree' | 'reciprocal' | 'edges';

/** Every null model, in the order that help texts list them. */
export const nullModels: readonly {
  readonly name: NullModel;
  readonly keeps: string;
  readonly definition: string;
}[] = [
  {
    name: 'degree',
    keeps: 'degrees',
    definition:
      'degree: the same nodes, each with its own degree (directed: in- and out-degree), ' +
      'all else random: a chain of double-edge swaps, refused where they would make a ' +
      'loop or an edge twice.',
  },
  {
    name: 'reciprocal',
    keeps: 'degrees and mutual connections',
    definition:
      'reciprocal: directed graphs only; as degree, and each node keeps its number of ' +
      'mutual connections (u -> v with v -> u): mutual pairs swap with mutual pairs, ' +
      'single arcs with single arcs.',
  },
  {
    name: 'edges',
    keeps: 'nodes and edges',
    definition: 'edges: G(n, m), all graphs of as many nodes and edges alike.',
  },
];

/** Attempts at a swap for each edge, where nothing else is asked for. */
export const SWAP_ATTEMPTS = 50;

/**
 * Of so many attempts in a directed graph one is at turning a triangle round, without which some
 * graphs are out of reach.
 */
const TURN_EVERY = 10;

/** Draws graphs of a null model. */
export interface NullSampler {
  readonly model: NullModel;
  /**
   * The graph of that number: the same for the same graph, seed and number, whatever was drawn
   * before.
   */
  draw(index: number): Graph;
  /**
   * Of the swaps tried so far, those done, for each edge and drawn graph; null where none are made.
   */
  swapsDone(): number | null;
}

/**
 * A sampler of random graphs beside `graph`. By swaps: Besag and Clifford's parallel method
 * (Biometrika 76, 1989). From the graph a chain of `attempts` x m attempted swaps leads to a hub,
 * and from there a chain of its own to each drawn graph. As every step is as likely as its reverse,
 * the graph itself and those drawn are exchangeable if the graph is a typical one of its degrees,
 * so that p-values by rank hold however slowly the chain mixes. A refused swap is a step too: else
 * graphs in which much can be swapped would come too often.
 *
 * @throws UserError where the graph is the only one of its kind (complete graphs, stars and the
 * like), or is not directed and mutual connections are to be kept.
 */
export function nullSampler(
  graph: Graph,
  model: NullModel,
  seed: number,
  attempts = SWAP_ATTEMPTS,
): NullSampler {
  if (model === 'edges') return edgesSampler(graph, seed);
  if (model === 'reciprocal' && !graph.directed)
    throw new UserError(
      'the null model reciprocal needs a directed graph, got an undirected one; use ' +
        'degree or edges',
    );
  const chain = new SwapChain(graph, model === 'reciprocal');
  const steps = Math.ceil(attempts * chain.size);
  // A graph in which a swap is rare is not one in which none can be done.
  const leadIn =
    chain.run(steps, new RandomStream('null hub', model, seed)) +
    (chain.done > 0
      ? 0
      : chain.run(100 * chain.size, new RandomStream('null hub again', model, seed)));
  if (leadIn === 0)
    throw new UserError(
      `the null model ${model} needs a graph whose edges can be swapped, got one of ` +
        `${graph.nodes} nodes and ${graph.edges} edges in which none of ` +
        `${steps + 100 * chain.size} attempts could be done, as in complete graphs and ` +
        `stars: no other graph has its ${keptBy(model)}; leave it out`,
    );
  const hub = chain.state();
  let [done, drawn] = [0, 0];
  return {
    model,
    draw: (index) => {
      chain.restore(hub);
      done += chain.run(steps, new RandomStream('null', model, seed, index));
      drawn += 1;
      return chain.graph();
    },
    swapsDone: () => (drawn === 0 ? null : done / drawn / chain.size),
  };
}

/** What a null model keeps, in words. */
export function keptBy(model: NullModel): string {
  return nullModels.find(({ name }) => name === model)!.keeps;
}

/** Share of the graph's edges that another graph on its nodes has as well; null without edges. */
export function sharedEdges(graph: Graph, other: Graph): number | null {
  if (graph.targets.length === 0) return null;
  let shared = 0;
  for (let at = 0; at < graph.rows.length; at++)
    shared += popcount(graph.rows[at] & other.rows[at]);
  return shared / graph.targets.length;
}

/**
 * G(n, m): pairs are drawn until there are m different ones; where most pairs are joined, those
 * that are not are drawn.
 */
function edgesSampler({ nodes, edges, directed, words }: Graph, seed: number): NullSampler {
  const pairs = (nodes * (nodes - 1)) / (directed ? 1 : 2);
  if (edges === 0 || edges === pairs)
    throw new UserError(
      `the null model edges needs a graph with some edges and not all, got ${edges} of ` +
        `${pairs}: no other graph has as many; leave it out`,
    );
  const most = edges > pairs / 2;
  return {
    model: 'edges',
    draw: (index) => {
      const random = new RandomStream('null', 'edges', seed, index);
      const rows = new Uint32Array(nodes * words);
      for (let found = 0; found < (most ? pairs - edges : edges);) {
        const u = random.below(nodes);
        const v = random.below(nodes);
        if (u === v || hasBit(rows, words, u, v)) continue;
        setBit(rows, words, u, v);
        if (!directed) setBit(rows, words, v, u);
        found += 1;
      }
      if (most) complement(rows, nodes, words);
      return graphFromRows(nodes, directed, rows);
    },
    swapsDone: () => null,
  };
}

/**
 * Joins what is not joined and the other way round, in place; no node becomes its own neighbour.
 */
function complement(rows: Uint32Array, nodes: number, words: number): void {
  for (let u = 0; u < nodes; u++) {
    for (let v = 0; v < nodes; v++) {
      if (u !== v) rows[u * words + (v >>> 5)] ^= 1 << (v & 31);
    }
  }
}

/** Where a chain is: the adjacency, and the ends of everything that can be swapped. */
interface ChainState {
  readonly rows: Uint32Array;
  readonly ends: Int32Array;
}

/**
 * A Markov chain over the graphs with the same degrees, each as likely as any other that it can
 * reach.
 */
class SwapChain {
  /** What can be swapped: edges, arcs, or mutual pairs and then single arcs. */
  readonly size: number;
  /** Swaps done so far. */
  done = 0;
  private readonly rows: Uint32Array;
  /** Item i leads from ends[2 i] to ends[2 i + 1]; a pair or an undirected edge leads both ways. */
  private readonly ends: Int32Array;
  /** Items 0 .. pairs - 1 lead both ways. */
  private readonly pairs: number;

  /** `apart`: mutual connections stay mutual, and no others become so. */
  constructor(
    private readonly start: Graph,
    private readonly apart: boolean,
  ) {
    const { words, rows, directed } = start;
    this.rows = rows.slice();
    const arcs = edgeList(start);
    const isMutual = ([u, v]: readonly [number, number]): boolean => hasBit(rows, words, v, u);
    const mutual = directed
      ? apart
        ? arcs.filter((arc) => arc[0] < arc[1] && isMutual(arc))
        : []
      : arcs;
    const single = directed ? (apart ? arcs.filter((arc) => !isMutual(arc)) : arcs) : [];
    this.pairs = mutual.length;
    this.size = mutual.length + single.length;
    this.ends = Int32Array.from([...mutual, ...single].flat());
  }

  /** Takes so many steps; how many swaps were done. */
  run(steps: number, random: RandomStream): number {
    const before = this.done;
    if (this.size === 0) return 0;
    for (let step = 0; step < steps; step++) {
      const first = random.below(this.size);
      const turn = first >= this.pairs && random.below(TURN_EVERY) === 0;
      if (
        turn ? this.turnTriangle(first, random.below(this.start.nodes)) : this.swap(first, random)
      )
        this.done += 1;
    }
    return this.done - before;
  }

  state(): ChainState {
    return { rows: this.rows.slice(), ends: this.ends.slice() };
  }

  restore({ rows, ends }: ChainState): void {
    this.rows.set(rows);
    this.ends.set(ends);
  }

  graph(): Graph {
    return graphFromRows(this.start.nodes, this.start.directed, this.rows.slice());
  }

  /** a - b, c - d become a - d, c - b, where that makes no loop and nothing that is there. */
  private swap(first: number, random: RandomStream): boolean {
    const { ends, pairs } = this;
    const both = first < pairs;
    const second = both ? random.below(pairs) : pairs + random.below(this.size - pairs);
    const flip = both && random.below(2) === 1;
    const [a, b] = [ends[2 * first], ends[2 * first + 1]];
    const [c, d] = flip
      ? [ends[2 * second + 1], ends[2 * second]]
      : [ends[2 * second], ends[2 * second + 1]];
    // The same item twice, or a common end, shows as a loop or as something that is there.
    if (a === d || c === b || this.taken(a, d) || this.taken(c, b)) return false;
    this.put(a, b, both, false);
    this.put(c, d, both, false);
    this.put(a, d, both, true);
    this.put(c, b, both, true);
    ends[2 * first + 1] = d;
    ends[2 * second] = c;
    ends[2 * second + 1] = b;
    return true;
  }

  /** a -> b -> c -> a becomes a -> c -> b -> a, where no arc leads the other way yet. */
  private turnTriangle(first: number, c: number): boolean {
    const {
      ends,
      rows,
      start: { words },
    } = this;
    const [a, b] = [ends[2 * first], ends[2 * first + 1]];
    if (c === a || c === b || !hasBit(rows, words, b, c) || !hasBit(rows, words, c, a))
      return false;
    if (hasBit(rows, words, b, a) || hasBit(rows, words, c, b) || hasBit(rows, words, a, c))
      return false;
    for (const item of [first, this.itemOf(b, c), this.itemOf(c, a)]) {
      const [u, v] = [ends[2 * item], ends[2 * item + 1]];
      this.put(u, v, false, false);
      this.put(v, u, false, true);
      ends[2 * item] = v;
      ends[2 * item + 1] = u;
    }
    return true;
  }

  /** Which single arc leads from u to v. Turns are rare, so that looking through all is cheap. */
  private itemOf(u: number, v: number): number {
    let item = this.pairs;
    while (this.ends[2 * item] !== u || this.ends[2 * item + 1] !== v) item += 1;
    return item;
  }

  private taken(u: number, v: number): boolean {
    const {
      rows,
      start: { words },
    } = this;
    return hasBit(rows, words, u, v) || (this.apart && hasBit(rows, words, v, u));
  }

  private put(u: number, v: number, both: boolean, there: boolean): void {
    const change = there ? setBit : clearBit;
    change(this.rows, this.start.words, u, v);
    if (both) change(this.rows, this.start.words, v, u);
  }
}
