import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { edgeList, buildGraph, graphFamilies, parseGraphSpec } from '../../src/graph/index.js';
import { mapPlainGraphs, plainGraphs } from '../../src/graph/inner.js';
import { graphOfStudy, portableSpec } from '../../src/store/graph-files.js';
import { formatStudySpec, parseStudySpec, readStudy, studyHash } from '../../src/public/study.js';
import { plexus, type CliResult } from '../cli/harness.js';

const RING = '0 1\n1 2\n2 3\n3 0\n';
const PATH = '0 1\n1 2\n2 3\n';

const study = (...graphs: readonly string[]): string => `plexus: 1
name: files
data: {name: shapes, size: 16, train: 64, test: 64}
baseline: complete:n=4
graphs:
${graphs.map((graph) => `  - ${graph}\n`).join('')}train: {epochs: 1, batch: 32}
`;

let root: string;
beforeAll(() => (root = mkdtempSync(join(tmpdir(), 'plexus-graph-files-'))));
afterAll(() => rmSync(root, { recursive: true }));

/** A directory with a spec and two graphs of the same file name. */
function home(name: string, ...graphs: readonly string[]): string {
  const directory = join(root, name);
  mkdirSync(join(directory, 'other'), { recursive: true });
  writeFileSync(join(directory, 'net.edges'), RING);
  writeFileSync(join(directory, 'other', 'net.edges'), PATH);
  writeFileSync(join(directory, 'spec.yaml'), study(...graphs));
  return directory;
}

const run = (...args: readonly string[]): Promise<CliResult> =>
  plexus(['study', 'run', ...args, '--workers', '1', '--json']);

describe('graphs inside graphs', () => {
  it('are found, and changed, at any depth', () => {
    const spec = parseGraphSpec(
      'sequence:graphs=(product:outer=(complete:n=3),inner=(rewired:of=(star:n=4)))(empty:n=5)(complete:n=3)',
    );
    expect(plainGraphs(spec).map(({ family }) => family)).toEqual([
      'complete',
      'star',
      'empty',
      'complete',
    ]);
    expect(mapPlainGraphs(spec, (plain) => plain)).toEqual(spec);
    const larger = mapPlainGraphs(spec, (plain) => ({ ...plain, params: { n: 9 } }));
    expect(larger).toEqual(
      parseGraphSpec(
        'sequence:graphs=(product:outer=(complete:n=9),inner=(rewired:of=(star:n=9)))(empty:n=9)(complete:n=9)',
      ),
    );
  });
});

describe('the spec of a study with graph files', () => {
  it(
    'names copies inside the study, one for each file, and is the same wherever it was ' +
      'written',
    () => {
      const graphs = [
        'file:net.edges',
        'file:other/net.edges',
        '"file:net.edges,directed=true"',
        '"product:outer=(file:other/net.edges),inner=(complete:n=2)"',
      ];
      const [one, two] = ['one', 'two'].map((name) => {
        const path = join(home(name, ...graphs), 'spec.yaml');
        return portableSpec(parseStudySpec(readFileSync(path, 'utf8'), path));
      });
      expect(one.files.map(({ copy }) => copy)).toEqual(['graphs/net.edges', 'graphs/net-2.edges']);
      expect(one.spec.graphs.map((line) => line.replaceAll(/,sha256=\w{16}/g, ''))).toEqual([
        'file:graphs/net.edges',
        'file:graphs/net-2.edges',
        'file:graphs/net.edges,directed=true',
        'product:kind=lexicographic,outer=(file:graphs/net-2.edges),inner=(complete:n=2)',
      ]);
      expect(two.spec).toEqual(one.spec);
      expect(portableSpec(one.spec).spec).toEqual(one.spec);
      expect(
        studyHash(
          parseStudySpec(formatStudySpec(one.spec), join(root, 'anywhere', 'study.yaml'), {
            frozen: true,
          }),
        ),
      ).toBe(studyHash(one.spec));
    },
  );

  it('keeps two files of the same contents apart, since a graph may be listed once', () => {
    const directory = home('twins', 'file:net.edges', 'file:other/net.edges');
    writeFileSync(join(directory, 'other', 'net.edges'), RING);
    const path = join(directory, 'spec.yaml');
    expect(
      new Set(portableSpec(parseStudySpec(readFileSync(path, 'utf8'), path)).spec.graphs).size,
    ).toBe(2);
  });

  it('knows every family that reads files', () => {
    // Those whose spec alone is not enough to make the graph.
    expect(
      graphFamilies
        .filter(({ params }) => params[0]?.positional)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['connectome', 'file']);
  });
});

describe('a study with graph files', () => {
  it('goes on from a copy of its directory without the files that it was begun with', async () => {
    const directory = home(
      'begun',
      'file:net.edges',
      '"product:outer=(file:other/net.edges),inner=(complete:n=2)"',
    );
    const out = join(directory, 'out');
    expect((await run(join(directory, 'spec.yaml'), '--out', out)).status).toBe(0);
    const table = readFileSync(join(out, 'table.csv'), 'utf8');
    expect(table).toContain('file:graphs/net.edges,sha256=');
    expect(table).not.toContain(directory);
    const elsewhere = join(root, 'elsewhere');
    cpSync(out, elsewhere, { recursive: true });
    const log = readFileSync(join(elsewhere, 'trials.ndjson'), 'utf8').split('\n');
    writeFileSync(join(elsewhere, 'trials.ndjson'), `${log[0]}\n`);
    renameSync(directory, join(root, 'put-away'));
    expect(await run(elsewhere)).toMatchObject({ status: 0 });
    expect(readFileSync(join(elsewhere, 'table.csv'), 'utf8')).toBe(table);
    // What was trained is what the author's file says.
    const [first] = readStudy(elsewhere).spec.graphs;
    expect(edgeList(buildGraph(graphOfStudy(first, elsewhere)))).toEqual([
      [0, 1],
      [0, 3],
      [1, 2],
      [2, 3],
    ]);
    // The whole of it moved: the same spec in another place goes on as well.
    renameSync(join(root, 'put-away'), join(root, 'moved'));
    rmSync(join(root, 'moved', 'out', 'graphs'), { recursive: true });
    const moved = await run(join(root, 'moved', 'spec.yaml'), '--out', join(root, 'moved', 'out'));
    expect([moved.status, readFileSync(join(root, 'moved', 'out', 'table.csv'), 'utf8')]).toEqual([
      0,
      table,
    ]);
    expect(readdirSync(join(root, 'moved', 'out', 'graphs')).sort()).toEqual([
      'net-2.edges',
      'net.edges',
    ]);
  });

  it('refuses to go on when a file or its copy has changed, and says which', async () => {
    const directory = home('changed', 'file:net.edges');
    const out = join(directory, 'out');
    await run(join(directory, 'spec.yaml'), '--out', out);
    rmSync(join(out, 'trials.ndjson'));
    writeFileSync(join(directory, 'net.edges'), PATH);
    const edited = await run(join(directory, 'spec.yaml'), '--out', out);
    expect([edited.status, edited.notes]).toEqual([
      2,
      expect.stringContaining('another spec: the file of file:graphs/net.edges has changed; '),
    ]);
    writeFileSync(join(out, 'graphs', 'net.edges'), PATH);
    const spoilt = await run(out);
    expect([spoilt.status, spoilt.notes]).toEqual([
      2,
      expect.stringMatching(
        /graphs.net\.edges must be the file that the spec was made from, .*the file has changed/,
      ),
    ]);
    expect(existsSync(join(out, 'trials.ndjson'))).toBe(false);
    expect(existsSync(join(out, 'lock'))).toBe(false);
  });

  it('is reported without its files too, then without a drawing of the best graph', async () => {
    const directory = home('report', 'file:net.edges');
    const out = join(directory, 'out');
    await run(join(directory, 'spec.yaml'), '--out', out);
    const drawing = join(out, 'figures', 'best-graph.svg');
    const table = readFileSync(join(out, 'table.csv'), 'utf8');
    expect(existsSync(drawing)).toBe(true);
    rmSync(join(out, 'graphs'), { recursive: true });
    const { status, notes } = await plexus(['study', 'report', out]);
    expect([status, notes]).toEqual([
      0,
      expect.stringMatching(/^note: the best graph is not drawn: cannot read .*net\.edges/),
    ]);
    expect([existsSync(drawing), readFileSync(join(out, 'table.csv'), 'utf8')]).toEqual([
      false,
      table,
    ]);
  });

  it('overwrites no file that is in the way of a copy', async () => {
    const directory = home('in-the-way', 'file:net.edges');
    const out = join(directory, 'out');
    mkdirSync(join(out, 'graphs'), { recursive: true });
    writeFileSync(join(out, 'graphs', 'net.edges'), 'mine');
    const refused = await run(join(directory, 'spec.yaml'), '--out', out);
    expect([refused.status, refused.notes]).toEqual([
      2,
      expect.stringMatching(
        /must be the study's copy of .*net\.edges, but it is another file; remove it/,
      ),
    ]);
    expect(readFileSync(join(out, 'graphs', 'net.edges'), 'utf8')).toBe('mine');
    expect(existsSync(join(out, 'study.json'))).toBe(false);
  });

  it('is not begun with a file that cannot be read as a graph', async () => {
    const directory = home('weights', '"product:outer=(complete:n=3),inner=(file:net.edges)"');
    writeFileSync(join(directory, 'net.edges'), '0 1 0.5\n1 2 0.25\n');
    const refused = await run(join(directory, 'spec.yaml'), '--out', join(directory, 'out'));
    expect([refused.status, refused.notes]).toEqual([2, expect.stringContaining('threshold')]);
    expect(existsSync(join(directory, 'out'))).toBe(false);
  });
});

describe('a study with connectomes', () => {
  const before = process.env['PLEXUS_DATA'];
  const cache = process.env['XDG_CACHE_HOME'];
  afterEach(() => {
    for (const [name, value] of [
      ['PLEXUS_DATA', before],
      ['XDG_CACHE_HOME', cache],
    ] as const) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  it('is not begun without their files, and nothing is written', async () => {
    const directory = home(
      'brains',
      'connectome:cat',
      '"sequence:graphs=(complete:n=4)(connectome:cat:directed=true)(complete:n=4)"',
    );
    process.env['PLEXUS_DATA'] = join(directory, 'data');
    process.env['XDG_CACHE_HOME'] = join(directory, 'cache');
    const out = join(directory, 'out');
    const missing = await run(join(directory, 'spec.yaml'), '--out', out);
    expect([missing.status, missing.notes]).toEqual([
      2,
      expect.stringMatching(
        /error: the connectome cat is not in .*; run "plexus data get connectomes"/,
      ),
    ]);
    mkdirSync(join(directory, 'data', 'connectomes'), { recursive: true });
    writeFileSync(join(directory, 'data', 'connectomes', 'cat.txt'), '0'.repeat(2755));
    const wrong = await run(join(directory, 'spec.yaml'), '--out', out);
    expect([wrong.status, wrong.notes]).toEqual([
      2,
      expect.stringContaining('is not the published connectome cat: it has the SHA-256 checksum'),
    ]);
    expect(existsSync(out)).toBe(false);
  });
});
