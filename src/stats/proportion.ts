import { NORMAL_95 } from './normal.js';

/**
 * The 95 % interval of a probability from `count` of `total` trials: Wilson's score interval
 * (1927), which also holds at 0 and 1 and for few trials.
 */
export function wilsonInterval(count: number, total: number): readonly [number, number] {
  const share = count / total;
  const z2 = NORMAL_95 ** 2 / total;
  const middle = (share + z2 / 2) / (1 + z2);
  const half = (NORMAL_95 / (1 + z2)) * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
