import {
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Interrupted, UserError } from '../../../src/core/errors.js';
import {
  loadDataset,
  type DataSpec,
  type Dataset,
  type LoadOptions,
  type MemoryDataset,
  type PictureDataset,
} from '../../../src/public/data.js';
import { createDamage, standInsOf } from '../../../src/data-files/folder/damage.js';
import { fileName, listFolder, packFiles, takeOf } from '../../../src/data-files/folder/listing.js';
import { decodedPicture } from '../../../src/data-files/folder/memory.js';
import { progressNotes } from '../../../src/data-files/folder/progress.js';
import { plexus } from '../../cli/harness.js';
import { fileOf, makeFolder, pixelsOf, put, type FolderPlan } from './fixtures.js';

const roots: string[] = [];
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true, force: true })));

async function folder(plan: FolderPlan = {}): Promise<string> {
  const root = await makeFolder(plan);
  roots.push(root);
  return root;
}

const load = (
  path: string,
  more: Partial<DataSpec> = {},
  options: LoadOptions = {},
): Promise<Dataset> => loadDataset({ name: 'folder', path, ...more }, options);
const inMemory = (dataset: Dataset): MemoryDataset => {
  if (dataset.pictures !== null) throw new Error('the pictures are not in memory');
  return dataset;
};
const ofPictures = (dataset: Dataset): PictureDataset => {
  if (dataset.pictures === null) throw new Error('the pictures are in memory');
  return dataset;
};
const wide = (i: number): [number, number] => [90 + i, 70];

describe('small pictures of one size', () => {
  it('are taken as they are, in the order of classes and names', async () => {
    const data = inMemory(await load(await folder()));
    expect(data).toMatchObject({
      name: 'folder',
      classes: ['cat', 'dog', 'emu'],
      shape: { channels: 3, height: 12, width: 12 },
      augmentation: { flip: true, pad: 2 },
      warnings: [],
    });
    expect(Array.from(data.train.labels)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
    expect(Array.from(data.test.labels)).toEqual([0, 0, 1, 1, 2, 2]);
    // The seventh picture that was drawn is the second dog.
    const pixels = pixelsOf(12, 12, 6);
    expect(Array.from(data.train.images.subarray(6 * 432, 7 * 432))).toEqual(
      Array.from({ length: 432 }, (_, i) => pixels[3 * (i % 144) + Math.floor(i / 144)]),
    );
    expect(data.train.images.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('are told apart from what lies beside them and is passed over, which is counted', async () => {
    const root = await folder();
    const plain = await load(root);
    const file = readFileSync(join(root, 'train', 'cat', '0.png'));
    put(join(root, 'train', 'cat', 'a.bmp'), file);
    put(join(root, 'train', 'dog', 'b.BMP'), file);
    put(join(root, 'val', 'dog', 'c.gif'), file);
    put(join(root, 'val', 'emu', 'd.tiff'), file);
    put(join(root, 'val', 'emu', 'README'), 'no picture');
    put(join(root, 'train', 'emu', 'more', 'deep', 'e.png'), file);
    put(join(root, 'train', 'emu', '.DS_Store'), 'hidden');
    const { warnings, train, test, identity } = await load(root);
    expect(warnings).toEqual([
      `6 entries in the folders of classes in ${root} are passed over (2 .bmp, 1 .gif, 1 .tiff, ` +
        '1 nested folder, 1 without an ending): pictures are .jpg, .jpeg, .png or .webp, ' +
        'directly in the folder of their class',
    ]);
    expect([train.count, test.count, identity]).toEqual([15, 6, plain.identity]);
    const { status, notes } = await plexus(['data', 'show', 'folder', '--path', root]);
    expect([status, notes]).toEqual([0, expect.stringContaining('6 entries in the folders')]);
  });

  it('are normalised by their own mean and deviation', async () => {
    const data = inMemory(await load(await folder()));
    for (let c = 0; c < 3; c++) {
      const bytes = Array.from({ length: 15 }, (_, i) => [
        ...data.train.images.subarray(i * 432 + c * 144, i * 432 + (c + 1) * 144),
      ]).flat();
      const mean = bytes.reduce((a, b) => a + b) / bytes.length;
      expect(data.mean[c]).toBeCloseTo(mean, 1);
      expect(data.std[c]).toBeCloseTo(
        Math.sqrt(bytes.reduce((sum, byte) => sum + (byte - mean) ** 2, 0) / bytes.length),
        1,
      );
    }
    expect(data.identity).toBe(
      'folder train=15 test=6 size=12 crop=shift flip=true jitter=0 lighting=0 ' +
        `normalise=computed mean=${data.mean.join('/')} std=${data.std.join('/')} ` +
        `sha256=${data.identity.slice(-16)}`,
    );
  });

  it('may be of every kind, in folders of any of the names for evaluation', async () => {
    for (const [kind, evaluation] of [
      ['jpg', 'val'],
      ['png', 'valid'],
      ['webp', 'test'],
      ['png', 'validation'],
    ] as const) {
      const root = await folder({ kind, evaluation, train: 2, test: 1 });
      // Neither of these is a picture.
      put(join(root, 'train', 'cat', '.hidden.png'), 'x');
      put(join(root, 'train', 'cat', 'notes.txt'), 'x');
      put(join(root, 'train', 'cat', 'folder.png', 'x'), 'x');
      expect(inMemory(await load(root))).toMatchObject({
        train: { count: 6 },
        test: { count: 3 },
        shape: { width: 12 },
      });
    }
  });

  it('are scaled where another size is asked for', async () => {
    const root = await folder();
    const asked = inMemory(await load(root, { size: 8, flip: false, normalise: 'imagenet' }));
    expect(asked).toMatchObject({
      shape: { height: 8, width: 8 },
      augmentation: { flip: false, pad: 1 },
      mean: [123.675, 116.28, 103.53],
      train: { images: { length: 15 * 192 } },
    });
  });
});

describe('large pictures', () => {
  it('are cropped at random to 224 pixels, with the lighting and normalisation of ImageNet', async () => {
    const data = ofPictures(await load(await folder({ sides: wide, train: 2, test: 1 })));
    expect(data).toMatchObject({
      shape: { width: 224 },
      pictures: { crop: 'resized', pad: 0, flip: true, jitter: 0, lighting: 0.1 },
      mean: [123.675, 116.28, 103.53],
      std: [58.395, 57.12, 57.375],
    });
    expect(data.identity).toContain(
      'size=224 crop=resized flip=true jitter=0 lighting=0.1 normalise=imagenet',
    );
    const { bytes, width, height } = decodedPicture(data.train.decoded!, 3);
    expect([width, height]).toEqual([91, 70]);
    expect(Array.from(bytes)).toEqual(Array.from(pixelsOf(91, 70, 3)));
  });

  it('of different small sizes are large ones, unless a size is asked for', async () => {
    const root = await folder({ sides: (i) => [20 + i, 20], train: 2, test: 1 });
    expect((await load(root)).shape.width).toBe(224);
    expect(inMemory(await load(root, { size: 16 }))).toMatchObject({
      shape: { width: 16 },
      augmentation: { pad: 2 },
    });
    expect(ofPictures(await load(root, { size: 16, jitter: 0.2 }))).toMatchObject({
      pictures: { crop: 'shift', pad: 2, jitter: 0.2, lighting: 0 },
    });
    expect(ofPictures(await load(root, { size: 16, crop: 'resized' }))).toMatchObject({
      pictures: { crop: 'resized', pad: 0, lighting: 0.1 },
    });
  });

  it('are left in their files where they do not fit into the memory', async () => {
    const root = await folder({ sides: wide, train: 3, test: 1 });
    const all = 3 * 70 * (90 + 91 + 92) * 3 + 3 * 70 * 90 * 3;
    expect(ofPictures(await load(root, {}, { memory: all })).test.decoded).not.toBe(null);
    const streamed = ofPictures(await load(root, {}, { memory: all - 1 }));
    expect([streamed.train.decoded, streamed.test.decoded]).toEqual([null, null]);
    expect(streamed.identity).toBe((await load(root, {}, { memory: all })).identity);
    expect(fileName(streamed.train.files, 4)).toBe('dog/1.png');
    // Computed colours do not depend on it either.
    const colours = await Promise.all(
      [0, 1e9].map((memory) => load(root, { size: 16, normalise: 'computed' }, { memory })),
    );
    expect([colours[0].pictures === null, colours[1].pictures === null]).toEqual([false, true]);
    expect(colours[0].identity).toBe(colours[1].identity);
  });
});

describe('the identity', () => {
  it('changes with the pictures and the settings, not with the place or the time', async () => {
    const root = await folder();
    const identity = async (more: Partial<DataSpec> = {}): Promise<string> =>
      (await load(root, more)).identity;
    const first = await identity();
    const moved = join(root, '..', `${root.split('/').at(-1)}-moved`);
    cpSync(root, moved, { recursive: true });
    roots.push(moved);
    expect((await load(moved)).identity).toBe(first);
    utimesSync(join(root, 'train', 'cat', '0.png'), 1, 1);
    expect(await identity()).toBe(first);
    const seen = new Set([
      first,
      await identity({ flip: false }),
      await identity({ size: 8 }),
      await identity({ train: 14 }),
    ]);
    renameSync(join(root, 'train', 'cat', '0.png'), join(root, 'train', 'cat', 'first.png'));
    seen.add(await identity());
    // One bit of a file, its size the same.
    const path = join(root, 'val', 'emu', '1.png');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(path, bytes);
    seen.add(await identity());
    expect(seen.size).toBe(6);
  });
});

describe('part of a folder', () => {
  it('has the first pictures of every class in equal shares', async () => {
    const root = await folder({ train: 5, test: 2 });
    rmSync(join(root, 'train', 'dog', '0.png'));
    rmSync(join(root, 'train', 'dog', '1.png'));
    rmSync(join(root, 'train', 'dog', '2.png'));
    const { train, classes } = listFolder(root);
    expect(takeOf(train, 7, 3).names).toEqual([
      'cat/0.png',
      'cat/1.png',
      'cat/2.png',
      'dog/3.png',
      'dog/4.png',
      'emu/0.png',
      'emu/1.png',
    ]);
    expect(Array.from(takeOf(train, 9, 3).labels)).toEqual([0, 0, 0, 0, 1, 1, 2, 2, 2]);
    expect(takeOf(train, undefined, 3)).toBe(train);
    expect(() => takeOf(train, 13, classes.length)).toThrow(
      `${join(root, 'train')} holds 12 pictures, 13 were asked for; ask for fewer or ` +
        'leave the number out',
    );
    expect(inMemory(await load(root, { train: 7, test: 3 }))).toMatchObject({
      train: { count: 7 },
      test: { count: 3 },
    });
  });

  it('packs and unpacks names of every alphabet', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 20 }),
        (names) => {
          const packed = packFiles({ directory: '/x', names });
          expect(names.map((_, i) => fileName(packed, i))).toEqual(
            names.map((name) => Buffer.from(name).toString()),
          );
        },
      ),
    );
  });
});

describe('more than 256 classes', () => {
  it('have labels of 16 bits', async () => {
    const root = await folder({ classes: ['a', 'b'], train: 1, test: 1 });
    const bytes = readFileSync(join(root, 'train', 'a', '0.png'));
    for (let i = 0; i < 299; i++)
      for (const split of ['train', 'val'])
        put(join(root, split, `c${String(i).padStart(3, '0')}`, 'x.png'), bytes);
    const data = inMemory(await load(root));
    expect(data.classes).toHaveLength(301);
    expect(data.train.labels).toBeInstanceOf(Uint16Array);
    expect(data.train.labels[300]).toBe(300);
  });
});

describe('pictures that cannot be read', () => {
  const damage = async (root: string): Promise<void> => {
    put(join(root, 'train', 'cat', '1.png'), 'no picture');
    put(join(root, 'train', 'cat', '2.png'), (await fileOf(12, 12, 3)).subarray(0, 200));
    put(join(root, 'train', 'emu', '4.png'), '');
  };

  it('are named and counted, and the next one of the class stands in', async () => {
    const root = await folder();
    const whole = inMemory(await load(root));
    await damage(root);
    const data = inMemory(await load(root));
    const image = (of: MemoryDataset, i: number): number[] => [
      ...of.train.images.subarray(i * 432, (i + 1) * 432),
    ];
    expect([1, 2, 3, 14].map((i) => image(data, i))).toEqual(
      [3, 3, 3, 10].map((i) => image(whole, i)),
    );
    expect(data.train.count).toBe(15);
    expect(data.warnings).toHaveLength(4);
    expect(data.warnings[0]).toMatch(
      /^.*train.cat.1\.png cannot be read: Input .*unsupported image format$/,
    );
    expect(data.warnings[3]).toBe(
      '3 images cannot be read; in place of each stands the next image of its class',
    );
  });

  it('are found in large pictures too, while these are decoded', async () => {
    const root = await folder({ sides: wide });
    await damage(root);
    const data = ofPictures(await load(root));
    expect(data.warnings).toHaveLength(4);
    const pixels = (i: number): number[] => [...decodedPicture(data.train.decoded!, i).bytes];
    expect(pixels(1)).toEqual([...pixelsOf(93, 70, 3)]);
    expect(pixels(14)).toEqual([...pixelsOf(90, 70, 10)]);
  });

  it('leave a class without any refused', async () => {
    const root = await folder({ train: 2 });
    for (const name of ['0.png', '1.png']) put(join(root, 'train', 'dog', name), 'x');
    await expect(load(root)).rejects.toThrow(UserError);
    await expect(load(root)).rejects.toThrow(
      /no picture of a class can be read, the first of them being .*train.dog.0\.png \(Input .*\); put readable pictures there, or remove the class from both splits/,
    );
  });

  it('are named five at most', () => {
    const found = createDamage();
    for (const i of [4, 0, 6, 2, 4, 1, 3, 5]) found.add(`/p/${i}.png`, 'why');
    expect(found.lines()).toEqual([
      ...[0, 1, 2, 3, 4].map((i) => `/p/${i}.png cannot be read: why`),
      '7 images cannot be read, 5 of them named above; in place of each stands the next ' +
        'image of its class',
    ]);
    expect(createDamage().lines()).toEqual([]);
  });

  it('have stand-ins of their class only, in a circle', () => {
    const files = packFiles({ directory: '', names: ['a', 'b', 'c', 'd', 'e', 'f'] });
    const split = { count: 6, labels: Uint8Array.of(0, 0, 1, 1, 1, 2), files };
    expect([...standInsOf(split, 3)]).toEqual([4, 2]);
    expect([...standInsOf(split, 5)]).toEqual([]);
    expect([...standInsOf(split, 0)]).toEqual([1]);
  });
});

describe('a folder that is none', () => {
  const cases: [string, (root: string) => void, RegExp][] = [
    [
      'no train',
      (root) => rmSync(join(root, 'train'), { recursive: true }),
      /must hold the folders train and val \(or test\), .* but has no folder train; it has val; correct the path or sort the pictures so/,
    ],
    [
      'no val',
      (root) => rmSync(join(root, 'val'), { recursive: true }),
      /but has no folder val \(or test\); it has train/,
    ],
    [
      'a class without pictures',
      (root) => rmSync(join(root, 'train', 'cat', '0.png')),
      /train.cat must hold pictures \(\.jpg, \.jpeg, \.png or \.webp\), but has none; add some, or remove the class from both splits/,
    ],
    [
      'a class that is missing in val',
      (root) => rmSync(join(root, 'val', 'dog'), { recursive: true }),
      /both splits must have the same classes, but .*val has no folder dog, which .*train has; add or remove folders/,
    ],
    [
      'a class that is missing in train',
      (root) => put(join(root, 'val', 'yak', '0.png'), 'x'),
      /but .*train has no folder yak, which .*val has/,
    ],
    [
      'one class',
      (root) =>
        ['train', 'val'].forEach((split) =>
          ['dog', 'emu'].forEach((name) => rmSync(join(root, split, name), { recursive: true })),
        ),
      /must hold a folder of pictures for each of at least two classes, got cat;/,
    ],
    [
      'no class',
      (root) =>
        ['cat', 'dog', 'emu'].forEach((name) =>
          rmSync(join(root, 'train', name), { recursive: true }),
        ),
      /at least two classes, got no folders;/,
    ],
  ];
  it.each(cases)('%s', async (_, change, message) => {
    const root = await folder({ train: 1, test: 1 });
    change(root);
    await expect(load(root)).rejects.toThrow(UserError);
    await expect(load(root)).rejects.toThrow(message);
  });

  it('does not exist, or is a file', async () => {
    await expect(load('/nowhere/at/all')).rejects.toThrow(
      'cannot read /nowhere/at/all: no such file or directory',
    );
    const root = await folder({ train: 1, test: 1 });
    await expect(load(join(root, 'train', 'cat', '0.png'))).rejects.toThrow(
      /a part of the path is a file/,
    );
  });

  it('has a link that leads nowhere', async () => {
    const root = await folder({ train: 1, test: 1 });
    symlinkSync(join(root, 'gone'), join(root, 'train', 'cat', 'link.png'));
    await expect(load(root)).rejects.toThrow(/cannot read .*link\.png: no such file/);
  });

  it('may have links to folders', async () => {
    const root = await folder({ train: 1, test: 1 });
    mkdirSync(join(root, 'elsewhere'));
    renameSync(join(root, 'train', 'dog'), join(root, 'elsewhere', 'dog'));
    symlinkSync(join(root, 'elsewhere', 'dog'), join(root, 'train', 'dog'));
    expect((await load(root)).train.count).toBe(3);
  });
});

describe('loading', () => {
  it('can be stopped', async () => {
    const root = await folder();
    await expect(load(root, {}, { signal: AbortSignal.abort() })).rejects.toThrow(Interrupted);
  });

  it('tells how far it is, now and then', () => {
    const lines: string[] = [];
    let now = 0;
    const onPicture = progressNotes(
      1200,
      (line) => lines.push(line),
      () => now,
    );
    for (let i = 0; i < 1200; i++) {
      now += 10;
      onPicture();
    }
    expect(lines).toEqual([
      'decoded 500 of 1,200 pictures, about 7 s left',
      'decoded 1,000 of 1,200 pictures, about 2 s left',
    ]);
  });
});
