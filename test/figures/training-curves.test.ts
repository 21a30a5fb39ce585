import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainingCurves } from '../../src/figures/index.js';
import { readPicture } from './well-formed.js';

describe('trainingCurves', () => {
  it('is a standalone picture of any training, with the last errors at the ends of the curves', () => {
    const percent = fc.double({ min: 0.01, max: 100, noNaN: true });
    const record = fc.record({
      trainError: percent,
      testError: percent,
      testError5: fc.oneof(percent, fc.constant(null)),
    });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 60 }), (list) => {
        const records = list.map((each, at) => ({ ...each, epoch: at + 1 }));
        const { texts } = readPicture(trainingCurves('a < b & c', records));
        const { trainError, testError } = records.at(-1)!;
        const top5 = records.findLast((each) => each.testError5 !== null)?.testError5;
        expect(texts).toEqual(
          expect.arrayContaining([
            'a < b & c',
            `test ${testError.toFixed(2)}`,
            `training ${trainError.toFixed(2)}`,
          ]),
        );
        expect(texts.filter((text) => text.startsWith('test, top-5'))).toEqual(
          top5 == null ? [] : [`test, top-5 ${top5.toFixed(2)}`],
        );
      }),
      { numRuns: 25 },
    );
  });

  it('leaves out a top-5 error that is always 0, and keeps names at the ends apart', () => {
    const records = [1, 2, 3].map((epoch) => ({
      epoch,
      trainError: 20 + epoch,
      testError: 20.1 + epoch,
      testError5: 0,
    }));
    const svg = trainingCurves('t', records);
    expect(readPicture(svg).texts.filter((text) => text.includes('top-5'))).toEqual([]);
    // Where the two labels stand: their groups are moved, the texts inside are at the curves' ends.
    const places = ['test 23.10', 'training 23.00'].map((text) => {
      const [, group, y] = new RegExp(
        '<g [^>]*transform="translate\\([\\d.]+,([-\\d.]+)\\)"[^>]*><text ' +
          `[^>]*?(?:y|transform)="(?:translate\\([\\d.]+,)?([-\\d.]+)\\)?"[^>]*>${text}`,
      ).exec(svg)!;
      return Number(group) + Number(y);
    });
    expect(Math.abs(places[0] - places[1])).toBeGreaterThan(12);
  });
});
