import { clearBit, lastWordMask, lowestBit, popcount } from '../bits.js';
import type { Graph } from '../types.js';
import { columnBits, maskedSum } from './bit-columns.js';

/** The most nodes that the small kernel takes: two words of 32. */
const SMALL = 64;

/**
 * Share of the possible edges from which the complement is faster, making it included, as measured.
 */
const DENSE = 0.54;

/** Time of one step along a list in units of one word of the bitset kernel, as measured. */
const LIST_STEP = 1.2;

/**
 * Twice the number of triangles through every node of an undirected graph, exactly.
 *
 * Dense graphs are counted on their complement: of the d (d - 1) / 2 pairs of neighbours of u,
 * those that are not joined are the complement's edges with no end among u's non-neighbours.
 */
export function doubledTriangles(graph: Graph): Int32Array {
  const possible = graph.nodes * (graph.nodes - 1);
  if (graph.nodes <= SMALL) return smallCounts(graph, 2 * graph.targets.length > possible);
  const dense = graph.targets.length > DENSE * possible;
  const side = dense ? complementLists(graph) : graph;
  const rank = ranks(side);
  const byLists = LIST_STEP * listCost(side, rank) < (side.targets.length / 2) * side.words;
  const counts = byLists ? listCounts(side, rank) : bitCounts(side);
  return dense ? fromComplement(graph, side, counts) : counts;
}

/** What the kernels read of a graph. */
type Lists = Pick<Graph, 'nodes' | 'words' | 'rows' | 'offsets' | 'targets'>;

/** The graph that has exactly the missing edges. */
function complementLists({ nodes, words, rows, targets }: Graph): Lists {
  const others = rows.map((word) => ~word);
  const offsets = new Int32Array(nodes + 1);
  const missing = new Int32Array(nodes * (nodes - 1) - targets.length);
  let filled = 0;
  for (let u = 0; u < nodes; u++) {
    clearBit(others, words, u, u);
    others[(u + 1) * words - 1] &= lastWordMask(nodes);
    for (let word = 0; word < words; word++) {
      for (let bits = others[u * words + word] | 0; bits !== 0; bits &= bits - 1)
        missing[filled++] = 32 * word + lowestBit(bits);
    }
    offsets[u + 1] = filled;
  }
  return { nodes, words, rows: others, offsets, targets: missing };
}

/** Counts of the graph from those of its complement, which are overwritten. */
function fromComplement(
  graph: Graph,
  { nodes, offsets, targets }: Lists,
  doubled: Int32Array,
): Int32Array {
  for (let u = 0; u < nodes; u++) {
    const degree = graph.offsets[u + 1] - graph.offsets[u];
    let ends = 0;
    for (let at = offsets[u]; at < offsets[u + 1]; at++)
      ends += offsets[targets[at] + 1] - offsets[targets[at]];
    doubled[u] = degree * (degree - 1) - targets.length + 2 * ends - doubled[u];
  }
  return doubled;
}

/** Up to 64 nodes: the common neighbours of both ends of every edge, two words at a time. */
function smallCounts({ nodes, words, rows, offsets, targets }: Graph, dense: boolean): Int32Array {
  const low = new Int32Array(nodes);
  const high = new Int32Array(nodes);
  const last = lastWordMask(nodes);
  for (let u = 0; u < nodes; u++) {
    low[u] = rows[u * words]!;
    if (words === 2) high[u] = rows[u * words + 1]!;
    if (!dense) continue;
    low[u] = ~low[u] & (words === 1 ? last : -1) & (u < 32 ? ~(1 << u) : -1);
    high[u] = words === 1 ? 0 : ~high[u] & last & (u < 32 ? -1 : ~(1 << (u & 31)));
  }
  const counts = new Int32Array(nodes);
  const ends = new Int32Array(nodes);
  for (let u = 0; u < nodes; u++) {
    const a = low[u];
    const b = high[u];
    const degree = nodes - 1 - offsets[u + 1] + offsets[u];
    // Neighbours above u only: first those in the low word, then those in the high one.
    let bits = u < 31 ? a & (-2 << u) : 0;
    for (let word = 0; word < 64; word += 32) {
      for (; bits !== 0; bits &= bits - 1) {
        const v = word + lowestBit(bits);
        const shared = popcountOfTwo(a & low[v], b & high[v]);
        counts[u] += shared;
        counts[v] += shared;
        ends[u] += nodes - 1 - offsets[v + 1] + offsets[v];
        ends[v] += degree;
      }
      bits = u < 32 ? b : u < 63 ? b & (-2 << u) : 0;
    }
  }
  if (!dense) return counts;
  const missing = nodes * (nodes - 1) - targets.length;
  for (let u = 0; u < nodes; u++) {
    const degree = offsets[u + 1] - offsets[u];
    counts[u] = degree * (degree - 1) - missing + 2 * ends[u] - counts[u];
  }
  return counts;
}

/** `popcount(x) + popcount(y)`, added before the bytes are. */
function popcountOfTwo(x: number, y: number): number {
  x -= (x >>> 1) & 0x55555555;
  y -= (y >>> 1) & 0x55555555;
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333) + (y & 0x33333333) + ((y >>> 2) & 0x33333333);
  return Math.imul((x & 0x0f0f0f0f) + ((x >>> 4) & 0x0f0f0f0f), 0x01010101) >>> 24;
}

/**
 * A number for every node that orders them by degree, equal ones as they are: an edge is kept at
 * the end that comes first.
 */
function ranks({ nodes, offsets }: Lists): Int32Array {
  return Int32Array.from({ length: nodes }, (_, u) => (offsets[u + 1] - offsets[u]) * nodes + u);
}

/**
 * Steps that `listCounts` takes: every node's list is walked once for each edge kept at another
 * node.
 */
function listCost({ nodes, offsets, targets }: Lists, rank: Int32Array): number {
  let steps = 0;
  for (let u = 0; u < nodes; u++) {
    const own = rank[u];
    const to = offsets[u + 1];
    let up = 0;
    for (let at = offsets[u]; at < to; at++) up += Number(rank[targets[at]] > own);
    steps += up * (to - offsets[u] - up);
  }
  return steps;
}

/**
 * Sparse graphs: every triangle once, from its node of lowest degree along edges that point to
 * higher degrees; O(m^1.5) steps (Schank and Wagner: Finding, counting and listing all triangles in
 * large graphs. WEA 2005).
 */
function listCounts({ nodes, offsets, targets }: Lists, rank: Int32Array): Int32Array {
  const starts = new Int32Array(nodes + 1);
  const up = new Int32Array(targets.length / 2);
  let filled = 0;
  for (let u = 0; u < nodes; u++) {
    for (let at = offsets[u]; at < offsets[u + 1]; at++)
      if (rank[targets[at]] > rank[u]) up[filled++] = targets[at];
    starts[u + 1] = filled;
  }
  const marked = new Int32Array(nodes).fill(-1);
  const counts = new Int32Array(nodes);
  for (let u = 0; u < nodes; u++) {
    for (let at = starts[u]; at < starts[u + 1]; at++) marked[up[at]] = u;
    for (let at = starts[u]; at < starts[u + 1]; at++) {
      const v = up[at];
      let found = 0;
      for (let third = starts[v]; third < starts[v + 1]; third++) {
        if (marked[up[third]] !== u) continue;
        found++;
        counts[up[third]] += 2;
      }
      counts[u] += 2 * found;
      counts[v] += 2 * found;
    }
  }
  return counts;
}

/**
 * In between: for every node u and word of 32 nodes, the bits that u's neighbours have in that
 * word, under u's own. Pairs of neighbours in different words are seen from the higher word only,
 * and count twice.
 */
function bitCounts(graph: Lists): Int32Array {
  const { nodes, words, offsets, targets } = graph;
  const column = new Int32Array(nodes);
  const ends = offsets.slice(0, nodes);
  const counts = new Int32Array(nodes);
  for (let word = 0; word < words; word++) {
    columnBits(graph.rows, words, word, column);
    for (let u = 0; u < nodes; u++) {
      const mask = column[u];
      if (mask === 0) continue;
      const from = ends[u];
      const to = from + popcount(mask);
      ends[u] = to;
      counts[u] +=
        2 * maskedSum(column, targets, offsets[u], from, mask) +
        maskedSum(column, targets, from, to, mask);
    }
  }
  return counts;
}
