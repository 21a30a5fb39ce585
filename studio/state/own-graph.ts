import { UserError } from '../../src/core/errors.js';
import { edgeList, graphFromEdges, MAX_NODES } from '../../src/graph/build.js';
import type { Graph } from '../../src/graph/types.js';
import { fromBase64, toBase64 } from './base64.js';
import { BitReader, BitWriter } from './bits.js';

/** Most bytes of a graph in a link; larger ones go into a file. */
export const MOST_OWN_BYTES = 8192;

/** Most edges of a graph in a link: few bytes can say that nearly all of very many exist. */
const MOST_OWN_EDGES = 1_000_000;

/** Bits of the counts of nodes and edges, and of the code's parameter. */
const NODE_BITS = 15;
const EDGE_BITS = 29;
const RICE_BITS = 5;

/**
 * A graph as text for a link: whether it is directed, its nodes, and the gaps between the pairs that
 * are joined (or, where most are, between those that are not) in Rice's code, which for a random
 * graph is about as short as any. Null where that takes more than `MOST_OWN_BYTES`.
 */
export function encodeOwnGraph(graph: Graph): string | null {
  const { nodes, directed } = graph;
  if (graph.edges > MOST_OWN_EDGES) return null;
  const joined = edgeList(graph)
    .map(([u, v]) => pairNumber(nodes, directed, u, v))
    .sort((a, b) => a - b);
  const pairs = pairCount(nodes, directed);
  const inverted = joined.length > pairs / 2;
  const listed = inverted ? pairs - joined.length : joined.length;
  // The shortest code of so many gaps has about log2(1 / share) bits each.
  if (listed * Math.log2(pairs / Math.max(1, listed)) > 16 * 8 * MOST_OWN_BYTES) return null;
  const numbers = inverted ? complementOf(joined, pairs) : joined;
  const k = riceParameter(pairs, listed);
  const out = new BitWriter();
  out.bit(Number(directed));
  out.bit(Number(inverted));
  out.bits(nodes, NODE_BITS);
  out.bits(listed, EDGE_BITS);
  out.bits(k, RICE_BITS);
  let last = -1;
  for (const number of numbers) {
    out.rice(number - last - 1, k);
    last = number;
  }
  const bytes = out.done();
  return bytes.length > MOST_OWN_BYTES ? null : toBase64(bytes);
}

/** The graph of such a text. Throws a `UserError` where it is none. */
export function decodeOwnGraph(text: string): Graph {
  const bytes = fromBase64(text);
  if (bytes.length > MOST_OWN_BYTES)
    throw new UserError(
      `a graph in a link has at most ${MOST_OWN_BYTES} bytes, got ${bytes.length}; ` +
        'send it as a file',
    );
  const bits = new BitReader(bytes);
  const directed = bits.bit() === 1;
  const inverted = bits.bit() === 1;
  const nodes = bits.bits(NODE_BITS);
  const listed = bits.bits(EDGE_BITS);
  const k = bits.bits(RICE_BITS);
  const pairs = pairCount(nodes, directed);
  const edges = inverted ? pairs - listed : listed;
  if (nodes < 1 || nodes > MAX_NODES || edges < 0 || edges > MOST_OWN_EDGES || listed > pairs)
    throw damaged();
  const numbers: number[] = [];
  for (let last = -1, i = 0; i < listed; i++) {
    last += bits.rice(k) + 1;
    if (last >= pairs) throw damaged();
    numbers.push(last);
  }
  if (bits.left > 0) throw damaged();
  const joined = inverted ? complementOf(numbers, pairs) : numbers;
  return graphFromEdges(nodes, pairsOf(joined, nodes, directed), directed);
}

function damaged(): UserError {
  return new UserError('the graph in the link is damaged; copy the link again, all of it');
}

function pairCount(nodes: number, directed: boolean): number {
  return (nodes * (nodes - 1)) / (directed ? 1 : 2);
}

/** The place of a pair in the order of rows; of an undirected graph the upper triangle alone. */
function pairNumber(nodes: number, directed: boolean, a: number, b: number): number {
  if (directed) return a * (nodes - 1) + b - (b > a ? 1 : 0);
  const [u, v] = a < b ? [a, b] : [b, a];
  return u * nodes - (u * (u + 1)) / 2 + v - u - 1;
}

/** The pairs of ascending numbers. */
function pairsOf(numbers: readonly number[], nodes: number, directed: boolean): [number, number][] {
  let u = 0;
  let start = 0;
  const rowLength = (): number => (directed ? nodes - 1 : nodes - 1 - u);
  return numbers.map((number) => {
    while (number >= start + rowLength()) {
      start += rowLength();
      u++;
    }
    const within = number - start;
    return [u, directed ? within + (within >= u ? 1 : 0) : u + 1 + within];
  });
}

function complementOf(numbers: readonly number[], pairs: number): number[] {
  const missing: number[] = [];
  let next = 0;
  for (const number of [...numbers, pairs]) {
    for (; next < number; next++) missing.push(next);
    next = number + 1;
  }
  return missing;
}

/** The best parameter for gaps of their mean length: log2 of ln 2 times it. */
function riceParameter(pairs: number, listed: number): number {
  const gap = listed === 0 ? 1 : (pairs - listed) / listed;
  return Math.max(0, Math.min(2 ** RICE_BITS - 1, Math.round(Math.log2(Math.max(1, 0.69 * gap)))));
}
