import { expect } from 'vitest';

/** Numbers that agree to `tolerance`, relative to the second where that is above 1. */
export function nearAll(
  ours: ArrayLike<number>,
  theirs: ArrayLike<number>,
  tolerance = 1e-9,
): void {
  expect(ours.length).toBe(theirs.length);
  Array.from(ours).forEach((value, i) => {
    const gap = Math.abs(value - theirs[i]);
    const allowed = tolerance * Math.max(1, Math.abs(theirs[i]));
    expect(gap, `number ${i}: ${value} against ${theirs[i]}`).toBeLessThanOrEqual(allowed);
  });
}
