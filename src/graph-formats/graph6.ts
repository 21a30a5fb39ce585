import { must, UserError } from '../core/errors.js';
import { MAX_NODES } from '../graph/build.js';
import type { Graph } from '../graph/types.js';
import { GraphCollector, readError } from './collect.js';
import { SixBits, sixBitSize, skipHead } from './six-bits.js';
import type { FoundGraph, GraphFormat, ReadOptions } from './types.js';

/**
 * graph6, sparse6 and digraph6 (B. D. McKay, the formats of nauty:
 * https://users.cecs.anu.edu.au/~bdm/data/formats.txt). A character holds six bits, plus 63. graph6
 * has the number of nodes and the upper triangle, column by column; digraph6, after `&`, the whole
 * matrix, row by row; sparse6, after `:`, the edges.
 */
const NEWLINE = 10;

const byteAt = (at: number): string => `byte ${at}`;

function begin(
  bytes: Uint8Array,
  options: ReadOptions,
  head: string,
  directed: boolean,
): { bits: SixBits; collector: GraphCollector; n: number } {
  const bits = new SixBits(bytes, skipHead(bytes, head));
  const n = bits.nodes();
  const collector = new GraphCollector(options, directed ? 'directed' : 'undirected', byteAt);
  collector.numbered(n);
  return { bits, collector, n };
}

function readGraph6(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const { bits, collector, n } = begin(bytes, options, '', false);
  // Pairs come column by column; `before` of them are in the columns before v.
  let v = 1;
  let before = 0;
  bits.eachSet((n * (n - 1)) / 2, (pair, at) => {
    for (; pair >= before + v; v++) before += v;
    collector.add(pair - before, v, 1, at);
  });
  return collector.finish();
}

function readDigraph6(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const { bits, collector, n } = begin(bytes, options, '&', true);
  bits.eachSet(n * n, (pair, at) => collector.add(Math.floor(pair / n), pair % n, 1, at));
  return collector.finish();
}

/**
 * A stream of (b, x): b = 1 moves to the next node v; then, if x > v, v becomes x, otherwise x - v
 * is an edge. x has as many bits as n - 1. Ends with the data, or where v would be n.
 */
function readSparse6(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const { bits, collector, n } = begin(bytes, options, ':', false);
  const width = 32 - Math.clz32(n - 1);
  for (let v = 0; bits.left() > width;) {
    if (bits.bit()) v++;
    const x = bits.number(width);
    // Padding can look like a step beyond the last node.
    if (Math.max(x, v) >= n) break;
    if (x > v) v = x;
    else collector.add(x, v, 1, bits.at);
  }
  if (bits.left() > Math.max(6, width + 1))
    throw readError(
      byteAt(bits.at),
      'sparse6 data must end at the last node, got more; the file is damaged',
    );
  return collector.finish();
}

function writeGraph6(graph: Graph): Uint8Array {
  if (graph.directed)
    throw new UserError(
      'graph6 holds undirected graphs only, got a directed one; write it as digraph6',
    );
  return written('', graph, (graph.nodes * (graph.nodes - 1)) / 2, (u, v) =>
    u < v ? (v * (v - 1)) / 2 + u : -1,
  );
}

function writeDigraph6(graph: Graph): Uint8Array {
  if (!graph.directed)
    throw new UserError(
      'digraph6 holds directed graphs only, got an undirected one; write it as graph6',
    );
  return written('&', graph, graph.nodes ** 2, (u, v) => u * graph.nodes + v);
}

/** The line; `indexOf` gives the bit of an edge u -> v, or -1. */
function written(
  mark: string,
  graph: Graph,
  bits: number,
  indexOf: (u: number, v: number) => number,
): Uint8Array {
  const head = [...new TextEncoder().encode(mark), ...sixBitSize(graph.nodes)];
  const bytes = new Uint8Array(head.length + Math.ceil(bits / 6) + 1).fill(63);
  bytes.set(head);
  bytes[bytes.length - 1] = NEWLINE;
  for (let u = 0; u < graph.nodes; u++) {
    for (let at = must(graph.offsets[u]); at < must(graph.offsets[u + 1]); at++) {
      const index = indexOf(u, must(graph.targets[at]));
      // The array is as long as the highest index needs.
      if (index >= 0) bytes[head.length + Math.floor(index / 6)]! += 32 >> (index % 6);
    }
  }
  return bytes;
}

/**
 * Whether the first line is made of the formats' characters and has the length that its number of
 * nodes asks for.
 */
function looksLike(head: string): (bytes: Uint8Array) => boolean {
  return (bytes) => {
    try {
      const bits = new SixBits(bytes, skipHead(bytes, head));
      const n = bits.nodes();
      if (n < 1 || n > MAX_NODES) return false;
      if (head !== ':') bits.expect(head === '&' ? n * n : (n * (n - 1)) / 2);
      return true;
    } catch {
      return false;
    }
  };
}

/** The marked ones first: a file without a known extension is asked in this order. */
export const graph6Formats: readonly GraphFormat[] = [
  {
    name: 'digraph6',
    extensions: ['.d6', '.digraph6'],
    meaning: "nauty's one line for a directed graph.",
    looksLike: looksLike('&'),
    read: readDigraph6,
    write: writeDigraph6,
  },
  {
    name: 'sparse6',
    extensions: ['.s6', '.sparse6'],
    meaning: "nauty's one line for an undirected graph with few edges.",
    looksLike: looksLike(':'),
    read: readSparse6,
  },
  {
    name: 'graph6',
    extensions: ['.g6', '.graph6'],
    meaning: "nauty's one line for an undirected graph.",
    looksLike: looksLike(''),
    read: readGraph6,
    write: writeGraph6,
  },
];
