import { UserError } from '../../core/errors.js';
import { MAX_NODES, hasBit } from '../build.js';
import type { Graph } from '../types.js';
import { GraphCollector, readError } from './collect.js';
import { SixBits, sixBitSize, skipHead } from './six-bits.js';
import type { FoundGraph, GraphFormat, ReadOptions } from './types.js';

/**
 * graph6, sparse6 and digraph6 (B. D. McKay, the formats of nauty: https://users.cecs.anu.edu.au/~bdm/data/formats.txt).
 * A character holds six bits, plus 63. graph6 has the number of nodes and the upper triangle, column by column;
 * digraph6, after `&`, the whole matrix, row by row; sparse6, after `:`, the edges.
 */
const byteAt = (at: number): string => `byte ${at}`;

function begin(bytes: Uint8Array, options: ReadOptions, head: string, directed: boolean): { bits: SixBits; collector: GraphCollector; n: number } {
  const bits = new SixBits(bytes, skipHead(bytes, head));
  const n = bits.nodes();
  const collector = new GraphCollector(options, directed ? 'directed' : 'undirected', byteAt);
  collector.numbered(n);
  return { bits, collector, n };
}

function readGraph6(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const { bits, collector, n } = begin(bytes, options, '', false);
  bits.expect((n * (n - 1)) / 2);
  for (let v = 1; v < n; v++) for (let u = 0; u < v; u++) if (bits.bit()) collector.add(u, v, 1, bits.at);
  bits.end();
  return collector.finish();
}

function readDigraph6(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const { bits, collector, n } = begin(bytes, options, '&', true);
  bits.expect(n * n);
  for (let u = 0; u < n; u++) for (let v = 0; v < n; v++) if (bits.bit()) collector.add(u, v, 1, bits.at);
  bits.end();
  return collector.finish();
}

/**
 * A stream of (b, x): b = 1 moves to the next node v; then, if x > v, v becomes x, otherwise x - v is an edge. x has as
 * many bits as n - 1. Ends with the data, or where v would be n.
 */
function readSparse6(bytes: Uint8Array, options: ReadOptions): FoundGraph {
  const { bits, collector, n } = begin(bytes, options, ':', false);
  const width = 32 - Math.clz32(n - 1);
  for (let v = 0; bits.left() > width; ) {
    if (bits.bit()) v++;
    const x = bits.number(width);
    // Padding can look like a step beyond the last node.
    if (Math.max(x, v) >= n) break;
    if (x > v) v = x;
    else collector.add(x, v, 1, bits.at);
  }
  if (bits.left() > Math.max(6, width + 1)) throw readError(byteAt(bits.at), 'sparse6 data must end at the last node, got more; the file is damaged');
  return collector.finish();
}

function writeGraph6(graph: Graph): Uint8Array {
  if (graph.directed) throw new UserError('graph6 holds undirected graphs only, got a directed one; write it as digraph6');
  const { nodes, words, rows } = graph;
  const bytes = new SixBitWriter('', nodes, (nodes * (nodes - 1)) / 2);
  for (let v = 1; v < nodes; v++) for (let u = 0; u < v; u++) bytes.bit(hasBit(rows, words, u, v));
  return bytes.bytes;
}

function writeDigraph6(graph: Graph): Uint8Array {
  if (!graph.directed) throw new UserError('digraph6 holds directed graphs only, got an undirected one; write it as graph6');
  const { nodes, words, rows } = graph;
  const bytes = new SixBitWriter('&', nodes, nodes * nodes);
  for (let u = 0; u < nodes; u++) for (let v = 0; v < nodes; v++) bytes.bit(hasBit(rows, words, u, v));
  return bytes.bytes;
}

class SixBitWriter {
  readonly bytes: Uint8Array;
  #at: number;
  #filled = 0;

  constructor(head: string, nodes: number, bits: number) {
    const size = sixBitSize(nodes);
    const start = head.length + size.length;
    this.bytes = new Uint8Array(start + Math.ceil(bits / 6) + 1).fill(63);
    this.bytes.set([...new TextEncoder().encode(head), ...size]);
    this.bytes[this.bytes.length - 1] = 10;
    this.#at = start;
  }

  bit(set: boolean): void {
    if (set) this.bytes[this.#at] += 32 >> this.#filled;
    this.#filled = (this.#filled + 1) % 6;
    if (this.#filled === 0) this.#at++;
  }
}

/** Whether the first line is made of the formats' characters and has the length that its number of nodes asks for. */
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
  { name: 'digraph6', extensions: ['.d6', '.digraph6'], meaning: 'The same for directed graphs.', looksLike: looksLike('&'), read: readDigraph6, write: writeDigraph6 },
  { name: 'sparse6', extensions: ['.s6', '.sparse6'], meaning: 'The same for undirected graphs with few edges; read only.', looksLike: looksLike(':'), read: readSparse6 },
  { name: 'graph6', extensions: ['.g6', '.graph6'], meaning: "nauty's one line for an undirected graph.", looksLike: looksLike(''), read: readGraph6, write: writeGraph6 },
];
