import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import turbo from '@cwasm/jpeg-turbo';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random/stream.js';
import {
  changeColours,
  drawColours,
  type ColourChange,
} from '../../../src/data-files/folder/colour.js';
import {
  cutForEvaluation,
  cutForTraining,
  cutMiddle,
  cutPart,
  drawCrop,
  type Crop,
  type Cut,
} from '../../../src/data-files/folder/crop.js';
import {
  openDecoder,
  UnreadablePicture,
  type Decoder,
} from '../../../src/data-files/folder/decoder.js';
import { createResampler } from '../../../src/data-files/folder/resample.js';
import { decodeSmall } from '../../../src/data-files/folder/small.js';
import { fileOf, pixelsOf, put } from './fixtures.js';

interface Golden {
  pictures: {
    width: number;
    height: number;
    bytes: number[];
    parts: { crop: Crop; size: number; expected: number[] }[];
    middles: { shorter: number; size: number; expected: number[] }[];
  }[];
  files: Record<string, { file: string; width: number; height: number; pixels: number[] }>;
}
const golden = JSON.parse(
  readFileSync(new URL('../../golden/data-pictures.json', import.meta.url), 'utf8'),
) as Golden;

function made({ view, target }: Cut): Uint8Array {
  const out = new Uint8Array(3 * target.size ** 2);
  createResampler().resample(view, target, out);
  return out;
}

describe('resample', () => {
  it('gives the bytes that Pillow gives', () => {
    for (const { width, height, bytes, parts, middles } of golden.pictures) {
      const picture = { width, height, bytes: Uint8Array.from(bytes) };
      for (const { crop, size, expected } of parts)
        expect(Array.from(made(cutPart(picture, crop, size)))).toEqual(expected);
      for (const { shorter, size, expected } of middles)
        expect(Array.from(made(cutMiddle(picture, shorter, size)))).toEqual(expected);
    }
  });

  it('only takes apart a picture that has its size', () => {
    const bytes = pixelsOf(9, 9, 1);
    const found = made(cutForEvaluation({ width: 9, height: 9, bytes }, 'shift', 9));
    found.forEach((byte, i) => expect(byte).toBe(bytes[3 * (i % 81) + Math.floor(i / 81)]));
  });

  it('keeps one colour one colour, whatever the sizes, and reads nothing outside the picture', () => {
    const side = fc.integer({ min: 1, max: 90 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('shift' as const, 'resized' as const),
        fc.nat(255),
        (width, height, size, crop, level) => {
          // Anything read from outside would be another colour.
          const bytes = new Uint8Array(3 * width * height + 300).fill(255 - level);
          bytes.fill(level, 0, 3 * width * height);
          const cut = cutForEvaluation({ width, height, bytes }, crop, size);
          expect(
            cut.target.left >= 0 &&
              cut.target.top >= 0 &&
              cut.target.left + size <= cut.target.width &&
              cut.target.top + size <= cut.target.height,
          ).toBe(true);
          expect(new Set(made(cut))).toEqual(new Set([level]));
        },
      ),
    );
  });
});

describe('drawCrop', () => {
  it('takes a part of 8 to 100 % of the area, of the ratio 3/4 to 4/3, anywhere', () => {
    const crops = Array.from({ length: 4000 }, (_, i) =>
      drawCrop({ width: 400, height: 300 }, new RandomStream('crop', i))!,
    );
    const areas = crops.map(({ width, height }) => (width * height) / 120_000);
    const ratios = crops.map(({ width, height }) => width / height);
    expect(
      crops.every(
        ({ left, top, width, height }) =>
          left >= 0 && top >= 0 && left + width <= 400 && top + height <= 300,
      ),
    ).toBe(true);
    expect(Math.min(...areas)).toBeLessThan(0.09);
    expect(Math.min(...areas)).toBeGreaterThan(0.078);
    expect(Math.max(...areas)).toBeGreaterThan(0.9);
    expect(Math.min(...ratios)).toBeGreaterThan(0.74);
    expect(Math.max(...ratios)).toBeLessThan(1.36);
    // Small parts are uniform in their place: the last offset occurs too.
    expect(
      crops.some(({ left, width }) => left + width === 400) && crops.some(({ left }) => left === 0),
    ).toBe(true);
  });

  it('falls back to the middle where no part fits', () => {
    const picture = { width: 400, height: 10, bytes: pixelsOf(400, 10, 2) };
    const draws = Array.from({ length: 300 }, (_, i) =>
      drawCrop(picture, new RandomStream('crop', i)),
    );
    expect(draws).toContain(null);
    const i = draws.indexOf(null);
    expect(cutForTraining(picture, 'resized', 16, () => new RandomStream('crop', i))).toEqual(
      cutMiddle(picture, 16, 16),
    );
  });

  it('works on the smallest pictures', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(),
        (width, height, seed) => {
          const crop = drawCrop({ width, height }, new RandomStream(seed));
          if (crop)
            expect(
              crop.width >= 1 &&
                crop.height >= 1 &&
                crop.left + crop.width <= width &&
                crop.top + crop.height <= height,
            ).toBe(true);
        },
      ),
    );
  });
});

describe('evaluation', () => {
  it('keeps 224 of 256 pixels of resized pictures', () => {
    const { target } = cutForEvaluation(
      { width: 500, height: 375, bytes: new Uint8Array(0) },
      'resized',
      224,
    );
    expect(target).toEqual({ width: 341, height: 256, left: 59, top: 16, size: 224 });
  });
});

describe('changeColours', () => {
  const none: ColourChange = { brightness: 1, contrast: 1, saturation: 1, shift: [0, 0, 0] };
  const image = Uint8Array.from({ length: 300 }, (_, i) => (i * 71) % 200);
  const changed = (change: Partial<ColourChange>): number[] => {
    const copy = image.slice();
    changeColours(copy, { ...none, ...change });
    return [...copy];
  };
  const grey = (r: number, g: number, b: number): number => 0.299 * r + 0.587 * g + 0.114 * b;
  const pixel = (i: number): [number, number, number] => [image[i], image[100 + i], image[200 + i]];

  it('does nothing, or one change as its definition says', () => {
    const greys = Array.from({ length: 100 }, (_, i) => grey(...pixel(i)));
    const mean = greys.reduce((a, b) => a + b) / 100;
    const bytes = (values: number[]): number[] =>
      values.map((value) => Math.min(255, Math.max(0, Math.round(value))));
    expect(changed({})).toEqual([...image]);
    expect(changed({ brightness: 1.5 })).toEqual(bytes([...image].map((byte) => 1.5 * byte)));
    expect(changed({ contrast: 0.5 })).toEqual(
      bytes([...image].map((byte) => 0.5 * byte + 0.5 * mean)),
    );
    expect(changed({ saturation: 0 })).toEqual(bytes([...greys, ...greys, ...greys]));
    expect(changed({ shift: [3, -7, 300] })).toEqual(
      bytes([...image].map((byte, i) => byte + [3, -7, 300][Math.floor(i / 100)])),
    );
  });

  it('does all of them one after the other, but for the rounding in between', () => {
    const change = { brightness: 1.1, contrast: 0.8, saturation: 1.2, shift: [4, -2, 1] as const };
    const copy = image.slice();
    for (const key of ['brightness', 'contrast', 'saturation', 'shift'] as const)
      changeColours(copy, { ...none, [key]: change[key] });
    changed(change).forEach((byte, i) => expect(Math.abs(byte - copy[i])).toBeLessThanOrEqual(2));
  });

  it('draws factors within the strength, and shifts along the principal axis of colours', () => {
    const draws = Array.from({ length: 3000 }, (_, i) =>
      drawColours({ jitter: 0.3, lighting: 0.1 }, new RandomStream('colour', i)),
    );
    for (const key of ['brightness', 'contrast', 'saturation'] as const) {
      const values = draws.map((draw) => draw[key]);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0.7);
      expect(Math.max(...values)).toBeLessThanOrEqual(1.3);
      expect(Math.abs(values.reduce((a, b) => a + b) / 3000 - 1)).toBeLessThan(0.02);
    }
    // Variance of red: 255^2 0.1^2 sum of (eigenvalue x component)^2.
    const variance = draws.reduce((sum, { shift }) => sum + shift[0] ** 2, 0) / 3000;
    const expected =
      25.5 ** 2 * ((0.2175 * 0.5675) ** 2 + (0.0188 * 0.7192) ** 2 + (0.0045 * 0.4009) ** 2);
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.13);
    expect(drawColours({ jitter: 0, lighting: 0 }, new RandomStream(1))).toEqual(none);
  });
});

describe('decoding', () => {
  let root: string;
  let decoder: Decoder;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'plexus-decode-'));
    decoder = await openDecoder();
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(Object.keys(golden.files))("gives Pillow's pixels: %s", async (name) => {
    const { file, width, height, pixels } = golden.files[name];
    const path = join(root, 'any.jpg');
    put(path, Buffer.from(file, 'base64'));
    const found = await decoder.decode(path);
    expect([found.width, found.height]).toEqual([width, height]);
    expect(await decoder.size(path)).toEqual({ width, height });
    expect(found.bytes.length).toBe(pixels.length);
    // Lossless ones exactly; of JPEG two decoders may round differently.
    const most = name.startsWith('jpeg') ? 2 : 0;
    expect(
      Math.max(...found.bytes.map((byte, i) => Math.abs(byte - pixels[i]))),
    ).toBeLessThanOrEqual(most);
  });

  it('gives the same bytes for small files as sharp does', async () => {
    const decodeJpeg = (bytes: Uint8Array) => turbo.decode(bytes);
    for (const [name, { file }] of Object.entries(golden.files)) {
      const bytes = Buffer.from(file, 'base64');
      const small = decodeSmall(bytes, decodeJpeg);
      const usual = !/turned|palette|bit|webp|cmyk|ycck/.test(name);
      expect([name, small !== null]).toEqual([name, usual]);
      if (small === null) continue;
      const expected = await sharp(bytes)
        .toColourspace('srgb')
        .removeAlpha()
        .raw({ depth: 'uchar' })
        .toBuffer();
      expect(Buffer.compare(Buffer.from(small.bytes), expected)).toBe(0);
    }
  });

  it('converts CMYK and 16 bits', async () => {
    const base = sharp(pixelsOf(20, 10, 3), { raw: { width: 20, height: 10, channels: 3 } });
    for (const bytes of [
      await base.clone().toColourspace('cmyk').jpeg().toBuffer(),
      await base.clone().toColourspace('rgb16').png().toBuffer(),
    ]) {
      const path = join(root, 'other.jpg');
      put(path, bytes);
      expect(await decoder.decode(path)).toMatchObject({
        width: 20,
        height: 10,
        bytes: { length: 600 },
      });
    }
  });

  it('takes inks by their numbers, whatever colour profile is in the file', async () => {
    const plain = Buffer.from(golden.files['jpeg cmyk'].file, 'base64');
    const other = sharp(pixelsOf(8, 8, 1), { raw: { width: 8, height: 8, channels: 3 } });
    const { icc } = await sharp(await other.withIccProfile('cmyk').jpeg().toBuffer()).metadata();
    const size = 65_000;
    const count = Math.ceil(icc!.length / size);
    const segments = Array.from({ length: count }, (_, i) => {
      const part = icc!.subarray(i * size, (i + 1) * size);
      const head = Buffer.from([0xff, 0xe2, 0, 0]);
      head.writeUInt16BE(part.length + 16, 2);
      return Buffer.concat([head, Buffer.from(`ICC_PROFILE\0`), Buffer.from([i + 1, count]), part]);
    });
    const profiled = Buffer.concat([plain.subarray(0, 2), ...segments, plain.subarray(2)]);
    expect(await sharp(profiled).metadata()).toMatchObject({ space: 'cmyk', hasProfile: true });
    const path = join(root, 'inks.jpg');
    expect(await decoder.decode(path, profiled)).toEqual(await decoder.decode(path, plain));
  });

  it('refuses every file that is cut off, and what is no picture', async () => {
    const path = join(root, 'cut.jpg');
    for (const kind of ['jpg', 'png', 'webp'] as const) {
      const bytes = await fileOf(24, 20, 5, kind);
      for (let cut = 0; cut < bytes.length; cut += kind === 'jpg' ? 7 : 41)
        await expect(decoder.decode(path, bytes.subarray(0, cut))).rejects.toThrow(
          UnreadablePicture,
        );
      await expect(decoder.decode(path, bytes)).resolves.toMatchObject({ width: 24, height: 20 });
    }
    await expect(decoder.decode(path, Buffer.from('no picture at all'))).rejects.toThrow(
      UnreadablePicture,
    );
  });

  it('never breaks on damaged bytes: a picture or UnreadablePicture', async () => {
    const files = [await fileOf(16, 12, 1, 'jpg'), await fileOf(16, 12, 1, 'png')];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (file, changes) => {
          const bytes = Buffer.from(file);
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          const found = await decoder.decode('damaged.jpg', bytes).catch((error: unknown) => error);
          if (found instanceof Error) expect(found).toBeInstanceOf(UnreadablePicture);
          else expect(found).toHaveProperty('bytes');
        },
      ),
      { numRuns: 150 },
    );
  });

  it('leaves errors of the system what they are', async () => {
    await expect(decoder.decode(join(root, 'gone.jpg'))).rejects.toThrow(
      /cannot read .*gone\.jpg: no such file/,
    );
  });
});
