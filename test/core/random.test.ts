import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InternalError } from '../../src/core/errors.js';
import { numpyPermutation, PythonRandom, RandomStream } from '../../src/core/random/index.js';

interface Golden {
  python: {
    seed: number;
    random: number[];
    getrandbits: number[];
    below: number[];
    choice: string;
    shuffle: string;
  }[];
  numpy: { seed: number; size: number; first: number[]; checksum: number }[];
  numpyOfSizes: { sizes: number[]; permuted: number[] };
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../golden/graph-random.json', import.meta.url), 'utf8'),
);

describe('PythonRandom', () => {
  it.each(golden.python)('gives the numbers of CPython for seed $seed', (row) => {
    const random = new PythonRandom(row.seed);
    const drawn = Array.from({ length: 700 }, () => random.random());
    expect([...drawn.slice(0, 3), ...drawn.slice(-3)]).toEqual(row.random);
    expect([1, 5, 31, 32].map((bits) => random.getrandbits(bits))).toEqual(row.getrandbits);
    expect([1, 2, 7, 64, 65, 1000003, 2 ** 31].map((n) => random.randbelow(n))).toEqual(row.below);
    expect(Array.from({ length: 20 }, () => random.choice('abcdefghijk'.split(''))).join('')).toBe(
      row.choice,
    );
    const letters = 'abcdefghijk'.split('');
    random.shuffle(letters);
    expect(letters.join('')).toBe(row.shuffle);
  });

  it('refuses seeds that CPython would read differently', () => {
    for (const seed of [-1, 0.5, 2 ** 53, NaN])
      expect(() => new PythonRandom(seed)).toThrow(InternalError);
  });
});

describe('numpyPermutation', () => {
  it.each(golden.numpy)(
    'shuffles $size numbers as NumPy does with seed $seed',
    ({ seed, size, first, checksum }) => {
      const shuffled = numpyPermutation(
        seed,
        Int32Array.from({ length: size }, (_, i) => i),
      );
      expect([...shuffled.subarray(0, 20)]).toEqual(first);
      expect(shuffled.reduce((sum, value) => (sum * 31 + value) % 1000003, 0)).toBe(checksum);
    },
  );

  it('shuffles values, not only indices, and leaves its argument alone', () => {
    const { sizes, permuted } = golden.numpyOfSizes;
    const given = Int32Array.from(sizes);
    expect([...numpyPermutation(1, given)]).toEqual(permuted);
    expect([...given]).toEqual(sizes);
  });
});

const name = fc.array(fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true })), {
  maxLength: 5,
});
const start = (parts: readonly (string | number)[]): number[] => {
  const stream = new RandomStream(...parts);
  return Array.from({ length: 4 }, () => stream.uint32());
};
const same = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((part, i) => part === b[i]);

describe('the name of a RandomStream', () => {
  it('keeps its numbers from version to version', () => {
    expect(start(['init', 1, 's1'])).toEqual(PINNED.words);
    const stream = new RandomStream('pinned');
    expect([stream.uniform(), stream.below(1000), stream.normal(), stream.normal()]).toEqual(
      PINNED.mixed,
    );
  });

  it('depends on its name alone', () => {
    fc.assert(
      fc.property(name, (parts) => {
        expect(start(parts)).toEqual(start([...parts]));
      }),
    );
  });

  it('gives different names different numbers', () => {
    fc.assert(fc.property(name, name, (a, b) => same(a, b) || start(a).join() !== start(b).join()));
    const tricky = [
      [],
      [''],
      ['', ''],
      ['1'],
      [1],
      ['1', '2'],
      ['12'],
      [1, 2],
      [12],
      [0.5],
      [1 / 3],
      ['a', 1],
      [1, 'a'],
    ];
    expect(new Set(tricky.map((parts) => start(parts).join())).size).toBe(tricky.length);
  });
});

describe('RandomStream', () => {
  it('draws uniform numbers in [0, 1)', () => {
    const stream = new RandomStream('uniform');
    const bins = Array.from({ length: 20 }, () => 0);
    for (let i = 0; i < 20_000; i++) {
      const x = stream.uniform();
      expect(x >= 0 && x < 1).toBe(true);
      bins[Math.floor(x * 20)]++;
    }
    expect(chiSquare(bins, 1000)).toBeLessThan(CHI_19);
  });

  it('draws integers below n without bias', () => {
    const stream = new RandomStream('below');
    const counts = Array.from({ length: 20 }, () => 0);
    for (let i = 0; i < 20_000; i++) counts[stream.below(20)]++;
    expect(chiSquare(counts, 1000)).toBeLessThan(CHI_19);
    expect(stream.below(1)).toBe(0);
    expect(stream.below(2 ** 32)).toBeLessThan(2 ** 32);
    for (const n of [0, -1, 1.5, 2 ** 32 + 1]) expect(() => stream.below(n)).toThrow(InternalError);
  });

  it('draws normal numbers with the moments of the normal distribution', () => {
    const stream = new RandomStream('normal');
    const count = 200_000;
    const moments = [0, 0, 0, 0];
    for (let i = 0; i < count; i++) {
      const x = stream.normal();
      moments.forEach((_, power) => (moments[power] += x ** (power + 1) / count));
    }
    // About five standard errors each: sqrt(1, 2, 15, 96 / count).
    [0, 1, 0, 3].forEach((expected, power) => {
      expect(Math.abs(moments[power] - expected)).toBeLessThan(
        5 * Math.sqrt([1, 2, 15, 96][power] / count),
      );
    });
  });

  it('draws normals many at once as one by one, whatever was drawn before and is drawn after', () => {
    for (const before of [0, 1, 2]) {
      for (const count of [0, 1, 2, 7, 1000]) {
        const [one, many] = [new RandomStream('many', 1), new RandomStream('many', 1)];
        for (let i = 0; i < before; i++) expect(many.normal()).toBe(one.normal());
        const numbers = new Float64Array(count);
        many.normals(numbers);
        expect(numbers).toEqual(Float64Array.from(numbers, () => one.normal()));
        expect([many.normal(), many.uint32()]).toEqual([one.normal(), one.uint32()]);
      }
    }
  });

  it('shuffles into every order equally often', () => {
    const stream = new RandomStream('shuffle');
    const orders = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const values = Int32Array.of(0, 1, 2, 3);
      stream.shuffle(values);
      orders.set(values.join(''), (orders.get(values.join('')) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    expect(chiSquare([...orders.values()], 1000)).toBeLessThan(CHI_23);
  });
});

/** 99.99 % points of the chi-square distribution with 19 and 23 degrees of freedom. */
const CHI_19 = 50.8;
const CHI_23 = 57.1;

function chiSquare(counts: readonly number[], expected: number): number {
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

const PINNED = {
  words: [4166137794, 329169333, 1206738101, 1074655058],
  mixed: [0.7018611411746664, 179, 0.12198957786500386, -0.7467080597355489],
};
