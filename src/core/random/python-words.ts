import { invariant } from '../errors.js';
import { MersenneTwister, STATE_WORDS } from './mersenne-twister.js';

/**
 * The stream of 32-bit words behind CPython's `random.Random(seed)`, in stretches that a hot loop
 * reads as an array: it reads `words[at]` up to `end`, calls `more` for the next stretch, and
 * stores `at` back when it stops. With `keep` the first words of a seed are kept, so that the next
 * `restart` with the same seed costs nothing.
 *
 * What CPython makes of the words: `random()` is two, ((a >>> 5) 2^26 + (b >>> 6)) / 2^53;
 * `_randbelow(n)` takes the top `n.bit_length()` bits of one after another until they are below n.
 */
export class PythonWords {
  words: Uint32Array;
  at = 0;
  end = 0;
  private readonly kept: Uint32Array;
  private filled = 0;
  private seed = -1;
  /** Continues after the last of the kept words. */
  private readonly source = new MersenneTwister();
  /** Words beyond the kept ones, which are made anew each time. */
  private beyond: { readonly words: Uint32Array; readonly source: MersenneTwister } | null = null;

  /** @param keep words kept of a seed; rounded up to whole blocks of 624 */
  constructor(keep = STATE_WORDS) {
    this.kept = new Uint32Array(Math.ceil(keep / STATE_WORDS) * STATE_WORDS);
    this.words = this.kept;
  }

  /** Starts the stream of a seed, an integer from 0 to 2^53 - 1, from its beginning. */
  restart(seed: number): void {
    if (seed !== this.seed) {
      invariant(
        Number.isSafeInteger(seed) && seed >= 0,
        `a Python seed must be an integer from 0 to 2^53 - 1, got ${seed}`,
      );
      const high = Math.floor(seed / 2 ** 32);
      this.source.seedByArray(high > 0 ? [seed >>> 0, high] : [seed]);
      this.seed = seed;
      this.filled = 0;
    }
    this.words = this.kept;
    this.at = 0;
    this.end = this.filled;
  }

  /**
   * Puts further words into `words`, from `at` to `end`; only when all up to the last `end` are
   * read.
   */
  more(): this {
    if (this.words === this.kept && this.filled < this.kept.length) {
      this.source.block(this.kept, this.filled);
      this.at = this.filled;
      this.filled += STATE_WORDS;
      this.end = this.filled;
      return this;
    }
    this.beyond ??= { words: new Uint32Array(STATE_WORDS), source: new MersenneTwister() };
    if (this.words === this.kept) this.beyond.source.copy(this.source);
    this.words = this.beyond.words;
    this.beyond.source.block(this.words, 0);
    this.at = 0;
    this.end = STATE_WORDS;
    return this;
  }
}
