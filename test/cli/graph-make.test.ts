import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  buildGraph,
  canRead,
  canWrite,
  graphFormats,
  parseGraphSpec,
  readGraphFile,
} from '../../src/public/graph.js';
import { plexus } from './harness.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plexus-make-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SPEC = 'ws-flex:n=12,k=3,p=0.2,seed=1';

describe('plexus graph make SPEC -o FILE', () => {
  it.each(
    graphFormats
      .filter((format) => canRead(format) && canWrite(format) && format.name !== 'digraph6')
      .map(({ name }) => name),
  )('writes %s', async (name) => {
    const path = join(folder, 'graph');
    const { status, out, notes } = await plexus([
      'graph',
      'make',
      SPEC,
      '--format',
      name,
      '-o',
      path,
    ]);
    expect([status, out, notes]).toEqual([0, '', `wrote 18 edges to ${path}`]);
    expect(readGraphFile(path, { format: name }).graph).toEqual(buildGraph(parseGraphSpec(SPEC)));
  });

  it('takes the format from the extension', async () => {
    for (const name of ['a.graphml', 'a.gexf', 'a.json', 'a.g6', 'a.csv', 'a.txt']) {
      expect((await plexus(['graph', 'make', SPEC, '-o', join(folder, name)])).status).toBe(0);
      expect(
        (await plexus(['graph', 'measure', `file:${join(folder, name)}`, '--json'])).out,
      ).toMatch(/"nodes":12,"edges":18/);
    }
  });

  it('writes nothing where something is wrong, with status 2', async () => {
    const path = join(folder, 'graph.g6');
    writeFileSync(join(folder, 'bad.csv'), '0,1\n1\n');
    writeFileSync(path, 'old');
    for (const [args, message] of [
      [
        [`file:${join(folder, 'bad.csv')},format=csv`, '-o', path],
        `${join(folder, 'bad.csv')}, line 2: every row of this matrix must have 2 fields, got 1`,
      ],
      [
        [SPEC, '-o', join(folder, 'graph.dot')],
        'no format of graph files has the extension ".dot"; add --format, one of',
      ],
      [[SPEC, '--format', 'dot', '-o', path], 'unknown graph format "dot"'],
      [[SPEC, '--format', 'sparse6', '-o', path], 'can be read from sparse6, but not written'],
      [
        [SPEC, '--format', 'digraph6', '-o', path],
        'graph.g6 has the ending of another format than digraph6',
      ],
      [
        [SPEC, '--format', 'digraph6', '-o', join(folder, 'graph.d6')],
        'digraph6 holds directed graphs only',
      ],
      [[SPEC, '--format', 'graphml', '--json'], '--json and --format graphml ask for two formats'],
    ] as const) {
      const { status, out, notes } = await plexus(['graph', 'make', ...args]);
      expect([status, out]).toEqual([2, '']);
      expect(notes).toContain(message);
    }
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder).sort()).toEqual(['bad.csv', 'graph.g6']);
  });

  it('says what a file holds that the graph does not', async () => {
    writeFileSync(join(folder, 'a.edges'), 'x x 1\nx y 2\ny x 2\ny z 0.5\n');
    const { out, notes } = await plexus([
      'graph',
      'make',
      `file:${join(folder, 'a.edges')},threshold=1`,
    ]);
    expect(out).toBe('0 1\n2');
    expect(notes).toBe(
      `left out of ${join(folder, 'a.edges')}: self loops 1, repeated edges 1, edges ` +
        'below the threshold 1',
    );
  });
});

describe('plexus graph make SPEC', () => {
  it('prints text formats', async () => {
    expect((await plexus(['graph', 'make', 'complete:n=3', '--format', 'graph6'])).out).toBe('Bw');
    expect((await plexus(['graph', 'make', 'complete:n=3', '-f', 'csv'])).out).toBe(
      '0,1,1\n1,0,1\n1,1,0',
    );
    expect((await plexus(['graph', 'make', 'complete:n=2', '-f', 'node-link'])).out).toBe(
      '{"directed":false,"multigraph":false,"graph":{},"nodes":[{"id":0},{"id":1}],"edges":[{"source":0,"target":1}]}',
    );
  });

  it('draws', async () => {
    const path = join(folder, 'graph.svg');
    expect((await plexus(['graph', 'make', SPEC, '-o', path])).notes).toBe(
      `wrote 18 edges to ${path}`,
    );
    const svg = readFileSync(path, 'utf8');
    expect(svg).toMatch(
      /^<svg .*ws-flex:n=12,k=3,p=0.2,seed=1<.*12 nodes, 18 edges, C .*<\/svg>\n$/s,
    );
    expect((await plexus(['graph', 'make', SPEC, '--format', 'svg'])).out).toBe(svg.trimEnd());
    const { status, notes } = await plexus(['graph', 'make', 'complete:n=1000', '--format', 'svg']);
    expect([status, notes]).toEqual([
      2,
      expect.stringContaining('a picture may have at most 200000 edges, but the graph has 499500'),
    ]);
  });

  it('does not print binary ones', async () => {
    const binary = graphFormats.find((format) => format.binary && canWrite(format))!;
    const { status, notes } = await plexus([
      'graph',
      'make',
      'complete:n=3',
      '--format',
      binary.name,
    ]);
    expect(status).toBe(2);
    expect(notes).toContain(`${binary.name} is binary and is not printed; add -o FILE`);
    expect(existsSync(join(folder, 'graph'))).toBe(false);
  });
});
