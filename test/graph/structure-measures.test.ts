import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  betweenness,
  clustering,
  completeGraph,
  coreNumbers,
  degrees,
  distances,
  edgeList,
  graphFromEdges,
  graphMeasure,
  localClustering,
  pathLength,
  wsFlexGraph,
  type Graph,
} from '../../src/graph/index.js';
import { structureMeasures } from '../../src/graph/measures/structure.js';
import { tridiagonalEigen } from '../../src/graph/measures/tridiagonal.js';

interface GoldenGraph {
  name: string;
  n: number;
  directed: boolean;
  edgeList: [number, number][];
  measures: Record<string, number | null>;
  perNode: { betweenness: number[]; clustering: number[]; coreNumber: number[]; degree: number[] };
  distancesFrom0: number[];
}

interface Golden {
  graphs: GoldenGraph[];
  spectra: { name: string; n: number; spectralGap: number; algebraicConnectivity: number }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../golden/graph-structure.json', import.meta.url), 'utf8'),
);
const settings = { seed: 1, references: 10 };

function valueOf(name: string, graph: Graph): number {
  const value = graphMeasure(name).compute(graph, settings);
  if (typeof value !== 'number') throw new Error(`${name} is ${value}`);
  return value;
}

describe('structure measures against networkx and NumPy', () => {
  it.each(golden.graphs)('$name', (row) => {
    const graph = graphFromEdges(row.n, row.edgeList, row.directed);
    expect(structureMeasures.map(({ name }) => name).sort()).toEqual(
      Object.keys(row.measures).sort(),
    );
    for (const { name, compute } of structureMeasures) {
      const expected = row.measures[name];
      const value = compute(graph, settings);
      if (expected === null || typeof value !== 'number') expect(value, name).toBe(expected);
      else
        expect(Math.abs(value - expected), `${name}: ${value}, expected ${expected}`).toBeLessThan(
          1e-10 * Math.max(1, Math.abs(expected)),
        );
    }
  });

  it.each(golden.graphs)('node by node: $name', (row) => {
    const graph = graphFromEdges(row.n, row.edgeList, row.directed);
    expect([...coreNumbers(graph)]).toEqual(row.perNode.coreNumber);
    expect([...degrees(graph)]).toEqual(row.perNode.degree);
    expect([...distances(graph, 0)]).toEqual(row.distancesFrom0);
    betweenness(graph).forEach((value, u) =>
      expect(value, `betweenness of ${u}`).toBeCloseTo(row.perNode.betweenness[u], 12),
    );
    localClustering(graph).forEach((value, u) =>
      expect(value, `clustering of ${u}`).toBeCloseTo(row.perNode.clustering[u], 12),
    );
  });
});

const pairsOf = (n: number, steps: readonly number[]): [number, number][] =>
  steps.flatMap((step) =>
    Array.from({ length: n }, (_, u): [number, number] => [u, (u + step) % n]),
  );

/** The larger graphs of the golden spectra. */
const large: Readonly<Record<string, () => Graph>> = {
  path: () =>
    graphFromEdges(
      900,
      Array.from({ length: 899 }, (_, u) => [u, u + 1]),
    ),
  grid: () =>
    graphFromEdges(
      798,
      Array.from({ length: 798 }, (_, u): [number, number][] => [
        ...(u % 38 < 37 ? [[u, u + 1] as [number, number]] : []),
        ...(u < 760 ? [[u, u + 38] as [number, number]] : []),
      ]).flat(),
    ),
  lattice: () => graphFromEdges(800, pairsOf(800, [1, 2, 3])),
  barbell: () => {
    const clique = (from: number): [number, number][] =>
      edgeList(completeGraph(200)).map(([u, v]) => [u + from, v + from]);
    return graphFromEdges(500, [
      ...clique(0),
      ...clique(300),
      ...Array.from({ length: 101 }, (_, u): [number, number] => [199 + u, 200 + u]),
    ]);
  },
};

describe('eigenvalues', () => {
  it.each(golden.spectra)('of larger graphs, with gaps near 0: $name', (row) => {
    const graph = large[row.name]();
    expect(graph.nodes).toBe(row.n);
    for (const name of ['spectralGap', 'algebraicConnectivity'] as const)
      expect(Math.abs(valueOf(name, graph) - row[name]), name).toBeLessThan(1e-9);
  });

  it('follow the formulae of known families', () => {
    // 2 - 2 cos(2 pi / n) for a cycle, which takes the inverse; n and n / (n - 1) for the complete
    // graph.
    expect(valueOf('algebraicConnectivity', graphFromEdges(1000, pairsOf(1000, [1])))).toBeCloseTo(
      2 - 2 * Math.cos((2 * Math.PI) / 1000),
      12,
    );
    expect(valueOf('algebraicConnectivity', completeGraph(500))).toBeCloseTo(500, 8);
    expect(valueOf('spectralGap', completeGraph(500))).toBeCloseTo(500 / 499, 10);
  });

  it('of a tridiagonal matrix are those of the formula', () => {
    // The second difference matrix: 2 - 2 cos(j pi / (n + 1)), eigenvectors sin(i j pi / (n + 1)).
    const n = 50;
    const { values, lastComponents } = tridiagonalEigen(
      Array.from({ length: n }, () => 2),
      Array.from({ length: n - 1 }, () => -1),
    );
    const sorted = [...values]
      .map((value, i) => ({ value, last: Math.abs(lastComponents[i]) }))
      .sort((a, b) => a.value - b.value);
    sorted.forEach(({ value, last }, i) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((i + 1) * Math.PI) / (n + 1)), 12);
      expect(last).toBeCloseTo(
        Math.abs(Math.sqrt(2 / (n + 1)) * Math.sin(((i + 1) * n * Math.PI) / (n + 1))),
        10,
      );
    });
  });
});

/** Graphs on up to 150 nodes, from empty to nearly complete: all kernels of C and L are met. */
const anyGraph = fc
  .record({
    nodes: fc.integer({ min: 1, max: 150 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    directed: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ nodes, share, directed, seed }) => {
    const pairs: [number, number][] = [];
    let state = seed;
    for (let u = 0; u < nodes; u++) {
      for (let v = 0; v < nodes; v++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        if (u !== v && state / 2 ** 32 < share * share) pairs.push([u, v]);
      }
    }
    return graphFromEdges(nodes, pairs, directed);
  });

/** Every node's coefficient straight from the matrix S = A + A^T. */
function plainClustering(graph: Graph): number[] {
  const { nodes, directed } = graph;
  const a = Array.from({ length: nodes }, () => new Float64Array(nodes));
  for (const [u, v] of edgeList(graph)) {
    a[u][v] = 1;
    if (!directed) a[v][u] = 1;
  }
  const s = a.map((row, u) => (directed ? row.map((x, v) => x + a[v][u]) : row));
  return s.map((row) => {
    const joined = [...row.keys()].filter((v) => row[v] > 0);
    let closed = 0;
    for (const v of joined) for (const w of joined) closed += row[v] * s[v][w] * row[w];
    const degree = joined.reduce((sum, v) => sum + row[v], 0);
    const mutual = directed ? joined.filter((v) => row[v] === 2).length : 0;
    return closed === 0 ? 0 : closed / ((directed ? 2 : 1) * (degree * (degree - 1) - 2 * mutual));
  });
}

/** Sum of distances from every node, -1 where one is unreachable. */
function plainPathLength(graph: Graph): number | null {
  let sum = 0;
  for (let u = 0; u < graph.nodes; u++) {
    const from = distances(graph, u);
    if (from.includes(-1)) return null;
    sum += from.reduce((total, d) => total + d, 0);
  }
  return graph.nodes === 1 ? 0 : sum / (graph.nodes * (graph.nodes - 1));
}

describe('C, L and what hangs on them', () => {
  it('agree with their plain definitions on any graph', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        expect([...localClustering(graph)]).toEqual(plainClustering(graph));
        expect(pathLength(graph)).toBe(plainPathLength(graph));
      }),
      { numRuns: 100 },
    );
  });

  it('agree on wide rows of every density, whichever way they are counted', () => {
    for (const k of [6, 40, 200, 330]) {
      const graph = wsFlexGraph(400, k, 0.3, 5);
      expect([...localClustering(graph)], `k=${k}`).toEqual(plainClustering(graph));
      expect(pathLength(graph), `k=${k}`).toBe(plainPathLength(graph));
      const tournament = graphFromEdges(
        400,
        edgeList(graph).map(([u, v]) => ((u + v) % 3 === 0 ? [u, v] : [v, u])),
        true,
      );
      expect([...localClustering(tournament)], `directed k=${k}`).toEqual(
        plainClustering(tournament),
      );
    }
    expect(clustering(completeGraph(400))).toBe(1);
    expect(pathLength(completeGraph(400))).toBe(1);
  });

  it('lie in their ranges and fit each other on any graph', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const { nodes } = graph;
        const length = pathLength(graph);
        for (const name of [
          'transitivity',
          'reachablePairs',
          'globalEfficiency',
          'localEfficiency',
          'betweenness',
        ]) {
          expect(valueOf(name, graph), name).toBeGreaterThanOrEqual(0);
          expect(valueOf(name, graph), name).toBeLessThanOrEqual(1 + 1e-12);
        }
        expect(valueOf('reachablePairs', graph) === 1).toBe(length !== null);
        expect(graphMeasure('diameter').compute(graph, settings) === null).toBe(length === null);
        if (length === null) return;
        expect(valueOf('reachablePathLength', graph)).toBeCloseTo(length, 12);
        expect(valueOf('radius', graph)).toBeLessThanOrEqual(valueOf('diameter', graph));
        const mean = betweenness(graph).reduce((sum, b) => sum + b, 0) / nodes;
        if (nodes > 2) expect(mean).toBeCloseTo((length - 1) / (nodes - 2), 10);
      }),
      { numRuns: 60 },
    );
  });

  it('know long ways round, whatever the nodes are called', () => {
    // 1201 is prime, so that multiplying by 7 is a renaming of the ring's nodes.
    const ring = graphFromEdges(1201, pairsOf(1201, [7]));
    expect(pathLength(ring)).toBe((2 * (600 * 601)) / 2 / 1200);
    expect(valueOf('diameter', ring)).toBe(600);
    const oneWay = graphFromEdges(1201, pairsOf(1201, [7]), true);
    expect(pathLength(oneWay)).toBe(1201 / 2);
    expect(valueOf('radius', oneWay)).toBe(1200);
  });
});

describe('the texts of the measures', () => {
  it.each(structureMeasures.map((measure) => ({ name: measure.name, measure })))(
    '$name',
    ({ measure }) => {
      expect(measure.definition).toMatch(/^[A-Z].*\.$/);
      expect(measure.description.length).toBeGreaterThan(60);
      expect(measure.reference).toMatch(/\d{4}\.$/);
    },
  );
});
