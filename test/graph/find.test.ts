import { describe, expect, it } from 'vitest';
import { Interrupted, UserError } from '../../src/core/errors.js';
import {
  buildGraph,
  clustering,
  findGraph,
  formatGraphSpec,
  parseGraphSpec,
  pathLength,
  planeDistance,
  publishedSet,
  wsFlexGraph,
  type FindOptions,
  type NearestGraph,
} from '../../src/graph/index.js';

/**
 * Finds, and checks that the answer is what it says: the spec's own line regenerates C, L and the
 * distance.
 */
async function find(options: FindOptions): Promise<NearestGraph> {
  const found = await findGraph(options);
  const graph = buildGraph(parseGraphSpec(formatGraphSpec(found.spec)));
  expect(graph.nodes).toBe(options.nodes);
  expect([clustering(graph), pathLength(graph)]).toEqual([found.clustering, found.pathLength]);
  expect(found.distance).toBeCloseTo(
    Math.sqrt(
      (found.clustering - options.clustering) ** 2 +
        ((found.pathLength - options.pathLength) / 3.5) ** 2,
    ),
    14,
  );
  expect(found.reached).toBe(found.distance <= 0.01);
  expect(Number(found.spec.params.seed)).toBeLessThan(options.seeds ?? 30);
  return found;
}

describe('findGraph', () => {
  it('finds the published graphs at their own places', async () => {
    const specs = publishedSet({ nodes: 64, count: 3942 });
    for (const row of [1234, 3941]) {
      const graph = buildGraph(specs[row]);
      const found = await find({
        nodes: 64,
        clustering: clustering(graph),
        pathLength: pathLength(graph) ?? NaN,
      });
      expect(found.distance).toBe(0);
    }
  });

  it.each([
    [0.45, 2.4],
    [0.64, 3.9],
  ])(
    'C %d, L %d, 64 nodes: within a fifth of a cell of the published sets',
    async (wantedC, wantedL) => {
      const found = await find({ nodes: 64, clustering: wantedC, pathLength: wantedL });
      expect(found.distance).toBeLessThan(0.2 / 135);
    },
  );

  it.each([
    [16, 6, 0.2],
    [33, 9, 0.1],
    [100, 5, 0.17],
    [300, 150, 0.03],
  ])(
    'reaches the place of a graph of %d nodes with k=%d, p=%d and a seed that is not tried',
    async (nodes, k, p) => {
      const graph = wsFlexGraph(nodes, k, p, 1000);
      const found = await find({
        nodes,
        clustering: clustering(graph),
        pathLength: pathLength(graph) ?? NaN,
      });
      expect(found.distance).toBeLessThan(0.005);
    },
  );

  it('is never nearer to a place than the nearest graph can be: places out of reach', async () => {
    // No graph has C = 1 and L = 4 but is connected: every connected graph with C = 1 is complete.
    const far = await find({ nodes: 64, clustering: 1, pathLength: 4 });
    expect(far.reached).toBe(false);
    expect(far.distance).toBeGreaterThan(0.2);
    const long = await find({ nodes: 16, clustering: 0.5, pathLength: 40 });
    expect(long.reached).toBe(false);
    // The longest that there is among connected graphs with as many edges as nodes or more is far
    // shorter.
    expect(long.pathLength).toBeLessThan(16);
    expect(await find({ nodes: 3, clustering: 1, pathLength: 1 })).toMatchObject({
      distance: 0,
      reached: true,
    });
    expect((await find({ nodes: 3, clustering: 0, pathLength: 1 })).reached).toBe(false);
  });

  it('tries the seeds that are asked for only, and finds the same again', async () => {
    const asked = { nodes: 64, clustering: 0.31, pathLength: 2.2, seeds: 1 };
    const one = await find(asked);
    expect(await findGraph(asked)).toEqual(one);
    expect(one.spec.params.seed).toBe(0);
    expect(one.reached).toBe(true);
  });

  it('stops when it is aborted', async () => {
    await expect(
      findGraph({ nodes: 64, clustering: 0.5, pathLength: 2, signal: AbortSignal.abort() }),
    ).rejects.toThrow(Interrupted);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 60);
    await expect(
      findGraph({ nodes: 1000, clustering: 0.5, pathLength: 2, signal: controller.signal }),
    ).rejects.toThrow(Interrupted);
  });

  it.each<[Partial<FindOptions>, RegExp]>([
    [{ nodes: 2 }, /number of nodes must be a whole number from 3 to 4096, got 2/],
    [{ nodes: 4097 }, /number of nodes/],
    [{ nodes: 7.5 }, /number of nodes/],
    [{ seeds: 0 }, /number of seeds/],
    [{ clustering: 1.01 }, /wanted clustering must be from 0 to 1, got 1.01/],
    [{ clustering: NaN }, /wanted clustering/],
    [{ pathLength: 0.9 }, /wanted path length must be at least 1, got 0.9/],
    [{ pathLength: Infinity }, /wanted path length/],
  ])('%j is refused', async (options, message) => {
    const given = { nodes: 64, clustering: 0.5, pathLength: 2, ...options };
    await expect(findGraph(given)).rejects.toThrow(UserError);
    await expect(findGraph(given)).rejects.toThrow(message);
  });
});

describe('planeDistance', () => {
  it('is a distance in parts of the plane: C by 1, L by 3.5', () => {
    const [a, b, c] = [
      [0, 1],
      [1, 1],
      [1, 4.5],
    ].map(([x, y]) => ({ clustering: x, pathLength: y }));
    expect([planeDistance(a, b), planeDistance(b, c), planeDistance(c, b)]).toEqual([1, 1, 1]);
    expect(planeDistance(a, c)).toBeCloseTo(Math.SQRT2, 15);
  });
});
