import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  averageDegree,
  clustering,
  connected,
  density,
  edgeList,
  graphFromEdges,
  graphMeasures,
  measure,
  measureDefinitions,
  pathLength,
  type Graph,
} from '../../src/graph/index.js';

const path = (n: number): [number, number][] => Array.from({ length: n - 1 }, (_, u) => [u, u + 1]);

/** Distances by Floyd and Warshall's algorithm: the plain way, as a check. */
function plainPathLength(graph: Graph): number | null {
  const n = graph.nodes;
  const d = Array.from({ length: n }, (_, u) =>
    Array.from({ length: n }, (__, v) => (u === v ? 0 : Infinity)),
  );
  for (let u = 0; u < n; u++)
    for (const v of graph.targets.slice(graph.offsets[u], graph.offsets[u + 1])) d[u][v] = 1;
  for (let w = 0; w < n; w++) {
    for (let u = 0; u < n; u++)
      for (let v = 0; v < n; v++) d[u][v] = Math.min(d[u][v], d[u][w] + d[w][v]);
  }
  const total = d.flat().reduce((sum, x) => sum + x, 0);
  return total === Infinity ? null : n === 1 ? 0 : total / (n * (n - 1));
}

/** Local clustering by its definition. */
function plainClustering(graph: Graph): number {
  let sum = 0;
  for (let u = 0; u < graph.nodes; u++) {
    const around = [...graph.targets.subarray(graph.offsets[u], graph.offsets[u + 1])];
    const joined = around.flatMap((v) =>
      around.filter(
        (w) => v < w && graph.targets.slice(graph.offsets[v], graph.offsets[v + 1]).includes(w),
      ),
    );
    if (around.length > 1) sum += joined.length / ((around.length * (around.length - 1)) / 2);
  }
  return sum / graph.nodes;
}

/**
 * Graphs from empty to dense on 1 to 80 nodes, so that all widths of bitset row and all levels of
 * search occur.
 */
const anyGraph = fc
  .record({
    nodes: fc.integer({ min: 1, max: 80 }),
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
        if (u !== v && state / 2 ** 32 < share ** 3) pairs.push([u, v]);
      }
    }
    return graphFromEdges(nodes, pairs, directed);
  });

describe('measures', () => {
  it('agree with their plain definitions on any graph', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        expect(pathLength(graph)).toBe(plainPathLength(graph));
        expect(connected(graph)).toBe(plainPathLength(graph) !== null);
        if (!graph.directed) expect(clustering(graph)).toBeCloseTo(plainClustering(graph), 12);
      }),
      { numRuns: 150 },
    );
  });

  it('read a directed graph with both directions of every edge as the undirected one', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const pairs = edgeList(graph).flatMap(([u, v]): [number, number][] => [
          [u, v],
          [v, u],
        ]);
        const both = graphFromEdges(graph.nodes, pairs, true);
        const one = graphFromEdges(graph.nodes, pairs);
        expect(clustering(both)).toBeCloseTo(clustering(one), 12);
        expect([pathLength(both), density(both), averageDegree(both)]).toEqual([
          pathLength(one),
          density(one),
          averageDegree(one),
        ]);
        expect(both.targets.length).toBe(2 * one.edges);
      }),
      { numRuns: 60 },
    );
  });

  it('know small graphs', () => {
    expect(measure(graphFromEdges(4, path(4)))).toEqual({
      nodes: 4,
      edges: 3,
      directed: false,
      connected: true,
      averageDegree: 1.5,
      density: 0.5,
      clustering: 0,
      pathLength: 10 / 6,
    });
    expect(
      measure(
        graphFromEdges(4, [
          [0, 1],
          [1, 2],
          [2, 0],
        ]),
      ),
    ).toMatchObject({ connected: false, clustering: 0.75, pathLength: null });
    expect(measure(graphFromEdges(1, []))).toMatchObject({
      edges: 0,
      density: 0,
      averageDegree: 0,
      pathLength: 0,
      connected: true,
    });
    expect(measure(graphFromEdges(3, path(3), true))).toMatchObject({
      edges: 2,
      connected: false,
      averageDegree: 2 / 3,
      density: 1 / 3,
    });
  });

  it('search long paths and wide rows', () => {
    // The mean distance on a path of n nodes is (n + 1) / 3; with this many words in a row
    // neighbour lists are walked.
    expect(pathLength(graphFromEdges(300, path(300)))).toBeCloseTo(301 / 3, 10);
  });

  it('define every number', () => {
    expect(Object.keys(measureDefinitions)).toEqual(graphMeasures.map(({ name }) => name));
    expect(graphMeasures.filter(({ cost }) => cost === 'basic').map(({ name }) => name)).toEqual(
      Object.keys(measure(graphFromEdges(2, [[0, 1]]))),
    );
    for (const sentence of Object.values(measureDefinitions))
      expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});
