import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bootstrapIntervals,
  falseDiscovery,
  mean,
  pearson,
  percentileInterval,
  quantile,
  ranksOf,
  sampleStd,
  signTest,
} from '../../src/stats/index.js';
import findings from '../golden/findings.json' with { type: 'json' };
import surface from '../golden/surface.json' with { type: 'json' };
import { nearAll } from './near.js';

describe('quantile', () => {
  it('interpolates as NumPy does', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([4, 1, 3, 2], 0.9)).toBeCloseTo(3.7, 12);
    expect(quantile([5], 0.9)).toBe(5);
  });
});

describe('the bootstrap', () => {
  it('has intervals of a mean near those of the normal law', () => {
    const values = Array.from({ length: 400 }, (_, i) => Math.sin(i * 12.9898) * 3);
    const meanOf = (drawn: Int32Array): number[] => [
      drawn.reduce((sum, i) => sum + values[i], 0) / 400,
    ];
    const [range] = bootstrapIntervals(400, meanOf, { name: 'mean', resamples: 4000 });
    const half = (1.96 * sampleStd(values)!) / 20;
    nearAll(range!, [mean(values) - half, mean(values) + half], 0.02);
    expect(bootstrapIntervals(5, () => [null], { name: 'none', resamples: 50 })).toEqual([null]);
    expect(percentileInterval([1, 2, 3, 4, 5], 0.5)).toEqual([2, 4]);
  });
});

describe('false discovery rates', () => {
  it('equal SciPy’s', () => {
    const p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222];
    nearAll(falseDiscovery(p), findings.bh);
  });

  it('are monotone, at least the p-values and at most 1', () => {
    const ofAny = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(ofAny, (p) => {
        const q = falseDiscovery(p);
        const order = p.map((_, i) => i).sort((a, b) => p[a] - p[b]);
        const inRange = q.every((value, i) => value >= p[i] * (1 - 1e-12) && value <= 1);
        return inRange && order.every((i, place) => place === 0 || q[order[place - 1]] <= q[i]);
      }),
    );
  });
});

describe('ranks and correlations', () => {
  it('sign tests and ranks equal SciPy’s', () => {
    for (const [wins, count, p] of surface.signTest) nearAll([signTest(wins, count)], [p]);
    expect(ranksOf(surface.ranks[0])).toEqual(surface.ranks[1]);
    expect(signTest(0, 0)).toBe(1);
  });

  it('Pearson’s is null where one side does not vary', () => {
    expect(pearson([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
    expect(pearson([1, 1, 1], [2, 4, 6])).toBeNull();
  });
});
