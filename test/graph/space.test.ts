import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import {
  binEdges,
  binSpace,
  candidateCount,
  candidateOrder,
  candidates,
  pathLength,
  spaceBins,
  spaceGrid,
  wsFlexGraph,
  type GridOptions,
  type SpaceBins,
} from '../../src/graph/index.js';
import { placeCandidates } from '../../src/graph/space/place.js';

interface Binned {
  readonly cells: [number, number, number, number][];
  readonly sets: number[][];
}

interface Golden {
  readonly official: {
    nodes: number;
    degrees: number[];
    probabilities: number[];
    first: number[];
    sha256: string;
    clusteringEdges: number[];
    pathLengthEdges: number[];
  }[];
  readonly madeUp: ({
    nodes: number;
    count: number;
    state: number;
    lowC: number;
    highL: number;
  } & Binned)[];
  readonly real: ({
    nodes: number;
    grid: Required<Omit<GridOptions, 'degreeRange'>> & { degreeRange?: [number, number] };
    order: number[];
    places: ([number, number] | null)[];
  } & Partial<Binned>)[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../golden/graph-space.json', import.meta.url), 'utf8'),
);

/** The made-up places of make-graph-space.py. */
function madeUp({ count, state, lowC, highL }: Golden['madeUp'][number]): Float64Array {
  let at = state;
  const next = (): number => {
    at = (at * 48271) % 2147483647;
    return at / 2147483648;
  };
  return Float64Array.from({ length: 2 * count }, (_, i) =>
    i % 2 === 0 ? lowC + (1 - lowC) * next() : 1 + (highL - 1) * next(),
  );
}

function checkBinned(places: Float64Array, bins: SpaceBins, expected: Binned): void {
  const { cells, sets } = binSpace(places, bins);
  expect(cells.map(({ row, column, first, count }) => [row, column, first, count])).toEqual(
    expected.cells,
  );
  expect(sets.map((set) => set.cells.map(({ first }) => first))).toEqual(expected.sets);
}

describe('the official grids against NumPy', () => {
  it.each(golden.official)(
    'of $nodes nodes',
    ({ nodes, degrees, probabilities, first, sha256, clusteringEdges, pathLengthEdges }) => {
      const grid = spaceGrid(nodes);
      const candidateOf = candidates(grid);
      expect(candidateCount(grid)).toBe(degrees.length * 300 * 30);
      expect(degrees.map((_, at) => candidateOf(at * 300 * 30).k)).toEqual(degrees);
      expect(probabilities.map((_, at) => candidateOf(at * 30 + 29).p)).toEqual(probabilities);
      expect(candidateOf(candidateCount(grid) - 1)).toEqual({ k: degrees.at(-1), p: 1, seed: 29 });
      const order = candidateOrder(grid);
      expect([...order.subarray(0, 20)]).toEqual(first);
      expect(
        createHash('sha256')
          .update(new Uint8Array(order.buffer, order.byteOffset, order.byteLength))
          .digest('hex'),
      ).toBe(sha256);
      expect(binEdges(spaceBins(grid))).toEqual({
        clustering: clusteringEdges,
        pathLength: pathLengthEdges,
      });
    },
  );
});

describe('binSpace against the official procedure in NumPy', () => {
  it.each(golden.madeUp)('$count made-up places by the rules of $nodes nodes', (row) => {
    checkBinned(madeUp(row), spaceBins(spaceGrid(row.nodes)), row);
  });

  it('the made-up places fill gaps of both smaller sets', () => {
    const filled = golden.madeUp.map(({ sets }) =>
      sets
        .slice(1)
        .map((set) => set.filter((first, at) => at > 0 && first < set[at - 1]).length > 0),
    );
    expect(filled.flat()).not.toContain(false);
  });

  it.each(golden.real)(
    'a small grid of $nodes nodes: order, C, L and sets',
    ({ nodes, grid: options, order, places, cells, sets }) => {
      const grid = spaceGrid(nodes, options);
      expect([...candidateOrder(grid)]).toEqual(order);
      const found = placeCandidates(grid, candidateOrder(grid));
      expect(found).toEqual(Float64Array.from(places.flatMap((place) => place ?? [NaN, NaN])));
      if (cells && sets) checkBinned(found, spaceBins(grid), { cells, sets });
    },
  );
});

const anyBins = fc
  .record({
    bins: fc.integer({ min: 1, max: 40 }),
    low: fc.constantFrom(0, 0.25),
    high: fc.constantFrom(0.8, 1),
    longest: fc.constantFrom(2, 3.5),
    strides: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
    above: fc.constantFrom(null, 0, 0.5, 2),
  })
  .map(({ bins, low, high, longest, strides, above }) => {
    const fitting = strides.filter((stride) => stride <= bins);
    return spaceBins(spaceGrid(20), {
      bins,
      clusteringRange: [low, high],
      pathLengthRange: [1, longest],
      strides: fitting.length > 0 ? fitting : [1],
      fill: fitting.map((stride) => ({ stride, above })),
    });
  });
// Whole quarters fall on edges of cells often.
const anyPlaces = fc.array(
  fc.oneof(
    fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 1, max: 4, noNaN: true }),
    ),
    fc.tuple(
      fc.nat(4).map((x) => x / 4),
      fc.nat(12).map((x) => 1 + x / 4),
    ),
    fc.constant([NaN, NaN] as const),
  ),
  { maxLength: 120 },
);

describe('binSpace', () => {
  it('counts every candidate once, in the only cell whose edges hold it', () => {
    fc.assert(
      fc.property(anyPlaces, anyBins, (places, bins) => {
        const { cells, outside, unconnected } = binSpace(Float64Array.from(places.flat()), bins);
        expect(cells.reduce((sum, { count }) => sum + count, 0) + outside + unconnected).toBe(
          places.length,
        );
        expect(unconnected).toBe(places.filter(([c]) => Number.isNaN(c)).length);
        const edges = binEdges(bins);
        const holds = (all: readonly number[], at: number, x: number): boolean =>
          all[at] <= x && (x < all[at + 1] || (at === bins.bins - 1 && x === all[at + 1]));
        for (const { row, column, first, count } of cells) {
          const members = [...places.keys()].filter(
            (at) =>
              holds(edges.clustering, row, places[at][0]) &&
              holds(edges.pathLength, column, places[at][1]),
          );
          expect([members[0], members.length]).toEqual([first, count]);
        }
        expect(new Set(cells.map(({ row, column }) => `${row} ${column}`)).size).toBe(cells.length);
      }),
    );
  });

  it(
    'picks middle cells in their order, then cells near empty middle cells that are high ' +
      'enough',
    () => {
      fc.assert(
        fc.property(anyPlaces, anyBins, (places, bins) => {
          const { cells, sets } = binSpace(Float64Array.from(places.flat()), bins);
          const held = new Set(cells.map(({ row, column }) => `${row} ${column}`));
          const lower = binEdges(bins).clustering;
          expect(sets.map(({ stride }) => stride)).toEqual(bins.strides);
          for (const { stride, cells: picked } of sets) {
            const middle = (at: number): boolean => at % stride === Math.floor(stride / 2);
            const middles = cells.filter(({ row, column }) => middle(row) && middle(column));
            expect(picked.slice(0, middles.length)).toEqual(middles);
            const above = bins.fill.find((rule) => rule.stride === stride)?.above ?? -1;
            const gaps = Array.from({ length: bins.bins ** 2 }, (_, at) => [
              Math.floor(at / bins.bins),
              at % bins.bins,
            ]).filter(([i, j]) => middle(i) && middle(j) && !held.has(`${i} ${j}`));
            const reach = Math.max(...bins.strides);
            const fills = picked.slice(middles.length);
            if (above === 2) expect(fills).toEqual([]);
            for (const { row, column } of fills) {
              expect(held.has(`${row} ${column}`)).toBe(true);
              expect(
                gaps.some(
                  ([i, j]) =>
                    lower[i] > above &&
                    Math.abs(i - row) <= reach / 9 &&
                    Math.abs(j - column) <= reach / 3,
                ),
              ).toBe(true);
            }
            expect(fills.length).toBeLessThanOrEqual(gaps.length);
          }
        }),
      );
    },
  );

  it('does not depend on what comes after the first of every cell', () => {
    fc.assert(
      fc.property(anyPlaces, anyBins, (places, bins) => {
        const once = binSpace(Float64Array.from(places.flat()), bins);
        const twice = binSpace(Float64Array.from([...places, ...places].flat()), bins);
        const bare = (space: typeof once): unknown =>
          space.sets.map((set) => set.cells.map(({ first }) => first));
        expect(bare(twice)).toEqual(bare(once));
        expect(twice.cells.map(({ count }) => count)).toEqual(
          once.cells.map(({ count }) => 2 * count),
        );
      }),
    );
  });

  it('has the ends of both ranges in its first and last cells', () => {
    const bins = spaceBins(spaceGrid(64));
    const { cells, outside } = binSpace(
      Float64Array.of(0, 1, 1, 4.5, 1.0000001, 2, 0.5, 4.5000001),
      bins,
    );
    expect(cells.map(({ row, column }) => [row, column])).toEqual([
      [0, 0],
      [134, 134],
    ]);
    expect(outside).toBe(2);
  });
});

describe('spaceGrid', () => {
  it.each([4, 5, 6, 16, 20, 31, 33, 36, 40, 64, 100, 128, 200])(
    'of %d nodes: candidates are valid, and L of its sparsest ring is in the range',
    (nodes) => {
      const grid = spaceGrid(nodes);
      const candidateOf = candidates(grid);
      const [first, last] = [candidateOf(0), candidateOf(candidateCount(grid) - 1)];
      expect([first.p, first.seed, last.p, last.seed]).toEqual([0, 0, 1, grid.seeds - 1]);
      expect(first.k).toBeCloseTo(grid.degrees.from, 10);
      expect(last.k).toBeCloseTo(nodes - 2, 10);
      const longest = pathLength(wsFlexGraph(nodes, first.k, 0, 0)) ?? Infinity;
      expect(longest).toBeLessThanOrEqual(spaceBins(grid).pathLength[1]);
      expect(longest).toBeGreaterThan(spaceBins(grid).pathLength[1] - 0.75);
    },
  );

  it('takes one of everything', () => {
    const grid = spaceGrid(10, { degrees: 1, probabilities: 1, seeds: 1 });
    expect([...candidateOrder(grid)]).toEqual([0]);
    const { k, p, seed } = candidates(grid)(0);
    expect([k, p, seed]).toEqual([expect.closeTo(4, 10), 0, 0]);
  });

  it.each<[number, GridOptions, RegExp]>([
    [3, {}, /number of nodes of a space must be a whole number from 4 to 20000, got 3/],
    [20_001, {}, /number of nodes/],
    [6.5, {}, /number of nodes/],
    [64, { degrees: 0 }, /number of degrees of a space must be a whole number from 1/],
    [64, { probabilities: 1.5 }, /number of probabilities/],
    [64, { seeds: NaN }, /number of seeds/],
    [64, { shuffleSeed: 2 ** 32 }, /seed of the shuffle/],
    [
      64,
      { degreeRange: [1, 62] },
      /degrees of a space must ascend and lie between 2 and n \(n=64\), got 1 to 62; the default is 8 to 62/,
    ],
    [64, { degreeRange: [8, 65] }, /degrees of a space/],
    [64, { degreeRange: [20, 10] }, /degrees of a space must ascend/],
    [64, { degreeRange: [NaN, 10] }, /degrees of a space/],
    [
      64,
      { seeds: 2000 },
      /at most 100000000 candidates, got 300 degrees x 300 probabilities x 2000 seeds = 180000000/,
    ],
  ])('%d nodes with %j is refused', (nodes, options, message) => {
    expect(() => spaceGrid(nodes, options)).toThrow(UserError);
    expect(() => spaceGrid(nodes, options)).toThrow(message);
  });
});

describe('spaceBins', () => {
  it.each([
    [{ bins: 0 }, /number of bins of a space must be a whole number from 1 to 10000, got 0/],
    [{ clusteringRange: [1, 0] }, /range of clustering must ascend, got 1 to 0/],
    [{ pathLengthRange: [1, Infinity] }, /range of path length must ascend/],
    [{ strides: [] }, /at least one stride/],
    [{ strides: [3, 1, 3] }, /strides must differ, got 3 twice/],
    [{ strides: [136] }, /stride of a set must be a whole number from 1 to 135, got 136/],
  ] as const)('%j is refused', (options, message) => {
    expect(() => spaceBins(spaceGrid(64), options)).toThrow(UserError);
    expect(() => spaceBins(spaceGrid(64), options)).toThrow(message);
  });

  it('sorts strides', () =>
    expect(spaceBins(spaceGrid(64), { strides: [9, 1, 4] }).strides).toEqual([1, 4, 9]));
});
