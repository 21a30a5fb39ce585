import { invariant } from '../errors.js';

const numberView = new DataView(new ArrayBuffer(8));

/**
 * Thirty-two bits of a good avalanche (the finaliser of MurmurHash3, A. Appleby, public domain).
 */
function avalanche(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/**
 * The parts as 32-bit words, each with its kind and length, so that no two different lists give the
 * same words.
 */
function wordsOf(parts: readonly (string | number)[]): number[] {
  const words = [parts.length];
  for (const part of parts) {
    if (typeof part === 'number') {
      numberView.setFloat64(0, part === 0 ? 0 : part);
      words.push(1, numberView.getInt32(0), numberView.getInt32(4));
    } else {
      words.push(2, part.length);
      for (let i = 0; i < part.length; i++) words.push(part.charCodeAt(i));
    }
  }
  return words;
}

/**
 * A 128-bit state from any list of strings and numbers: four chained lanes, each word stirred into
 * all of them.
 */
function stateOf(parts: readonly (string | number)[]): Int32Array {
  const lanes = Int32Array.of(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344);
  const absorb = (word: number): void => {
    for (let i = 0; i < 4; i++)
      lanes[i] = avalanche((lanes[i] + Math.imul(word ^ lanes[(i + 3) & 3], 0x9e3779b1) + i) | 0);
  };
  wordsOf(parts).forEach(absorb);
  for (let round = 0; round < 4; round++) absorb(round);
  // The one state that xoshiro never leaves.
  if (lanes.every((lane) => lane === 0)) lanes[0] = 1;
  return lanes;
}

/**
 * Natural logarithm of x in (0, 1]. `Math.log` may differ in its last bit from one JavaScript
 * engine to another; this uses exactly rounded operations only: x = m 2^e, then the series of 2
 * artanh((m - 1) / (m + 1)).
 */
function portableLog(x: number): number {
  let exponent = 0;
  while (x < Math.SQRT1_2) {
    x *= 2;
    exponent--;
  }
  const f = (x - 1) / (x + 1);
  const g = f * f;
  let sum = (1 / 21) * g + 1 / 19;
  sum = (sum * g + 1 / 17) * g + 1 / 15;
  sum = (sum * g + 1 / 13) * g + 1 / 11;
  sum = (sum * g + 1 / 9) * g + 1 / 7;
  sum = (sum * g + 1 / 5) * g + 1 / 3;
  return 2 * f * (sum * g + 1) + exponent * Math.LN2;
}

/** 53 of the bits of two words, as a number in [0, 1). */
function uniformOf(high: number, low: number): number {
  return ((high >>> 5) * 67108864 + (low >>> 6)) / 9007199254740992;
}

/**
 * Plexus's own random numbers, for everything that need not repeat another program's: weights,
 * batch order, augmentation, drawing. A stream is named by a list of strings and numbers, e.g. `new
 * RandomStream('init', seed, layer)`; different lists give unrelated streams. The same on every
 * platform. Generator: xoshiro128** 1.1 (Blackman and Vigna, ACM TOMS 47, 2021), period 2^128 - 1.
 */
export class RandomStream {
  /** A typed array, because numbers of 32 bits in fields of an object would be boxed. */
  private readonly state: Int32Array;
  private spare = 0;
  private hasSpare = false;

  constructor(...parts: readonly (string | number)[]) {
    this.state = stateOf(parts);
  }

  /** The next 32 random bits as a number in [0, 2^32). */
  uint32(): number {
    const { state } = this;
    const b = state[1]!;
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const c = state[2]! ^ state[0]!;
    const d = state[3]! ^ b;
    state[1] = b ^ c;
    state[0]! ^= d;
    state[2] = c ^ (b << 9);
    state[3] = (d << 11) | (d >>> 21);
    return result;
  }

  /** Uniform in [0, 1) with 53 bits. */
  uniform(): number {
    return uniformOf(this.uint32(), this.uint32());
  }

  /** Uniform integer in 0..n-1, unbiased, for n from 1 to 2^32. */
  below(n: number): number {
    invariant(
      Number.isInteger(n) && n >= 1 && n <= 2 ** 32,
      `below(n) needs an integer n from 1 to 2^32, got ${n}`,
    );
    if (n === 1) return 0;
    const shift = Math.clz32(n - 1);
    let drawn = this.uint32() >>> shift;
    while (drawn >= n) drawn = this.uint32() >>> shift;
    return drawn;
  }

  /**
   * Normal with mean 0 and variance 1 (Marsaglia's polar method; every second value is kept for the
   * next call).
   */
  normal(): number {
    if (this.hasSpare) {
      this.hasSpare = false;
      return this.spare;
    }
    let x = 0;
    let y = 0;
    let square = 0;
    do {
      x = 2 * this.uniform() - 1;
      y = 2 * this.uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const scale = Math.sqrt((-2 * portableLog(square)) / square);
    this.spare = y * scale;
    this.hasSpare = true;
    return x * scale;
  }

  /**
   * The next normal numbers (see `normal`) into all of `out`: many at once are several times as fast,
   * because the state stays in registers.
   */
  normals(out: Float64Array): void {
    const { state } = this;
    let at = 0;
    if (this.hasSpare && out.length > 0) out[at++] = this.normal();
    let [a, b, c, d] = [state[0]!, state[1]!, state[2]!, state[3]!];
    const words = new Uint32Array(4);
    const last = out.length - ((out.length - at) % 2);
    while (at < last) {
      for (let i = 0; i < 4; i++) {
        const scrambled = Math.imul(b, 5);
        words[i] = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
        const shifted = b << 9;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = (d << 11) | (d >>> 21);
      }
      const x = 2 * uniformOf(words[0]!, words[1]!) - 1;
      const y = 2 * uniformOf(words[2]!, words[3]!) - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * portableLog(square)) / square);
      out[at++] = x * scale;
      out[at++] = y * scale;
    }
    state.set([a, b, c, d]);
    if (at < out.length) out[at] = this.normal();
  }

  /** Puts `values` into a uniformly random order, in place (Fisher-Yates). */
  shuffle(values: Int32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const kept = values[i];
      values[i] = values[j]!;
      values[j] = kept;
    }
  }
}
