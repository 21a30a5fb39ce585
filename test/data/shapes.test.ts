import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/platform/hash.js';
import { drawShapes, shapeClasses } from '../../src/data/shapes.js';
import { normalisation } from '../../src/data/shapes/difficulty.js';
import { outlines } from '../../src/data/shapes/outlines.js';

/**
 * Hashes of drawings as they were when the data set was fixed: renewed only when it is changed on
 * purpose.
 */
const golden = JSON.parse(
  readFileSync(new URL('../golden/data-shapes.json', import.meta.url), 'utf8'),
) as {
  drawings: {
    split: 'train' | 'test';
    count: number;
    size: number;
    seed: number;
    images: string;
  }[];
};

describe('drawShapes', () => {
  it.each(golden.drawings)(
    'draws the same for ever: $split, $count of size $size, seed $seed',
    ({ split, count, size, seed, images }) => {
      expect(sha256Hex(drawShapes(split, count, size, seed).images)).toBe(images);
    },
  );

  it('draws picture i the same however many are drawn', () => {
    const few = drawShapes('train', 7, 32, 3);
    const many = drawShapes('train', 30, 32, 3);
    expect(Buffer.compare(few.images, many.images.subarray(0, few.images.length))).toBe(0);
  });

  it('gives every picture, split and seed a drawing of its own', () => {
    const all = [
      drawShapes('train', 20, 20, 1),
      drawShapes('test', 20, 20, 1),
      drawShapes('train', 20, 20, 2),
    ];
    const hashes = all.flatMap(({ images }) =>
      Array.from({ length: 20 }, (_, i) => sha256Hex(images.subarray(i * 1200, (i + 1) * 1200))),
    );
    expect(new Set(hashes).size).toBe(60);
  });

  it('has as many of every class, in shared memory of the right size', () => {
    const { count, images, labels } = drawShapes('test', 50, 24, 1);
    expect([count, images.length]).toEqual([50, 50 * 3 * 24 * 24]);
    expect(images.buffer).toBeInstanceOf(SharedArrayBuffer);
    for (let label = 0; label < 10; label++)
      expect(labels.filter((other) => other === label).length).toBe(5);
  });

  it('has the mean and deviation that it is normalised by', () => {
    const { count, images } = drawShapes('train', 4000, 32, 11);
    for (let channel = 0; channel < 3; channel++) {
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < count; i++) {
        for (const byte of images.subarray(
          (3 * i + channel) * 1024,
          (3 * i + channel + 1) * 1024,
        )) {
          sum += byte;
          squares += byte * byte;
        }
      }
      const mean = sum / (count * 1024);
      expect(Math.abs(mean - normalisation.mean[channel])).toBeLessThan(2);
      expect(
        Math.abs(Math.sqrt(squares / (count * 1024) - mean * mean) - normalisation.std[channel]),
      ).toBeLessThan(1.5);
    }
  });

  it('does not give the class away by its colour: the mean of the middle is alike for all', () => {
    const { count, images, labels } = drawShapes('train', 4000, 32, 5);
    const tint = Array.from({ length: 10 }, () => [0, 0, 0]);
    for (let i = 0; i < count; i++) {
      const middle = [0, 1, 2].map((channel) => images[(3 * i + channel) * 1024 + 16 * 32 + 16]);
      const grey = (middle[0] + middle[1] + middle[2]) / 3;
      middle.forEach((byte, channel) => (tint[labels[i]][channel] += (byte - grey) / 400));
    }
    // A tint's deviation is about 30 per picture, hence 1.5 over 400.
    for (const colour of tint)
      for (const channel of colour) expect(Math.abs(channel)).toBeLessThan(7.5);
  });
});

describe('outlines', () => {
  const GRID = 201;
  const at = (i: number): number => (2.2 * i) / (GRID - 1) - 1.1;

  it('has ten classes of different names', () => {
    expect(shapeClasses.length).toBe(10);
    expect(new Set(shapeClasses).size).toBe(10);
  });

  it.each(outlines.map(({ name, distance }) => ({ name, distance })))(
    '$name fits the unit disc, and its distance is never more than the way',
    ({ distance }) => {
      let [inside, reach, steepest] = [0, 0, 0];
      for (let i = 0; i < GRID; i++) {
        for (let j = 1; j < GRID; j++) {
          const here = distance(at(j), at(i));
          if (here < -0.02) {
            inside += 1;
            reach = Math.max(reach, Math.hypot(at(j), at(i)));
          }
          steepest = Math.max(steepest, Math.abs(here - distance(at(j - 1), at(i))));
        }
      }
      expect(reach).toBeLessThan(1.03);
      expect(steepest).toBeLessThanOrEqual(at(1) - at(0) + 1e-9);
      // Between a fifth and all of the disc, in cells of the grid.
      const disc = Math.PI / (at(1) - at(0)) ** 2;
      expect(inside / disc).toBeGreaterThan(0.2);
      expect(inside / disc).toBeLessThan(1);
    },
  );

  /**
   * Share of the pixels at which two outlines differ, at the best of 72 rotations, mirrored or not.
   */
  function difference(
    a: (typeof outlines)[number],
    b: (typeof outlines)[number],
    scale: number,
  ): number {
    let least = 1;
    for (let turn = 0; turn < 144; turn++) {
      const [cosine, sine] = [Math.cos((turn * Math.PI) / 36), Math.sin((turn * Math.PI) / 36)];
      const mirror = turn < 72 ? 1 : -1;
      let different = 0;
      let either = 0;
      for (let y = -1; y <= 1; y += 0.1) {
        for (let x = -1; x <= 1; x += 0.1) {
          const first = a.distance(x, y) < 0;
          const second =
            b.distance(
              (mirror * (x * cosine + y * sine)) / scale,
              (y * cosine - x * sine) / scale,
            ) < 0;
          either += Number(first || second);
          different += Number(first !== second);
        }
      }
      least = Math.min(least, different / either);
    }
    return least;
  }

  it('has no two that are alike under rotation, mirroring and scaling', () => {
    for (let i = 0; i < outlines.length; i++) {
      for (let j = 0; j < i; j++) {
        for (const scale of [0.85, 1, 1.15])
          expect(
            difference(outlines[i], outlines[j], scale),
            `${outlines[i].name}, ${outlines[j].name}`,
          ).toBeGreaterThan(0.1);
      }
    }
  });
});
