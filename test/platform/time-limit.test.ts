import { describe, expect, it } from 'vitest';
import { withinSeconds } from '../../src/platform/time-limit.js';

describe('withinSeconds', () => {
  it('gives what the work gives', () => {
    expect(withinSeconds(10, () => 7)).toEqual({ value: 7 });
    expect(withinSeconds(10, () => null)).toEqual({ value: null });
  });

  it('passes on what the work throws', () => {
    const thrown = new RangeError('too far');
    expect(() =>
      withinSeconds(10, () => {
        throw thrown;
      }),
    ).toThrow(thrown);
  });

  it('stops work without end', () => {
    let rounds = 0;
    expect(
      withinSeconds(0.05, () => {
        for (;;) rounds++;
      }),
    ).toBeNull();
    expect(rounds).toBeGreaterThan(0);
  });

  it('one inside another', () => {
    expect(withinSeconds(10, () => withinSeconds(10, () => 'inner'))).toEqual({
      value: { value: 'inner' },
    });
  });
});
