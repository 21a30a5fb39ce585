import { lowestBit, popcount } from '../bits.js';
import type { Graph } from '../types.js';
import { transposedLists, transposedRows } from './transpose.js';

type Lists = Pick<Graph, 'offsets' | 'targets'>;

/** How far the nodes of a graph are from each other. */
export interface DistanceTable {
  /**
   * Number of ordered pairs of different nodes at distance d, by d; index 0 is 0. The last entry is
   * not 0.
   */
  readonly pairs: Float64Array;
  /** Every node's distance to the farthest node that it reaches. */
  readonly eccentricities: Int32Array;
}

/** Edges on a shortest path from `source` to every node; -1 where there is none. */
export function distances(graph: Graph, source: number): Int32Array {
  const found = new Int32Array(graph.nodes).fill(-1);
  const queue = new Int32Array(graph.nodes);
  queue[0] = source;
  found[source] = 0;
  let length = 1;
  for (let head = 0; head < length; head++) {
    const u = queue[head];
    for (let at = graph.offsets[u]; at < graph.offsets[u + 1]; at++) {
      const v = graph.targets[at];
      if (found[v] >= 0) continue;
      found[v] = found[u] + 1;
      queue[length++] = v;
    }
  }
  return found;
}

/**
 * The nodes in the order in which a breadth-first search from `roots`, one after the other, meets
 * them.
 */
export function breadthFirstOrder(
  { offsets, targets }: Lists,
  nodes: number,
  roots: Iterable<number>,
): Int32Array {
  const seen = new Uint8Array(nodes);
  const order = new Int32Array(nodes);
  let length = 0;
  let head = 0;
  for (const root of roots) {
    if (seen[root] === 1) continue;
    seen[root] = 1;
    order[length++] = root;
    for (; head < length && length < nodes; head++) {
      const u = order[head];
      for (let at = offsets[u]; at < offsets[u + 1]; at++) {
        const v = targets[at];
        if (seen[v] === 1) continue;
        seen[v] = 1;
        order[length++] = v;
      }
    }
  }
  return order.subarray(0, length);
}

const tables = new WeakMap<Graph, DistanceTable>();

/**
 * The distances of all pairs, counted. Computed once for each graph, since many measures read it.
 */
export function distanceTable(graph: Graph): DistanceTable {
  const known = tables.get(graph);
  if (known) return known;
  const table = countDistances(graph);
  tables.set(graph, table);
  return table;
}

/** Time of a word of a bitset row in units of a step along a list, as measured. */
const WORD_STEPS = 2;

/**
 * A level pulls when pushing would take more than this share of the steps that pulling may take.
 */
const PULL_SHARE = 0.25;

/**
 * The state of one search from up to 32 nodes at once: bit b of a node's word belongs to source b.
 */
interface Search {
  readonly nodes: number;
  readonly out: Lists;
  readonly back: Lists;
  /**
   * In-neighbours as bits, where lists are so long that looking for a neighbour in the frontier is
   * faster by bits.
   */
  readonly backRows: Uint32Array | null;
  /** Steps of a level that pulls, if every node has to be asked for every neighbour. */
  readonly pullSteps: number;
  readonly seen: Int32Array;
  readonly frontier: Int32Array;
  /** Bits of the nodes whose `frontier` is not 0; valid while a level pulls by bits. */
  readonly front: Int32Array;
  readonly next: Int32Array;
  /** Nodes whose `frontier` is not 0, and those of the level to come. */
  active: Int32Array;
  coming: Int32Array;
  /** Nodes that some source may not have reached yet; valid from the first level that pulls. */
  readonly unseen: Int32Array;
  unseenCount: number;
}

/**
 * Searches from 32 nodes together (Then et al.: The more the merrier: efficient multi-source graph
 * traversal. VLDB 2014), in levels that push from the frontier while it is small and pull into what
 * is unseen when it is large (Beamer et al.: Direction-optimizing breadth-first search. SC 2012).
 * Sources are taken in breadth-first order: those of one search then lie close together and share
 * their frontiers.
 */
function countDistances(graph: Graph): DistanceTable {
  const { nodes } = graph;
  const array = (): Int32Array => new Int32Array(nodes);
  const rowSteps = WORD_STEPS * nodes * graph.words;
  const search: Search = {
    nodes,
    out: graph,
    back: transposedLists(graph),
    backRows: rowSteps < graph.targets.length ? transposedRows(graph) : null,
    pullSteps: Math.min(rowSteps, graph.targets.length),
    seen: array(),
    frontier: array(),
    front: new Int32Array(graph.words),
    next: array(),
    active: array(),
    coming: array(),
    unseen: array(),
    unseenCount: -1,
  };
  const pairs = new Float64Array(nodes);
  const eccentricities = array();
  const order = breadthFirstOrder(
    graph,
    nodes,
    array().map((_, u) => u),
  );
  let longest = 0;
  for (let from = 0; from < nodes; from += 32) {
    const sources = order.subarray(from, Math.min(nodes, from + 32));
    longest = Math.max(longest, searchFrom(search, sources, pairs, eccentricities));
  }
  return { pairs: pairs.slice(0, longest + 1), eccentricities };
}

/** One search; returns its greatest distance. */
function searchFrom(
  search: Search,
  sources: Int32Array,
  pairs: Float64Array,
  eccentricities: Int32Array,
): number {
  const { seen, frontier, out, nodes } = search;
  const all = sources.length === 32 ? -1 : (1 << sources.length) - 1;
  seen.fill(0);
  sources.forEach((source, bit) => (seen[source] = frontier[source] = 1 << bit));
  search.active.set(sources);
  search.unseenCount = -1;
  let active = sources.length;
  let missing = sources.length * (nodes - 1);
  for (let distance = 1; ; distance++) {
    let arcs = 0;
    for (let i = 0; i < active; i++)
      arcs += out.offsets[search.active[i] + 1] - out.offsets[search.active[i]];
    const coming =
      missing === 0
        ? 0
        : arcs > PULL_SHARE * search.pullSteps
          ? pull(search, all, active)
          : push(search, active);
    for (let i = 0; i < active; i++) frontier[search.active[i]] = 0;
    if (coming === 0) return distance - 1;
    const found = settle(search, coming, distance, sources, eccentricities);
    pairs[distance] += found;
    missing -= found;
    active = coming;
  }
}

/**
 * The frontier passes itself on to its out-neighbours; the nodes reached come into `coming`, what
 * is new into `next`.
 */
function push({ out, seen, frontier, next, active, coming }: Search, count: number): number {
  let reached = 0;
  for (let i = 0; i < count; i++) {
    const bits = frontier[active[i]];
    const to = out.offsets[active[i] + 1];
    for (let at = out.offsets[active[i]]; at < to; at++) {
      const v = out.targets[at];
      const fresh = bits & ~seen[v];
      if (fresh === 0) continue;
      if (next[v] === 0) coming[reached++] = v;
      next[v] |= fresh;
    }
  }
  return reached;
}

/**
 * The same from the other side: every node asks its in-neighbours until it has all that it lacks.
 */
function pull(search: Search, all: number, active: number): number {
  const { back, seen, frontier, next, front, coming, unseen, nodes } = search;
  if (search.unseenCount < 0) {
    for (let v = 0; v < nodes; v++) unseen[v] = v;
    search.unseenCount = nodes;
  }
  if (search.backRows) {
    front.fill(0);
    for (let i = 0; i < active; i++) front[search.active[i] >>> 5] |= 1 << (search.active[i] & 31);
  }
  let reached = 0;
  let kept = 0;
  for (let i = 0; i < search.unseenCount; i++) {
    const v = unseen[i];
    const lacking = all & ~seen[v];
    if (lacking === 0) continue;
    unseen[kept++] = v;
    const from = search.backRows ? firstInFrontier(search, search.backRows, v) : back.offsets[v];
    const to = back.offsets[v + 1];
    let bits = 0;
    for (let at = from; at < to && bits !== lacking; at++)
      bits |= frontier[back.targets[at]] & lacking;
    if (bits === 0) continue;
    next[v] = bits;
    coming[reached++] = v;
  }
  search.unseenCount = kept;
  return reached;
}

/**
 * Where in the lists an in-neighbour of `v` in the frontier may come first; the end of v's list
 * where there is none.
 */
function firstInFrontier(
  { back: { offsets, targets }, front }: Search,
  rows: Uint32Array,
  v: number,
): number {
  const words = front.length;
  let word = 0;
  while (word < words && (rows[v * words + word] & front[word]) === 0) word++;
  let low = offsets[v];
  let high = offsets[v + 1];
  if (word === 0) return low;
  if (word === words) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (targets[middle] < 32 * word) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Makes the coming level the active one; returns how many pairs it has, and notes whose farthest
 * node is this far.
 */
function settle(
  search: Search,
  coming: number,
  distance: number,
  sources: Int32Array,
  eccentricities: Int32Array,
): number {
  const { seen, frontier, next } = search;
  let found = 0;
  let grown = 0;
  for (let i = 0; i < coming; i++) {
    const v = search.coming[i];
    const bits = next[v];
    next[v] = 0;
    frontier[v] = bits;
    seen[v] |= bits;
    grown |= bits;
    found += popcount(bits);
  }
  for (; grown !== 0; grown &= grown - 1) eccentricities[sources[lowestBit(grown)]] = distance;
  const old = search.active;
  search.active = search.coming;
  search.coming = old;
  return found;
}
