import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { cifar10Layout } from '../../src/data-files/cifar10.js';
import {
  dataKeysOf,
  dataPlaces,
  listDataSets,
  loadDataset,
  resolveDataSpec,
  userCache,
} from '../../src/public/data.js';
import type { DataOptions, DataSetStatus, DataSpec } from '../../src/public/data.js';
import { writeBlackCifar } from './fixtures.js';

let root: string;
/** A machine without CIFAR-10. */
let bare: { env: Record<string, string> };
/** One with it: black pictures of the true number. */
let stocked: { dataDir: string; env: Record<string, string> };
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'plexus-load-'));
  bare = { env: { XDG_CACHE_HOME: join(root, 'no-cache') } };
  stocked = { ...bare, dataDir: root };
  writeBlackCifar(join(root, cifar10Layout.folder));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const statusOf = (options: DataOptions): DataSetStatus | undefined =>
  listDataSets(options).find(({ name }) => name === 'cifar10');

describe('userCache', () => {
  it('follows each platform', () => {
    expect(userCache({ XDG_CACHE_HOME: '/x', HOME: '/h' }, 'linux')).toBe(join('/x', 'plexus'));
    expect(userCache({ XDG_CACHE_HOME: 'relative', HOME: '/h' }, 'linux')).toBe(
      join('/h', '.cache', 'plexus'),
    );
    expect(userCache({ HOME: '/h' }, 'darwin')).toBe(join('/h', 'Library', 'Caches', 'plexus'));
    expect(userCache({ LOCALAPPDATA: '/l' }, 'win32')).toBe(join('/l', 'plexus'));
    expect(userCache({}, 'linux')).toBe(join(homedir(), '.cache', 'plexus'));
  });
});

describe('dataPlaces', () => {
  it('looks at --data-dir, PLEXUS_DATA, the cache, in this order', () => {
    const places = dataPlaces({ dataDir: '/a', env: { PLEXUS_DATA: '/b', XDG_CACHE_HOME: '/c' } });
    expect(places.map(({ path, origin }) => [path, origin])).toEqual([
      ['/a', '--data-dir'],
      ['/b', 'PLEXUS_DATA'],
      [join('/c', 'plexus'), 'user cache'],
    ]);
    expect(dataPlaces({ env: { XDG_CACHE_HOME: '/c' } }).map(({ origin }) => origin)).toEqual([
      'user cache',
    ]);
  });
});

describe('resolveDataSpec', () => {
  it('takes CIFAR-10 for auto where it is found, else shapes, and fills in what is open', () => {
    expect(resolveDataSpec({ name: 'auto' }, stocked)).toEqual({
      name: 'cifar10',
      train: 50_000,
      test: 10_000,
    });
    expect(resolveDataSpec({ name: 'auto', train: 7, seed: 3 }, stocked)).toEqual({
      name: 'cifar10',
      train: 7,
      test: 10_000,
    });
    expect(resolveDataSpec({ name: 'auto', train: 7, seed: 3 }, bare)).toEqual({
      name: 'shapes',
      train: 7,
      test: 2000,
      size: 32,
      seed: 3,
    });
    expect(
      resolveDataSpec(
        { name: 'auto' },
        { env: { ...bare.env, PLEXUS_DATA: join(root, cifar10Layout.folder) } },
      ).name,
    ).toBe('cifar10');
  });

  it('settles: resolving again changes nothing, on whatever machine', () => {
    const spec = fc.record(
      {
        name: fc.constantFrom('auto' as const, 'shapes' as const),
        train: fc.integer({ min: 1, max: 50_000 }),
        test: fc.integer({ min: 1, max: 10_000 }),
        size: fc.integer({ min: 16, max: 512 }),
        seed: fc.nat(),
      },
      { requiredKeys: ['name'] },
    );
    fc.assert(
      fc.property(spec, fc.boolean(), (given, here) => {
        const first = resolveDataSpec(given, here ? stocked : bare);
        expect(resolveDataSpec(first, here ? bare : stocked)).toEqual(first);
      }),
    );
  });

  const wrong: [DataSpec, string][] = [
    [
      { name: 'cifar10', train: 50_001 },
      'the number of training images of cifar10 must be a whole number from 1 to 50000, got 50001',
    ],
    [
      { name: 'cifar10', test: 0 },
      'the number of test images of cifar10 must be a whole number from 1 to 10000, got 0',
    ],
    [{ name: 'cifar10', seed: 2 }, 'seed is a setting of the data set "shapes" only'],
    [{ name: 'shapes', train: 1.5 }, 'got 1.5'],
    [
      { name: 'shapes', size: 8 },
      'the size (side in pixels) of shapes must be a whole number from 16 to 512, got 8',
    ],
    [{ name: 'shapes', seed: -1 }, 'the seed of shapes must be a whole number'],
    [
      { name: 'mnist' },
      'unknown data set "mnist"; expected one of auto, shapes, cifar10, cifar100, fashion-mnist, folder, idx, npz',
    ],
    [
      { name: 'auto', size: 9 },
      'the size (side in pixels) of shapes must be a whole number from 16 to 512, got 9',
    ],
    [
      { name: 'auto', path: 'x' },
      'path is a setting of the data sets "folder", "idx" and "npz" only; leave it out with "auto"',
    ],
    [
      { name: 'idx', path: 'x', size: 28 },
      'size is a setting of the data sets "shapes" and "folder" only; leave it out with "idx"',
    ],
    [
      { name: 'folder' },
      'the data set "folder" needs a path; set path (--data-path) to the directory that ' +
        'holds train/CLASS/*.jpg and val/CLASS/*.jpg',
    ],
    [{ name: 'folder', path: '' }, 'the path of folder must be the path of the files, got ""'],
    [
      { name: 'folder', path: 'x', size: 4 },
      'the size (side in pixels) of folder must be a whole number from 8 to 1024, got 4',
    ],
    [
      { name: 'folder', path: 'x', jitter: 2 },
      'the jitter of folder must be a number from 0 to 1, got 2',
    ],
    [
      { name: 'folder', path: 'x', lighting: NaN },
      'the lighting of folder must be a number from 0 to 10, got NaN',
    ],
    [
      { name: 'folder', path: 'x', crop: 'middle' as 'shift' },
      'the crop of folder must be resized or shift, got "middle"',
    ],
    [
      { name: 'npz', path: 'x', flip: 1 as unknown as boolean },
      'flip of npz must be true or false, got 1',
    ],
    [
      { name: 'npz', path: 'x', train: 0 },
      'the number of training images of npz must be a whole number from 1 to 100000000, got 0',
    ],
  ];
  it.each(wrong)('refuses %j', (spec, message) => {
    expect(() => resolveDataSpec(spec, stocked)).toThrow(UserError);
    expect(() => resolveDataSpec(spec, stocked)).toThrow(message);
  });

  it("makes the path of somebody's own files absolute, and looks at nothing", () => {
    expect(
      resolveDataSpec({ name: 'folder', path: 'some/where', size: 64, train: undefined }, bare),
    ).toEqual({ name: 'folder', path: resolve('some/where'), size: 64 });
    expect(resolveDataSpec({ name: 'npz', path: '/a/../b.npz', flip: false }, bare)).toEqual({
      name: 'npz',
      path: '/b.npz',
      flip: false,
    });
  });

  it('refuses a named directory that does not exist, rather than passing over it', () => {
    expect(() =>
      resolveDataSpec({ name: 'auto' }, { ...bare, dataDir: join(root, 'typo') }),
    ).toThrow(`--data-dir names the data directory ${join(root, 'typo')}, which does not exist`);
    expect(() =>
      resolveDataSpec({ name: 'auto' }, { env: { ...bare.env, PLEXUS_DATA: join(root, 'typo') } }),
    ).toThrow(/PLEXUS_DATA names/);
    expect(resolveDataSpec({ name: 'shapes' }, { ...bare, dataDir: join(root, 'typo') }).name).toBe(
      'shapes',
    );
  });
});

describe('loadDataset', () => {
  it('loads the first images of CIFAR-10', async () => {
    const data = await loadDataset({ name: 'cifar10', train: 3, test: 2 }, stocked);
    expect(data).toMatchObject({
      name: 'cifar10',
      shape: { channels: 3, height: 32, width: 32 },
      mean: [125.3, 123, 113.9],
      std: [63, 62.1, 66.7],
      augmentation: { flip: true, pad: 4 },
    });
    expect([data.train.count, data.train.images.length, data.test.labels.length]).toEqual([
      3, 9216, 2,
    ]);
    expect(data.identity).toMatch(/^cifar10 train=3 test=2 sha256=[0-9a-f]{16}$/);
  });

  it('draws shapes, the same for the same spec, others for others', async () => {
    const spec: DataSpec = { name: 'shapes', train: 30, test: 10, size: 24 };
    const data = await loadDataset(spec, bare);
    expect(data).toMatchObject({
      name: 'shapes',
      shape: { channels: 3, height: 24, width: 24 },
      augmentation: { flip: true, pad: 3 },
    });
    expect(data.classes.length).toBe(10);
    expect(data.identity).toMatch(/^shapes train=30 test=10 size=24 seed=1 sha256=[0-9a-f]{16}$/);
    expect((await loadDataset(spec, bare)).identity).toBe(data.identity);
    expect((await loadDataset({ ...spec, seed: 2 }, bare)).identity.slice(-16)).not.toBe(
      data.identity.slice(-16),
    );
  });

  it('says where CIFAR-10 was looked for', async () => {
    await expect(loadDataset({ name: 'cifar10' }, bare)).rejects.toThrow(
      `CIFAR-10 is not in ${join(root, 'no-cache', 'plexus')} (user cache)`,
    );
    await expect(loadDataset({ name: 'cifar10' }, bare)).rejects.toThrow(/plexus data get cifar10/);
  });

  it('reports a damaged copy under auto too', async () => {
    const folder = join(root, 'damaged');
    writeBlackCifar(folder);
    truncateSync(join(folder, 'test_batch.bin'), 1000);
    await expect(loadDataset({ name: 'auto' }, { ...bare, dataDir: folder })).rejects.toThrow(
      /test_batch\.bin has 1,000 bytes, expected 30,730,000/,
    );
    expect(statusOf({ ...bare, dataDir: folder })).toMatchObject({
      found: false,
      where: `${folder} (--data-dir)`,
      problem: expect.stringContaining('1,000 bytes') as string,
    });
  });
});

describe('dataKeysOf', () => {
  it('lists what each data set takes', () => {
    expect(dataKeysOf('auto')).toEqual(['train', 'test', 'size', 'seed', 'validation']);
    expect(dataKeysOf('cifar10')).toEqual(['train', 'test', 'validation']);
    expect(dataKeysOf('folder')).toEqual([
      'train',
      'test',
      'size',
      'path',
      'crop',
      'flip',
      'jitter',
      'lighting',
      'normalise',
      'validation',
    ]);
    expect(dataKeysOf('npz')).toEqual(dataKeysOf('idx'));
  });
});

describe('registry', () => {
  it('lists what is found and where', () => {
    expect(listDataSets(stocked)).toMatchObject([
      { name: 'shapes', found: true, where: 'built in' },
      {
        name: 'cifar10',
        found: true,
        where: `${join(root, cifar10Layout.folder)} (--data-dir)`,
        problem: null,
        train: 50_000,
        test: 10_000,
      },
      { name: 'cifar100', found: false },
      { name: 'fashion-mnist', found: false },
    ]);
    expect(statusOf(bare)).toMatchObject({ found: false, where: null, problem: null });
  });
});
