import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  betweenness,
  buildGraph,
  graphMeasure,
  graphMeasures,
  louvain,
  parseGraphSpec,
} from '../../src/graph/index.js';
import { plexus } from './harness.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plexus-measure-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const measure = (...words: string[]): ReturnType<typeof plexus> =>
  plexus(['graph', 'measure', ...words]);
const rowsOf = (out: string): Record<string, unknown>[] =>
  out.split('\n').map((line) => JSON.parse(line));

/** The cells of every row of a drawn table. */
const cellsOf = (table: string): string[][] =>
  table
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe('plexus graph measure --measures', () => {
  it('adds columns to a narrow table', async () => {
    const { out } = await measure('complete:n=5', 'ws-flex:n=10,k=2', '--measures', 'diameter');
    expect(cellsOf(out)).toEqual([
      ['graph', 'nodes', 'edges', 'degree', 'density', 'C', 'L', 'diameter'],
      ['complete:n=5', '5', '10', '4.00', '1.0000', '1.0000', '1.0000', '1'],
      ['ws-flex:n=10,k=2,p=0,seed=1', '10', '10', '2.00', '0.2222', '0.0000', '2.7778', '5'],
    ]);
  });

  it('says what its numbers mean, beside the table', async () => {
    const { notes } = await measure('complete:n=5', '--measures', 'diameter');
    expect(notes.trim().split('\n')).toEqual(
      ['clustering', 'pathLength', 'diameter'].map(
        (name) => `${graphMeasure(name).title}: ${graphMeasure(name).definition}`,
      ),
    );
  });

  it('tells of directions where a graph has them', async () => {
    const path = join(folder, 'arcs.txt');
    writeFileSync(path, '0 1\n1 2\n2 0\n');
    const { out, notes } = await measure(`file:${path},directed=true`, 'complete:n=3');
    const rows = cellsOf(out).map((row) => row.slice(1));
    expect(rows).toEqual([
      ['nodes', 'edges', 'directed', 'degree', 'density', 'C', 'L'],
      ['3', '3', 'yes', '1.00', '0.5000', '0.5000', '1.5000'],
      ['3', '3', 'no', '2.00', '1.0000', '1.0000', '1.0000'],
    ]);
    expect(notes).toContain(`directed: ${graphMeasure('directed').definition}`);
  });

  it('turns a wide table, three graphs side by side', async () => {
    const { out } = await measure(
      'complete:n=3',
      'complete:n=4',
      'complete:n=5',
      'complete:n=6',
      '--measures',
      'radius, diameter,assortativity',
    );
    const rows = cellsOf(out);
    expect(rows[0]).toEqual(['', 'complete:n=3', 'complete:n=4', 'complete:n=5']);
    expect(rows.slice(7, 10)).toEqual([
      ['diameter', '1', '1', '1'],
      ['radius', '1', '1', '1'],
      ['assortativity', 'none', 'none', 'none'],
    ]);
    expect(rows[10]).toEqual(['', 'complete:n=6']);
    expect(rows).toHaveLength(20);
  });

  it('writes small and whole values so that they can be read', async () => {
    const { out } = await measure(
      'ws-flex:n=400,k=2',
      'complete:n=4',
      '--measures',
      'algebraicConnectivity,degreeMin',
    );
    expect(cellsOf(out).slice(-2)).toEqual([
      ['least degree', '2', '3'],
      ['algebraic connectivity', '2.47e-4', '4.0000'],
    ]);
  });

  it('adds fields to JSON, in the order of all measures', async () => {
    const { out } = await measure(
      'complete:n=4',
      '--json',
      '--measures',
      'betweenness,transitivity,clustering',
    );
    expect(Object.keys(rowsOf(out)[0]).slice(-3)).toEqual([
      'pathLength',
      'transitivity',
      'betweenness',
    ]);
    const all = rowsOf((await measure('complete:n=4', '--json', '--measures', 'all')).out)[0];
    expect(Object.keys(all)).toEqual(['spec', ...graphMeasures.map(({ name }) => name)]);
    const quick = rowsOf((await measure('complete:n=4', '--json', '--measures', 'quick')).out)[0];
    expect(Object.keys(quick)).toContain('diameter');
    expect(Object.keys(quick)).not.toContain('betweenness');
  });

  it('passes the seed and the number of references on', async () => {
    const of = async (...words: string[]): Promise<unknown> =>
      rowsOf(
        (await measure('ws-flex:n=20,k=4,p=0.2', '--json', '--measures', 'sigma', ...words)).out,
      )[0].sigma;
    const one = await of('--references', '1');
    expect(await of('--references', '1')).toBe(one);
    expect(await of('--references', '2')).not.toBe(one);
    expect(await of('--references', '1', '--seed', '2')).not.toBe(one);
  });

  it('refuses unknown and missing names', async () => {
    expect(await measure('complete:n=4', '--measures', 'clusterin')).toMatchObject({
      status: 2,
      out: '',
      notes: expect.stringContaining(
        'unknown graph measure "clusterin"; expected one of nodes, edges',
      ),
    });
    expect(await measure('complete:n=4', '--measures', 'constructor')).toMatchObject({
      status: 2,
      notes: expect.stringContaining('unknown graph measure'),
    });
    expect(await measure('complete:n=4', '--measures', ' ,')).toMatchObject({
      status: 2,
      notes: expect.stringContaining('got an empty list'),
    });
  });
});

describe('plexus graph measure --list', () => {
  it('has every measure with its definition', async () => {
    const { out } = await measure('--list');
    for (const { name, title, cost, definition } of graphMeasures)
      expect(out).toContain(`${name} (${title}; ${cost})\n  ${definition}`);
    expect(JSON.parse((await measure('--list', '--json')).out)).toEqual(
      graphMeasures.map(({ name, title, cost, definition }) => ({ name, title, cost, definition })),
    );
  });
});

describe('plexus graph measure --per-node', () => {
  it('adds values of every node to JSON', async () => {
    const { out } = await measure('ws-flex:n=30,k=4,p=0.3', '--json', '--per-node', '--edges');
    const graph = buildGraph(parseGraphSpec('ws-flex:n=30,k=4,p=0.3'));
    const [row] = rowsOf(out);
    expect(Object.keys(row).slice(-2)).toEqual(['perNode', 'edgeList']);
    const values = row.perNode as Record<string, number[]>;
    expect(Object.keys(values)).toEqual([
      'degree',
      'clustering',
      'betweenness',
      'coreNumber',
      'community',
    ]);
    expect(values.betweenness).toEqual([...betweenness(graph)]);
    expect(values.community).toEqual([...louvain(graph, 1)]);
    expect(values.degree.reduce((sum, d) => sum + d, 0)).toBe(120);
    expect(values.clustering.reduce((sum, c) => sum + c, 0) / 30).toBeCloseTo(
      row.clustering as number,
      12,
    );
    for (const list of Object.values(values)) expect(list).toHaveLength(30);
  });

  it('needs JSON', async () => {
    expect(await measure('complete:n=4', '--per-node')).toMatchObject({
      status: 2,
      out: '',
      notes: expect.stringContaining('add --json'),
    });
  });
});

describe('the words that plexus graph measure takes', () => {
  it('are sets', async () => {
    const { out } = await measure('ws-flex:set=52', 'complete:n=4', '--json');
    const rows = rowsOf(out);
    expect(rows).toHaveLength(53);
    expect(rows[52]).toMatchObject({ spec: 'complete:n=4' });
    expect(
      rows.slice(0, 52).every(({ nodes, connected }) => nodes === 64 && connected === true),
    ).toBe(true);
  });

  it('are files, which need no family', async () => {
    const path = join(folder, 'my.graph,1.txt');
    writeFileSync(path, '0 1\n1 2\n3 4\n');
    const [row] = rowsOf((await measure(path, '--json')).out);
    expect(row).toMatchObject({ nodes: 5, edges: 3, connected: false, pathLength: null });
    expect(row.spec).toMatch(/^file:/);
    expect(cellsOf((await measure(path)).out)[1].at(-1)).toBe('not connected');
    expect(await measure(join(folder, 'none.txt'))).toMatchObject({
      status: 2,
      notes: expect.stringMatching(/cannot read .*none\.txt: no such file or directory/),
    });
    expect(await measure('wsflex')).toMatchObject({
      status: 2,
      notes: expect.stringContaining('unknown graph family "wsflex"'),
    });
  });

  it('are sequences, each of whose graphs is told', async () => {
    const sequence = 'sequence:graphs=(complete:n=4)(ws-flex:n=6,k=2)';
    const rows = rowsOf((await measure(sequence, '--json')).out);
    expect(rows).toMatchObject([
      { spec: 'complete:n=4', member: 1, pathLength: 1 },
      { spec: 'ws-flex:n=6,k=2,p=0,seed=1', member: 2, nodes: 6 },
    ]);
    expect(rows[0].sequence).toMatch(/^sequence:.*\(complete:n=4\)/);
    expect(cellsOf((await measure(sequence)).out).map(([label]) => label)).toEqual([
      'graph',
      '1: complete:n=4',
      '2: ws-flex:n=6,k=2,p=0,seed=1',
    ]);
  });

  it('must be there', async () => {
    expect(await measure()).toMatchObject({
      status: 2,
      notes: expect.stringContaining('needs a graph spec, a file or -'),
    });
  });
});

describe('plexus graph measure -', () => {
  it('adds what is asked for, and expands sets', async () => {
    const { out } = await plexus(
      ['graph', 'measure', '-', '--measures', 'diameter', '--per-node'],
      { input: 'complete:n=3\nws-flex:n=64,set=52\n' },
    );
    const rows = rowsOf(out);
    expect(rows).toHaveLength(53);
    expect(rows[0]).toMatchObject({
      spec: 'complete:n=3',
      diameter: 1,
      perNode: { degree: [2, 2, 2], coreNumber: [2, 2, 2] },
    });
  });

  it('says so when standard input cannot be read', async () => {
    const broken = new Readable({
      read() {
        this.destroy(Object.assign(new Error('read failed'), { code: 'EIO' }));
      },
    });
    expect(await plexus(['graph', 'measure', '-'], { stdin: broken })).toMatchObject({
      status: 2,
      out: '',
      notes: expect.stringContaining(
        'cannot read standard input: the disk reports an input/output error',
      ),
    });
    const descriptor = openSync(folder, 'r');
    const directory = Object.assign(Readable.from([]), { fd: descriptor });
    expect(await plexus(['graph', 'measure', '-'], { stdin: directory })).toMatchObject({
      status: 2,
      out: '',
      notes: expect.stringContaining('cannot read standard input: it is a directory'),
    });
    closeSync(descriptor);
  });
});

describe('Ctrl-C', () => {
  it('stops between two graphs, with the answers before it', async () => {
    const controller = new AbortController();
    const printed: string[] = [];
    const specs = Array.from({ length: 2000 }, (_, at) => `ws-flex:n=200,k=20,p=0.5,seed=${at}`);
    const running = plexus(['graph', 'measure', '--json', ...specs], {
      signal: controller.signal,
      out: (line) => printed.push(line),
    });
    setTimeout(() => controller.abort(), 100);
    expect((await running).status).toBe(130);
    expect(printed.length).toBeLessThan(2000);
  });
});
