import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PythonRandom } from '../../src/core/random/index.js';
import {
  completeGraph,
  corePeriphery,
  edgeList,
  graphFromEdges,
  graphMeasure,
  louvain,
  modularity,
  richClubCurve,
  wsFlexGraph,
  type Graph,
} from '../../src/graph/index.js';
import { transportCost } from '../../src/graph/measures/transport.js';

interface Basics {
  n: number;
  directed: boolean;
  edges: [number, number][];
}
type Groups = { seed: number; labels: number[]; modularity: number }[];
interface Row extends Basics {
  groups: Groups | null;
  sigma: number | null;
  omega: number | null;
  richClub: { curve: number[]; value: number | null } | null;
  corePeriphery: { fit: number | null; core: number[] | null; overall?: number | null };
  forman: number | null;
  ollivier: number | null;
}
interface Golden {
  graphs: Record<string, Row>;
  communities: Record<string, Basics & { groups: Groups }>;
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../golden/graph-comparison.json', import.meta.url), 'utf8'),
);
const rows = Object.entries(golden.graphs);

const graphOf = (row: Basics): Graph => graphFromEdges(row.n, row.edges, row.directed);

/** The measure of that name, as the command computes it. */
function measured(
  name: string,
  graph: Graph,
  options: { seed?: number; references?: number } = {},
): number | null {
  const value = graphMeasure(name).compute(graph, { seed: 1, references: 10, ...options });
  if (typeof value === 'boolean') throw new Error(`${name} is no number`);
  return value;
}

/** Equal up to rounding; null only where null is expected. */
function expectNear(value: number | null, expected: number | null, digits = 11): void {
  if (expected === null || value === null) expect(value).toBe(expected);
  else expect(value).toBeCloseTo(expected, digits);
}

describe('communities against networkx', () => {
  const all = [...rows, ...Object.entries(golden.communities)].flatMap(([name, row]) =>
    (row.groups ?? []).map((groups) => ({ name, row, groups })),
  );

  it.each(all)('$name, seed $groups.seed', ({ row, groups }) => {
    const graph = graphOf(row);
    const labels = louvain(graph, groups.seed);
    expect(Array.from(labels)).toEqual(groups.labels);
    expect(modularity(graph, labels)).toBe(groups.modularity);
    expect(measured('modularity', graph, { seed: groups.seed })).toBe(groups.modularity);
  });

  it('covers directed graphs, several levels and seeds that differ', () => {
    expect(all.filter(({ row }) => row.directed).length).toBeGreaterThanOrEqual(8);
    expect(Math.max(...all.map(({ groups }) => new Set(groups.labels).size))).toBeGreaterThan(12);
    const { ws200 } = golden.communities;
    expect(ws200.groups[0].labels).not.toEqual(ws200.groups[1].labels);
  });

  it('are single nodes without edges', () => {
    expect(Array.from(louvain(graphFromEdges(3, []), 1))).toEqual([0, 1, 2]);
    expect(measured('modularity', graphFromEdges(3, []))).toBeNull();
  });

  it('need one label a node', () => {
    expect(() => modularity(completeGraph(3), [0, 1])).toThrow(
      'a partition needs one label for each of 3 nodes, got 2',
    );
    expect(() => modularity(completeGraph(3), [0, 1, 3])).toThrow(
      'must be an integer from 0 to 2, got 3',
    );
    expect(() => modularity(completeGraph(3), [0, 1, 0.5])).toThrow(
      'must be an integer from 0 to 2, got 0.5',
    );
  });
});

describe('small-worldness against networkx', () => {
  it.each(rows)('%s', (_, row) => {
    expectNear(measured('sigma', graphOf(row), { seed: 1, references: 2 }), row.sigma);
    expectNear(measured('omega', graphOf(row), { seed: 2, references: 3 }), row.omega);
  });

  it('has enough graphs with numbers', () => {
    expect(
      rows.filter(([, row]) => row.sigma !== null && row.omega !== null).length,
    ).toBeGreaterThanOrEqual(12);
  });
});

describe('rich clubs against networkx', () => {
  it.each(rows)('%s', (_, row) => {
    const graph = graphOf(row);
    if (row.richClub !== null) expect(richClubCurve(graph)).toEqual(row.richClub.curve);
    expect(measured('richClub', graph)).toBe(row.richClub?.value ?? null);
  });

  it('of an empty graph has the curve of no edges', () => {
    expect(richClubCurve(graphFromEdges(3, []))).toEqual([]);
    expect(richClubCurve(graphFromEdges(3, [[0, 1]], true))).toEqual([]);
  });
});

describe('cores against NumPy', () => {
  it.each(rows)('%s', (_, row) => {
    const { fit, core, overall } = row.corePeriphery;
    const found = corePeriphery(graphOf(row));
    expectNear(found?.fit ?? null, fit);
    expect(found?.core ?? null).toEqual(core);
    if (overall !== undefined && fit !== null) expect(fit).toBeLessThanOrEqual(overall! + 1e-12);
  });

  it('are the best of all subsets where there is a core', () => {
    for (const name of ['star10', 'core10', 'path3', 'directedStar8']) {
      expect(golden.graphs[name].corePeriphery.overall, name).toBeCloseTo(
        golden.graphs[name].corePeriphery.fit!,
        12,
      );
    }
  });
});

describe('curvatures', () => {
  it.each(rows)('of %s against networkx and SciPy', (_, row) => {
    expectNear(measured('formanCurvature', graphOf(row)), row.forman);
    expectNear(measured('ollivierCurvature', graphOf(row)), row.ollivier, 9);
  });

  it.each([2, 3, 7, 40])('of the complete graph on %i nodes', (n) => {
    expect(measured('formanCurvature', completeGraph(n))).toBe(n);
    expect(measured('ollivierCurvature', completeGraph(n))).toBeCloseTo(n / (2 * (n - 1)), 12);
  });
});

/** Least cost by trying all ways to pair units, for problems of a few units. */
function bruteCost(
  supply: readonly number[],
  demand: readonly number[],
  costs: readonly number[],
): number {
  const from = supply.findIndex((amount) => amount > 0);
  if (from < 0) return 0;
  return Math.min(
    ...demand.flatMap((amount, to) => {
      if (amount === 0) return [];
      return [
        costs[from * demand.length + to] +
          bruteCost(supply.with(from, supply[from] - 1), demand.with(to, amount - 1), costs),
      ];
    }),
  );
}

describe('transport', () => {
  it('costs the least', () => {
    const problem = fc
      .tuple(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 5 }),
      )
      .chain(([a, b, units]) =>
        fc.record({
          from: fc.array(fc.nat(a - 1), { minLength: units, maxLength: units }),
          to: fc.array(fc.nat(b - 1), { minLength: units, maxLength: units }),
          costs: fc.array(fc.nat(4), { minLength: a * b, maxLength: a * b }),
          a: fc.constant(a),
          b: fc.constant(b),
        }),
      );
    const amounts = (places: readonly number[], size: number): number[] =>
      Array.from({ length: size }, (_, at) => places.filter((place) => place === at).length);
    fc.assert(
      fc.property(problem, ({ from, to, costs, a, b }) => {
        const supply = amounts(from, a);
        const demand = amounts(to, b);
        expect(
          transportCost({
            supply: Int32Array.from(supply),
            demand: Int32Array.from(demand),
            costs: Int32Array.from(costs),
          }),
        ).toBe(bruteCost(supply, demand, costs));
      }),
      { numRuns: 150 },
    );
  });

  it('wants as much as there is', () => {
    expect(() =>
      transportCost({
        supply: Int32Array.of(1),
        demand: Int32Array.of(2),
        costs: Int32Array.of(1),
      }),
    ).toThrow('supply 1 and demand 2 must be equal');
  });
});

describe('properties', () => {
  const arbitrary = fc
    .tuple(
      fc.integer({ min: 1, max: 24 }),
      fc.array(fc.tuple(fc.nat(23), fc.nat(23)), { maxLength: 70 }),
      fc.nat(1000),
    )
    .map(([n, pairs, seed]) => {
      const edges = pairs
        .map(([u, v]): [number, number] => [u % n, v % n])
        .filter(([u, v]) => u !== v);
      const names = Int32Array.from({ length: n }, (_, u) => u);
      new PythonRandom(seed).shuffle(names);
      return {
        graph: graphFromEdges(n, edges),
        renamed: graphFromEdges(
          n,
          edges.map(([u, v]): [number, number] => [names[u], names[v]]),
        ),
      };
    });

  it.each(['richClub', 'corePeriphery', 'formanCurvature', 'ollivierCurvature'])(
    '%s does not depend on the names of nodes',
    (name) => {
      fc.assert(
        fc.property(arbitrary, ({ graph, renamed }) =>
          expectNear(measured(name, graph), measured(name, renamed)),
        ),
        { numRuns: 60 },
      );
    },
  );

  it('values stay in range', () => {
    fc.assert(
      fc.property(arbitrary, ({ graph }) => {
        const between = (name: string, least: number, most: number): void => {
          const value = measured(name, graph);
          if (value === null) return;
          expect(value, name).toBeGreaterThanOrEqual(least - 1e-12);
          expect(value, name).toBeLessThanOrEqual(most + 1e-12);
        };
        between('modularity', -0.5, 1);
        between('richClub', 0, 1);
        between('corePeriphery', -1, 1);
        between('ollivierCurvature', -1, 1);
      }),
      { numRuns: 60 },
    );
  });

  it('Louvain finds communities that no single node wants to leave for a community of its own', () => {
    fc.assert(
      fc.property(arbitrary, ({ graph }) => {
        if (graph.edges === 0) return;
        const labels = louvain(graph, 1);
        const found = modularity(graph, labels)!;
        expect(found).toBeGreaterThanOrEqual(
          modularity(
            graph,
            labels.map(() => 0),
          )! - 1e-12,
        );
        expect(found).toBeGreaterThanOrEqual(modularity(graph, Int32Array.from(labels.keys()))!);
        expect(new Set(labels)).toEqual(
          new Set(Array.from({ length: Math.max(...labels) + 1 }, (_, label) => label)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('a ring lattice is a small world only after some rewiring', () => {
    const sigmaOf = (p: number): number =>
      measured('sigma', wsFlexGraph(32, 6, p, 1), { references: 3 })!;
    expect(sigmaOf(0.1)).toBeGreaterThan(sigmaOf(1));
    expect(measured('omega', wsFlexGraph(32, 6, 0, 1))!).toBeLessThan(
      measured('omega', wsFlexGraph(32, 6, 1, 1))!,
    );
  });

  it('directed graphs have those that are defined for them', () => {
    const graph = graphFromEdges(12, edgeList(wsFlexGraph(12, 4, 0.5, 1)), true);
    for (const name of ['sigma', 'omega', 'richClub', 'formanCurvature', 'ollivierCurvature'])
      expect(measured(name, graph), name).toBeNull();
    for (const name of ['modularity', 'corePeriphery'])
      expect(measured(name, graph), name).not.toBeNull();
  });
});

describe('louvain on directed graphs', () => {
  // Found by chance: from seed 547 on two nodes of it change places for ever, in networkx 2.8 too.
  const arcs =
    '0-1 0-95 1-84 2-20 2-36 2-75 2-77 2-81 3-19 3-109 4-0 4-67 4-78 5-17 5-29 5-101 ' +
    '6-38 6-110 7-39 7-45 7-68 8-100 8-103 9-11 9-88 ' +
    '10-6 10-18 10-43 10-50 10-64 10-84 10-97 13-11 13-57 13-93 13-112 14-67 15-30 15-69 ' +
    '17-92 19-21 20-112 21-39 21-61 21-79 21-99 ' +
    '22-60 23-42 23-92 23-103 24-41 24-60 25-16 25-106 26-11 26-47 27-25 27-50 28-9 ' +
    '28-42 28-80 29-69 29-93 30-51 31-19 31-32 31-59 ' +
    '32-25 33-18 34-38 34-44 35-63 35-75 36-1 36-65 36-100 38-22 38-37 38-61 38-77 ' +
    '38-101 40-48 40-102 40-104 41-39 41-81 41-107 43-78 ' +
    '43-104 44-23 45-63 45-79 45-96 46-13 46-62 46-80 46-82 47-82 48-52 48-85 48-95 ' +
    '50-109 51-8 52-53 52-110 53-9 54-62 54-98 54-108 ' +
    '55-98 56-70 57-1 58-55 59-16 59-97 59-112 60-84 60-91 60-97 61-25 61-56 62-76 63-7 ' +
    '63-24 64-28 64-89 65-3 65-56 66-33 66-60 66-63 ' +
    '67-22 67-44 67-110 68-86 68-91 69-4 69-76 69-80 69-90 69-98 69-102 69-111 70-32 ' +
    '71-42 71-69 74-68 76-4 77-39 79-59 79-86 80-2 ' +
    '80-18 80-103 81-22 81-104 82-31 82-35 82-94 83-2 83-36 83-110 85-71 86-71 86-96 ' +
    '86-99 87-8 87-19 88-45 88-54 88-82 88-98 89-24 ' +
    '89-64 89-84 90-30 90-83 90-95 91-33 91-71 91-78 92-5 93-44 93-75 94-46 94-52 94-67 ' +
    '94-98 97-16 98-3 98-30 98-35 98-56 99-84 99-112 ' +
    '100-16 100-27 100-56 100-107 100-109 101-28 101-55 101-61 101-81 102-2 103-28 ' +
    '103-43 103-46 103-49 104-27 104-74 105-24 106-30 ' +
    '106-35 107-43 107-63 110-1 110-112 111-38 111-60 111-104 111-106 112-41';

  it('ends where rounding makes nodes move round and round', () => {
    const graph = graphFromEdges(
      113,
      arcs.split(' ').map((arc) => arc.split('-').map(Number) as [number, number]),
      true,
    );
    const best = Math.max(
      ...[1, 2, 3, 4, 5].map((seed) => modularity(graph, louvain(graph, seed))!),
    );
    const stuck = modularity(graph, louvain(graph, 547))!;
    expect(stuck).toBeGreaterThan(0.9 * best);
  });
});
