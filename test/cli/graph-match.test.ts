import { describe, expect, it } from 'vitest';
import { formatGraphSpec, matchGraph, parseGraphSpec } from '../../src/graph/index.js';
import { plexus } from './harness.js';

const RING = 'ws-flex:n=32,k=6,p=0.1,seed=3';
const match = (...args: string[]): ReturnType<typeof plexus> => plexus(['graph', 'match', ...args]);

describe('plexus graph match', () => {
  it('prints the specs of partners, and their places beside that of the graph', async () => {
    const { status, out, notes } = await match(RING, '--count', '2');
    const { partners } = await matchGraph(parseGraphSpec(RING), { count: 2 });
    expect(status).toBe(0);
    expect(out.split('\n')).toEqual(partners.map(({ spec }) => formatGraphSpec(spec)));
    expect(notes).toMatch(/density +C +L/);
    expect(notes).toContain(partners[1].clustering.toFixed(4));
  });

  it('has all of it in one line of JSON', async () => {
    const { status, out } = await match(
      RING,
      '--hold',
      'clustering,density',
      '--tolerance',
      'density=0.01',
      '--family',
      'stochastic-block',
      '--json',
    );
    const found = await matchGraph(parseGraphSpec(RING), {
      hold: ['clustering', 'density'],
      tolerances: { density: 0.01 },
      family: 'stochastic-block',
    });
    const { of, partners, nearest, ...rest } = JSON.parse(out) as Record<string, unknown>;
    expect(status).toBe(0);
    expect(of).toEqual({ spec: RING, ...found.of });
    expect(rest).toEqual({ hold: found.hold, tolerances: found.tolerances, tried: found.tried });
    expect(partners).toEqual(
      found.partners.map((one) => ({ ...one, spec: formatGraphSpec(one.spec) })),
    );
    expect(nearest).toMatchObject({ furthest: found.nearest?.furthest });
  });

  it('tells the nearest and how far off it is where none exists, with status 2', async () => {
    const { status, out, notes } = await match('complete:n=12');
    expect([status, out]).toEqual([2, '']);
    expect(notes).toMatch(
      /^error: a partner of the family ws-flex must have density within 0\.005, clustering within 0\.01, pathLength within 0\.02 of complete:n=12, but none of \d+ graphs tried have that \(nearest: ws-flex:n=12,\S+, density off by -0\.0152, clustering off by -0\.\d{4}, pathLength off by 0\.0152\); raise --tolerance, hold less, or choose another --family, such as steered$/,
    );
    const json = await match('complete:n=12', '--json');
    expect(json.status).toBe(2);
    expect(JSON.parse(json.out)).toMatchObject({ partners: [], nearest: { off: {} } });
  });

  it.each([
    [[RING, '--hold', 'modularity'], 'unknown measure to hold "modularity"; expected one of'],
    [[RING, '--tolerance', 'density'], 'expected a number'],
    [['ws-flex:n=16,set=48'], 'graph match takes one graph, got 48 of ws-flex:n=16,set=48'],
  ])('refuses %j', async (args, message) => {
    const { status, notes } = await match(...args);
    expect(status).toBe(2);
    expect(notes).toContain(message);
  });
});
