import type { PythonWords } from '../../core/random/python-words.js';
import { lastWordMask, setBit, wordsFor } from '../bits.js';

/** Where WS-flex graphs of one number of nodes are drawn, one after another. */
export interface WsFlexSpace {
  readonly nodes: number;
  readonly words: number;
  /** Bitset rows of the last graph drawn. */
  readonly rows: Uint32Array;
  /**
   * What cannot be drawn as a node's new neighbour: one bit for each value of n.bit_length() bits.
   */
  readonly taken: Int32Array;
}

/** Memory for drawing WS-flex graphs of `nodes` nodes. */
export function wsFlexSpace(nodes: number): WsFlexSpace {
  const words = wordsFor(nodes);
  const values = 2 ** (32 - Math.clz32(nodes));
  // Values from n on are never drawn.
  const taken = new Int32Array(Math.max(1, values / 32)).fill(-1);
  return { nodes, words, rows: new Uint32Array(nodes * words), taken };
}

/**
 * Draws a WS-flex graph of m edges into `space.rows`: the ring, then its rewiring with probability
 * p. The numbers are those of CPython's `random()` and `_randbelow(n)`, which `source` goes on
 * with. The graph need not be connected.
 *
 * @param m from n up to n (n-1) / 2 - 1 edges
 */
export function drawWsFlex(space: WsFlexSpace, m: number, p: number, source: PythonWords): void {
  layRing(space, m);
  // A draw is never below p = 0, and nothing is drawn afterwards, since the ring is connected.
  if (p > 0) rewire(space, m, p, source);
}

/** Node u is joined to the floor(m / n) nodes ahead of it, the first m mod n nodes to one more. */
function layRing({ nodes, words, rows }: WsFlexSpace, m: number): void {
  const each = Math.floor(m / nodes);
  const longer = m % nodes;
  rows.fill(0);
  for (let u = 0; u < nodes; u++) {
    const from = u - each;
    const to = u + each + (u < longer ? 1 : 0);
    setRange(rows, u * words, Math.max(0, from), Math.min(nodes - 1, to));
    if (from < 0) setRange(rows, u * words, nodes + from, nodes - 1);
    if (to >= nodes) setRange(rows, u * words, 0, to - nodes);
    const behind = from > 0 ? from - 1 : from + nodes - 1;
    if (behind < longer) setBit(rows, words, u, behind);
    rows[u * words + (u >>> 5)] &= ~(1 << (u & 31));
  }
}

/** Sets the bits `from` to `to` of a row, both included. */
function setRange(rows: Uint32Array, row: number, from: number, to: number): void {
  const first = from >>> 5;
  const last = to >>> 5;
  for (let word = first; word <= last; word++) {
    const low = word === first ? -1 << (from & 31) : -1;
    const high = word === last ? -1 >>> (31 - (to & 31)) : -1;
    rows[row + word] |= low & high;
  }
}

/**
 * Replaces each ring edge (u, v), in order of u and distance, with probability p by (u, w), w
 * uniform among the nodes that are neither u nor its neighbours. Where u is joined to all others
 * two nodes are drawn and the edge stays, as the paper's code does. The values of a draw that are
 * no node are rejected together with those that are taken.
 */
function rewire(
  { nodes, words, rows, taken }: WsFlexSpace,
  m: number,
  p: number,
  source: PythonWords,
): void {
  const each = Math.floor(m / nodes);
  const longer = m % nodes;
  const shift = Math.clz32(nodes);
  // random() < p, where random() = (a 2^26 + b) / 2^53, told from a alone in nearly all cases.
  const highest = Math.floor(p * 2 ** 27);
  const lowest = p * 2 ** 53 - highest * 2 ** 26;
  let { words: drawn, at, end } = source;
  for (let u = 0; u < nodes; u++) {
    const full = takeRow(rows, taken, nodes, words, u);
    const ahead = each + (u < longer ? 1 : 0);
    for (let step = 1; step <= ahead; step++) {
      if (at === end) ({ words: drawn, at, end } = source.more());
      const a = drawn[at++] >>> 5;
      if (at === end) ({ words: drawn, at, end } = source.more());
      const b = drawn[at++] >>> 6;
      if (a > highest || (a === highest && b >= lowest)) continue;
      let w = 0;
      let left = full ? 2 : 1;
      do {
        if (at === end) ({ words: drawn, at, end } = source.more());
        w = drawn[at++] >>> shift;
        if (full ? w < nodes : ((taken[w >>> 5] >>> (w & 31)) & 1) === 0) left--;
      } while (left > 0);
      if (full) continue;
      const v = u + step < nodes ? u + step : u + step - nodes;
      taken[v >>> 5] &= ~(1 << (v & 31));
      taken[w >>> 5] |= 1 << (w & 31);
      rows[v * words + (u >>> 5)] &= ~(1 << (u & 31));
      rows[w * words + (u >>> 5)] |= 1 << (u & 31);
    }
    if (!full) putRow(rows, taken, nodes, words, u);
  }
  source.at = at;
}

/**
 * Copies row u, with u itself and the values beyond the last node set; whether everything is set
 * then.
 */
function takeRow(
  rows: Uint32Array,
  taken: Int32Array,
  nodes: number,
  words: number,
  u: number,
): boolean {
  for (let word = 0; word < words; word++) taken[word] = rows[u * words + word];
  taken[u >>> 5] |= 1 << (u & 31);
  taken[words - 1] |= ~lastWordMask(nodes);
  let all = -1;
  for (let word = 0; word < words; word++) all &= taken[word];
  return all === -1;
}

/** Copies row u back. */
function putRow(
  rows: Uint32Array,
  taken: Int32Array,
  nodes: number,
  words: number,
  u: number,
): void {
  taken[u >>> 5] &= ~(1 << (u & 31));
  taken[words - 1] &= lastWordMask(nodes);
  for (let word = 0; word < words; word++) rows[u * words + word] = taken[word];
}
