import { describe, expect, it } from 'vitest';
import { activate, slopeOf } from '../../src/engine/backends/reference/kernels/activation.js';
import { STAIR_LEVELS } from '../../src/network/types.js';

describe.each(STAIR_LEVELS)('stairs of %i levels', (levels) => {
  const f = activate[`stairs-${levels}`];
  const slope = (x: number): number => slopeOf[`stairs-${levels}`](x, f(x));

  it('rounds to the nearest level from 0 to 1', () => {
    for (let level = 0; level <= levels; level++) {
      expect(f(level / levels)).toBe(level / levels);
      expect(f((level + 0.499) / levels)).toBe(level / levels);
      expect(f((level + 0.5) / levels)).toBe(Math.min(level + 1, levels) / levels);
    }
    for (const x of [-1e9, -3, -0.51 / levels]) expect(f(x)).toBe(0);
    for (const x of [1, 1.2, 1e9, Infinity]) expect(f(x)).toBe(1);
    expect(f(NaN)).toBeNaN();
  });

  it('passes a gradient on where the level is not cut off, and nowhere else', () => {
    const edge = 0.5 / levels;
    for (const x of [-edge, 0, edge, 0.5, 1, 1 + 0.99 * edge]) expect(slope(x)).toBe(1);
    for (const x of [-1.01 * edge, -2, 1 + edge, 7]) expect(slope(x)).toBe(0);
  });
});
