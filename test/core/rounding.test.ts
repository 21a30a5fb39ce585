import { describe, expect, it } from 'vitest';
import { roundHalfEven, roundToHundredths } from '../../src/core/rounding.js';
import { golden } from '../network/golden.js';

describe('Python rounding', () => {
  it('takes halves to the even integer', () => {
    expect(
      [0.5, 1.5, 2.5, 2.4999999, 3.5, -0.5, -1.5, 7, 2 ** 53].map(roundHalfEven).map((x) => x + 0),
    ).toEqual([0, 2, 2, 2, 4, 0, -2, 7, 2 ** 53]);
  });

  it.each(golden.hundredths)('rounds %d to %d', (x, rounded) => {
    expect(roundToHundredths(x)).toBe(rounded);
  });
});
