import { popcount } from '../bits.js';

/** Writes word `word` of every bitset row into `column`. */
export function columnBits(
  rows: Uint32Array,
  words: number,
  word: number,
  column: Int32Array,
): void {
  for (let u = 0; u < column.length; u++) column[u] = rows[u * words + word]!;
}

/**
 * The number of bits under `mask` in `column[list[from]]`, ..., `column[list[to - 1]]`.
 *
 * Eight words at a time go through carry-save adders, which leave one word to count (Harley and
 * Seal's method: H. S. Warren, Hacker's Delight, 2nd edition, chapter 5).
 */
export function maskedSum(
  column: Int32Array,
  list: Int32Array,
  from: number,
  to: number,
  mask: number,
): number {
  let ones = 0;
  let twos = 0;
  let fours = 0;
  let eights = 0;
  let at = from;
  for (; at + 8 <= to; at += 8) {
    let x = column[list[at]];
    let y = column[list[at + 1]];
    let either = ones ^ x;
    let carry = (ones & x) | (either & y);
    ones = either ^ y;
    x = column[list[at + 2]];
    y = column[list[at + 3]];
    either = ones ^ x;
    let second = (ones & x) | (either & y);
    ones = either ^ y;
    either = twos ^ carry;
    const four = (twos & carry) | (either & second);
    twos = either ^ second;
    x = column[list[at + 4]];
    y = column[list[at + 5]];
    either = ones ^ x;
    carry = (ones & x) | (either & y);
    ones = either ^ y;
    x = column[list[at + 6]];
    y = column[list[at + 7]];
    either = ones ^ x;
    second = (ones & x) | (either & y);
    ones = either ^ y;
    either = twos ^ carry;
    const other = (twos & carry) | (either & second);
    twos = either ^ second;
    either = fours ^ four;
    eights += popcount(((fours & four) | (either & other)) & mask);
    fours = either ^ other;
  }
  let rest = 0;
  for (; at < to; at++) rest += popcount(column[list[at]] & mask);
  return (
    8 * eights +
    4 * popcount(fours & mask) +
    2 * popcount(twos & mask) +
    popcount(ones & mask) +
    rest
  );
}
