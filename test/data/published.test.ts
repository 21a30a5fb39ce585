import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { cifar100, cifar100Layout } from '../../src/data-files/cifar100.js';
import { cifarSource } from '../../src/data-files/cifar.js';
import { fashionMnist, fashionMnistSource } from '../../src/data-files/fashion-mnist.js';
import type { Download } from '../../src/data-files/published.js';
import {
  dataKeysOf,
  type DataSource,
  dataSources,
  type LoadedData,
  loadDataset,
  NetworkError,
  resolveDataSpec,
} from '../../src/public/data.js';
import { parseStudySpec } from '../../src/public/study.js';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'plexus-published-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const places = () => [{ path: root, origin: '--data-dir' as const }];

describe('every data set', () => {
  it.each(dataSources.map((source) => [source.name, source] as const))(
    '%s settles, and settling again changes nothing',
    (name, { keys, facts, path }) => {
      const spec = { name, ...(path === undefined ? {} : { path: '/somewhere' }) };
      const settled = resolveDataSpec(spec, { env: {} });
      expect(resolveDataSpec(settled, { env: {} })).toEqual(settled);
      expect(dataKeysOf(name)).toEqual(expect.arrayContaining(Object.keys(keys)));
      // A data set is known beforehand, or it is a format with a path.
      expect(facts === undefined).toBe(path !== undefined);
    },
  );

  it('can be named in a study', () => {
    for (const name of ['cifar100', 'fashion-mnist']) {
      const text = `plexus: 1\nname: x\nbaseline: complete:n=8\ngraphs: ["star:n=8"]\n`;
      const spec = parseStudySpec(`${text}data: {name: ${name}, train: 5}\n`, 'x.yaml');
      expect(spec.data).toEqual({ name, train: 5 });
    }
  });
});

describe('cifar100', () => {
  const RECORDS = 5;
  const RECORD = 3074;
  const layout = {
    ...cifar100Layout,
    train: [{ name: 'train.bin', records: RECORDS }],
    test: [{ name: 'test.bin', records: 2 }],
  };
  const small: DataSource = cifarSource(layout);
  const load = (spec: object): LoadedData =>
    small.load({ name: 'cifar100', ...spec }, { places: places() }) as LoadedData;
  /** Coarse label, fine label, pixels. */
  const records = (count: number): Uint8Array =>
    Uint8Array.from({ length: count * RECORD }, (_, i) => {
      const [record, at] = [Math.floor(i / RECORD), i % RECORD];
      if (at === 0) return record % 20;
      return at === 1 ? 99 - record : (record * 31 + at * 7) & 255;
    });
  const folder = (): string => join(root, 'cifar-100-binary');
  beforeEach(() => {
    mkdirSync(folder());
    writeFileSync(join(folder(), 'train.bin'), records(RECORDS));
    writeFileSync(join(folder(), 'test.bin'), records(2));
  });

  it('has the hundred classes, in the order of the alphabet', () => {
    const { classes } = cifar100Layout;
    expect(classes).toHaveLength(100);
    expect(new Set(classes).size).toBe(100);
    expect([...classes].sort()).toEqual(classes);
  });

  it('reads the fine labels and the pictures', () => {
    const { dataset, words } = load({});
    expect(words).toEqual({ train: 5, test: 2 });
    expect(dataset.classes[99]).toBe('worm');
    if (dataset.pictures !== null) throw new Error('in memory');
    expect([...dataset.train.labels]).toEqual([99, 98, 97, 96, 95]);
    const third = records(RECORDS).subarray(2 * RECORD + 2, 3 * RECORD);
    expect([...dataset.train.images.subarray(2 * 3072, 3 * 3072)]).toEqual([...third]);
    expect(load({ train: 2, test: 1 }).dataset.train.count).toBe(2);
  });

  it('takes the names of the classes from their file', () => {
    const names = Array.from({ length: 100 }, (_, i) => `class${i}`);
    writeFileSync(join(folder(), 'fine_label_names.txt'), `${names.join('\n')}\n`);
    expect(load({}).dataset.classes).toEqual(names);
  });

  it('refuses a label above 99, a wrong size, and says how to get it where it is not', () => {
    const bytes = records(2);
    bytes[RECORD + 1] = 100;
    writeFileSync(join(folder(), 'test.bin'), bytes);
    expect(() => load({})).toThrow(
      /test\.bin: record 1 has label 100, expected 0 to 99: not CIFAR/,
    );
    writeFileSync(join(folder(), 'test.bin'), 'x');
    expect(() => load({})).toThrow('has 1 bytes, expected 6,148 (2 records of 3,074)');
    rmSync(folder(), { recursive: true });
    expect(() => load({})).toThrow(/^CIFAR-100 is not in .*; run "plexus data get cifar100"/);
  });

  it('has files of the published size', () => {
    expect(cifar100.find!(places())?.problem).toContain(
      'has 15,370 bytes, expected 153,700,000 (50,000 records of 3,074)',
    );
    expect(cifar100.facts).toMatchObject({ train: 50_000, test: 10_000 });
  });
});

/** An IDX file of bytes, packed. */
function idxFile(sizes: readonly number[], bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head.set([0, 0, 8, sizes.length]);
  sizes.forEach((size, at) => head.writeUInt32BE(size, 4 + 4 * at));
  return gzipSync(Buffer.concat([head, bytes]), { level: 1 });
}

describe('fashion-mnist', () => {
  const pixels = (count: number): Uint8Array =>
    Uint8Array.from({ length: count * 784 }, (_, i) => (i * 13) & 255);
  const labels = (count: number): Uint8Array =>
    Uint8Array.from({ length: count }, (_, i) => 9 - (i % 10));
  const contents: Readonly<Record<string, Buffer>> = {
    'train-images-idx3-ubyte.gz': idxFile([12, 28, 28], pixels(12)),
    'train-labels-idx1-ubyte.gz': idxFile([12], labels(12)),
    't10k-images-idx3-ubyte.gz': idxFile([10, 28, 28], pixels(10)),
    't10k-labels-idx1-ubyte.gz': idxFile([10], labels(10)),
  };
  let server: Server;
  let requests: string[];
  let small: DataSource;
  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      const file = (request.url ?? '').slice(1);
      requests.push(file);
      const body = contents[file];
      if (body === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'content-length': body.length }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const files = Object.entries(contents).map(([file, bytes]): Download => ({
      url: `http://127.0.0.1:${port}/${file}`,
      file,
      bytes: bytes.length,
      md5: createHash('md5').update(bytes).digest('hex'),
    }));
    small = fashionMnistSource(files);
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const folder = (): string => join(root, 'fashion-mnist');
  const load = (spec: object): LoadedData =>
    small.load({ name: 'fashion-mnist', ...spec }, { places: places() }) as LoadedData;

  it('is fetched file by file, and read with its names and its own normalisation', async () => {
    const progress: number[] = [];
    const got = await small.download!.get({
      directory: root,
      onProgress: ({ done, total }) => progress.push(done / total),
    });
    expect(got).toEqual({ folder: folder(), changed: true });
    expect(readdirSync(folder()).sort()).toEqual(Object.keys(contents).sort());
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    const { dataset, words } = load({ train: 11, test: 10 });
    expect(words).toEqual({ train: 11, test: 10 });
    expect(dataset).toMatchObject({
      shape: { channels: 1, height: 28, width: 28 },
      mean: [72.94],
      std: [90.02],
      augmentation: { flip: true, pad: 4 },
    });
    expect(dataset.classes[dataset.train.labels[0]]).toBe('Ankle boot');
    expect(await small.download!.get({ directory: folder() })).toMatchObject({ changed: false });
    expect(requests).toHaveLength(4);
  });

  it('fetches only what is not right, and refuses other bytes', async () => {
    await small.download!.get({ directory: root });
    writeFileSync(join(folder(), 't10k-labels-idx1-ubyte.gz'), 'short');
    expect(small.find!(places())?.problem).toContain('t10k-labels-idx1-ubyte.gz has 5 bytes');
    requests = [];
    await small.download!.get({ directory: root });
    expect(requests).toEqual(['t10k-labels-idx1-ubyte.gz']);
    const wrong = fashionMnistSource([
      {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/none`,
        file: 'none',
        bytes: 1,
        md5: '',
      },
    ]);
    const failure: unknown = await wrong
      .download!.get({ directory: root })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NetworkError);
    expect(String(failure)).toContain(`put it at ${join(folder(), 'none')}`);
  });

  it('does not take MNIST, whose files have the same names, for it', async () => {
    await small.download!.get({ directory: root });
    const mnist = join(root, 'mnist');
    mkdirSync(mnist);
    for (const name of readdirSync(folder()))
      writeFileSync(join(mnist, name), readFileSync(join(folder(), name)));
    rmSync(folder(), { recursive: true });
    expect(small.find!([{ path: mnist, origin: 'PLEXUS_DATA' }])).toBeNull();
    expect(() => load({})).toThrow(UserError);
    await expect(
      loadDataset({ name: 'fashion-mnist' }, { env: {}, dataDir: mnist }),
    ).rejects.toThrow('Fashion-MNIST is not in');
  });

  it('pins what is published', () => {
    expect(fashionMnist.facts).toMatchObject({ train: 60_000, test: 10_000 });
    expect(fashionMnist.facts!.classes).toHaveLength(10);
  });
});
