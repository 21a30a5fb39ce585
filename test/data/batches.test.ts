import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { evaluationBatches, imageToNumbers, trainingBatches } from '../../src/public/data.js';
import type { BatchPlan, TrainingOptions } from '../../src/public/data.js';

interface Copy {
  readonly indices: number[];
  readonly flip: number[] | null;
  readonly shiftY: number[] | null;
  readonly shiftX: number[] | null;
}

/** The plans of a walk, copied: the arrays are refilled. */
function copies(plans: Iterable<BatchPlan>): Copy[] {
  const valid = (values: ArrayLike<number> | null, count: number): number[] | null =>
    values === null ? null : Array.from(values).slice(0, count);
  return Array.from(plans, ({ indices, count, flip, shiftY, shiftX }) => ({
    indices: Array.from(indices).slice(0, count),
    flip: valid(flip, count),
    shiftY: valid(shiftY, count),
    shiftX: valid(shiftX, count),
  }));
}

const options = (more: Partial<TrainingOptions> = {}): TrainingOptions => ({
  images: 1000,
  batch: 128,
  seed: 1,
  augmentation: { flip: true, pad: 4 },
  ...more,
});

describe('trainingBatches', () => {
  it('uses every image at most once an epoch, in full batches, and drops the rest', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 200 }),
        fc.nat(),
        fc.nat(1000),
        (batch, more, seed, epoch) => {
          const images = batch + more;
          const walk = trainingBatches(options({ images, batch, seed, augmentation: null }));
          const plans = copies(walk.epoch(epoch));
          expect(walk.perEpoch).toBe(Math.floor(images / batch));
          expect(plans.length).toBe(walk.perEpoch);
          const used = plans.flatMap((plan) => plan.indices);
          expect(
            plans.every(
              (plan) => plan.indices.length === batch && plan.flip === null && plan.shiftX === null,
            ),
          ).toBe(true);
          expect(new Set(used).size).toBe(walk.perEpoch * batch);
          expect(used.every((index) => index >= 0 && index < images)).toBe(true);
        },
      ),
    );
  });

  it('depends on seed and epoch alone, not on what was walked before', () => {
    const walk = trainingBatches(options());
    const second = copies(walk.epoch(2));
    copies(walk.epoch(7));
    expect(copies(walk.epoch(2))).toEqual(second);
    expect(copies(trainingBatches(options()).epoch(2))).toEqual(second);
    expect(copies(walk.epoch(3))).not.toEqual(second);
    expect(copies(trainingBatches(options({ seed: 2 })).epoch(2))).not.toEqual(second);
  });

  it('gives the same order with and without augmentation', () => {
    const plain = copies(trainingBatches(options({ augmentation: null })).epoch(0));
    const changed = copies(trainingBatches(options()).epoch(0));
    expect(changed.map((plan) => plan.indices)).toEqual(plain.map((plan) => plan.indices));
  });

  it('flips half of the images and draws every shift from -pad to pad alike', () => {
    const plans = copies(trainingBatches(options({ images: 128 * 400 })).epoch(0));
    const total = 128 * 400;
    const share = (values: number[], value: number): number =>
      values.filter((other) => other === value).length / total;
    // Five standard deviations of a share p over 51,200 draws are under 0.0112.
    expect(
      Math.abs(
        share(
          plans.flatMap((plan) => plan.flip!),
          1,
        ) - 0.5,
      ),
    ).toBeLessThan(0.0112);
    for (const shifts of [
      plans.flatMap((plan) => plan.shiftY!),
      plans.flatMap((plan) => plan.shiftX!),
    ]) {
      for (let shift = -4; shift <= 4; shift++)
        expect(Math.abs(share(shifts, shift) - 1 / 9)).toBeLessThan(0.0112);
    }
  });

  it('does only what the augmentation says', () => {
    const [plan] = copies(
      trainingBatches(options({ augmentation: { flip: false, pad: 0 } })).epoch(0),
    );
    expect([...new Set([...plan.flip!, ...plan.shiftY!, ...plan.shiftX!])]).toEqual([0]);
  });

  it('refills one set of arrays', () => {
    const [first, second] = [...trainingBatches(options()).epoch(0)];
    expect(second).toBe(first);
  });

  it('refuses a batch larger than the split', () => {
    expect(() => trainingBatches(options({ images: 100 }))).toThrow(UserError);
    expect(() => trainingBatches(options({ images: 100 }))).toThrow(
      'a batch of 128 needs at least 128 training images, there are 100',
    );
  });
});

describe('evaluationBatches', () => {
  it('gives every image once, in order, with a short last batch', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 64 }),
        (images, batch) => {
          const plans = copies(evaluationBatches(images, batch));
          expect(plans.flatMap((plan) => plan.indices)).toEqual(
            Array.from({ length: images }, (_, i) => i),
          );
          expect(plans.slice(0, -1).every((plan) => plan.indices.length === batch)).toBe(true);
          expect(plans.every((plan) => plan.flip === null)).toBe(true);
        },
      ),
    );
  });
});

describe('imageToNumbers', () => {
  interface Golden {
    shape: { channels: number; height: number; width: number };
    mean: number[];
    std: number[];
    images: number[];
    indices: number[];
    flip: number[];
    shiftY: number[];
    shiftX: number[];
    expected: number[][];
  }
  const golden = JSON.parse(
    readFileSync(new URL('../golden/data-images.json', import.meta.url), 'utf8'),
  ) as Golden;
  const split = { count: 6, images: Uint8Array.from(golden.images), labels: new Uint8Array(6) };

  it("mirrors, pads and crops as NumPy's flip, pad and slice do", () => {
    const plan = {
      indices: Int32Array.from(golden.indices),
      count: 5,
      flip: Uint8Array.from(golden.flip),
      shiftY: Int8Array.from(golden.shiftY),
      shiftX: Int8Array.from(golden.shiftX),
    };
    const found = imageToNumbers(golden, split, plan);
    const expected = golden.expected.flat();
    expect(found.length).toBe(expected.length);
    found.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 12));
  });

  it('only normalises without augmentation, and only the valid entries', () => {
    const plan = { indices: Int32Array.of(2, 0), count: 1, flip: null, shiftY: null, shiftX: null };
    const found = imageToNumbers(golden, split, plan);
    expect(found.length).toBe(60);
    found.forEach((value, i) =>
      expect(value).toBe(
        (golden.images[120 + i] - golden.mean[Math.floor(i / 20)]) / golden.std[Math.floor(i / 20)],
      ),
    );
  });
});
