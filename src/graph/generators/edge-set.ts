import { wordsFor } from '../bits.js';
import { clearBit, graphFromRows, hasBit, setBit } from '../build.js';
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

  clear(): void {
    this.rows.fill(0);
  }

  /** The graph, which takes the rows over: nothing may be added afterwards. */
  graph(): Graph {
    return graphFromRows(this.nodes, false, this.rows);
  }
}
