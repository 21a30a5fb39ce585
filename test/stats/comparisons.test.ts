import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  fisherSurvival,
  fitParabola,
  mean,
  oneWayAnova,
  studentQuantile,
  studentSurvival,
  tTestHigher,
  welchInterval,
} from '../../src/stats/index.js';

interface Golden {
  tTails: { t: number; dof: number; sf: number; scipy: number }[];
  fTails: { f: number; between: number; within: number; sf: number; scipy: number }[];
  quantiles: { p: number; dof: number; t: number }[];
  pairs: { a: number[]; b: number[]; t: number; pHigher: number; interval: [number, number] }[];
  anovas: { groups: number[][]; f: number; p: number }[];
  fits: { x: number[]; y: number[]; coefficients: [number, number, number]; r2: number }[];
}

const file = new URL('../golden/analysis.json', import.meta.url);
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;

/** |a - b| / |b|, where both zero counts as equal. */
function relative(actual: number, expected: number): number {
  return actual === expected ? 0 : Math.abs(actual - expected) / Math.abs(expected);
}

describe('distributions', () => {
  it('Student tails are right to 1e-12, however small', () => {
    expect(golden.tTails.some((row) => row.sf < 1e-200)).toBe(true);
    for (const row of golden.tTails) {
      const actual = studentSurvival(row.t, row.dof);
      expect(relative(actual, row.sf), JSON.stringify(row)).toBeLessThan(1e-12);
      expect(relative(actual, row.scipy), `scipy ${JSON.stringify(row)}`).toBeLessThan(1e-9);
    }
  });

  it('Fisher tails are right to 1e-12, however small', () => {
    expect(golden.fTails.some((row) => row.sf < 1e-90)).toBe(true);
    for (const row of golden.fTails) {
      const actual = fisherSurvival(row.f, row.between, row.within);
      expect(relative(actual, row.sf), JSON.stringify(row)).toBeLessThan(1e-12);
    }
  });

  it('the ends of the range are exact', () => {
    expect(studentSurvival(Infinity, 3)).toBe(0);
    expect(studentSurvival(-Infinity, 3)).toBe(1);
    expect(studentSurvival(0, 3)).toBe(0.5);
    expect(fisherSurvival(0, 3, 4)).toBe(1);
    expect(fisherSurvival(Infinity, 3, 4)).toBe(0);
  });

  it('quantiles invert the tail', () => {
    for (const row of golden.quantiles) {
      expect(relative(studentQuantile(row.p, row.dof), row.t), JSON.stringify(row)).toBeLessThan(
        1e-10,
      );
    }
  });
});

describe('tests', () => {
  it('the one-sided t-test and the Welch interval equal SciPy', () => {
    for (const row of golden.pairs) {
      const test = tTestHigher(row.a, row.b);
      expect(relative(test?.t ?? NaN, row.t)).toBeLessThan(1e-10);
      expect(relative(test?.p ?? NaN, row.pHigher)).toBeLessThan(1e-10);
      const interval = welchInterval(row.a, row.b, 0.95);
      expect(relative(interval?.[0] ?? NaN, row.interval[0])).toBeLessThan(1e-9);
      expect(relative(interval?.[1] ?? NaN, row.interval[1])).toBeLessThan(1e-9);
    }
  });

  it('the two directions of the t-test add up to one', () => {
    for (const { a, b } of golden.pairs) {
      expect((tTestHigher(a, b)?.p ?? NaN) + (tTestHigher(b, a)?.p ?? NaN)).toBeCloseTo(1, 12);
    }
  });

  it('one-way analysis of variance equals SciPy', () => {
    for (const row of golden.anovas) {
      const anova = oneWayAnova(row.groups);
      expect(relative(anova?.f ?? NaN, row.f)).toBeLessThan(1e-9);
      expect(relative(anova?.p ?? NaN, row.p)).toBeLessThan(1e-8);
    }
  });

  it('samples without variance give nothing, analyses of variance 0 or infinity, never NaN', () => {
    expect(tTestHigher([40, 40], [40, 40, 40])).toBeNull();
    expect(tTestHigher([41, 41], [40, 40])).toBeNull();
    expect(tTestHigher([41, 42], [40, 40])!.p).toBeGreaterThan(0);
    expect(tTestHigher([40], [41, 42])).toBeNull();
    expect(welchInterval([40, 40], [41, 41], 0.95)).toBeNull();
    expect(welchInterval([40], [41, 42], 0.95)).toBeNull();
    expect(
      oneWayAnova([
        [1, 1],
        [1, 1],
      ]),
    ).toMatchObject({ f: 0, p: 1 });
    expect(
      oneWayAnova([
        [1, 1],
        [2, 2],
      ]),
    ).toMatchObject({ f: Infinity, p: 0 });
    expect(oneWayAnova([[1], [2]])).toBeNull();
    expect(oneWayAnova([[1, 2], []])).toBeNull();
    expect(oneWayAnova([])).toBeNull();
  });

  it('the mean of equal values is that value', () => {
    for (const value of [0.1, 41.37, 1 / 3]) expect(mean(Array<number>(7).fill(value))).toBe(value);
  });
});

describe('the parabola', () => {
  it('equals NumPy’s least squares', () => {
    for (const row of golden.fits) {
      const fit = fitParabola(row.x, row.y);
      const coefficients = fit?.coefficients ?? [NaN, NaN, NaN];
      for (const [i, value] of coefficients.entries()) {
        expect(relative(value, row.coefficients[i] ?? NaN)).toBeLessThan(1e-8);
      }
      expect(relative(fit?.r2 ?? NaN, row.r2)).toBeLessThan(1e-9);
    }
  });

  it('recovers an exact parabola, and refuses fewer than three places', () => {
    const x = [0, 0.25, 0.5, 1];
    const fit = fitParabola(
      x,
      x.map((value) => 3 - 2 * value + 5 * value * value),
    );
    expect(fit?.coefficients[0]).toBeCloseTo(3, 12);
    expect(fit?.coefficients[1]).toBeCloseTo(-2, 12);
    expect(fit?.coefficients[2]).toBeCloseTo(5, 12);
    expect(fit?.r2).toBeCloseTo(1, 12);
    expect(fitParabola([1, 1, 2, 2], [1, 2, 3, 4])).toBeNull();
    expect(fitParabola([1, 2, 3], [4, 4, 4])?.r2).toBeNull();
  });
});
