import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import {
  blockedContrast,
  blockedDifference,
  correlationInterval,
  fitBlocks,
  normalQuantile,
  normalSurvival,
  oneWayAnova,
  pairedDifference,
  partialCorrelation,
  type BlockFit,
  type EffectTest,
} from '../../src/stats/index.js';
import golden from '../golden/blocks.json' with { type: 'json' };
import { nearAll } from './near.js';

interface Contrast {
  readonly weights: number[];
  readonly level: number;
  readonly comparisons: number;
  readonly difference: number;
  readonly standardError: number;
  readonly interval: number[];
  readonly p: number;
}

type GoldenTable = Omit<BlockFit, 'pattern' | 'factor'> & {
  readonly rows: (number | null)[][];
  readonly contrasts: Contrast[];
};

const tables = Object.entries(golden.tables as unknown as Record<string, GoldenTable>);

const known = (values: readonly (number | null)[]): number[] =>
  values.filter((value) => value !== null);
const numbers = (test: EffectTest | null): number[] =>
  test === null ? [] : [test.f!, test.p, ...test.dof];

describe.each(tables)('the block design against NumPy: %s', (_, expected) => {
  const fit = fitBlocks(expected.rows)!;

  it('has the same effects', () => {
    expect([fit.items, fit.blocks, fit.entries]).toEqual([
      expected.items,
      expected.blocks,
      expected.entries,
    ]);
    for (const key of ['means', 'blockEffects'] as const) {
      expect(fit[key].map((value) => value === null)).toEqual(
        expected[key].map((value) => value === null),
      );
      nearAll(known(fit[key]), known(expected[key]));
    }
  });

  it('has the same tests and variances', () => {
    expect(fit.residual.dof).toBe(expected.residual.dof);
    nearAll([fit.residual.variance!], [expected.residual.variance!]);
    nearAll([fit.betweenItems!], [expected.betweenItems!]);
    nearAll(numbers(fit.itemsTest), numbers(expected.itemsTest));
    nearAll(numbers(fit.blocksTest), numbers(expected.blocksTest));
    nearAll(numbers(fit.oneWay), numbers(expected.oneWay));
    nearAll(Object.values(fit.gain!), Object.values(expected.gain!));
  });

  it('has the same contrasts, from JSON as well', () => {
    const read = JSON.parse(JSON.stringify(fit)) as BlockFit;
    expect(read).toEqual(fit);
    for (const { weights, level, comparisons, ...numbersOf } of expected.contrasts) {
      const found = blockedContrast(read, weights, level, comparisons)!;
      nearAll(
        [found.difference, found.standardError!, ...found.interval!, found.p!],
        [numbersOf.difference, numbersOf.standardError, ...numbersOf.interval, numbersOf.p],
      );
      const [i, j] = [weights.indexOf(1), weights.indexOf(-1)];
      if (i >= 0 && j >= 0) expect(blockedDifference(fit, i, j, level, comparisons)).toEqual(found);
    }
  });
});

describe('the block design', () => {
  it('of two complete rows is the paired comparison', () => {
    const rows = [
      [40.1, 41.2, 39.8, 42.4],
      [40.3, 41.1, 40.4, 42.5],
    ];
    const blocked = blockedDifference(fitBlocks(rows)!, 0, 1, 0.9)!;
    const paired = pairedDifference(rows[0], rows[1], 0.9)!;
    nearAll(
      [...blocked.interval!, blocked.p!, blocked.dof],
      [...paired.interval, paired.p, paired.n - 1],
    );
  });

  it('of a complete table has the plain means and mean differences', () => {
    const rows = [
      [1, 2, 6],
      [2, 4, 5],
      [0, 3, 9],
    ];
    const fit = fitBlocks(rows)!;
    nearAll(known(fit.means), [3, 11 / 3, 4]);
    nearAll(known(fit.blockEffects), [1 - 32 / 9, 3 - 32 / 9, 20 / 3 - 32 / 9]);
    expect(fit.oneWay!.f).toBe(oneWayAnova(rows)!.f);
  });

  it('is fitted on the part with the most entries; what is outside has nulls', () => {
    const fit = fitBlocks([
      [null, null, 9],
      [1, 2, null],
      [null, null, null],
      [3, 5, null],
    ])!;
    expect(fit.means.map((value) => value === null)).toEqual([true, false, true, false]);
    expect(fit.blockEffects[2]).toBeNull();
    expect(blockedDifference(fit, 0, 1, 0.95)).toBeNull();
    expect(blockedContrast(fit, [0, 1, -1, 0], 0.95)).toBeNull();
    expect(
      fitBlocks([
        [null, null],
        [null, null],
      ]),
    ).toBeNull();
    expect(fitBlocks([])).toBeNull();
  });

  it('says no more than it knows: one block, one row, exact tables', () => {
    const one = fitBlocks([[40], [41]])!;
    expect(one.means).toEqual([40, 41]);
    expect(one.residual).toEqual({ variance: null, dof: 0 });
    expect([one.itemsTest, one.gain, one.betweenItems]).toEqual([null, null, null]);
    const unknown = { standardError: null, interval: null, p: null, dof: 0 };
    expect(blockedDifference(one, 1, 0, 0.95)).toEqual({ difference: 1, ...unknown });
    const row = fitBlocks([[40, 41, 45]])!;
    expect([row.means[0], row.residual.variance, row.itemsTest, row.gain]).toEqual([
      42,
      null,
      null,
      null,
    ]);
    const exact = fitBlocks([
      [0.1, 0.3, 0.7],
      [0.2, 0.4, 0.8],
      [0.1, 0.3, null],
    ])!;
    expect([exact.residual.variance, exact.gain]).toEqual([0, null]);
    expect([exact.itemsTest!.f, exact.itemsTest!.p]).toEqual([null, 0]);
    // Nothing tells how large the noise is: neither an interval nor a p.
    expect(blockedDifference(exact, 1, 0, 0.95)).toMatchObject({ p: null, interval: null });
    expect(blockedDifference(exact, 1, 0, 0.95)!.difference).toBeCloseTo(0.1, 12);
    const equal = fitBlocks([
      [40, 40],
      [40, 40],
    ])!;
    expect([equal.itemsTest!.f, equal.itemsTest!.p]).toEqual([0, 1]);
  });

  it('refuses what is no table, no level or no contrast', () => {
    expect(() => fitBlocks([[1, 2], [3]])).toThrow(UserError);
    expect(() => fitBlocks([[1, Number.NaN]])).toThrow(UserError);
    const fit = fitBlocks([
      [1, 2],
      [3, 5],
    ])!;
    expect(() => blockedContrast(fit, [1, 0], 0.95)).toThrow(UserError);
    expect(() => blockedContrast(fit, [1, -1, 0], 0.95)).toThrow(UserError);
    expect(() => blockedDifference(fit, 0, 1, 95)).toThrow(UserError);
    expect(() => blockedDifference(fit, 0, 1, 0.95, 0)).toThrow(UserError);
  });
});

describe('pairs', () => {
  it('equal SciPy’s', () => {
    for (const { a, b, p, interval } of golden.paired) {
      const found = pairedDifference(a, b, 0.95)!;
      nearAll([...found.interval, found.p, found.n], [...interval, p, a.length]);
    }
  });

  it('are those that both have; null below two and without a spread', () => {
    expect(pairedDifference([1, null, 3, 9], [0, 5, 1], 0.95)!.n).toBe(2);
    expect(pairedDifference([1, null, 3], [0, 5, null], 0.95)).toBeNull();
    expect(pairedDifference([0.3, 40.3, 7.3], [0.1, 40.1, 7.1], 0.95)).toBeNull();
  });
});

describe('correlations at given covariates', () => {
  it('equal those of NumPy, with Fisher’s interval', () => {
    for (const { x, y, covariates, r, interval } of golden.partials) {
      const found = partialCorrelation(x, y, covariates)!;
      nearAll(
        [found, ...correlationInterval(found, x.length, 0.95, covariates.length)!],
        [r, ...interval],
      );
    }
  });

  it('are null where nothing is left', () => {
    const [x, y] = [
      [1, 2, 4, 8],
      [1, 3, 2, 5],
    ];
    expect(partialCorrelation(x, y, [x.map((value) => 3 * value - 1)])).toBeNull();
    expect(partialCorrelation(x, y, [y.map((value) => value ** 2), [1, 0, 0, 2]])).toBeNull();
    expect(correlationInterval(0.5, 4, 0.95, 1)).toBeNull();
    expect(correlationInterval(1, 9, 0.95)).toEqual([1, 1]);
  });
});

describe('the normal law', () => {
  it('equals SciPy’s, far out as well', () => {
    const relative = (ours: number, theirs: number): number => Math.abs(ours / theirs - 1);
    for (const { z, sf } of golden.normal) {
      expect(relative(normalSurvival(z), sf), `${z}`).toBeLessThan(1e-12);
    }
    for (const { p, z } of golden.normalQuantiles) {
      expect(relative(normalQuantile(p), z), `${p}`).toBeLessThan(1e-12);
    }
  });
});
