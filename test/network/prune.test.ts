import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/stream.js';
import { graphFromEdges } from '../../src/graph/build.js';
import { connected } from '../../src/graph/measures/connected.js';
import type { Graph } from '../../src/graph/types.js';
import { partition } from '../../src/network/partition.js';
import {
  blockWorth,
  keptShare,
  layerWorth,
  pairWorth,
  strongestGraph,
} from '../../src/network/prune.js';
import {
  type Grouping,
  groupingOf,
  type PrunedLayer,
  type PruneTask,
  randomGroupings,
  regroupSteps,
  shuffledGroupings,
} from '../../src/network/regroup.js';

type Pair = readonly [number, number];

function done<T>(steps: Generator<number, T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** Every choice of so many of some values. */
function* choices<T>(values: readonly T[], count: number): Generator<readonly T[]> {
  if (count === 0) yield [];
  else
    for (const [at, value] of values.entries())
      for (const rest of choices(values.slice(at + 1), count - 1)) yield [value, ...rest];
}

function* orders(values: readonly number[]): Generator<readonly number[]> {
  if (values.length === 0) yield [];
  for (const value of values)
    for (const rest of orders(values.filter((each) => each !== value))) yield [value, ...rest];
}

const pairsOf = (nodes: number): Pair[] =>
  Array.from({ length: nodes }, (_, u) => u).flatMap((u) =>
    Array.from({ length: nodes - u - 1 }, (_, at): Pair => [u, u + 1 + at]),
  );

const connectedGraphs = (nodes: number, edges: number): Graph[] =>
  [...choices(pairsOf(nodes), edges)]
    .map((chosen) => graphFromEdges(nodes, chosen))
    .filter((graph) => connected(graph));

function weights(count: number, ...name: (string | number)[]): Float64Array {
  const data = new Float64Array(count);
  new RandomStream('prune test', ...name).normals(data);
  return data;
}

const layer = (
  { out, into, nodes }: { readonly out: number; readonly into: number; readonly nodes: number },
  data: ArrayLike<number>,
  rest: Pick<PrunedLayer, 'from' | 'to' | 'graph'> = { from: 'x', to: 'y', graph: 0 },
): PrunedLayer => ({
  ...layerWorth(
    `${rest.to}.weight`,
    data,
    { input: partition(into, nodes), output: partition(out, nodes) },
    'l2',
  ),
  ...rest,
});

describe('strongestGraph', () => {
  it('keeps as much as the best of all connected graphs of as many edges', () => {
    for (const nodes of [3, 4, 5])
      for (let edges = nodes - 1; edges < (nodes * (nodes - 1)) / 2; edges++)
        for (let seed = 0; seed < 4; seed++) {
          const data = weights(4 * nodes * nodes, nodes, edges, seed);
          const blocks = blockWorth(layer({ out: 2 * nodes, into: 2 * nodes, nodes }, data));
          const found = strongestGraph(nodes, pairWorth([blocks], nodes), edges);
          const best = Math.max(
            ...connectedGraphs(nodes, edges).map((graph) => keptShare(blocks, graph)),
          );
          expect(found.edges).toBe(edges);
          expect(connected(found)).toBe(true);
          expect(keptShare(blocks, found)).toBeCloseTo(best, 12);
        }
  });

  it('keeps a weak pair that alone holds a node, as the strongest alone would not', () => {
    const pairs = new Float64Array(16);
    for (const [u, v, worth] of [
      [0, 1, 9],
      [0, 2, 8],
      [1, 2, 7],
      [0, 3, 2],
      [1, 3, 1],
    ] as const)
      pairs[u * 4 + v] = worth;
    expect([...strongestGraph(4, pairs, 3).targets]).toEqual([1, 2, 3, 0, 0, 0]);
  });

  it('counts blocks by their norms, windows and unequal groups included', () => {
    const data = weights(7 * 5 * 9, 'window');
    const dealt = { input: partition(5, 3), output: partition(7, 3) };
    const found = blockWorth(layerWorth('a', data, dealt, 'l2'));
    const whole = data.reduce((sum, value) => sum + value * value, 0);
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) {
        let sum = 0;
        for (let row = dealt.output.starts[i]; row < dealt.output.starts[i + 1]; row++)
          for (let column = dealt.input.starts[j]; column < dealt.input.starts[j + 1]; column++)
            for (let pixel = 0; pixel < 9; pixel++)
              sum += data[(row * 5 + column) * 9 + pixel] ** 2;
        expect(found[i * 3 + j]).toBeCloseTo(sum / whole, 12);
      }
    const [one] = blockWorth(
      layerWorth('a', [-3, 1, 2, -2], { input: partition(2, 2), output: partition(2, 2) }, 'l1'),
    );
    expect(one).toBe(3 / 8);
  });

  it.each([
    [4, 2, [1, 1, 1, 1, 1, 1], '4 groups need 3 edges (density 0.500, average degree 1.50)'],
    [4, 7, [1, 1, 1, 1, 1, 1], '6 pairs, which is density 1, got a budget of 7'],
    [4, 5, [1, 1, 1, 1, 0, 0], '4 of 6, got a budget of 5'],
    [4, 3, [1, 1, 0, 1, 0, 0], 'in 2 separate parts'],
  ])('of %i groups and %i edges refuses %j', (nodes, edges, worth, message) => {
    const pairs = new Float64Array(nodes * nodes);
    pairsOf(nodes).forEach(([u, v], at) => (pairs[u * nodes + v] = worth[at]));
    expect(() => strongestGraph(nodes, pairs, edges)).toThrow(message);
  });

  it.each([
    [[0, 0, 0, 0], 'all of a are 0'],
    [[1, Number.NaN, 0, 0], 'must be finite numbers'],
    [[1, Infinity, 0, 0], 'must be finite numbers'],
  ])('refuses weights %j', (data, message) => {
    const dealt = { input: partition(2, 2), output: partition(2, 2) };
    expect(() => layerWorth('a', data, dealt, 'l2')).toThrow(message);
  });
});

/** Two layers one after the other: x, y, z. */
const chain = (size: number, nodes: number, seed: number): PruneTask => ({
  layers: [
    layer({ out: size, into: size, nodes }, weights(size * size, 'a', seed), {
      from: 'x',
      to: 'y',
      graph: 0,
    }),
    layer({ out: size, into: size, nodes }, weights(size * size, 'b', seed), {
      from: 'y',
      to: 'z',
      graph: 1,
    }),
  ],
  nodes,
  edges: nodes - 1,
});
const ALL = new Set(['x', 'y', 'z']);

describe('regrouping', () => {
  it('comes near the best of all orders and graphs, and never beyond', () => {
    let [best, found] = [0, 0];
    for (let seed = 0; seed < 12; seed++) {
      const task = chain(4, 4, seed);
      const brute = bestOfAll(task);
      const grouping = done(regroupSteps(task, ALL, 1));
      expect(grouping.share).toBeLessThanOrEqual(brute + 1e-12);
      expect(grouping.share).toBeGreaterThanOrEqual(groupingOf(task).share);
      best += brute;
      found += grouping.share;
    }
    expect(found / best).toBeGreaterThan(0.97);
  });

  it('finds most of the groups that another order of channels hides', () => {
    const [channels, nodes] = [48, 8];
    const hidden = Array.from({ length: channels }, (_, at) => at);
    const place = Int32Array.from(hidden);
    new RandomStream('hidden').shuffle(place);
    const ring = (u: number, v: number): boolean => (u - v + nodes + 1) % nodes <= 2;
    const data = weights(channels * channels, 'hidden').map((value, at) => {
      const [row, column] = [place[Math.floor(at / channels)], place[at % channels]];
      const inside = ring(Math.floor(row / 6), Math.floor(column / 6));
      return inside ? value : value / 10;
    });
    const task: PruneTask = {
      layers: [layer({ out: channels, into: channels, nodes }, data)],
      nodes,
      edges: nodes,
    };
    const movable = new Set(['x', 'y']);
    const grouping = done(regroupSteps(task, movable, 1));
    expect(groupingOf(task).share).toBeLessThan(0.5);
    expect(grouping.share).toBeGreaterThan(0.9);
    // What random groups keep is what the order as it is keeps, for it knows nothing of the groups.
    for (const share of done(randomGroupings(task, movable, { count: 5, seed: 1 })))
      expect(Math.abs(share - groupingOf(task).share)).toBeLessThan(0.05);
    const [shuffled] = done(shuffledGroupings(task, movable, { count: 1, seed: 1 }));
    expect(shuffled.share).toBeLessThan(0.8);
  });

  it('is the same for the same seed, and keeps axes that may not move', () => {
    const task = chain(12, 4, 5);
    const only = new Set(['y']);
    const [one, two] = [done(regroupSteps(task, only, 3)), done(regroupSteps(task, only, 3))];
    expect(two).toEqual(one);
    expect([...one.orders.keys()]).toEqual(['y']);
    expect([...one.orders.get('y')!].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, at) => at),
    );
    expect(told(groupingOf(task, one.orders))).toEqual(told(one));
  });
});

const told = ({ share, shares }: Grouping): unknown => [share, shares];

/** The most that any orders of three axes of as many channels as groups keep, graph by graph. */
function bestOfAll({ layers, nodes, edges }: PruneTask): number {
  const graphs = connectedGraphs(nodes, edges);
  const all = [...orders(Array.from({ length: nodes }, (_, at) => at))].map((order) =>
    Int32Array.from(order),
  );
  const [first] = all;
  // Numbering the groups of an axis anew with those of the next changes nothing but the graph.
  return layers.reduce((sum, each) => {
    let most = 0;
    for (const order of all) {
      const blocks = blockWorth(each, order, first);
      for (const graph of graphs) most = Math.max(most, keptShare(blocks, graph));
    }
    return sum + most / layers.length;
  }, 0);
}
