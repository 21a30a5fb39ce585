import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../src/stats/proportion.js';

describe('wilsonInterval', () => {
  // Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17
  // (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i: as published', (count, total, low, high) => {
    const [found, above] = wilsonInterval(count, total);
    expect(found).toBeCloseTo(low, 4);
    expect(above).toBeCloseTo(high, 4);
  });

  it('is the other way round for what did not happen, and within 0 and 1', () => {
    for (const count of [0, 1, 7, 13]) {
      const [low, high] = wilsonInterval(count, 13);
      const [other, above] = wilsonInterval(13 - count, 13);
      expect([low, high]).toEqual([expect.closeTo(1 - above, 12), expect.closeTo(1 - other, 12)]);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
    }
  });
});
