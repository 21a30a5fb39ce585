import { invariant } from '../../core/errors.js';
import { PythonRandom } from '../../core/random/python-random.js';
import { clearBit, hasBit, setBit } from '../bits.js';
import { graphFromRows } from '../build.js';
import type { Graph } from '../types.js';

/** A seed, or a generator that goes on where it is, as networkx takes either. */
export type SeedOrRandom = number | PythonRandom;

/** The generator of a seed; a generator as it is. */
export function randomOf(seed: SeedOrRandom): PythonRandom {
  return typeof seed === 'number' ? new PythonRandom(seed) : seed;
}

/**
 * An undirected graph whose edges are swapped. Draws must equal networkx's, so neighbours are kept
 * in the order in which a Python dictionary would hold them: ascending at first (the graph is taken
 * to be built from its edges u < v in ascending order), an edge that is added last, one that is
 * removed gone from its place.
 */
export class SwapGraph {
  readonly nodes: number;
  private readonly words: number;
  private readonly rows: Uint32Array;
  /**
   * Where each node's list starts in `lists`; one place more than its degree, for a swap adds
   * before it removes.
   */
  private readonly starts: Int32Array;
  private readonly lists: Int32Array;
  private readonly lengths: Int32Array;
  /** Upper ends of the nodes' shares of [0, 1], in proportion to their degrees. */
  private readonly ends: Float64Array;
  private readonly seen: Int32Array;
  private readonly queues: readonly [Int32Array, Int32Array];
  private stamp = 0;

  constructor(graph: Graph) {
    invariant(!graph.directed, 'edges of an undirected graph are swapped');
    const { nodes, words, offsets, targets } = graph;
    this.nodes = nodes;
    this.words = words;
    this.rows = graph.rows.slice();
    this.starts = Int32Array.from({ length: nodes }, (_, u) => offsets[u] + u);
    this.lengths = Int32Array.from({ length: nodes }, (_, u) => offsets[u + 1] - offsets[u]);
    this.lists = new Int32Array(targets.length + nodes);
    for (let u = 0; u < nodes; u++)
      this.lists.set(targets.subarray(offsets[u], offsets[u + 1]), this.starts[u]);
    this.ends = new Float64Array(nodes);
    let end = 0;
    for (let u = 0; u < nodes; u++) this.ends[u] = end += this.lengths[u] / targets.length;
    this.seen = new Int32Array(nodes);
    this.queues = [new Int32Array(nodes), new Int32Array(nodes)];
  }

  has(u: number, v: number): boolean {
    return hasBit(this.rows, this.words, u, v);
  }

  add(u: number, v: number): void {
    this.append(u, v);
    this.append(v, u);
  }

  remove(u: number, v: number): void {
    this.drop(u, v);
    this.drop(v, u);
  }

  /**
   * A node, in proportion to the degrees (networkx's `discrete_sequence` on its
   * `cumulative_distribution`).
   */
  drawNode(random: PythonRandom): number {
    const drawn = random.random();
    let low = 0;
    let high = this.nodes - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ends[middle] < drawn) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** A uniform neighbour of `u` (`random.choice(list(G[u]))`). */
  drawNeighbour(u: number, random: PythonRandom): number {
    return this.lists[this.starts[u] + random.randbelow(this.lengths[u])];
  }

  /**
   * Whether a path joins two different nodes: breadth-first from both ends, the smaller front
   * first.
   */
  hasPath(from: number, to: number): boolean {
    if (this.stamp > 2 ** 30) this.stamp = this.seen.fill(0)[0];
    this.stamp += 2;
    const lengths: [number, number] = [1, 1];
    const heads: [number, number] = [0, 0];
    this.queues[0][0] = from;
    this.queues[1][0] = to;
    this.seen[from] = this.stamp;
    this.seen[to] = this.stamp + 1;
    for (;;) {
      const side = lengths[0] - heads[0] <= lengths[1] - heads[1] ? 0 : 1;
      if (heads[side] === lengths[side]) return false;
      const end = lengths[side];
      for (; heads[side] < end; heads[side]++) {
        lengths[side] = this.expand(this.queues[side][heads[side]], side, lengths[side]);
        if (lengths[side] < 0) return true;
      }
    }
  }

  /** The graph as it is now. */
  graph(): Graph {
    return graphFromRows(this.nodes, false, this.rows.slice());
  }

  /**
   * Puts a node's unseen neighbours into the side's queue; its new length, or -1 where the sides
   * meet.
   */
  private expand(node: number, side: number, length: number): number {
    const queue = this.queues[side];
    const own = this.stamp + side;
    const other = this.stamp + 1 - side;
    const start = this.starts[node];
    for (let at = start; at < start + this.lengths[node]; at++) {
      const next = this.lists[at];
      if (this.seen[next] === other) return -1;
      if (this.seen[next] === own) continue;
      this.seen[next] = own;
      queue[length++] = next;
    }
    return length;
  }

  private append(u: number, v: number): void {
    this.lists[this.starts[u] + this.lengths[u]++] = v;
    setBit(this.rows, this.words, u, v);
  }

  private drop(u: number, v: number): void {
    const end = this.starts[u] + --this.lengths[u];
    let at = this.starts[u];
    while (this.lists[at] !== v) at++;
    for (; at < end; at++) this.lists[at] = this.lists[at + 1];
    clearBit(this.rows, this.words, u, v);
  }
}

/**
 * Whether some pair of edges a -> b, c -> d can become a -> d, c -> b. An undirected graph in which
 * none can is the only one of its degrees (a threshold graph: complete, star, ...).
 */
export function canSwap(graph: Graph): boolean {
  const { nodes, offsets } = graph;
  const degree = (u: number): number => offsets[u + 1] - offsets[u];
  const ascending = Array.from({ length: nodes }, (_, u) => u)
    .filter((u) => degree(u) > 0)
    .sort((a, b) => degree(a) - degree(b));
  // "No target of its own beside the other" is transitive in an undirected graph, so that
  // neighbours in this order suffice.
  if (!graph.directed)
    return ascending.some((c, at) => at > 0 && hasOwnTarget(graph, ascending[at - 1], c));
  return ascending.some((c, at) =>
    ascending.slice(0, at).some((a) => hasOwnTarget(graph, a, c) && hasOwnTarget(graph, c, a)),
  );
}

/** Whether `u` has a neighbour that is neither `v` nor a neighbour of `v`. */
function hasOwnTarget({ words, rows, offsets, targets }: Graph, u: number, v: number): boolean {
  for (let at = offsets[u]; at < offsets[u + 1]; at++) {
    const target = targets[at];
    if (target !== v && !hasBit(rows, words, v, target)) return true;
  }
  return false;
}
