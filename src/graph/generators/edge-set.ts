import { InternalError } from '../../core/errors.js';
import { clearBit, hasBit, lowestBit, popcount, setBit, wordsFor } from '../bits.js';
import { graphFromRows } from '../build.js';
import type { Graph } from '../types.js';

/** The edges of an undirected graph while it is made, as bitset rows. */
export class EdgeSet {
  private readonly words: number;
  private readonly rows: Uint32Array;

  constructor(readonly nodes: number) {
    this.words = wordsFor(nodes);
    this.rows = new Uint32Array(nodes * this.words);
  }

  has(u: number, v: number): boolean {
    return hasBit(this.rows, this.words, u, v);
  }

  add(u: number, v: number): void {
    setBit(this.rows, this.words, u, v);
    setBit(this.rows, this.words, v, u);
  }

  remove(u: number, v: number): void {
    clearBit(this.rows, this.words, u, v);
    clearBit(this.rows, this.words, v, u);
  }

  /** How many nodes above `u` are neighbours of `u`, but neither `v` nor neighbours of `v`. */
  countOwn(u: number, v: number): number {
    let count = 0;
    for (let word = u >>> 5; word < this.words; word++) count += popcount(this.ownWord(u, v, word));
    return count;
  }

  /** The one of number `index` among them, in ascending order. */
  ownAt(u: number, v: number, index: number): number {
    let left = index;
    for (let word = u >>> 5; word < this.words; word++) {
      let own = this.ownWord(u, v, word);
      const count = popcount(own);
      if (left >= count) {
        left -= count;
        continue;
      }
      for (; left > 0; left--) own &= own - 1;
      return 32 * word + lowestBit(own);
    }
    throw new InternalError(`node ${u} has fewer neighbours of its own`);
  }

  private ownWord(u: number, v: number, word: number): number {
    let own = this.rows[u * this.words + word] & ~this.rows[v * this.words + word];
    // In two steps, as a shift by 32 shifts nothing.
    if (word === u >>> 5) own &= (-1 << (u & 31)) << 1;
    if (word === v >>> 5) own &= ~(1 << (v & 31));
    return own;
  }

  clear(): void {
    this.rows.fill(0);
  }

  /** The graph, which takes the rows over: nothing may be added afterwards. */
  graph(): Graph {
    return graphFromRows(this.nodes, false, this.rows);
  }
}
