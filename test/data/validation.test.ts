import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/data-files/index.js';
import { heldOut } from '../../src/data/validation.js';

const SPEC = { name: 'shapes', train: 200, test: 20, size: 16 } as const;

describe('validation images', () => {
  it('are drawn class by class from the seed, and leave the rest in its order', async () => {
    const whole = await loadDataset(SPEC);
    const held = await loadDataset({ ...SPEC, validation: 50 });
    const again = await loadDataset({ ...SPEC, validation: 50 });
    const { train, validation } = held;
    expect([train.count, validation?.count, held.test.count]).toEqual([150, 50, 20]);
    const counts = Array.from({ length: 10 }, () => 0);
    for (const label of validation!.labels) counts[label]++;
    expect(counts).toEqual(Array.from({ length: 10 }, () => 5));
    expect(again.validation!.images).toEqual(validation!.images);
    const bytes = 3 * 16 * 16;
    const images = ({ images: all }: typeof train): string[] =>
      Array.from({ length: all.length / bytes }, (_, i) =>
        Buffer.from(all.subarray(i * bytes, (i + 1) * bytes)).toString('base64'),
      );
    const parts = new Set([...images(train), ...images(validation!)]);
    expect(parts).toEqual(new Set(images(whole.train)));
    const order = images(whole.train);
    const places = images(train).map((image) => order.indexOf(image));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('are in the identity, which is as it was where there are none', async () => {
    const none = await loadDataset({ ...SPEC, validation: 0 });
    expect(none.identity).toBe((await loadDataset(SPEC)).identity);
    expect((await loadDataset({ ...SPEC, validation: 50 })).identity).toContain(' validation=50 ');
  });

  it('auto is a tenth where that is 100 or more, and too many are refused', () => {
    expect(heldOut({ validation: 'auto' }, 50_000)).toBe(5000);
    expect(heldOut({ validation: 'auto' }, 999)).toBe(0);
    expect(() => heldOut({ validation: 10 }, 10)).toThrow(/fewer/);
  });
});
