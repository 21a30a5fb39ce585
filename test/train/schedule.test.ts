import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learningRateAt } from '../../src/train/index.js';

describe('learningRateAt', () => {
  it('is the cosine of the paper, per epoch from e = 0', () => {
    const settings = {
      schedule: 'cosine',
      learningRate: 0.1,
      epochs: 200,
      warmupEpochs: 0,
    } as const;
    expect(learningRateAt(settings, 0)).toBe(0.1);
    expect(learningRateAt(settings, 0, 0.01)).toBe(0.1);
    expect(learningRateAt(settings, 100)).toBeCloseTo(0.05, 15);
    expect(learningRateAt(settings, 50)).toBeCloseTo(0.05 * (1 + Math.SQRT1_2), 15);
    expect(learningRateAt(settings, 199)).toBeCloseTo(0.05 * (1 - Math.cos(Math.PI / 200)), 15);
  });

  it('falls strictly and stays above 0 for any length', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 500 }),
        fc.double({ min: 1e-6, max: 10, noNaN: true }),
        (epochs, learningRate) => {
          const rates = Array.from({ length: epochs }, (_, epoch) =>
            learningRateAt({ schedule: 'cosine', learningRate, epochs, warmupEpochs: 0 }, epoch),
          );
          expect(
            rates.every((rate, epoch) => rate > 0 && (epoch === 0 || rate < rates[epoch - 1])),
          ).toBe(true);
        },
      ),
    );
  });

  it('is the same cosine update by update with cosine-steps, 0 at the last one', () => {
    const settings = {
      schedule: 'cosine-steps',
      learningRate: 0.1,
      epochs: 4,
      warmupEpochs: 0,
    } as const;
    const steps = 5;
    const rates = [0, 1, 2, 3].flatMap((epoch) =>
      Array.from({ length: steps }, (_, step) =>
        learningRateAt(settings, epoch, (step + 1) / steps),
      ),
    );
    rates.forEach((rate, at) =>
      expect(rate).toBeCloseTo(0.05 * (1 + Math.cos((Math.PI * (at + 1)) / 20)), 14),
    );
    expect(rates.every((rate, at) => at === 0 || rate < rates[at - 1])).toBe(true);
    expect(rates.at(-1)).toBeCloseTo(0, 16);
    // Where a whole epoch is one update, it is that of the next epoch's start.
    expect(learningRateAt(settings, 1)).toBe(
      learningRateAt({ ...settings, schedule: 'cosine' }, 2),
    );
  });

  it('is the same in every epoch when constant', () => {
    const settings = {
      schedule: 'constant',
      learningRate: 0.3,
      epochs: 10,
      warmupEpochs: 0,
    } as const;
    expect([0, 1, 9].map((epoch) => learningRateAt(settings, epoch))).toEqual([0.3, 0.3, 0.3]);
  });

  it(
    'rises by the same amount with every update of a warm-up, from 0 to the full rate at ' +
      'its last one',
    () => {
      const settings = {
        schedule: 'constant',
        learningRate: 0.6,
        epochs: 10,
        warmupEpochs: 3,
      } as const;
      const steps = 5;
      const rates = [0, 1, 2].flatMap((epoch) =>
        Array.from({ length: steps }, (_, step) =>
          learningRateAt(settings, epoch, (step + 1) / steps),
        ),
      );
      rates.forEach((rate, at) => expect(rate).toBeCloseTo((0.6 * (at + 1)) / 15, 14));
      expect(rates.at(-1)).toBe(0.6);
      expect(learningRateAt(settings, 3, 1 / steps)).toBe(0.6);
    },
  );

  it("multiplies the schedule's own rate, and leaves it alone after the warm-up", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.nat(60),
        fc.nat(60),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.constantFrom('cosine' as const, 'cosine-steps' as const),
        (epochs, warm, at, done, schedule) => {
          const [warmupEpochs, epoch] = [Math.min(warm, epochs), Math.min(at, epochs - 1)];
          const plain = learningRateAt(
            { schedule, learningRate: 0.1, epochs, warmupEpochs: 0 },
            epoch,
            done,
          );
          const rate = learningRateAt(
            { schedule, learningRate: 0.1, epochs, warmupEpochs },
            epoch,
            done,
          );
          if (epoch >= warmupEpochs) expect(rate).toBe(plain);
          else expect(rate).toBeCloseTo((plain * (epoch + done)) / warmupEpochs, 15);
        },
      ),
    );
  });
});
