import { setBit, wordsFor } from '../bits.js';
import { requireMemory } from '../build.js';
import { integers } from './sizes.js';

/** Adds an undirected edge to bitset rows of `words` words. */
export function joinNodes(rows: Uint32Array, words: number, u: number, v: number): void {
  setBit(rows, words, u, v);
  setBit(rows, words, v, u);
}

/**
 * Bitset rows of a circulant graph: node i is joined to i + step and i - step modulo `n` for each
 * of the steps, which are from 1 to n-1. Throws a `UserError` where the graph would take too much
 * memory.
 */
export function circulantRows(n: number, steps: readonly number[]): Uint32Array {
  requireMemory(n, n * Math.min(2 * steps.length, n - 1));
  const words = wordsFor(n);
  const rows = new Uint32Array(n * words);
  for (let u = 0; u < n; u++) {
    for (const step of steps) joinNodes(rows, words, u, (u + step) % n);
  }
  return rows;
}

/**
 * Bitset rows of a ring of `n` nodes where each is joined to the `ahead` nodes ahead of it, and so
 * to as many behind.
 */
export function ringRows(n: number, ahead: number): Uint32Array {
  return circulantRows(n, integers(1, ahead));
}
