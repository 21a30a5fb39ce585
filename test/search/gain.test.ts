import { describe, expect, it } from 'vitest';
import { gains } from '../../src/search/gain.js';
import { expectedExcess } from '../../src/stats/index.js';

/** E max(0, Z sd - gap) by Simpson's rule, with the density relative to its value at the gap. */
function integrated(gap: number, sd: number): number {
  const u = gap / sd;
  const steps = 20_000;
  const width = 20 / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const over = i * width;
    sum +=
      (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) *
      over *
      Math.exp(-over * u - (over * over) / 2);
  }
  return ((sd * sum * width) / 3 / Math.sqrt(2 * Math.PI)) * Math.exp((-u * u) / 2);
}

describe('expectedExcess', () => {
  it.each([0, 0.3, 1, 1.99, 2, 3, 6, 12, 30])(
    'is right at a gap of %f standard deviations',
    (u) => {
      const expected = integrated(u * 0.7, 0.7);
      expect(Math.abs(expectedExcess(u * 0.7, 0.7) / expected - 1)).toBeLessThan(1e-7);
    },
  );

  it('is nothing without uncertainty', () => {
    expect(expectedExcess(0, 0)).toBe(0);
  });
});

describe('gains', () => {
  const arm = (
    candidate: number,
    count: number,
  ): { candidate: number; count: number; mean: number; squares: number } => ({
    candidate,
    count,
    mean: 30,
    squares: 0,
  });

  it('of one training: the excess of the move of the posterior mean over the gap', () => {
    const means = Float64Array.of(30, 30.1, 31);
    const sds = Float64Array.of(0.1, 0.2, 0.2);
    const found = gains({ means, sds, noise: 0.3 }, [], Infinity, 1);
    const moved = 0.2 ** 2 / Math.sqrt(0.2 ** 2 + 0.3 ** 2);
    expect(found[1]).toBeCloseTo(expectedExcess(0.1, moved), 12);
    expect(found[2]).toBeCloseTo(expectedExcess(1, moved), 12);
    // The best one may fall behind the second.
    expect(found[0]).toBeCloseTo(
      expectedExcess(0.1, 0.1 ** 2 / Math.sqrt(0.1 ** 2 + 0.3 ** 2)),
      12,
    );
  });

  it('looks several trainings ahead where one cannot change the choice', () => {
    const beliefs = {
      means: Float64Array.of(30, 30.3),
      sds: Float64Array.of(0.01, 0.15),
      noise: 0.4,
    };
    expect(gains(beliefs, [], Infinity, 4)[1]).toBeGreaterThan(
      2 * gains(beliefs, [], Infinity, 1)[1],
    );
  });

  it('are nothing where all trainings that count were made', () => {
    const beliefs = { means: Float64Array.of(30, 30), sds: Float64Array.of(0.1, 0.1), noise: 0.3 };
    const found = gains(beliefs, [arm(0, 5), arm(1, 4)], 5, 10);
    expect(found[0]).toBe(0);
    expect(found[1]).toBeGreaterThan(0);
  });
});
