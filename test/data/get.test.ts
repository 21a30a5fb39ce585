import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted, UserError } from '../../src/core/errors.js';
import { publishedCifar } from '../../src/data-files/cifar.js';
import { cifar10Layout } from '../../src/data-files/cifar10.js';
import { NetworkError } from '../../src/data-files/download.js';
import { getPublished } from '../../src/data-files/get.js';
import type { GetOptions, GetResult, Progress } from '../../src/public/data.js';
import { cifar10Files, fakeArchive, fakeBatch, smallCifar, writeFakeCifar } from './fixtures.js';

const RECORDS = 3;
const archive = fakeArchive(RECORDS);
const PART = 'cifar-10-binary.tar.gz.part';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
let root: string;
let server: Server;
let url: string;
let handler: Handler;
let ranges: (string | undefined)[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'plexus-get-'));
  ranges = [];
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cifar-10-binary.tar.gz`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(root, { recursive: true, force: true });
});

/** A server that knows ranges. */
const ranged: Handler = (request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (from >= archive.bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${archive.bytes.length}` }).end();
    return;
  }
  const { length } = archive.bytes;
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': length - from,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${length - 1}/${length}` } : {}),
  });
  response.end(archive.bytes.subarray(from));
};
const unranged: Handler = (_, response) =>
  void response.writeHead(200, { 'content-length': archive.bytes.length }).end(archive.bytes);

const get = (more: Partial<GetOptions> = {}): Promise<GetResult> =>
  getPublished(publishedCifar(smallCifar(RECORDS, archive.describe(url))), {
    directory: root,
    ...more,
  });

function expectComplete(folder = join(root, cifar10Layout.folder)): void {
  cifar10Files.forEach((file, i) =>
    expect(Buffer.compare(readFileSync(join(folder, file)), fakeBatch(i, RECORDS))).toBe(0),
  );
  expect(readFileSync(join(folder, cifar10Layout.namesFile), 'utf8')).toContain(
    'airplane\nautomobile',
  );
}

describe('getPublished', () => {
  it('downloads, unpacks, cleans up and reports progress to the end', async () => {
    handler = ranged;
    const seen: Progress[] = [];
    const result = await get({ onProgress: (progress) => seen.push(progress) });
    expect(result).toEqual({ folder: join(root, cifar10Layout.folder), changed: true });
    expectComplete();
    expect(readdirSync(root)).toEqual([cifar10Layout.folder]);
    expect(readdirSync(result.folder).sort()).toEqual(
      [cifar10Layout.namesFile, ...cifar10Files].sort(),
    );
    expect(seen.at(-1)).toMatchObject({
      done: archive.bytes.length,
      total: archive.bytes.length,
      secondsLeft: 0,
    });
  });

  it('leaves a complete copy alone, without a request', async () => {
    handler = ranged;
    await get();
    ranges = [];
    expect(await get()).toEqual({ folder: join(root, cifar10Layout.folder), changed: false });
    expect(await get({ directory: join(root, cifar10Layout.folder) })).toMatchObject({
      changed: false,
    });
    expect(ranges).toEqual([]);
  });

  it('makes the directory, and takes the folder itself for its parent', async () => {
    handler = ranged;
    const folder = join(root, 'new', 'deep', cifar10Layout.folder);
    expect((await get({ directory: folder })).folder).toBe(folder);
    expectComplete(folder);
    expect(readdirSync(join(root, 'new', 'deep'))).toEqual([cifar10Layout.folder]);
  });

  it('continues what an earlier run left', async () => {
    handler = ranged;
    writeFileSync(join(root, PART), archive.bytes.subarray(0, 10_000));
    await get();
    expect(ranges).toEqual(['bytes=10000-']);
    expectComplete();
  });

  it('needs no request when the whole archive is there already', async () => {
    handler = ranged;
    writeFileSync(join(root, PART), archive.bytes);
    await get();
    expect(ranges).toEqual([]);
    expectComplete();
  });

  it('takes up a connection that breaks in the middle', async () => {
    let calls = 0;
    handler = (request, response) => {
      calls += 1;
      if (calls > 1) return ranged(request, response);
      response.writeHead(200, { 'content-length': archive.bytes.length });
      response.write(archive.bytes.subarray(0, 20_000), () =>
        setTimeout(() => response.destroy(), 50),
      );
    };
    await get();
    expect(ranges).toEqual([undefined, 'bytes=20000-']);
    expectComplete();
  });

  it('starts over with a server that knows no ranges, or another file', async () => {
    handler = unranged;
    writeFileSync(join(root, PART), archive.bytes.subarray(0, 10_000));
    await get();
    expectComplete();
    rmSync(join(root, cifar10Layout.folder), { recursive: true });
    writeFileSync(join(root, PART), archive.bytes.subarray(0, 10_000));
    handler = (request, response) =>
      request.headers.range === undefined
        ? ranged(request, response)
        : void response.writeHead(416).end();
    await get();
    expectComplete();
  });

  it('follows a redirect', async () => {
    handler = (request, response) =>
      request.url === '/elsewhere'
        ? ranged(request, response)
        : void response.writeHead(302, { location: '/elsewhere' }).end();
    await get();
    expectComplete();
  });

  it('refuses a wrong checksum, removes the bytes, and comes right on the next run', async () => {
    const wrong = Buffer.from(archive.bytes);
    wrong[5000] = wrong[5000] ^ 1;
    handler = (_, response) => void response.end(wrong);
    await expect(get()).rejects.toThrow(/MD5 checksum [0-9a-f]{32}, expected [0-9a-f]{32}/);
    expect(readdirSync(root)).toEqual([]);
    handler = ranged;
    await get();
    expectComplete();
  });

  it('refuses a longer file', async () => {
    handler = (_, response) => void response.end(Buffer.concat([archive.bytes, Buffer.alloc(9)]));
    await expect(get()).rejects.toThrow(/bytes, expected /);
    expect(readdirSync(root)).toEqual([]);
  });

  it('keeps what came when it is interrupted, and nothing under the final name', async () => {
    const controller = new AbortController();
    handler = (_, response) => {
      response.writeHead(200, { 'content-length': archive.bytes.length });
      response.write(archive.bytes.subarray(0, 20_000));
    };
    const run = get({
      signal: controller.signal,
      onProgress: ({ done }) => done >= 20_000 && controller.abort(),
    });
    await expect(run).rejects.toThrow(Interrupted);
    expect(readdirSync(root)).toEqual([PART]);
    expect(readFileSync(join(root, PART)).length).toBe(20_000);
  });

  it.each([404, 500])('explains what to do by hand when the server answers %d', async (status) => {
    handler = (_, response) => void response.writeHead(status).end('no');
    const error: unknown = await get().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toBeInstanceOf(UserError);
    const text = String(error);
    expect(text).toContain(`${url} answered ${status}`);
    expect(text).toContain(`put it at ${join(root, 'cifar-10-binary.tar.gz')}`);
    expect(text).toContain(
      `${join(root, cifar10Layout.folder)} holds data_batch_1.bin, data_batch_2.bin`,
    );
    expect(readdirSync(root)).toEqual([]);
  });

  it('explains the same offline, and says what is kept', async () => {
    await new Promise((resolve) => server.close(resolve));
    writeFileSync(join(root, PART), archive.bytes.subarray(0, 10_000));
    await expect(get()).rejects.toThrow(
      /cannot download .*ECONNREFUSED[^]*10,000 of [\d,]+ bytes are kept[^]*by hand/,
    );
    expect(readdirSync(root)).toEqual([PART]);
    server = createServer().listen(0);
  });

  it('uses an archive that was placed by hand, keeps it, and refuses a damaged one', async () => {
    const path = join(root, 'cifar-10-binary.tar.gz');
    writeFileSync(path, archive.bytes.subarray(1));
    await expect(get()).rejects.toThrow(/has [\d,]+ bytes, expected/);
    writeFileSync(path, archive.bytes);
    await get();
    expect(ranges).toEqual([]);
    expectComplete();
    expect(existsSync(path)).toBe(true);
  });

  it('repairs an incomplete copy and touches nothing else in its folder', async () => {
    handler = ranged;
    const folder = join(root, cifar10Layout.folder);
    writeFakeCifar(folder, RECORDS);
    writeFileSync(join(folder, 'data_batch_2.bin'), 'short');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    expect(await get()).toEqual({ folder, changed: true });
    expectComplete();
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
    expect(readdirSync(root)).toEqual([cifar10Layout.folder]);
  });

  it('leaves nothing when the archive holds too little', async () => {
    const small = fakeArchive(RECORDS - 1);
    handler = (_, response) => void response.end(small.bytes);
    const whole = publishedCifar(smallCifar(RECORDS, small.describe(url)));
    await expect(getPublished(whole, { directory: root })).rejects.toThrow(/data_batch_1\.bin has/);
    expect(readdirSync(root)).toEqual([PART]);
  });

  it('says so where the directory cannot be made', async () => {
    writeFileSync(join(root, 'file'), '');
    await expect(get({ directory: join(root, 'file', 'data') })).rejects.toThrow(
      /cannot make the directory/,
    );
    mkdirSync(join(root, PART));
    await expect(get()).rejects.toThrow(UserError);
  });

  it('pins the published archive', () => {
    expect(cifar10Layout.archive).toMatchObject({
      url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
      bytes: 170_052_171,
      md5: 'c32a1d4ab5d03f1284b67883e8d87530',
    });
  });
});
