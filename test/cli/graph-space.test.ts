import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { parseHTML } from 'linkedom';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeSpace } from '../../src/cli/commands/graph/space-files.js';
import {
  buildGraph,
  candidateOrder,
  candidates,
  clustering,
  parseGraphSpecs,
  pathLength,
  publishedSet,
  spaceBins,
  spaceGrid,
} from '../../src/graph/index.js';
import { placeCandidates } from '../../src/graph/space/place.js';
import { plexus, type CliResult } from './harness.js';

const folders: string[] = [];
afterEach(() =>
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })),
);

function temporaryFolder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'plexus-space-')));
  return folders.at(-1)!;
}

/** Rows of a CSV file without quoted line breaks, numbers as numbers. */
function readCsv(file: string): Record<string, string | number>[] {
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell]) =>
      cell.replace(/^"|"$/g, ''),
    );
    return Object.fromEntries(
      names.map((name, at) => [name, name === 'spec' ? cells[at] : Number(cells[at])]),
    );
  });
}

async function readRows(file: string): Promise<Record<string, unknown>[]> {
  const bytes = new Uint8Array(readFileSync(file));
  return parquetReadObjects({ file: bytes.buffer });
}

/** Everything under a directory: name, size, time. */
function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { size, mtimeNs } = statSync(join(folder, name), { bigint: true });
      return `${name} ${size} ${mtimeNs}`;
    });
}

const SMALL = ['--nodes', '16', '--degrees', '12', '--probabilities', '10', '--seeds', '3'];
const GRID = spaceGrid(16, { degrees: 12, probabilities: 10, seeds: 3 });

describe('plexus graph space', () => {
  let folder = '';
  let result: CliResult = { status: -1, out: '', notes: '' };
  let summary: ReturnType<typeof writeSpace>['summary'];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plexus-space-'));
    result = await plexus(['graph', 'space', ...SMALL, '-o', folder]);
    summary = JSON.parse(readFileSync(join(folder, 'space.json'), 'utf8'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('says what it did', () => {
    const [large, middle, small] = summary.sets.map(({ count }) => count);
    expect([result.status, result.out.split('\n').length]).toEqual([0, 2]);
    expect(result.out).toMatch(
      new RegExp(
        `^360 candidates in ${large} cells; sets of ${large}, ${middle}, ${small}; ` +
          `.*\nwrote space.json, set-${large}.txt, .* in `,
      ),
    );
    expect(result.notes).toMatch(
      /^space in .*, n=16: 12 degrees from 4 to 14 x 10 probabilities x 3 seeds\n360 of 360 candidates \(100 %\), done$/,
    );
  });

  it('writes the files that it names, and no others', () => {
    const named = /wrote (.*) in /.exec(result.out)?.[1].split(', ') ?? [];
    const sets = summary.sets.flatMap(({ count }) =>
      ['csv', 'parquet', 'txt'].map((type) => `set-${count}.${type}`),
    );
    expect([...named].sort()).toEqual(
      ['candidates.parquet', 'families.svg', 'space.json', 'space.svg', ...sets].sort(),
    );
    expect(readdirSync(folder).sort()).toEqual([...named, 'sweep'].sort());
  });

  it('tells in space.json the grid, the bins, the counts and what they mean', () => {
    expect(Object.keys(summary)).toEqual([
      'grid',
      'bins',
      'candidates',
      'cells',
      'outside',
      'unconnected',
      'sets',
      'definitions',
    ]);
    expect(summary).toMatchObject({
      grid: GRID,
      bins: spaceBins(GRID),
      candidates: 360,
      cells: summary.sets[0].count,
      outside: 0,
      unconnected: 0,
    });
    expect(summary.sets.map(({ stride, files }) => [stride, files.length])).toEqual([
      [1, 3],
      [3, 3],
      [9, 3],
    ]);
    expect(Object.keys(summary.definitions).sort()).toEqual([
      'candidates',
      'clustering',
      'pathLength',
      'sets',
    ]);
    for (const text of Object.values(summary.definitions)) expect(text.length).toBeGreaterThan(40);
  });

  it(
    'writes every set alike as text, CSV and Parquet: graphs that have the C and L that ' +
      'are told',
    async () => {
      for (const { count, stride } of summary.sets) {
        const rows = readCsv(join(folder, `set-${count}.csv`));
        expect(rows).toHaveLength(count);
        expect(await readRows(join(folder, `set-${count}.parquet`))).toEqual(rows);
        const text = readFileSync(join(folder, `set-${count}.txt`), 'utf8');
        expect(text).toMatch(
          new RegExp(
            `^# ${count} WS-flex graphs of 16 nodes over the plane of clustering and path ` +
              `length \\(stride ${stride}\\)`,
          ),
        );
        const specs = parseGraphSpecs(text);
        specs.forEach((spec, at) => {
          const graph = buildGraph(spec);
          expect(rows[at]).toMatchObject({
            nodes: 16,
            clustering: clustering(graph),
            pathLength: pathLength(graph),
            seed: spec.params.seed,
          });
          expect(rows[at].k).toBeCloseTo(Number(spec.params.k), 5);
          expect(rows[at].row).toBe(
            Math.min(107, Math.floor(Number(rows[at].clustering) * 108 + 1e-9)),
          );
          expect(rows[at].column).toBe(
            Math.min(107, Math.floor(((Number(rows[at].pathLength) - 1) / 1.5) * 108 + 1e-9)),
          );
        });
        expect(specs).toHaveLength(count);
      }
      const [large] = summary.sets;
      const total = readCsv(join(folder, `set-${large.count}.csv`)).reduce(
        (sum, { candidates: each }) => sum + Number(each),
        0,
      );
      expect(total).toBe(360);
    },
  );

  it('lists every candidate in candidates.parquet, in the shuffled order', async () => {
    const order = candidateOrder(GRID);
    const candidateOf = candidates(GRID);
    const places = placeCandidates(GRID, order);
    const expected = [...order].map((number, at) => ({
      ...candidateOf(number),
      clustering: places[2 * at],
      pathLength: places[2 * at + 1],
    }));
    expect(await readRows(join(folder, 'candidates.parquet'))).toEqual(expected);
  });

  it('draws a mark for every graph of the coarsest set, and a panel for every family', () => {
    const count = summary.sets[2].count;
    for (const [name, marks] of [
      ['space.svg', count],
      ['families.svg', null],
    ] as const) {
      const svg = readFileSync(join(folder, name), 'utf8');
      expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      const { document } = parseHTML(`<body>${svg}</body>`);
      if (marks !== null) expect(document.querySelectorAll('.coarse circle')).toHaveLength(marks);
      else expect(document.querySelectorAll('use').length).toBeGreaterThan(15);
    }
    expect(readFileSync(join(folder, 'families.svg'), 'utf8')).toContain(
      'Grey: what WS-flex graphs of 16 nodes reach',
    );
  });

  it('run again only bins anew: other strides, CSV only, JSON', async () => {
    const copy = temporaryFolder();
    await plexus(['graph', 'space', ...SMALL, '-o', copy, '--format', 'csv', '--strides', '1']);
    const swept = listing(copy).filter((line) => line.startsWith('sweep'));
    const { status, out, notes } = await plexus([
      'graph',
      'space',
      '-o',
      copy,
      '--format',
      'csv',
      '--bins',
      '20',
      '--strides',
      '5,2',
      '--path-length-range',
      '1,2',
      '--json',
    ]);
    expect([status, notes.split('\n').at(-1)]).toEqual([
      0,
      '360 of 360 candidates were done before',
    ]);
    const told = JSON.parse(out);
    expect(told).toMatchObject({
      directory: copy,
      grid: GRID,
      candidates: 360,
      bins: { bins: 20, strides: [2, 5], pathLength: [1, 2] },
    });
    const { directory, files, seconds, ...rest } = told;
    expect([directory, seconds >= 0]).toEqual([copy, true]);
    expect(rest).toEqual(JSON.parse(readFileSync(join(copy, 'space.json'), 'utf8')));
    expect(files.some((file: string) => file.endsWith('.parquet'))).toBe(false);
    expect(readdirSync(copy).filter((file) => file.endsWith('.parquet'))).toEqual([]);
    expect(listing(copy).filter((line) => line.startsWith('sweep'))).toEqual(swept);
  });

  it('names sets of one size apart', async () => {
    const here = temporaryFolder();
    const { out } = await plexus([
      'graph',
      'space',
      '--nodes',
      '16',
      '--degrees',
      '1',
      '--probabilities',
      '1',
      '--seeds',
      '1',
      '--bins',
      '1',
      '--strides',
      '1',
      '-o',
      here,
      '--format',
      'csv',
    ]);
    expect(out).toMatch(/^1 candidate in 1 cell; sets of 1; /);
    const { summary: twice } = writeSpace(
      here,
      { grid: GRID, order: new Int32Array(2), places: Float64Array.of(0.5, 1.5, NaN, NaN) },
      spaceBins(GRID, { bins: 3, strides: [1, 3] }),
      ['csv'],
    );
    expect(twice.sets.map(({ files }) => files)).toEqual([
      ['set-1.txt', 'set-1.csv'],
      ['set-1-stride-3.txt', 'set-1-stride-3.csv'],
    ]);
  });

  it('leaves C and L of candidates without a connected graph empty, and counts them', async () => {
    const here = temporaryFolder();
    const { summary: told } = writeSpace(
      here,
      {
        grid: GRID,
        order: Int32Array.of(5, 7, 9),
        places: Float64Array.of(0.5, 1.5, NaN, NaN, 0.5, 9),
      },
      spaceBins(GRID),
      ['parquet'],
    );
    expect(told).toMatchObject({ candidates: 3, cells: 1, outside: 1, unconnected: 1 });
    expect(
      (await readRows(join(here, 'candidates.parquet'))).map((row) => [
        row.clustering,
        row.pathLength,
      ]),
    ).toEqual([
      [0.5, 1.5],
      [null, null],
      [0.5, 9],
    ]);
    expect(readFileSync(join(here, 'space.svg'), 'utf8')).toMatch(
      /1 candidate without a connected graph left out/,
    );
  });
});

describe('plexus graph space, stopped', () => {
  it('exits 130, and the same command goes on', async () => {
    const here = temporaryFolder();
    const many = [
      'graph',
      'space',
      '--nodes',
      '16',
      '--degrees',
      '30',
      '--probabilities',
      '30',
      '--seeds',
      '40',
      '-o',
      here,
      '--workers',
      '1',
      '--format',
      'csv',
      '--strides',
      '9',
    ];
    const controller = new AbortController();
    // The first of three chunks is there, the second has just begun.
    const watch = setInterval(
      () => existsSync(join(here, 'sweep', '00000.f64')) && controller.abort(),
      1,
    );
    const stopped = await plexus(many, { signal: controller.signal });
    clearInterval(watch);
    expect(stopped.status).toBe(130);
    expect(stopped.notes.split('\n').at(-1)).toMatch(
      /^interrupted: stopped with (16384|32768) of 36000 candidates done, all kept in .*; the same command goes on from there$/,
    );
    expect(readdirSync(here)).toEqual(['sweep']);
    const again = await plexus(many);
    expect(again.status).toBe(0);
    expect(again.notes).toMatch(/(16,384|32,768) of 36,000 candidates were done before/);
  });
});

describe('plexus graph space with bad input', () => {
  it.each([
    [['--nodes', '3'], /expected a whole number from 4/],
    [['--nodes', '20001'], /number of nodes of a space/],
    [['--degrees', '0'], /expected a whole number from 1/],
    [['--degree-range', '8'], /expected two numbers/],
    [['--degree-range', '1,62'], /degrees of a space must ascend/],
    [['--seeds', '9999'], /at most 100000000 candidates/],
    [['--strides', '1,x'], /expected a whole number from 1/],
    [['--strides', '1,1'], /strides must differ, got 1 twice/],
    [['--strides', '200'], /stride of a set must be a whole number from 1 to 135, got 200/],
    [['--bins', '0'], /expected a whole number from 1/],
    [['--bins', '4'], /stride of a set must be a whole number from 1 to 4, got 9/],
    [['--clustering-range', '1,0'], /range of clustering must ascend/],
    [['--path-length-range', '2,2'], /range of path length must ascend/],
    [['--format', 'csv,xml'], /unknown format of tables "xml"; expected one of csv, parquet/],
    [['--workers', '0'], /expected a whole number from 1 to 1024/],
    [['--nonsense'], /unknown option/],
  ])('%j exits 2 and makes no directory', async (args, message) => {
    const here = join(temporaryFolder(), 'new', 'space');
    const { status, out, notes } = await plexus(['graph', 'space', '-o', here, ...args]);
    expect([status, out]).toEqual([2, '']);
    expect(notes).toMatch(message);
    expect(existsSync(join(here, '..'))).toBe(false);
  });

  it('refuses another grid in a directory and changes nothing', async () => {
    const here = temporaryFolder();
    await plexus(['graph', 'space', ...SMALL, '-o', here, '--format', 'csv', '--strides', '9']);
    const before = listing(here);
    const { status, notes } = await plexus(['graph', 'space', '--nodes', '20', '-o', here]);
    expect(status).toBe(2);
    expect(notes).toMatch(
      /error: a directory holds the sweep of one grid; .* has n=16: 12 degrees .*, but n=20: .* were asked for; choose another directory/,
    );
    expect((await plexus(['graph', 'space', '-o', here, '--strides', '500'])).status).toBe(2);
    expect(listing(here)).toEqual(before);
  });

  it('says so where the directory is a file', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'mine');
    const { status, notes } = await plexus(['graph', 'space', ...SMALL, '-o', file]);
    expect(status).toBe(2);
    expect(notes).toMatch(/cannot make the directory .*file/);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});

it('the defaults of 16 nodes are those of the published sets', () => {
  // The first cells in the order of the whole grid, as the command would find them.
  const grid = spaceGrid(16);
  const order = candidateOrder(grid).slice(0, 200);
  const here = temporaryFolder();
  const { summary } = writeSpace(
    here,
    { grid, order, places: placeCandidates(grid, order) },
    spaceBins(grid),
    ['csv'],
  );
  const specs = parseGraphSpecs(readFileSync(join(here, summary.sets[0].files[0]), 'utf8'));
  expect(specs.length).toBeGreaterThan(100);
  expect(specs).toEqual(publishedSet({ nodes: 16, count: 2698 }).slice(0, specs.length));
});
