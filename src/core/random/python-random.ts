import { invariant } from '../errors.js';
import { MersenneTwister } from './mersenne-twister.js';

/**
 * CPython's `random.Random(seed)`: the same numbers in the same order, for integer seeds in [0,
 * 2^53]. Only the calls that published graph generators make are here.
 */
export class PythonRandom {
  private readonly twister = new MersenneTwister();

  constructor(seed: number) {
    invariant(
      Number.isSafeInteger(seed) && seed >= 0,
      `a Python seed must be an integer from 0 to 2^53 - 1, got ${seed}`,
    );
    const high = Math.floor(seed / 2 ** 32);
    this.twister.seedByArray(high > 0 ? [seed >>> 0, high] : [seed]);
  }

  /** `random.random()`: uniform in [0, 1) with 53 bits. */
  random(): number {
    const high = this.twister.uint32() >>> 5;
    const low = this.twister.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** `random.getrandbits(bits)` for 1 to 32 bits. */
  getrandbits(bits: number): number {
    return this.twister.uint32() >>> (32 - bits);
  }

  /**
   * `random._randbelow(n)`: uniform in 0..n-1, n in [1, 2^31]; draws of `n.bit_length()` bits until
   * one is below n.
   */
  randbelow(n: number): number {
    const shift = Math.clz32(n);
    let drawn = this.twister.uint32() >>> shift;
    while (drawn >= n) drawn = this.twister.uint32() >>> shift;
    return drawn;
  }

  /** `random.choice(items)` of a non-empty list. */
  choice<T>(items: readonly T[]): T {
    invariant(items.length > 0, 'choice from an empty list');
    return items[this.randbelow(items.length)];
  }

  /** `random.shuffle(items)`: in place, from the last item down. */
  shuffle<T>(items: { readonly length: number; [at: number]: T }): void {
    for (let at = items.length - 1; at > 0; at--) {
      const other = this.randbelow(at + 1);
      [items[at], items[other]] = [items[other], items[at]];
    }
  }
}
