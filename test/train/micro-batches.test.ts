import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageBatch } from '../../src/engine/types.js';
import { microBatches } from '../../src/train/micro-batches.js';
import { createMeter, EMPTY_METER } from '../../src/train/meter.js';

function batchOf(count: number, spare: number, augmented: boolean): ImageBatch {
  const list = (factor: number): number[] =>
    Array.from({ length: count + spare }, (_, i) => (factor * i) % 100);
  return {
    shape: { channels: 1, height: 1, width: 1 },
    images: new Uint8Array(1000),
    labels: new Uint8Array(1000),
    count,
    mean: [0],
    std: [1],
    indices: Int32Array.from(list(3)),
    flip: augmented ? Uint8Array.from(list(7)) : null,
    shiftY: augmented ? Int8Array.from(list(11)) : null,
    shiftX: augmented ? Int8Array.from(list(13)) : null,
  };
}

describe('microBatches', () => {
  it(
    'cuts a batch into pieces that hold each of its images once, in order, with its own ' +
      'changes',
    () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 100 }),
          fc.integer({ min: 1, max: 120 }),
          fc.nat(5),
          fc.boolean(),
          (count, size, spare, augmented) => {
            const batch = batchOf(count, spare, augmented);
            const pieces = [...microBatches(batch, size)];
            expect(pieces.map((piece) => piece.count)).toEqual(
              Array.from({ length: Math.ceil(count / size) }, (_, i) =>
                Math.min(size, count - i * size),
              ),
            );
            for (const key of ['indices', 'flip', 'shiftY', 'shiftX'] as const) {
              const joined = pieces.flatMap((piece) =>
                Array.from(piece[key] ?? []).slice(0, piece.count),
              );
              expect(joined).toEqual(Array.from(batch[key] ?? []).slice(0, count));
              expect(pieces.every((piece) => (piece[key] === null) === (batch[key] === null))).toBe(
                true,
              );
            }
            if (count <= size) expect(pieces[0]).toBe(batch);
          },
        ),
      );
    },
  );
});

describe('a meter', () => {
  it('gives means over samples, and the very same when it is stored and taken up', () => {
    const metrics = fc.record({
      loss: fc.double({ min: 0, max: 20, noNaN: true }),
      correct: fc.nat(8),
      correct5: fc.nat(8),
    });
    fc.assert(
      fc.property(fc.array(metrics, { minLength: 1, maxLength: 20 }), fc.nat(20), (batches, at) => {
        const whole = createMeter();
        batches.forEach((batch) => whole.add(batch, 8));
        const first = createMeter();
        batches.slice(0, at).forEach((batch) => first.add(batch, 8));
        const second = createMeter(JSON.parse(JSON.stringify(first.state())) as typeof EMPTY_METER);
        batches.slice(at).forEach((batch) => second.add(batch, 8));
        expect(second.means()).toEqual(whole.means());
        const mean = (of: (batch: (typeof batches)[number]) => number): number =>
          batches.reduce((sum, batch) => sum + of(batch), 0) / batches.length;
        expect(whole.means().loss).toBeCloseTo(
          mean((batch) => batch.loss),
          9,
        );
        expect(whole.means().error).toBeCloseTo(
          mean((batch) => 100 * (1 - batch.correct / 8)),
          9,
        );
        expect(whole.means().error5).toBeCloseTo(
          mean((batch) => 100 * (1 - batch.correct5 / 8)),
          9,
        );
      }),
    );
  });
});
