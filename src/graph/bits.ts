/**
 * Number of set bits in a 32-bit word (pairwise sums; H. S. Warren, Hacker's Delight, chapter 5).
 */
export function popcount(word: number): number {
  word -= (word >>> 1) & 0x55555555;
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  word = (word + (word >>> 4)) & 0x0f0f0f0f;
  return Math.imul(word, 0x01010101) >>> 24;
}

/** Index of the lowest set bit of a nonzero 32-bit word. */
export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** 32-bit words in a bitset of `bits` bits. */
export function wordsFor(bits: number): number {
  return (bits + 31) >>> 5;
}

/** The last word of a bitset of `bits` bits with exactly the valid bits set. */
export function lastWordMask(bits: number): number {
  return (0xffffffff >>> (31 & -bits)) >>> 0;
}

/** Whether bit `v` of row `u` is set. */
export function hasBit(rows: Uint32Array, words: number, u: number, v: number): boolean {
  return ((rows[u * words + (v >>> 5)] >>> (v & 31)) & 1) === 1;
}

/** Sets bit `v` of row `u`. */
export function setBit(rows: Uint32Array, words: number, u: number, v: number): void {
  rows[u * words + (v >>> 5)] |= 1 << (v & 31);
}

/** Clears bit `v` of row `u`. */
export function clearBit(rows: Uint32Array, words: number, u: number, v: number): void {
  rows[u * words + (v >>> 5)] &= ~(1 << (v & 31));
}
