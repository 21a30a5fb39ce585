import { invariant } from '../errors.js';
import { MersenneTwister } from './mersenne-twister.js';

/**
 * `numpy.random.RandomState(seed).permutation(values)` (the same as `numpy.random.seed(seed)` and
 * then `numpy.random.permutation(values)`): a shuffled copy. Fisher-Yates from the end; an index in
 * 0..i is drawn by masking 32 random bits to the next power of two and rejecting what exceeds i.
 * `seed` is an integer in [0, 2^32).
 */
export function numpyPermutation(seed: number, values: ArrayLike<number>): Int32Array {
  invariant(
    Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32,
    `a NumPy seed must be an integer in [0, 2^32), got ${seed}`,
  );
  const twister = new MersenneTwister();
  twister.seedByNumber(seed);
  const shuffled = Int32Array.from(values);
  for (let i = shuffled.length - 1; i > 0; i--) {
    const mask = 0xffffffff >>> Math.clz32(i);
    let j = (twister.uint32() & mask) >>> 0;
    while (j > i) j = (twister.uint32() & mask) >>> 0;
    const kept = shuffled[i];
    shuffled[i] = shuffled[j]!;
    shuffled[j] = kept;
  }
  return shuffled;
}
