import { describe, expect, it } from 'vitest';
import { Interrupted, UserError } from '../../src/core/errors.js';
import {
  buildGraph,
  clustering,
  degrees,
  density,
  edgeList,
  formatGraphSpec,
  graphFromEdges,
  matchGraph,
  parseGraphSpec,
  pathLength,
  type GraphMatch,
  type MatchOptions,
} from '../../src/graph/index.js';

const MODULES =
  'hierarchical:outer=(complete:n=4),inner=(ws-flex:n=8,k=5,p=0,seed=1),bridge=random,bridges=2';

/** Matches, and checks that every partner is what it says: its own line regenerates it. */
async function match(line: string, options: MatchOptions = {}): Promise<GraphMatch> {
  const of = buildGraph(parseGraphSpec(line));
  const found = await matchGraph(parseGraphSpec(line), options);
  const lists = [JSON.stringify(edgeList(of))];
  for (const partner of found.partners) {
    const graph = buildGraph(parseGraphSpec(formatGraphSpec(partner.spec)));
    expect(graph.nodes).toBe(of.nodes);
    expect(partner.density).toBe(density(graph));
    expect(partner.clustering).toBe(clustering(graph));
    expect(partner.pathLength).toBe(pathLength(graph));
    for (const name of found.hold) {
      expect(partner.off[name]).toBe(partner[name] - found.of[name]!);
      expect(Math.abs(partner.off[name])).toBeLessThan(found.tolerances[name]);
    }
    lists.push(JSON.stringify(edgeList(graph)));
  }
  expect(new Set(lists).size).toBe(lists.length);
  return found;
}

describe('matchGraph', () => {
  it('finds WS-flex partners of modules, nearest first, the same each time', async () => {
    const found = await match(MODULES, { count: 3 });
    expect(found.partners).toHaveLength(3);
    expect(found.partners.map(({ spec }) => spec.family)).toEqual(Array(3).fill('ws-flex'));
    const far = found.partners.map(({ furthest }) => furthest);
    expect(far).toEqual([...far].sort((a, b) => a - b));
    expect(found.nearest).toEqual(found.partners[0]);
    expect(await match(MODULES, { count: 3 })).toEqual(found);
    expect((await match(MODULES, { seed: 2 })).partners).not.toEqual(found.partners.slice(0, 1));
  });

  it('finds rewirings of the same degrees', async () => {
    const found = await match(MODULES, { family: 'steered', count: 2 });
    expect(found.partners).toHaveLength(2);
    const own = [...degrees(buildGraph(parseGraphSpec(MODULES)))];
    for (const { spec, off } of found.partners) {
      expect([...degrees(buildGraph(spec))]).toEqual(own);
      expect(off.density).toBe(0);
    }
  });

  it('varies the numbers of other families, and holds what is asked for', async () => {
    const found = await match('ws-flex:n=32,k=6,p=0.1,seed=3', {
      family: 'stochastic-block',
      hold: ['density', 'clustering'],
      tolerances: { clustering: 0.02 },
    });
    expect(found.partners).toHaveLength(1);
    expect(found.tolerances).toEqual({ density: 0.005, clustering: 0.02, pathLength: 0.02 });
  });

  it('holds C and L alone over all densities', async () => {
    const found = await match('power-law-cluster:n=64,m=3,p=1,seed=3', {
      hold: ['clustering', 'pathLength'],
    });
    expect(found.partners).toHaveLength(1);
    expect(Math.abs(found.partners[0].off.density)).toBeGreaterThan(0.05);
  });

  it('tells the nearest where there is none', async () => {
    const found = await match('hierarchical:outer=(complete:n=4),inner=(complete:n=6),bridge=hub');
    expect(found.partners).toEqual([]);
    expect(found.nearest!.furthest).toBeGreaterThan(1);
    // The complete graph is the only one of its density, and no partner of itself.
    const whole = await match('complete:n=8');
    expect(whole.partners).toEqual([]);
    expect(whole.nearest!.density).toBeLessThan(1);
    const none = await match('complete:n=11', { family: 'hypercube' });
    expect([none.partners, none.nearest]).toEqual([[], null]);
  });

  it.each<[string, MatchOptions, string]>([
    ['empty:n=8', {}, 'a path length can be held of a connected graph, got one that is not'],
    [
      'star:n=8',
      { hold: [] },
      'nothing is to be held; choose from density, clustering, pathLength',
    ],
    [
      'star:n=8',
      { count: 0 },
      'the number of partners must be a whole number from 1 to 1000, got 0',
    ],
    ['star:n=8', { seed: -1 }, 'the seed of a search must be a whole number from 0 to'],
    ['star:n=8', { tolerances: { density: 0 } }, 'a tolerance must be above 0, got density=0'],
    ['star:n=8', { family: 'wsflex' }, 'unknown graph family "wsflex"'],
    [
      'star:n=8',
      { family: 'sequence' },
      'partners are made by a family of random graphs or of many',
    ],
    ['star:n=2', {}, 'WS-flex partners have 3 to 4096 nodes, got a graph of 2'],
    [
      'empty:n=8',
      { family: 'steered', hold: ['density'] },
      'a steered partner needs a connected graph with a spec, got one that is not connected',
    ],
  ])('refuses %s, %j', async (line, options, message) => {
    await expect(matchGraph(parseGraphSpec(line), options)).rejects.toThrow(message);
    await expect(matchGraph(parseGraphSpec(line), options)).rejects.toThrow(UserError);
  });

  it('refuses directed graphs, and steering without a spec', async () => {
    await expect(matchGraph(graphFromEdges(3, [[0, 1]], true))).rejects.toThrow(
      'partners are made of undirected graphs, got a directed one',
    );
    const graph = buildGraph(parseGraphSpec(MODULES));
    expect((await matchGraph(graph)).partners).toHaveLength(1);
    await expect(matchGraph(graph, { family: 'steered' })).rejects.toThrow(
      'a steered partner needs a connected graph with a spec, got a graph without one',
    );
  });

  it('stops on a signal', async () => {
    await expect(
      matchGraph(parseGraphSpec(MODULES), { signal: AbortSignal.abort() }),
    ).rejects.toThrow(Interrupted);
  });
});
