import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { readIdxDirectory } from '../../src/data-files/arrays/idx.js';
import { parseIdx } from '../../src/data-formats/idx.js';
import { readNpzFile } from '../../src/data-files/npz.js';
import { copyImages, layoutOf } from '../../src/data-formats/strided.js';
import { loadDataset } from '../../src/public/data.js';
import { channelSums } from '../../src/data/normalise.js';
import { put } from './folder/fixtures.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plexus-arrays-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Bytes of an IDX file. */
function idx(sizes: readonly number[], values: ArrayLike<number>, type = 8): Uint8Array {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head[2] = type;
  head[3] = sizes.length;
  sizes.forEach((size, i) => head.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([head, Uint8Array.from(values)]);
}

/** A .npy file in C order. */
function npy(sizes: readonly number[], values: ArrayLike<number>, dtype = '|u1'): Uint8Array {
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${sizes.join(', ')},), }`;
  const head = Buffer.from(`\u0093NUMPY\u0001\0..${text.padEnd(117)}\n`, 'latin1');
  head.writeUInt16LE(118, 8);
  return Buffer.concat([head, Uint8Array.from(values)]);
}

const counting = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => (i * 37) % 256);

describe('copyImages', () => {
  const sizes = fc.tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.constantFrom(1, 3),
    fc.integer({ min: 4, max: 9 }),
    fc.integer({ min: 4, max: 9 }),
  );

  it('puts images of every order of dimensions into planes', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.constantFrom('by-row' as const, 'by-column' as const),
        fc.boolean(),
        fc.nat(20),
        ([n, channels, height, width], order, last, start) => {
          const shape = last ? [n, height, width, channels] : [n, channels, height, width];
          const layout = layoutOf(shape, start, order)!;
          expect(layout.shape).toEqual({ channels, height, width });
          const strides = shape.map((_, axis) =>
            (order === 'by-row' ? shape.slice(axis + 1) : shape.slice(0, axis)).reduce(
              (a, b) => a * b,
              1,
            ),
          );
          const bytes = Uint8Array.from(
            { length: start + n * channels * height * width },
            (_, i) => (i * 101 + (i >> 3)) & 255,
          );
          const found = new Uint8Array(n * channels * height * width);
          copyImages(bytes, layout, found, n);
          const expected: number[] = [];
          for (let i = 0; i < n; i++)
            for (let c = 0; c < channels; c++)
              for (let y = 0; y < height; y++)
                for (let x = 0; x < width; x++) {
                  const place = last ? [i, y, x, c] : [i, c, y, x];
                  expected.push(
                    bytes[start + place.reduce((sum, at, axis) => sum + at * strides[axis], 0)],
                  );
                }
          expect(Array.from(found)).toEqual(expected);
        },
      ),
    );
  });

  it('takes grey images without a dimension of channels, and nothing ambiguous', () => {
    expect(layoutOf([5, 28, 28], 16, 'by-row')).toMatchObject({
      shape: { channels: 1, height: 28, width: 28 },
      start: 16,
      image: 784,
    });
    for (const wrong of [
      [5],
      [5, 784],
      [5, 3, 9, 3],
      [5, 1, 9, 3],
      [5, 2, 9, 9],
      [5, 9, 9, 4],
      [0, 28, 28],
      [5, 0, 28],
      [1, 2, 3, 4, 5],
    ])
      expect(layoutOf(wrong, 0, 'by-row')).toBe(null);
  });
});

describe('channelSums', () => {
  it('has the mean and the deviation of every channel, and no deviation of 0', () => {
    const image = fc.uint8Array({ minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(image, { minLength: 1, maxLength: 6 }), (images) => {
        const sums = channelSums({ channels: 3, height: 2, width: 2 });
        images.forEach((each) => sums.add(each));
        const { mean, std } = sums.normalisation();
        for (let c = 0; c < 3; c++) {
          const values = images.flatMap((each) => [...each.subarray(4 * c, 4 * c + 4)]);
          const average = values.reduce((a, b) => a + b) / values.length;
          const deviation = Math.sqrt(
            values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length,
          );
          expect(Math.abs(mean[c] - average)).toBeLessThan(0.0051);
          expect(Math.abs(std[c] - (deviation < 0.005 ? 1 : deviation))).toBeLessThan(0.0052);
        }
      }),
    );
  });
});

describe('parseIdx', () => {
  it('reads what was written, of any number of dimensions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 5 }),
        (sizes) => {
          const count = sizes.reduce((a, b) => a * b, 1);
          const array = parseIdx(idx(sizes, counting(count)), 'f');
          expect([array.sizes, array.type, Array.from(array.bytes.subarray(array.start))]).toEqual([
            sizes,
            'uint8',
            counting(count),
          ]);
        },
      ),
    );
  });

  it('refuses every file that is cut off or longer, and says where', () => {
    const bytes = idx([3, 2, 2], counting(12));
    for (let cut = 0; cut < bytes.length; cut++)
      expect(() => parseIdx(bytes.subarray(0, cut), 'f')).toThrow(
        /^f, byte \d+: .*; copy or download the file again$/,
      );
    expect(() => parseIdx(bytes.subarray(0, 20), '/d/f')).toThrow(
      '/d/f, byte 20: 3x2x2 numbers of type uint8 take 12 bytes after the head, got 4',
    );
    expect(() => parseIdx(Buffer.concat([bytes, Buffer.of(0)]), 'f')).toThrow(
      'byte 29: 3x2x2 numbers of type uint8 take 12 bytes after the head, got 13',
    );
    expect(() => parseIdx(Buffer.from('GIF89a'), 'f')).toThrow(
      'f, byte 0: an IDX file starts with two zero bytes and a type (8 for bytes), got 71 73 70 56',
    );
  });

  it('reads or refuses any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (bytes, likely) => {
        if (likely) bytes.set([0, 0, 8, 1].slice(0, bytes.length));
        try {
          const { sizes, start } = parseIdx(bytes, 'f');
          expect(sizes.length).toBeGreaterThan(0);
          expect(start).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});

/** Writes the four files of a small data set: six training images, three for tests. */
function writeIdx({ gz = false, prefix = '', dots = false, channels = 0 } = {}): void {
  const file = (split: string, what: string, dimensions: number): string =>
    join(
      root,
      `${prefix}${split}-${what}${dots ? '.' : '-'}idx${dimensions}-ubyte${gz ? '.gz' : ''}`,
    );
  const write = (path: string, bytes: Uint8Array): void => put(path, gz ? gzipSync(bytes) : bytes);
  const sides = channels === 0 ? [8, 9] : [8, 9, channels];
  for (const [split, count] of [
    ['train', 6],
    [prefix === '' ? 't10k' : 'test', 3],
  ] as const) {
    write(
      file(split, 'images', sides.length + 1),
      idx([count, ...sides], counting(count * 72 * Math.max(1, channels))),
    );
    write(
      file(split, 'labels', 1),
      idx(
        [count],
        Array.from({ length: count }, (_, i) => i % 3),
      ),
    );
  }
}

describe('a directory of IDX files', () => {
  it('is a data set, packed or not, under any of the usual names', async () => {
    const identities = new Set<string>();
    for (const form of [
      {},
      { gz: true },
      { dots: true },
      { prefix: 'emnist-letters-', gz: true },
    ]) {
      rmSync(root, { recursive: true });
      writeIdx(form);
      const data = await loadDataset({ name: 'idx', path: root });
      expect(data).toMatchObject({
        name: 'idx',
        classes: ['0', '1', '2'],
        shape: { channels: 1, height: 8, width: 9 },
        augmentation: { flip: false, pad: 1 },
        train: { count: 6 },
        test: { count: 3 },
      });
      expect(Array.from(data.train.images)).toEqual(counting(432));
      expect(Array.from(data.train.labels)).toEqual([0, 1, 2, 0, 1, 2]);
      expect(data.identity).toMatch(
        /^idx train=6 test=3 flip=false mean=[\d.]+ std=[\d.]+ sha256=[0-9a-f]{16}$/,
      );
      identities.add(data.identity);
    }
    expect(identities.size).toBe(1);
  });

  it('may have colours, be used in part, and be mirrored', async () => {
    writeIdx({ channels: 3 });
    const data = await loadDataset({ name: 'idx', path: root, train: 4, test: 1, flip: true });
    expect(data).toMatchObject({
      shape: { channels: 3, height: 8, width: 9 },
      mean: { length: 3 },
      augmentation: { flip: true },
      train: { count: 4, images: { length: 864 } },
      test: { count: 1 },
    });
    await expect(loadDataset({ name: 'idx', path: root, train: 7 })).rejects.toThrow(
      /train-images-idx4-ubyte holds 6 images, 7 were asked for/,
    );
  });

  it('may have labels of 32 and 16 bits', () => {
    writeIdx();
    put(
      join(root, 'train-labels-idx1-ubyte'),
      idx(
        [6],
        [0, 1, 2, 3, 4, 300].flatMap((label) => [0, 0, label >> 8, label & 255]),
        12,
      ),
    );
    put(
      join(root, 't10k-labels-idx1-ubyte'),
      idx(
        [3],
        [1, 2, 300].flatMap((label) => [label >> 8, label & 255]),
        11,
      ),
    );
    const { train, test } = readIdxDirectory(root);
    expect([Array.from(train.labels), Array.from(test.labels)]).toEqual([
      [0, 1, 2, 3, 4, 300],
      [1, 2, 300],
    ]);
    put(join(root, 't10k-labels-idx1-ubyte'), idx([3], [0, 1, 255, 255, 0, 1], 11));
    expect(() => readIdxDirectory(root)).toThrow(
      /t10k-labels-idx1-ubyte, byte 10: labels are class numbers from 0, got -1/,
    );
  });

  const wrong: [string, () => void, RegExp][] = [
    [
      'a missing file',
      () => rmSync(join(root, 't10k-labels-idx1-ubyte')),
      /has no file such as t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte\.gz; put the four files/,
    ],
    [
      'two data sets',
      () => writeIdx({ prefix: 'emnist-digits-' }),
      /must hold one data set, but has emnist-digits-train-images-idx3-ubyte and train-images-idx3-ubyte; put each into a directory of its own/,
    ],
    [
      'labels as images',
      () => put(join(root, 'train-images-idx3-ubyte'), idx([6], counting(6))),
      /images must be bytes \(uint8\) of the sizes count x height x width, .* got 6 of type uint8; save them so/,
    ],
    [
      'images as labels',
      () => put(join(root, 'train-labels-idx1-ubyte'), idx([6, 1, 1], counting(6))),
      /labels must have one dimension, got 6x1x1; is it a file of labels\?/,
    ],
    [
      'another number of labels',
      () => put(join(root, 'train-labels-idx1-ubyte'), idx([5], counting(5))),
      /got 6 images in .*train-images-idx3-ubyte and 5 labels in .*train-labels-idx1-ubyte; use files that belong together/,
    ],
    [
      'real numbers',
      () => put(join(root, 'train-images-idx3-ubyte'), idx([6, 1, 1], counting(24), 13)),
      /got 6x1x1 of type float32; save them so/,
    ],
    [
      'real labels',
      () => put(join(root, 'train-labels-idx1-ubyte'), idx([6], counting(24), 13)),
      /labels must be of type uint8, int16 or int32, got float32/,
    ],
    [
      'a damaged archive',
      () =>
        put(
          join(root, 'train-images-idx3-ubyte'),
          gzipSync(idx([6, 8, 9], counting(432))).subarray(0, 60),
        ),
      /train-images-idx3-ubyte cannot be unfolded: /,
    ],
    [
      'other sizes in the splits',
      () => put(join(root, 't10k-images-idx3-ubyte'), idx([3, 9, 8], counting(216))),
      /the images of both splits must have one size, got 1x8x9 in .*train-images-idx3-ubyte and 1x9x8 in .*t10k-images-idx3-ubyte; scale one of them/,
    ],
    [
      'one class',
      () =>
        ['train', 't10k'].forEach((split, i) =>
          put(
            join(root, `${split}-labels-idx1-ubyte`),
            idx([6 - 3 * i], [0, 0, 0, 0, 0, 0].slice(3 * i)),
          ),
        ),
      /there must be at least two classes, but every label is 0/,
    ],
  ];
  it.each(wrong)('refuses %s', async (_, change, message) => {
    writeIdx();
    change();
    await expect(loadDataset({ name: 'idx', path: root })).rejects.toThrow(UserError);
    await expect(loadDataset({ name: 'idx', path: root })).rejects.toThrow(message);
  });

  it('must exist', async () => {
    await expect(loadDataset({ name: 'idx', path: join(root, 'gone') })).rejects.toThrow(
      /cannot read .*gone: no such file or directory/,
    );
  });
});

describe('a .npz file', () => {
  interface Golden {
    readonly file: string;
    readonly shape: number[];
    readonly train: number[];
    readonly test: number[];
    readonly labels: number[];
  }
  const golden = JSON.parse(
    readFileSync(new URL('../golden/data-arrays.json', import.meta.url), 'utf8'),
  ) as Record<string, Golden>;

  it.each(Object.keys(golden))('of NumPy is a data set: %s', async (name) => {
    const { file, shape, train, test, labels } = golden[name];
    const path = join(root, 'some.npz');
    put(path, Buffer.from(file, 'base64'));
    const data = await loadDataset({ name: 'npz', path });
    expect([data.shape.channels, data.shape.height, data.shape.width]).toEqual(shape);
    expect([Array.from(data.train.images), Array.from(data.test.images)]).toEqual([train, test]);
    expect([...data.train.labels, ...data.test.labels]).toEqual(labels);
    expect(data).toMatchObject({
      name: 'npz',
      classes: ['0', '1', '2', '3'],
      augmentation: { flip: false, pad: 1 },
    });
  });

  /** An archive of a small data set, with changes. */
  function archive(changes: Record<string, Uint8Array | null> = {}): string {
    const usual: Record<string, Uint8Array | null> = {
      x_train: npy([4, 8, 8], counting(256)),
      y_train: npy([4], [0, 1, 0, 1]),
      x_test: npy([2, 8, 8], counting(128)),
      y_test: npy([2], [1, 0]),
      ...changes,
    };
    const path = join(root, 'data.npz');
    put(
      path,
      zipSync(
        Object.fromEntries(
          Object.entries(usual).flatMap(([name, bytes]) => (bytes ? [[`${name}.npy`, bytes]] : [])),
        ),
      ),
    );
    return path;
  }

  it('may have labels in a column, mirrored images, and arrays that are passed over', async () => {
    const path = archive({
      y_train: npy([4, 1], [0, 1, 0, 1]),
      x_val: npy([1], [1]),
      notes: Buffer.from('no array at all'),
    });
    expect(await loadDataset({ name: 'npz', path, flip: true, train: 3 })).toMatchObject({
      train: { count: 3 },
      augmentation: { flip: true, pad: 1 },
      classes: ['0', '1'],
    });
  });

  it.each([
    [
      'begin at 1',
      [1, 2, 1, 2],
      [2, 1],
      /^the labels of x_train in .*data\.npz begin at 1, .*labels - 1/,
    ],
    [
      'have gaps',
      [0, 3, 0, 3],
      [3, 0],
      /^2 of 4 classes have no image in x_train .*: 1, 2; number/,
    ],
    ['of many gaps', [0, 9, 0, 9], [9, 0], /^8 of 10 classes .*: 1, 2, 3, 4, 5 and 3 more; number/],
    ['lack in training alone', [0, 1, 0, 1], [2, 1], /^1 of 3 classes .*: 2; number the classes/],
  ] as const)('whose labels %s are taken, with a warning', async (_, train, test, warning) => {
    const path = archive({ y_train: npy([4], train), y_test: npy([2], test) });
    const { warnings, train: taken } = await loadDataset({ name: 'npz', path });
    expect(warnings).toEqual([expect.stringMatching(warning)]);
    expect([...taken.labels]).toEqual(train);
    const usual = await loadDataset({ name: 'npz', path: archive() });
    expect(usual.warnings).toEqual([]);
  });

  const wrong: [string, Record<string, Uint8Array | null>, RegExp][] = [
    [
      'a missing array',
      { y_train: null },
      /data\.npz, the archive: it must hold an array y_train \(or train_labels, train_y\), got x_train, x_test, y_test; save it with numpy\.savez/,
    ],
    [
      'real numbers',
      { x_train: npy([4, 1, 1], counting(16), '<f4') },
      /data\.npz: x_train must be images of bytes \(uint8\) .*, got 4x1x1 <f4; save them so, pixels from 0 to 255/,
    ],
    ['flat images', { x_train: npy([4, 64], counting(256)) }, /got 4x64 \|u1; save them so/],
    [
      'one-hot labels',
      { y_train: npy([4, 2], [1, 0, 0, 1, 1, 0, 0, 1]) },
      /y_train must be a list of integers, the classes of the images, got 4x2 \|u1; of one row for each class \(one-hot\) save numpy\.argmax\(labels, axis=1\)/,
    ],
    [
      'real labels',
      { y_train: npy([4], counting(16), '<f4') },
      /y_train must be a list of integers, .* got 4 <f4; of whole numbers save labels\.astype\(int\)$/,
    ],
    [
      'names as labels',
      { y_train: npy([4], counting(48), '<U3') },
      /got 4 <U3; of names save numpy\.unique\(labels, return_inverse=True\)\[1\]$/,
    ],
    [
      'names of bytes as labels',
      { y_test: npy([2], counting(6), '|S3') },
      /y_test must be a list of integers, .*; of names save numpy\.unique/,
    ],
    [
      'too few labels',
      { y_train: npy([3], [0, 1, 0]) },
      /got 4 images in x_train and 3 labels in y_train/,
    ],
    [
      'negative labels',
      { y_train: npy([4], [0, 255, 1, 0], '|i1') },
      /y_train must be class numbers from 0 to 65535, got -1 for image 1/,
    ],
    [
      'no images',
      { x_test: npy([0, 8, 8], []), y_test: npy([0], []) },
      /x_test must hold images, but there are none \(0x8x8 \|u1\); save at least one/,
    ],
    [
      'a damaged array',
      { x_test: npy([2, 8, 8], counting(100)) },
      /data\.npz, x_test\.npy, byte \d+: an array of shape \(2, 8, 8\) and type \|u1 needs 128 bytes after the header, got 100/,
    ],
  ];
  it.each(wrong)('refuses %s', (_, changes, message) => {
    const path = archive(changes);
    expect(() => readNpzFile(path)).toThrow(UserError);
    expect(() => readNpzFile(path)).toThrow(message);
  });

  it('is refused before anything is unpacked where it claims far more than its size can mean', () => {
    const path = archive();
    const bytes = readFileSync(path);
    // The size of x_train in the directory, and in front of it.
    for (const [mark, field] of [
      ['PK\u0001\u0002', 24],
      ['PK\u0003\u0004', 22],
    ] as const)
      bytes.writeUInt32LE(2 ** 32 - 2, bytes.indexOf(mark, 0, 'latin1') + field);
    put(path, bytes);
    expect(() => readNpzFile(path)).toThrow(
      /data\.npz, byte \d+: the arrays of an archive of [\d.]+ (bytes|KiB) may take at most 512\.0 MiB unpacked, but x_train makes it 4\.0 GiB; save fewer images, or with numpy\.savez/,
    );
  });

  it('is read or refused with its name, whatever is cut off or changed', () => {
    const path = archive();
    const bytes = readFileSync(path);
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.boolean(),
        (cut, changes, cutting) => {
          const damaged = Buffer.from(cutting ? bytes.subarray(0, cut) : bytes);
          for (const [at, byte] of changes) if (at < damaged.length) damaged[at] = byte;
          put(path, damaged);
          try {
            const { train } = readNpzFile(path);
            train.writeImages(new Uint8Array(train.count * 64), train.count);
          } catch (error) {
            expect(error).toBeInstanceOf(UserError);
            expect((error as Error).message.startsWith(path)).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
