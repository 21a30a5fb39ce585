import { describe, expect, it } from 'vitest';
import {
  buildGraph,
  clustering,
  findGraph,
  formatGraphSpec,
  parseGraphSpec,
  pathLength,
} from '../../src/graph/index.js';
import { plexus } from './harness.js';

describe('plexus graph find', () => {
  it('prints the spec of a graph, its place and how far off it is', async () => {
    const { status, out, notes } = await plexus([
      'graph',
      'find',
      '--clustering',
      '0.45',
      '--path-length',
      '2.4',
      '--nodes',
      '40',
    ]);
    const [spec, numbers, ...rest] = out.split('\n');
    expect([status, notes, rest]).toEqual([0, '', []]);
    const graph = buildGraph(parseGraphSpec(spec));
    expect(numbers).toMatch(
      new RegExp(
        `^C ${clustering(graph).toFixed(4)}, L ${pathLength(graph)?.toFixed(4)}, ` +
          'distance 0\\.00\\d{3} \\(nearest of \\d+ graphs\\)$',
      ),
    );
  });

  it('has all of it in one line of JSON', async () => {
    const { out } = await plexus([
      'graph',
      'find',
      '--clustering',
      '.45',
      '--path-length',
      '2.4',
      '--nodes',
      '40',
      '--seeds',
      '3',
      '--json',
    ]);
    const { spec, ...numbers } = await findGraph({
      nodes: 40,
      clustering: 0.45,
      pathLength: 2.4,
      seeds: 3,
    });
    expect(JSON.parse(out)).toEqual({
      ...numbers,
      spec: formatGraphSpec(spec),
      wanted: { nodes: 40, clustering: 0.45, pathLength: 2.4 },
    });
  });

  it('says that a place is out of reach, and gives the nearest all the same', async () => {
    const { status, out } = await plexus([
      'graph',
      'find',
      '--clustering',
      '1',
      '--path-length',
      '4',
      '--nodes',
      '20',
    ]);
    expect(status).toBe(0);
    expect(out).toMatch(
      /^ws-flex:n=20,.*\nC .*\nC 1, L 4 seems out of reach of WS-flex graphs of 20 nodes: none of those tried came within 0\.01 of it$/,
    );
  });

  it('exits 130 when it is interrupted', async () => {
    const { status, out, notes } = await plexus(
      ['graph', 'find', '--clustering', '0.5', '--path-length', '2'],
      { signal: AbortSignal.abort() },
    );
    expect([status, out, notes]).toEqual([130, '', 'interrupted: the search was stopped']);
  });

  it.each([
    [[], /required option '--clustering <C>' not specified/],
    [['--clustering', '0.5'], /required option '--path-length <L>' not specified/],
    [
      ['--clustering', '1.5', '--path-length', '2'],
      /wanted clustering must be from 0 to 1, got 1.5/,
    ],
    [['--clustering', '', '--path-length', '2'], /expected a number/],
    [['--clustering', '0.5', '--path-length', '0'], /wanted path length must be at least 1, got 0/],
    [
      ['--clustering', '0.5', '--path-length', '2', '--nodes', '2'],
      /expected a whole number from 3/,
    ],
    [['--clustering', '0.5', '--path-length', '2', '--nodes', '5000'], /from 3 to 4096, got 5000/],
    [
      ['--clustering', '0.5', '--path-length', '2', '--seeds', '0'],
      /expected a whole number from 1/,
    ],
  ])('%j exits 2', async (args, message) => {
    const { status, out, notes } = await plexus(['graph', 'find', ...args]);
    expect([status, out]).toEqual([2, '']);
    expect(notes).toMatch(message);
  });
});
