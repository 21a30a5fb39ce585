import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultTrainSettings, learningRateAt, trainSettings } from '../../src/train/index.js';

describe('learningRateAt', () => {
  it('is the cosine of the paper, per epoch from e = 0', () => {
    const settings = { schedule: 'cosine', learningRate: 0.1, epochs: 200 } as const;
    expect(learningRateAt(settings, 0)).toBe(0.1);
    expect(learningRateAt(settings, 100)).toBeCloseTo(0.05, 15);
    expect(learningRateAt(settings, 50)).toBeCloseTo(0.05 * (1 + Math.SQRT1_2), 15);
    expect(learningRateAt(settings, 199)).toBeCloseTo(0.05 * (1 - Math.cos(Math.PI / 200)), 15);
  });

  it('falls strictly and stays above 0 for any length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), fc.double({ min: 1e-6, max: 10, noNaN: true }), (epochs, learningRate) => {
        const rates = Array.from({ length: epochs }, (_, epoch) => learningRateAt({ schedule: 'cosine', learningRate, epochs }, epoch));
        expect(rates.every((rate, epoch) => rate > 0 && (epoch === 0 || rate < rates[epoch - 1]))).toBe(true);
      }),
    );
  });

  it('is the same in every epoch when constant', () => {
    expect([0, 1, 9].map((epoch) => learningRateAt({ schedule: 'constant', learningRate: 0.3, epochs: 10 }, epoch))).toEqual([0.3, 0.3, 0.3]);
  });
});

describe('trainSettings', () => {
  it("defaults to the paper's MLP", () => {
    expect(defaultTrainSettings).toEqual({ epochs: 200, batch: 128, learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4, schedule: 'cosine', augment: true, backend: 'auto' });
  });

  it.each([
    [{ epochs: 0 }, 'a whole number from 1 to 100000'],
    [{ epochs: 1.5 }, 'a whole number from 1 to 100000'],
    [{ batch: 1 }, 'a whole number from 2 to 65536'],
    [{ learningRate: 0 }, 'a number above 0'],
    [{ momentum: 1.1 }, 'a number from 0 to 1'],
    [{ weightDecay: -1 }, 'a number of at least 0'],
    [{ schedule: 'linear' }, 'one of cosine, constant'],
    [{ backend: 'cuda' }, 'one of auto, reference, cpu, wasm'],
    [{ augment: 1 }, 'true or false'],
  ])('refuses %j with the rule', (settings, rule) => {
    expect(trainSettings.safeParse(settings).error?.issues.map((issue) => issue.message)).toEqual([rule]);
  });
});
