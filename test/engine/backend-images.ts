import { expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import { compile } from '../../src/engine/compile.js';
import type { Backend, ImageBatch } from '../../src/engine/types.js';
import { expectClose } from './agreement.js';
import { chain, randomise } from './networks.js';

const SHAPE = { channels: 3, height: 5, width: 7 };
const SIZE = 3 * 5 * 7;
const HELD = 11;

function imageBatch(count: number, augmented: boolean, random: RandomStream): ImageBatch {
  const list = (draw: () => number): number[] => Array.from({ length: count + 2 }, draw);
  return {
    shape: SHAPE,
    images: Uint8Array.from({ length: HELD * SIZE }, () => random.below(256)),
    labels: Uint8Array.from({ length: HELD }, () => random.below(4)),
    indices: Int32Array.from(list(() => random.below(HELD))),
    count,
    mean: [125.3, 100, 0],
    std: [63, 50, 255],
    flip: augmented ? Uint8Array.from(list(() => random.below(2))) : null,
    shiftY: augmented ? Int8Array.from(list(() => random.below(9) - 4)) : null,
    shiftX: augmented ? Int8Array.from(list(() => random.below(9) - 4)) : null,
  };
}

/**
 * The batch worked out another way round than the backends do: mirror, pad, crop on a larger
 * canvas.
 */
function worked(batch: ImageBatch): { samples: Float64Array; labels: number[] } {
  const pad = 8;
  const { height, width } = SHAPE;
  const samples = new Float64Array(batch.count * SIZE);
  const labels: number[] = [];
  for (let s = 0; s < batch.count; s++) {
    const index = batch.indices[s];
    labels.push(batch.labels[index]);
    for (let c = 0; c < 3; c++) {
      const canvas = Array.from(
        { length: height + 2 * pad },
        () => new Float64Array(width + 2 * pad),
      );
      for (let r = 0; r < height; r++) {
        const start = index * SIZE + (c * height + r) * width;
        const row = Array.from(
          batch.images.subarray(start, start + width),
          (byte) => (byte - batch.mean[c]) / batch.std[c],
        );
        if (batch.flip?.[s] === 1) row.reverse();
        canvas[pad + r].set(row, pad);
      }
      for (let r = 0; r < height; r++) {
        const left = pad + (batch.shiftX?.[s] ?? 0);
        samples.set(
          canvas[pad + r + (batch.shiftY?.[s] ?? 0)].subarray(left, left + width),
          s * SIZE + (c * height + r) * width,
        );
      }
    }
  }
  return { samples, labels };
}

/** Byte images enter as the same numbers worked out by hand. */
export function backendImages(backend: Backend): void {
  it.each([
    [16, 16, true],
    [16, 9, true],
    [23, 19, true],
    [8, 8, false],
    [1, 1, true],
  ])('batch %i with %i images, augmented %s', async (batch, count, augmented) => {
    const random = new RandomStream('images', batch, count);
    // One logit per pixel through the identity shows the input itself.
    const program = compile(chain(SHAPE, [{ linear: SIZE }]), { batch });
    const executable = await backend.prepare(program);
    executable.upload(
      'linear0.weight',
      Float32Array.from({ length: SIZE * SIZE }, (_, i) => (i % (SIZE + 1) === 0 ? 1 : 0)),
    );
    const images = imageBatch(count, augmented, random);
    executable.inputImages(images);
    executable.dispatch('evaluate');
    expectClose(
      await executable.logits(),
      worked(images).samples,
      { atol: 1e-6, rtol: 1e-6 },
      'pixel',
    );
  });

  it('images and the same batch as numbers train alike', async () => {
    const random = new RandomStream('images as numbers');
    const program = compile(
      chain(SHAPE, [{ linear: 9 }, 'bn', 'relu', { linear: 4, bias: true }]),
      { batch: 12 },
    );
    const [bytes, numbers] = [await backend.prepare(program), await backend.prepare(program)];
    randomise([bytes, numbers], random);
    const images = imageBatch(10, true, random);
    const { samples, labels } = worked(images);
    bytes.inputImages(images);
    numbers.input(samples, labels, 10);
    for (const one of [bytes, numbers])
      one.dispatch('step', { learningRate: 0.1, momentum: 0.9, weightDecay: 0 });
    expect((await bytes.metrics()).correct).toBe((await numbers.metrics()).correct);
    for (const { name } of program.parameters)
      expectClose(
        await bytes.read(name),
        await numbers.read(name),
        { atol: 1e-5, rtol: 1e-4 },
        name,
      );
  });

  it('refuses images, indices and labels that do not fit', async () => {
    const executable = await backend.prepare(compile(chain(SHAPE, [{ linear: 4 }]), { batch: 4 }));
    const good = imageBatch(4, true, new RandomStream('mistakes'));
    const refused =
      (change: Partial<ImageBatch>): (() => void) =>
      () =>
        executable.inputImages({ ...good, ...change });
    expect(refused({ shape: { channels: 3, height: 7, width: 5 } })).toThrow(
      'takes images of 3x5x7, got 3x7x5',
    );
    expect(refused({ count: 5 })).toThrow('1 to 4 samples at a time, got 5');
    expect(refused({ indices: Int32Array.of(0, 1, 2, HELD) })).toThrow(
      `from 0 to ${HELD - 1}, got ${HELD}`,
    );
    expect(refused({ flip: Uint8Array.of(1) })).toThrow('4 indices and transforms, got 1');
    expect(refused({ labels: new Uint8Array(HELD).fill(4) })).toThrow(
      'a label must be a whole number from 0 to 3, got 4',
    );
    expect(refused({ mean: [1] })).toThrow('3 means and deviations, got 1 and 3');
  });
}
