import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted, UserError } from '../../src/core/errors.js';
import { sha256Hex } from '../../src/platform/hash.js';
import { getConnectomes, listConnectomes, NetworkError } from '../../src/public/data.js';
import { connectomes, type Connectome } from '../../src/public/graph.js';
import { plexus } from '../cli/harness.js';

const FILES: Readonly<Record<string, string>> = {
  'one.txt': '011\n101\n110',
  'two.csv': '0 3\n0 0\n',
  'three.gml': 'graph [ node [ id 0 ] ]',
};
const NAMES = Object.keys(FILES);

// With PLEXUS_DATA naming a directory that has all connectomes the command is run on them too.
const DATA = process.env['PLEXUS_DATA'] ?? tmpdir();
const complete = listConnectomes({ dataDir: DATA, env: { XDG_CACHE_HOME: DATA } }).every(
  ({ found }) => found,
);

let root: string;
let server: Server;
let catalogue: readonly Connectome[];
/** What the server sends for a file; a number is a status. */
let answers: Record<string, string | number>;
let requests: string[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'plexus-get-connectomes-'));
  answers = { ...FILES };
  requests = [];
  server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    requests.push(name);
    const answer = answers[name] ?? 404;
    if (answer === 'hang') response.writeHead(200, { 'content-length': 1000 }).write('011');
    else if (typeof answer === 'number') response.writeHead(answer).end('no');
    else response.writeHead(200, { 'content-length': answer.length }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  catalogue = NAMES.map((file): Connectome => ({
    name: file.replace(/\..*/, ''),
    meaning: 'a test',
    nodes: 3,
    undirected: { edges: 1, clustering: 0, pathLength: 1 },
    arcs: 6,
    file,
    url: `http://127.0.0.1:${port}/${file}`,
    bytes: FILES[file].length,
    sha256: sha256Hex(FILES[file]),
    format: 'digits',
    reference: 'none',
  }));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(root, { recursive: true, force: true });
});

const folder = (): string => join(root, 'connectomes');
const get = (
  more: Partial<Parameters<typeof getConnectomes>[0]> = {},
): ReturnType<typeof getConnectomes> => getConnectomes({ directory: root, catalogue, ...more });
/** The files that are there, each as published; anything else fails. */
function expectFiles(names: readonly string[]): void {
  expect(readdirSync(folder()).sort()).toEqual([...names].sort());
  for (const name of names) expect(readFileSync(join(folder(), name), 'utf8')).toBe(FILES[name]);
}

describe('getConnectomes', () => {
  it('fetches every file, says which, and leaves nothing else', async () => {
    const seen: string[] = [];
    expect(await get({ onFile: ({ name }) => seen.push(name) })).toEqual({
      folder: folder(),
      changed: true,
      fetched: ['one', 'two', 'three'],
    });
    expect(seen).toEqual(['one', 'two', 'three']);
    expectFiles(NAMES);
    expect(readdirSync(root)).toEqual(['connectomes']);
  });

  it('leaves a complete copy alone, without a request', async () => {
    await get();
    requests = [];
    expect(await get()).toEqual({ folder: folder(), changed: false, fetched: [] });
    expect(await get({ directory: folder() })).toMatchObject({ folder: folder(), changed: false });
    expect(requests).toEqual([]);
  });

  it('makes the directory', async () => {
    const directory = join(root, 'new', 'deep');
    await get({ directory });
    expect(readdirSync(join(directory, 'connectomes')).sort()).toEqual([...NAMES].sort());
  });

  it('fetches only what is missing or damaged, and touches nothing else in the folder', async () => {
    mkdirSync(folder());
    writeFileSync(join(folder(), 'one.txt'), FILES['one.txt']);
    writeFileSync(join(folder(), 'two.csv'), 'damaged');
    writeFileSync(join(folder(), 'notes.txt'), 'mine');
    expect((await get()).fetched).toEqual(['two', 'three']);
    expect(requests).toEqual(['two.csv', 'three.gml']);
    expect(readFileSync(join(folder(), 'notes.txt'), 'utf8')).toBe('mine');
    rmSync(join(folder(), 'notes.txt'));
    expectFiles(NAMES);
  });

  it.each([
    ['other bytes', '0 4\n0 0\n', /SHA-256 checksum [0-9a-f]{64}, expected [0-9a-f]{64}/],
    ['a longer file', '0 3\n0 0\n0', /has 9 bytes, expected 8/],
  ])('refuses %s, keeps what was there, and fetches the others', async (_, answer, message) => {
    answers['two.csv'] = answer;
    mkdirSync(folder());
    writeFileSync(join(folder(), 'two.csv'), 'old');
    await expect(get()).rejects.toThrow(message);
    // Not the user's mistake: the command failed.
    await expect(get()).rejects.toBeInstanceOf(NetworkError);
    await expect(get()).rejects.toThrow(`put it at ${join(folder(), 'two.csv')}`);
    expect(readFileSync(join(folder(), 'two.csv'), 'utf8')).toBe('old');
    expect(readdirSync(folder()).sort()).toEqual(['one.txt', 'three.gml', 'two.csv']);
  });

  it('fetches the others when one cannot be had, and explains what to do by hand', async () => {
    answers['two.csv'] = 404;
    const error: unknown = await get().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NetworkError);
    expect(String(error)).toContain(`${catalogue[1].url} answered 404`);
    expect(String(error)).toContain(
      `download ${catalogue[1].url} by hand (8 bytes, SHA-256 ${catalogue[1].sha256}) ` +
        `and put it at ${join(folder(), 'two.csv')}`,
    );
    expect(String(error)).not.toContain('one.txt');
    expectFiles(['one.txt', 'three.gml']);
    // What was put there by hand is enough.
    writeFileSync(join(folder(), 'two.csv'), FILES['two.csv']);
    expect(await get()).toMatchObject({ changed: false });
  });

  it('explains the same offline', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(get()).rejects.toThrow(/cannot download .*ECONNREFUSED[^]*by hand/);
    expect(readdirSync(folder())).toEqual([]);
    server = createServer().listen(0);
  });

  it('leaves nothing half-done when it is interrupted', async () => {
    answers['two.csv'] = 'hang';
    const controller = new AbortController();
    const run = get({
      signal: controller.signal,
      onFile: ({ name }) => void (name === 'two' && setTimeout(() => controller.abort(), 50)),
    });
    await expect(run).rejects.toThrow(Interrupted);
    expectFiles(['one.txt']);
  });

  it('says so where the directory cannot be made', async () => {
    writeFileSync(join(root, 'connectomes'), '');
    await expect(get()).rejects.toThrow(UserError);
    await expect(get()).rejects.toThrow(/cannot make the directory/);
  });
});

describe('the catalogue', () => {
  it('pins what is fetched: a commit, a size and a checksum each', () => {
    for (const { url, bytes, sha256, reference } of connectomes) {
      expect(url).toMatch(
        /^https:\/\/raw\.githubusercontent\.com\/[\w-]+\/[\w-]+\/[0-9a-f]{40}\/[\w/]*\w+\.(txt|csv|gml)$/,
      );
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(bytes).toBeGreaterThan(900);
      expect(reference).toMatch(/(19|20)\d\d\b/);
    }
    for (const key of ['name', 'file', 'url', 'sha256'] as const)
      expect(new Set(connectomes.map((each) => each[key])).size).toBe(connectomes.length);
  });
});

it('docs/data.md has every connectome with its numbers, file and address', () => {
  const page = readFileSync(new URL('../../docs/data.md', import.meta.url), 'utf8');
  for (const { name, meaning, nodes, arcs, file, url } of connectomes) {
    expect(page).toContain(
      `| \`${name}\`: ${meaning} | ${nodes} | ${arcs.toLocaleString('en-US')} | \`${file}\` ` +
        `| ${url} |`,
    );
  }
});

describe('listConnectomes and plexus data', () => {
  it('tells what is missing and what is damaged', async () => {
    expect(
      listConnectomes({ dataDir: root, env: { XDG_CACHE_HOME: root } }).every(
        ({ found, where, problem }) => !found && where === null && problem === null,
      ),
    ).toBe(true);
    mkdirSync(folder());
    writeFileSync(join(folder(), 'cat.txt'), 'x');
    const cat = listConnectomes({ dataDir: root, env: {} }).find(({ name }) => name === 'cat');
    expect(cat).toMatchObject({
      found: false,
      where: `${join(folder(), 'cat.txt')} (--data-dir)`,
      problem: `${join(folder(), 'cat.txt')} has 1 bytes, expected 2,755`,
    });
    const { status, out } = await plexus(['data', 'list', '--data-dir', root], {
      env: { XDG_CACHE_HOME: root },
    });
    expect(status).toBe(0);
    expect(out).toMatch(/^cat +damaged +52 +820 +.*cat\.txt \(--data-dir\)$/m);
    expect(out).toMatch(/^macaque-whole +no +71 +746 +-$/m);
    expect(out).toMatch(/: plexus data get cifar10, .*plexus data get connectomes$/m);
  });

  it.skipIf(!complete)('does nothing where every file is there', async () => {
    const { out, notes } = await plexus(
      ['data', 'get', 'connectomes', '--json', '--data-dir', DATA],
      { env: { PLEXUS_DATA: DATA } },
    );
    expect(JSON.parse(out)).toEqual({
      name: 'connectomes',
      folder: join(DATA, 'connectomes'),
      changed: false,
      fetched: [],
    });
    expect(notes).toBe('');
  });
});
