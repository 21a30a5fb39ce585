import { describe, expect, it } from 'vitest';
import { erf } from '../../src/engine/backends/reference/kernels/activation.js';

/** From CPython's math.erf, the C library's. */
const KNOWN: readonly (readonly [x: number, erf: number])[] = [
  [1e-8, 1.1283791670955126e-8],
  [0.1, 0.1124629160182849],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [1.7, 0.9837904585907745],
  [2.5, 0.999593047982555],
  [2.999, 0.9999777698314002],
  [3, 0.9999779095030014],
  [3.001, 0.9999780483390822],
  [3.7, 0.9999998328489421],
  [4.5, 0.9999999998033839],
  [5.5, 0.9999999999999927],
  [5.9, 0.9999999999999999],
  [7, 1.0],
];

describe('erf', () => {
  it.each(KNOWN)('of %f', (x, wanted) => {
    expect(Math.abs(erf(x) / wanted - 1)).toBeLessThan(1e-15);
    expect(erf(-x)).toBe(-erf(x));
  });

  it('keeps 0, NaN and the infinities', () => {
    expect([0, NaN, Infinity, -Infinity].map(erf)).toEqual([0, NaN, 1, -1]);
  });
});
