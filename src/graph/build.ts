import { invariant, UserError } from '../core/errors.js';
import { sizesApart, sizeText } from '../core/sizes.js';
import { hasBit, lastWordMask, lowestBit, popcount, setBit, wordsFor } from './bits.js';
import type { Graph } from './types.js';

/** Most nodes a graph may have: its bitset rows then take 50 MB. */
export const MAX_NODES = 20_000;

/** Most memory the adjacency of one graph may take, bits and lists together. */
const MAX_BYTES = 2 ** 30;

/** Memory that a graph takes as bits, whatever its edges. */
export function memoryOfRows(nodes: number): string {
  return sizeText(4 * nodes * wordsFor(nodes), 2);
}

/**
 * Throws a `UserError` that names the memory where a graph with so many arcs (edges in both
 * directions) would take too much.
 */
export function requireMemory(nodes: number, arcs: number): void {
  const bytes = 4 * (nodes * wordsFor(nodes) + nodes + 1 + arcs);
  if (bytes <= MAX_BYTES) return;
  const [most, needed] = sizesApart(MAX_BYTES, bytes, 2);
  throw new UserError(
    `a graph may take at most ${most} of memory, but ${nodes} nodes with ` +
      `an average degree of ${(arcs / nodes).toFixed(1)} need ${needed}; choose ` +
      'fewer nodes or edges',
  );
}

/**
 * A graph from bitset rows (see `Graph.rows`), which become the graph's own: do not write to them
 * afterwards. Checks that there are no self loops, no bits beyond the last node and, if undirected,
 * that both directions of every edge are set.
 */
export function graphFromRows(nodes: number, directed: boolean, rows: Uint32Array): Graph {
  const words = wordsFor(nodes);
  invariant(
    rows.length === nodes * words,
    `${nodes} nodes need ${nodes * words} bitset words, got ${rows.length}`,
  );
  const offsets = new Int32Array(nodes + 1);
  for (let u = 0; u < nodes; u++) offsets[u + 1] = offsets[u] + rowDegree(rows, u, words);
  const arcs = offsets[nodes];
  requireMemory(nodes, arcs);
  const targets = new Int32Array(arcs);
  fillTargets(rows, nodes, words, targets);
  const graph: Graph = {
    nodes,
    directed,
    edges: directed ? arcs : arcs / 2,
    words,
    rows,
    offsets,
    targets,
  };
  checkRows(graph);
  return graph;
}

/**
 * A graph from its edges; an edge given twice counts once. Throws a `UserError` for a node outside
 * 0..nodes-1 or a self loop.
 */
export function graphFromEdges(
  nodes: number,
  edges: Iterable<readonly [number, number]>,
  directed = false,
): Graph {
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > MAX_NODES) {
    throw new UserError(
      `a graph must have an integer number of nodes from 1 to ${MAX_NODES}, got ${nodes}`,
    );
  }
  const words = wordsFor(nodes);
  const rows = new Uint32Array(nodes * words);
  for (const [u, v] of edges) {
    checkNode(u, nodes);
    checkNode(v, nodes);
    if (u === v) {
      throw new UserError(
        `a graph must have no self loops, got the edge ${u}-${v}; leave it out (a node ` +
          'always listens to itself)',
      );
    }
    setBit(rows, words, u, v);
    if (!directed) setBit(rows, words, v, u);
  }
  return graphFromRows(nodes, directed, rows);
}

/**
 * The edges in ascending order: `[u, v]` with u < v of an undirected graph, every `u -> v` of a
 * directed one.
 */
export function edgeList(graph: Graph): [number, number][] {
  const edges: [number, number][] = [];
  for (let u = 0; u < graph.nodes; u++) {
    for (let at = graph.offsets[u]; at < graph.offsets[u + 1]; at++) {
      const v = graph.targets[at];
      if (graph.directed || u < v) edges.push([u, v]);
    }
  }
  return edges;
}

function rowDegree(rows: Uint32Array, u: number, words: number): number {
  let degree = 0;
  for (let at = u * words; at < (u + 1) * words; at++) degree += popcount(rows[at]);
  return degree;
}

function fillTargets(rows: Uint32Array, nodes: number, words: number, targets: Int32Array): void {
  let filled = 0;
  for (let u = 0; u < nodes; u++) {
    for (let word = 0; word < words; word++) {
      for (let bits = rows[u * words + word] | 0; bits !== 0; bits &= bits - 1)
        targets[filled++] = word * 32 + lowestBit(bits);
    }
  }
}

function checkRows({ rows, nodes, words, directed, offsets, targets }: Graph): void {
  const beyond = ~lastWordMask(nodes);
  for (let u = 0; u < nodes; u++) {
    if ((rows[(u + 1) * words - 1] & beyond) !== 0)
      invariant(false, `bitset row ${u} has an edge beyond the last node`);
    if (hasBit(rows, words, u, u)) invariant(false, `bitset row ${u} has a self loop`);
    if (directed) continue;
    for (let at = offsets[u]; at < offsets[u + 1]; at++) {
      if (!hasBit(rows, words, targets[at], u))
        invariant(false, `undirected edge ${u}-${targets[at]} is set in one direction only`);
    }
  }
}

function checkNode(node: number, nodes: number): void {
  if (!Number.isInteger(node) || node < 0 || node >= nodes) {
    throw new UserError(
      `an edge's node must be an integer from 0 to ${nodes - 1} in a graph of ${nodes} ` +
        `nodes, got ${node}`,
    );
  }
}
