import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Interrupted, UserError } from '../../src/core/errors.js';
import {
  candidates,
  clustering,
  gridFor,
  pathLength,
  spaceGrid,
  sweepSpace,
  wsFlexGraph,
  type Sweep,
  type SweepOptions,
  type SweepProgress,
} from '../../src/public/graph.js';

const folders: string[] = [];
afterEach(() =>
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })),
);

function temporaryFolder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'plexus-space-')));
  return folders.at(-1)!;
}

/** Five chunks of 16,384 and a short one. */
const GRID = spaceGrid(16, { degrees: 30, probabilities: 30, seeds: 95 });
const CHUNKS = ['00000.f64', '00001.f64', '00002.f64', '00003.f64', '00004.f64', '00005.f64'];

/** What lies in a directory and when it was written. */
function listing(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => [name, String(statSync(join(folder, name), { bigint: true }).mtimeNs)]),
  );
}

async function sweep(
  folder: string,
  options: SweepOptions = {},
  grid = GRID,
): Promise<{ result: Sweep; progress: SweepProgress[] }> {
  const progress: SweepProgress[] = [];
  const result = await sweepSpace(grid, folder, {
    ...options,
    onProgress: (each) => {
      progress.push(each);
      options.onProgress?.(each);
    },
  });
  return { result, progress };
}

/** A finished sweep of GRID in a directory of its own, swept once. */
let finished: Promise<{ folder: string; result: Sweep }> | null = null;
function finishedSweep(): Promise<{ folder: string; result: Sweep }> {
  finished ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plexus-space-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    const { result } = await sweep(folder, { workers: 2 });
    return { folder, result };
  })();
  return finished;
}

async function copyOfFinished(): Promise<{ folder: string; places: Float64Array }> {
  const { folder: from, result } = await finishedSweep();
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'sweep'));
  for (const name of readdirSync(join(from, 'sweep')))
    copyFileSync(join(from, 'sweep', name), join(folder, 'sweep', name));
  return { folder, places: result.places };
}

describe('sweepSpace', () => {
  it(
    'measures the graphs of its candidates, in the shuffled order, and keeps them chunk by ' +
      'chunk',
    async () => {
      const { folder, result } = await finishedSweep();
      const candidateOf = candidates(GRID);
      expect([...result.order].sort((a, b) => a - b)).toEqual(
        Array.from({ length: 85_500 }, (_, at) => at),
      );
      for (let at = 0; at < 85_500; at += 1571) {
        const { k, p, seed } = candidateOf(result.order[at]);
        const graph = wsFlexGraph(16, k, p, seed);
        expect([...result.places.subarray(2 * at, 2 * at + 2)]).toEqual([
          clustering(graph),
          pathLength(graph),
        ]);
      }
      expect(readdirSync(folder)).toEqual(['sweep']);
      expect(readdirSync(join(folder, 'sweep')).sort()).toEqual([...CHUNKS, 'grid.json']);
    },
  );

  it('gives the same places and files with one worker as with two', async () => {
    const { folder: other, result } = await finishedSweep();
    const folder = temporaryFolder();
    const { result: alone, progress } = await sweep(folder, { workers: 1 });
    expect(alone.places).toEqual(result.places);
    for (const name of CHUNKS)
      expect(
        readFileSync(join(folder, 'sweep', name)).equals(readFileSync(join(other, 'sweep', name))),
      ).toBe(true);
    expect(progress.map(({ done }) => done)).toEqual([
      0, 16_384, 32_768, 49_152, 65_536, 81_920, 85_500,
    ]);
    expect(progress.every(({ total, before }) => total === 85_500 && before === 0)).toBe(true);
  });

  it('goes on after an interruption, without doing anything twice', async () => {
    const { result } = await finishedSweep();
    const folder = temporaryFolder();
    const controller = new AbortController();
    const stopped = sweep(folder, {
      workers: 1,
      signal: controller.signal,
      onProgress: ({ done }) => done >= 32_768 && controller.abort(),
    });
    await expect(stopped).rejects.toThrow(Interrupted);
    await expect(stopped).rejects.toThrow(
      /^stopped with 32768 of 85500 candidates done, all kept in .*; the same command goes on from there$/,
    );
    const before = listing(folder);
    expect(Object.keys(before)).toEqual([
      'sweep',
      'sweep/00000.f64',
      'sweep/00001.f64',
      'sweep/grid.json',
    ]);
    const { result: resumed, progress } = await sweep(folder, { workers: 2 });
    expect(resumed.places).toEqual(result.places);
    expect(progress[0]).toEqual({ done: 32_768, total: 85_500, before: 32_768 });
    const after = listing(folder);
    for (const name of ['sweep/00000.f64', 'sweep/00001.f64', 'sweep/grid.json'])
      expect(after[name]).toBe(before[name]);
  });

  it('stops before anything is done when it is aborted already', async () => {
    const folder = temporaryFolder();
    await expect(sweep(folder, { signal: AbortSignal.abort() })).rejects.toThrow(
      /stopped with 0 of 85500/,
    );
    expect(readdirSync(join(folder, 'sweep'))).toEqual(['grid.json']);
  });

  it('only reads a finished sweep', async () => {
    const { folder, places } = await copyOfFinished();
    const before = listing(folder);
    const { result, progress } = await sweep(folder);
    expect(result.places).toEqual(places);
    expect(progress).toEqual([{ done: 85_500, total: 85_500, before: 85_500 }]);
    expect(listing(folder)).toEqual(before);
  });

  it('does a chunk again whose file is cut, longer, changed or of another chunk', async () => {
    const { folder, places } = await copyOfFinished();
    const file = (at: number): string => join(folder, 'sweep', CHUNKS[at]);
    truncateSync(file(0), 1000);
    const flipped = readFileSync(file(1));
    flipped[12_345] ^= 1;
    writeFileSync(file(1), flipped);
    writeFileSync(file(2), Buffer.concat([readFileSync(file(2)), Buffer.alloc(8)]));
    writeFileSync(file(3), Buffer.alloc(readFileSync(file(3)).length));
    copyFileSync(file(4), file(5));
    const before = listing(folder);
    const { result, progress } = await sweep(folder, { workers: 2 });
    expect(result.places).toEqual(places);
    expect(progress[0].before).toBe(16_384);
    const after = listing(folder);
    expect(CHUNKS.filter((name) => after[`sweep/${name}`] === before[`sweep/${name}`])).toEqual([
      '00004.f64',
    ]);
    const { folder: right } = await finishedSweep();
    for (const name of CHUNKS)
      expect(
        readFileSync(join(folder, 'sweep', name)).equals(readFileSync(join(right, 'sweep', name))),
      ).toBe(true);
  });

  it('refuses the directory of another grid and changes nothing in it', async () => {
    const { folder } = await copyOfFinished();
    const before = listing(folder);
    const others = [
      spaceGrid(64),
      spaceGrid(16),
      spaceGrid(16, { degrees: 30, probabilities: 30, seeds: 95, shuffleSeed: 2 }),
    ];
    for (const other of others) {
      await expect(sweepSpace(other, folder)).rejects.toThrow(UserError);
      await expect(sweepSpace(other, folder)).rejects.toThrow(
        /has n=16: 30 degrees from 4 to 14 x 30 probabilities x 95 seeds, but n=.* were asked for; choose another directory/,
      );
    }
    expect(listing(folder)).toEqual(before);
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"nodes":64}',
    '{"nodes":3,"degrees":{"count":1,"from":2,"to":2},"probabilities":1,"seeds":1,"shuffleSeed":1}',
  ])('says that a grid.json with %j is damaged', async (text) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'sweep'));
    writeFileSync(join(folder, 'sweep', 'grid.json'), text);
    await expect(sweepSpace(GRID, folder)).rejects.toThrow(UserError);
    await expect(sweepSpace(GRID, folder)).rejects.toThrow(/remove .*sweep to sweep anew/);
    expect(readFileSync(join(folder, 'sweep', 'grid.json'), 'utf8')).toBe(text);
  });

  it.each([
    [4, [2, 3]],
    [20, [4, 18]],
    [128, [10, 126]],
    [600, [4, 5]],
  ] as const)('sweeps a tiny grid of %d nodes', async (nodes, degreeRange) => {
    const folder = temporaryFolder();
    const { result } = await sweep(
      folder,
      { workers: 1 },
      spaceGrid(nodes, { degrees: 3, degreeRange, probabilities: 3, seeds: 2 }),
    );
    expect(result.places).toHaveLength(36);
    for (let at = 0; at < 36; at += 2) {
      expect(result.places[at]).toBeGreaterThanOrEqual(0);
      expect(result.places[at]).toBeLessThanOrEqual(1);
      expect(result.places[at + 1]).toBeGreaterThanOrEqual(1);
    }
  });
});

describe('gridFor', () => {
  it('takes what is not given from the sweep that lies there', async () => {
    const { folder } = await copyOfFinished();
    expect(gridFor(folder, undefined, {})).toEqual(GRID);
    expect(gridFor(folder, 16, { seeds: 95 })).toEqual(GRID);
    expect(() => gridFor(folder, 64, {})).toThrow(UserError);
    expect(() => gridFor(folder, undefined, { seeds: 94 })).toThrow(
      /but n=16: 30 degrees from 4 to 14 x 30 probabilities x 94 seeds were asked for/,
    );
  });

  it('has defaults elsewhere, and makes nothing', () => {
    const folder = join(temporaryFolder(), 'new');
    expect(gridFor(folder, undefined, { seeds: 2 })).toEqual(spaceGrid(64, { seeds: 2 }));
    expect(existsSync(folder)).toBe(false);
  });
});
