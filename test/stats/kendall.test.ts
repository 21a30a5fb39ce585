import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import { kendallGain, kendallTau } from '../../src/stats/kendall.js';

const golden = JSON.parse(
  readFileSync(new URL('../golden/analysis.json', import.meta.url), 'utf8'),
) as { kendalls: { x: number[]; y: number[]; tau: number }[] };

/** Pairs of normal numbers of correlation r, whose tau is 2 / pi asin r. */
function drawn(random: RandomStream, n: number, r: number): [number[], number[]] {
  const x = Array.from({ length: n }, () => random.normal());
  return [x, x.map((value) => r * value + Math.sqrt(1 - r * r) * random.normal())];
}

const inside = ([low, high]: readonly [number, number], truth: number): boolean =>
  low <= truth && truth <= high;

describe('Kendall’s tau-b', () => {
  it.each(golden.kendalls.map((each) => [each.x.length, each] as const))(
    'is SciPy’s, %i points',
    (_, { x, y, tau }) => {
      expect(kendallTau(x, y)!.value).toBeCloseTo(tau, 12);
      expect(kendallTau(y, x)!.value).toBeCloseTo(tau, 12);
      const turned = kendallTau(
        x.map((value) => -value),
        y,
      )!;
      expect(turned.value).toBeCloseTo(-tau, 12);
    },
  );

  it('has none where one side does not vary', () => {
    expect(kendallTau([1, 2, 3], [4, 4, 4])).toBeNull();
    expect(kendallGain([1, 2, 3], [4, 4, 4], [1, 2, 3])).toBeNull();
  });

  it('covers the truth, and the difference of two, as often as it says', () => {
    const random = new RandomStream('kendall');
    const [runs, n] = [600, 80];
    let [one, gain] = [0, 0];
    for (let run = 0; run < runs; run++) {
      // Two noisy readings of one truth, of the same correlation with it: the true difference is 0.
      const [truth, x] = drawn(random, n, 0.8);
      const other = truth.map((value) => 0.8 * value + 0.6 * random.normal());
      if (inside(kendallTau(x, truth, 0.9)!.interval, (2 / Math.PI) * Math.asin(0.8))) one += 1;
      if (inside(kendallGain(x, other, truth, 0.9)!.interval, 0)) gain += 1;
    }
    // 90 % within three standard errors of 600 runs.
    for (const share of [one / runs, gain / runs])
      expect(Math.abs(share - 0.9)).toBeLessThan(0.037);
  });
});
