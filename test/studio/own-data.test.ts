import { gzipSync } from 'node:zlib';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { writeNpz } from '../../src/data-formats/write-npz.js';
import { loadDataset } from '../../src/data-files/load.js';
import { shapesDataset } from '../../src/data/shapes.js';
import type { EpochRecord } from '../../src/train/types.js';
import { type DroppedFile, readData } from '../../studio/train/files.js';
import { plexus } from '../cli/harness.js';
import { hasBrowser, openPage, openStudio, type Studio } from './browser.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const noPictures = () => Promise.reject(new UserError('no pictures here'));
const read = (...files: DroppedFile[]) => readData(files, 16, noPictures);

/** An IDX file of bytes. */
function idx(sizes: readonly number[], numbers: Uint8Array): Uint8Array {
  const head = new Uint8Array(4 + 4 * sizes.length);
  head.set([0, 0, 8, sizes.length]);
  sizes.forEach((size, at) => new DataView(head.buffer).setUint32(4 + 4 * at, size));
  return Uint8Array.from([...head, ...numbers]);
}

const pixels = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => i * 7);
const idxFiles = (): DroppedFile[] => [
  { path: 'd/train-images-idx3-ubyte.gz', bytes: gzipSync(idx([6, 4, 4], pixels(96))) },
  { path: 'd/train-labels-idx1-ubyte', bytes: idx([6], Uint8Array.of(0, 1, 2, 0, 1, 2)) },
  { path: 'd/t10k-images-idx3-ubyte', bytes: idx([2, 4, 4], pixels(32)) },
  { path: 'd/t10k-labels-idx1-ubyte', bytes: idx([2], Uint8Array.of(2, 0)) },
];

const drawn = shapesDataset({ train: 12, test: 5, size: 16, seed: 2 });
const FLOWERS = `length,width,species
1,10,rose
2,20,"red tulip"
3,15,rose
1.5,11,red tulip
5,30,rose
`;

describe('own data', () => {
  it('is written as the npz that page and command read the same from', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'plexus-npz-'));
    for (const data of [drawn, (await read(...idxFiles())).dataset]) {
      const npz = writeNpz(data);
      const path = join(directory, 'x.npz');
      writeFileSync(path, npz);
      const there = await loadDataset({ name: 'npz', path });
      const { dataset, direct } = await read({ path: 'x.npz', bytes: npz });
      expect(direct).toBe(true);
      for (const name of ['shape', 'train', 'test', 'mean', 'std', 'augmentation'] as const)
        expect(dataset[name]).toEqual(there[name as 'shape']);
      expect([...dataset.train.images]).toEqual([...data.train.images]);
      expect([...dataset.test.labels]).toEqual([...data.test.labels]);
    }
    rmSync(directory, { recursive: true });
  });

  it('is read from IDX files, packed or not', async () => {
    const { dataset, name } = await read(...idxFiles());
    expect(name).toBe('idx');
    expect(dataset.shape).toEqual({ channels: 1, height: 4, width: 4 });
    expect([...dataset.train.labels]).toEqual([0, 1, 2, 0, 1, 2]);
    expect([...dataset.test.images]).toEqual([...pixels(32)]);
  });

  it('is read from a table: classes by name, columns scaled, every fifth row for the test', async () => {
    const { dataset, note } = await read({ path: 'f.csv', bytes: bytes(FLOWERS) });
    expect(dataset.classes).toEqual(['red tulip', 'rose']);
    expect([...dataset.train.labels]).toEqual([1, 0, 1, 0]);
    // 1 to 3 and 10 to 20 in training become 0 to 255; the test's 5 and 30 lie beyond.
    expect([...dataset.train.images]).toEqual([0, 0, 128, 255, 255, 128, 64, 26]);
    expect([...dataset.test.images]).toEqual([255, 255]);
    expect(note).toBe(
      '2 numbers a row, each column scaled to bytes; every fifth row is for the test',
    );
  });

  it('takes squares of bytes for pictures, and a second table for the test', async () => {
    const table = (rows: string): Uint8Array => bytes(`label\ta\tb\tc\td\n${rows}`);
    const { dataset } = await read(
      { path: 'my-test.tsv', bytes: table('10\t9\t9\t9\t9\n') },
      { path: 'my-train.tsv', bytes: table('2\t0\t1\t2\t255\n10\t4\t5\t6\t7\n') },
    );
    expect(dataset.shape).toEqual({ channels: 1, height: 2, width: 2 });
    expect(dataset.classes).toEqual(['2', '10']);
    expect([...dataset.train.images]).toEqual([0, 1, 2, 255, 4, 5, 6, 7]);
    expect([...dataset.test.labels]).toEqual([1]);
  });

  it.each([
    ['x.csv', 'a,b\n1,2\n', /one column of the head must be called label, class.*got a, b/],
    ['x.csv', 'a,label\n', /there must be rows below the head/],
    ['x.csv', 'label\n3\n', /there must be a column beside the classes/],
    ['x.csv', 'a,label\n1,x\n2\n', /row 3: a row must have 2 columns as the head, got 1/],
    ['x.csv', 'a,label\n1,x\nhigh,y\n', /row 3, column a: a value must be a number, got "high"/],
    ['x.csv', 'a,label\n1,x\n1,x\n1,x\n1,x\n1,x\n', /at least two classes/],
    ['x.npz', 'PK', /must end with its directory/],
    ['x.txt', 'hello', /data must be a \.npz file, a \.csv or \.tsv table/],
    ['train-images-idx3-ubyte', 'hello', /has no file such as train-labels-idx1-ubyte/],
  ])('refuses %s of %j', async (path, text, message) => {
    await expect(read({ path, bytes: bytes(text) })).rejects.toThrow(message);
    await expect(read({ path, bytes: bytes(text) })).rejects.toThrow(UserError);
  });

  it('is read or refused with reasons, whatever bytes are changed', async () => {
    const good: readonly (readonly DroppedFile[])[] = [
      [{ path: 'x.npz', bytes: writeNpz(drawn) }],
      [{ path: 'x.csv', bytes: bytes(FLOWERS) }],
      idxFiles(),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...good),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (files, changes, cut) => {
          const changed = files.map(({ path, bytes: whole }, at) => {
            const part = whole.slice(0, at === 0 ? Math.ceil(whole.length * cut) : undefined);
            for (const [place, byte] of changes) part[place % Math.max(1, part.length)] = byte;
            return { path, bytes: part };
          });
          await read(...changed).catch((error: unknown) => expect(error).toBeInstanceOf(UserError));
        },
      ),
      { numRuns: 120, seed: 3 },
    );
  });
});

describe.skipIf(!hasBrowser)('own data on the page Train', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(async () => {
    await studio.close();
  });

  it('is trained on to the bits of the command; what is damaged changes nothing', async () => {
    const { page, faults, close } = await openPage(
      studio,
      '#train?v=1&graph=complete:n=2&against=star:n=4&batch=4&epochs=1&data=missing.npz&play=1',
      { permissions: ['clipboard-read', 'clipboard-write'] },
    );
    const trained = page.locator('.side .progress').filter({ hasText: /trained/ });
    await page.locator('.side .error').filter({ hasText: 'drop its files' }).first().waitFor();
    const rows = Array.from({ length: 20 }, (_, i) => `${i * 0.5},${i % 7},${i % 3}`).join('\n');
    const data = page.getByLabel('Data files');
    await data.setInputFiles([
      { name: 'my flowers.csv', mimeType: '', buffer: Buffer.from(`a,b,class\n${rows}\n`) },
    ]);
    await trained.nth(1).waitFor();
    expect(page.url()).toContain('data=my%20flowers.csv');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save my_flowers.npz' }).click();
    const saved = await (await download).path();
    await page.getByRole('button', { name: 'Copy the command that trains' }).first().click();
    const command = await page.evaluate<string>('navigator.clipboard.readText()');
    const words = command.split(' ').slice(2);
    const { out } = await plexus([
      ...words.map((word) => (word === 'my_flowers.npz' ? saved : word)),
      '--json',
    ]);
    await page.getByRole('button', { name: 'Copy this graph' }).click();
    const here = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(JSON.parse(here) as EpochRecord).toEqual(JSON.parse(out.split('\n')[0]!));

    await data.setInputFiles([
      { name: 'bad.csv', mimeType: '', buffer: Buffer.from('a,b\n1,2\n') },
    ]);
    await page.getByRole('alert').filter({ hasText: 'one column of the head' }).waitFor();
    expect(page.url()).toContain('data=my%20flowers.csv');
    expect(await trained.count()).toBe(2);
    expect(faults).toEqual([]);
    await close();
  });

  it('takes pictures in a folder for each class', async () => {
    const { page, faults, close } = await openPage(
      studio,
      '#train?v=1&graph=complete:n=2&against=star:n=4&batch=4&epochs=1&size=16',
    );
    const directory = mkdtempSync(join(tmpdir(), 'plexus-pictures-'));
    for (const [at, name] of ['red', 'blue'].entries()) {
      const background = { r: at === 0 ? 250 : 5, g: 10, b: at === 0 ? 5 : 250 };
      const picture = await sharp({
        create: { width: 40, height: 24, channels: 3, background },
      })
        .png()
        .toBuffer();
      mkdirSync(join(directory, name));
      for (let i = 0; i < 6; i++) writeFileSync(join(directory, name, `${i}.png`), picture);
    }
    await page.getByLabel('A folder of data').setInputFiles(directory);
    await page.getByText('10 to train on, 2 to test, 2 classes').waitFor();
    await page.getByRole('button', { name: 'One epoch' }).click();
    await page
      .locator('.side .progress')
      .filter({ hasText: /trained/ })
      .nth(1)
      .waitFor();
    await page.locator('.confusion th').filter({ hasText: 'blue' }).first().waitFor();
    rmSync(directory, { recursive: true });
    expect(faults).toEqual([]);
    await close();
  });
});
