const N = 624;
const M = 397;
/** Words of the state: so many numbers are made at a time. */
export const STATE_WORDS = N;
const UPPER = 0x80000000;
const LOWER = 0x7fffffff;
const MATRIX = 0x9908b0df;
/** The seed that `init_by_array` starts from. */
const ARRAY_BASE = 19650218;

/** Fills `state` from one 32-bit number (`init_genrand`). */
function fill(state: Uint32Array, seed: number): void {
  let previous = seed >>> 0;
  state[0] = previous;
  for (let i = 1; i < N; i++) {
    previous = (Math.imul(1812433253, previous ^ (previous >>> 30)) + i) >>> 0;
    state[i] = previous;
  }
}

const arrayBase = new Uint32Array(N);
fill(arrayBase, ARRAY_BASE);

/**
 * The Mersenne Twister MT19937 of Matsumoto and Nishimura (ACM TOMACS 8, 1998; seeding of 2002).
 * CPython and NumPy's legacy generator are this core with different seedings.
 */
export class MersenneTwister {
  private readonly state = new Uint32Array(N);
  private position = N;

  /**
   * Restarts the generator from one 32-bit number (`init_genrand`), as NumPy's legacy seeding does.
   */
  seedByNumber(seed: number): void {
    fill(this.state, seed);
    this.position = N;
  }

  /**
   * Restarts the generator from a list of at least one 32-bit word (`init_by_array`), as CPython
   * does.
   */
  seedByArray(key: readonly number[]): void {
    const state = this.state;
    state.set(arrayBase);
    let i = 1;
    let j = 0;
    let previous = state[0] | 0;
    for (let k = Math.max(N, key.length); k > 0; k--) {
      previous = ((state[i] ^ Math.imul(previous ^ (previous >>> 30), 1664525)) + key[j] + j) | 0;
      state[i] = previous;
      if (++i >= N) {
        state[0] = previous;
        i = 1;
      }
      if (++j >= key.length) j = 0;
    }
    for (let k = N - 1; k > 0; k--) {
      previous = ((state[i] ^ Math.imul(previous ^ (previous >>> 30), 1566083941)) - i) | 0;
      state[i] = previous;
      if (++i >= N) {
        state[0] = previous;
        i = 1;
      }
    }
    state[0] = UPPER;
    this.position = N;
  }

  /** The next 32 random bits as a number in [0, 2^32). */
  uint32(): number {
    if (this.position >= N) this.twist();
    let y = this.state[this.position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /**
   * The next 624 random words, the same as as many calls of `uint32`; only where whole blocks were
   * read so far.
   */
  block(into: Uint32Array, from: number): void {
    this.twist();
    const state = this.state;
    for (let i = 0; i < N; i++) {
      let y = state[i];
      y ^= y >>> 11;
      y ^= (y << 7) & 0x9d2c5680;
      y ^= (y << 15) & 0xefc60000;
      into[from + i] = y ^ (y >>> 18);
    }
    this.position = N;
  }

  /** Takes over the state of another generator. */
  copy(other: MersenneTwister): void {
    this.state.set(other.state);
    this.position = other.position;
  }

  private twist(): void {
    const state = this.state;
    for (let i = 0; i < N - M; i++) state[i] = state[i + M] ^ mix(state[i], state[i + 1]);
    for (let i = N - M; i < N - 1; i++) state[i] = state[i + M - N] ^ mix(state[i], state[i + 1]);
    state[N - 1] = state[M - 1] ^ mix(state[N - 1], state[0]);
    this.position = 0;
  }
}

function mix(high: number, low: number): number {
  const y = (high & UPPER) | (low & LOWER);
  return (y >>> 1) ^ (-(y & 1) & MATRIX);
}
