import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { publishedCifar, readCifar } from '../../src/data-files/cifar.js';
import { cifar10Layout } from '../../src/data-files/cifar10.js';
import { checkPublished, findPublished } from '../../src/data-files/published.js';
import {
  cifar10Files,
  fakeBatch,
  RECORD,
  smallCifar,
  writeBlackCifar,
  writeFakeCifar,
} from './fixtures.js';

const RECORDS = 4;
const layout = smallCifar(RECORDS);
const set = publishedCifar(cifar10Layout);
let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plexus-cifar-'));
  folder = join(root, cifar10Layout.folder);
  writeFakeCifar(folder, RECORDS);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const read = (train = 5 * RECORDS, test = RECORDS): ReturnType<typeof readCifar> =>
  readCifar(layout, folder, { train, test });

describe('readCifar', () => {
  it('reads every record of every file, in order, into shared memory', () => {
    const { train, test, classes } = read();
    expect(classes).toEqual(cifar10Layout.classes);
    expect([train.count, test.count]).toEqual([20, 4]);
    expect(train.images.buffer).toBeInstanceOf(SharedArrayBuffer);
    for (let i = 0; i < 20; i++) {
      const record = fakeBatch(Math.floor(i / RECORDS), RECORDS).subarray(
        (i % RECORDS) * RECORD,
        ((i % RECORDS) + 1) * RECORD,
      );
      expect(train.labels[i]).toBe(record[0]);
      expect(
        Buffer.compare(train.images.subarray(i * 3072, (i + 1) * 3072), record.subarray(1)),
      ).toBe(0);
    }
    expect(test.labels[3]).toBe((5 + 3) % 10);
  });

  it('takes the first images of a split', () => {
    const all = read();
    const some = read(6, 1);
    expect(some.train.count).toBe(6);
    expect([...some.train.labels]).toEqual([...all.train.labels.subarray(0, 6)]);
    expect(Buffer.compare(some.train.images, all.train.images.subarray(0, 6 * 3072))).toBe(0);
    expect(some.test.images.length).toBe(3072);
  });

  it('does without the names of the classes, but not with wrong ones', () => {
    rmSync(join(folder, cifar10Layout.namesFile));
    expect(read().classes).toEqual(cifar10Layout.classes);
    writeFileSync(join(folder, cifar10Layout.namesFile), 'one\ntwo\n');
    expect(() => read()).toThrow(/batches\.meta\.txt has 2 class names, expected 10/);
  });

  it('accepts files of the published size and reports a file of another', () => {
    const black = join(root, 'black');
    writeBlackCifar(black);
    expect(() => checkPublished(set, black)).not.toThrow();
    expect(() => checkPublished(set, folder)).toThrow(
      `${join(folder, 'data_batch_1.bin')} has 12,292 bytes, expected 30,730,000`,
    );
  });
});

describe('damaged files', () => {
  const anyFile = fc.constantFrom(...cifar10Files);

  it('names the file, its size and the expected one, whatever the wrong size', () => {
    fc.assert(
      fc.property(anyFile, fc.integer({ min: 0, max: 3 * RECORDS * RECORD }), (file, size) => {
        fc.pre(size !== RECORDS * RECORD);
        const path = join(folder, file);
        const whole = readFileSync(path);
        writeFileSync(path, Buffer.alloc(size));
        try {
          expect(() => read()).toThrow(UserError);
          expect(() => read()).toThrow(
            `${path} has ${size.toLocaleString('en-US')} bytes, expected 12,292 (4 ` +
              'records of 3,073)',
          );
        } finally {
          writeFileSync(path, whole);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('names the file and the record of any label above 9', () => {
    fc.assert(
      fc.property(
        anyFile,
        fc.integer({ min: 0, max: RECORDS - 1 }),
        fc.integer({ min: 10, max: 255 }),
        (file, record, label) => {
          const path = join(folder, file);
          const whole = readFileSync(path);
          const bad = Buffer.from(whole);
          bad[record * RECORD] = label;
          writeFileSync(path, bad);
          try {
            expect(() => read()).toThrow(UserError);
            expect(() => read()).toThrow(
              `${path}: record ${record} has label ${label}, expected 0 to 9`,
            );
          } finally {
            writeFileSync(path, whole);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('names a missing file, and a directory in the place of one', () => {
    const path = join(folder, 'data_batch_3.bin');
    rmSync(path);
    expect(() => read()).toThrow(`${path} is missing`);
    mkdirSync(path);
    expect(() => read()).toThrow(UserError);
  });
});

describe('findPublished', () => {
  // The fake files are smaller than the published ones.
  const PROBLEM = expect.stringContaining('has 12,292 bytes, expected 30,730,000') as string;

  it('finds the folder itself and its parent, in the order of the places', () => {
    const empty = join(root, 'empty');
    const place = (path: string, origin: '--data-dir' | 'PLEXUS_DATA') => ({ path, origin });
    expect(findPublished(set, [place(empty, '--data-dir')])).toBeNull();
    expect(findPublished(set, [place(empty, '--data-dir'), place(root, 'PLEXUS_DATA')])).toEqual({
      folder,
      origin: 'PLEXUS_DATA',
      problem: PROBLEM,
    });
    expect(findPublished(set, [place(folder, '--data-dir'), place(root, 'PLEXUS_DATA')])).toEqual({
      folder,
      origin: '--data-dir',
      problem: PROBLEM,
    });
    expect(existsSync(empty)).toBe(false);
  });

  it('finds an incomplete copy, so that it is reported and not passed over', () => {
    cifar10Files.slice(1).forEach((file) => rmSync(join(folder, file)));
    expect(findPublished(set, [{ path: root, origin: '--data-dir' }])?.folder).toBe(folder);
  });
});
