import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import { fitBlocks, shrunkenBlockEffects } from '../../src/stats/index.js';

type Table = (number | null)[][];

/** `rows` x 5 with gaps: the first row is whole, row i has the first so many blocks. */
function table(random: RandomStream, shifts: readonly number[], counts: readonly number[]): Table {
  return counts.map((count) => {
    const mean = 10 * random.normal();
    return shifts.map((shift, block) => (block < count ? mean + shift + random.normal() : null));
  });
}

const squares = (a: readonly (number | null)[], b: readonly number[]): number =>
  a.reduce<number>((sum, value, at) => sum + ((value ?? 0) - b[at]) ** 2, 0);

describe('shrunkenBlockEffects', () => {
  it('is the formula where it can be worked out by hand', () => {
    // One row of two: C = [1 -1; -1 1] / 2, the likelihood of r is flat, b(r) = d / 2 * r² / (1 +
    // r²).
    const kept = (0 + 0.2 + 0.5 + 0.8 + 16 / 17) / 5;
    const [one, two, other] = shrunkenBlockEffects(
      [
        [13, 10, null],
        [null, null, 4],
      ],
      3,
    );
    expect(one).toBeCloseTo(1.5 * kept, 12);
    expect(two).toBeCloseTo(-1.5 * kept, 12);
    expect(other).toBe(0);
  });

  it('has nothing to tell without two entries in a row or without differences', () => {
    expect(
      shrunkenBlockEffects(
        [
          [1, null],
          [null, 2],
        ],
        2,
      ),
    ).toEqual([0, 0]);
    expect(shrunkenBlockEffects([], 3)).toEqual([0, 0, 0]);
    expect(
      shrunkenBlockEffects(
        [
          [5, 5],
          [7, 7],
        ],
        2,
      ),
    ).toEqual([0, 0]);
  });

  it('adds up to 0 and does not depend on the rows’ own levels or their order', () => {
    const rows = table(new RandomStream('test', 'effects'), [2, -1, 0, 1, -2], [4, 3, 2, 1, 2]);
    const effects = shrunkenBlockEffects(rows, 5);
    expect(effects.reduce((sum, effect) => sum + effect, 0)).toBeCloseTo(0, 10);
    expect(effects[4]).toBe(0);
    const moved = rows.map((row, at) => row.map((value) => value && value + 100 * at)).reverse();
    shrunkenBlockEffects(moved, 5).forEach((effect, at) =>
      expect(effect).toBeCloseTo(effects[at], 9),
    );
  });

  it('comes to least squares where blocks are well known', () => {
    const rows = table(
      new RandomStream('test', 'many'),
      [3, -1, 0, 1, -3],
      Array.from({ length: 200 }, () => 5),
    );
    const exact = fitBlocks(rows)!.blockEffects;
    shrunkenBlockEffects(rows, 5).forEach((effect, at) =>
      expect(Math.abs(effect / exact[at]! - 1)).toBeLessThan(0.01 + 0.05 / Math.abs(exact[at]!)),
    );
  });

  it(
    'is nearer to the truth than least squares where blocks differ little, and than ' +
      'nothing where they differ much',
    () => {
      const counts = [3, 1, 1, 2, 1, 1, 2, 1, 1, 1, 3];
      for (const sd of [0, 0.5, 2]) {
        const random = new RandomStream('test', 'sd', Math.round(10 * sd));
        let [shrunken, exact, nothing] = [0, 0, 0];
        for (let run = 0; run < 300; run++) {
          const drawn = [0, 1, 2].map(() => sd * random.normal());
          const centre = (drawn[0] + drawn[1] + drawn[2]) / 3;
          const truth = drawn.map((shift) => shift - centre);
          const rows = table(random, truth, counts);
          shrunken += squares(shrunkenBlockEffects(rows, 3), truth);
          exact += squares(fitBlocks(rows)!.blockEffects, truth);
          nothing += squares([0, 0, 0], truth);
        }
        if (sd < 2) expect(shrunken).toBeLessThan(exact);
        if (sd > 0) expect(shrunken).toBeLessThan(nothing);
      }
    },
  );
});
