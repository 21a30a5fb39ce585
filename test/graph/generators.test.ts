import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import {
  completeGraph,
  connected,
  edgeList,
  measure,
  wsFlexGraph,
  type Graph,
} from '../../src/graph/index.js';

const wsFlexParams = fc
  .record({
    n: fc.integer({ min: 2, max: 90 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    p: fc.double({ min: 0, max: 1, noNaN: true }),
    seed: fc.nat(1000),
  })
  .map(({ n, share, p, seed }) => ({ n, k: Math.min(n, 2 + share * (n - 2)), p, seed }));

const degrees = (graph: Graph): number[] =>
  Array.from({ length: graph.nodes }, (_, u) => graph.offsets[u + 1] - graph.offsets[u]);

describe('ws-flex', () => {
  it('has the edge count of its degree, is connected, and keeps what each node has ahead', () => {
    fc.assert(
      fc.property(wsFlexParams, ({ n, k, p, seed }) => {
        const graph = wsFlexGraph(n, k, p, seed);
        const most = (n * (n - 1)) / 2;
        expect(Math.abs(graph.edges - Math.min(most, (k * n) / 2))).toBeLessThanOrEqual(0.5);
        expect(connected(graph)).toBe(true);
        expect(Math.min(...degrees(graph))).toBeGreaterThanOrEqual(
          Math.min(n - 1, Math.floor(graph.edges / n)),
        );
        expect(edgeList(graph)).toEqual(edgeList(wsFlexGraph(n, k, p, seed)));
      }),
      { numRuns: 300 },
    );
  });

  it('rounds half an edge to the even count', () => {
    // 5 k / 2 = 7.5 and 8.5.
    expect(wsFlexGraph(5, 3, 0, 1).edges).toBe(8);
    expect(wsFlexGraph(5, 3.4, 0, 1).edges).toBe(8);
    expect(wsFlexGraph(7, 3, 0, 1).edges).toBe(10);
  });

  it('is the plain ring without rewiring', () => {
    expect(edgeList(wsFlexGraph(5, 2, 0, 1))).toEqual([
      [0, 1],
      [0, 4],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
    // 12 edges on 10 nodes: nodes 0 and 1 have one more ahead.
    expect(degrees(wsFlexGraph(10, 2.4, 0, 1))).toEqual([3, 3, 3, 3, 2, 2, 2, 2, 2, 2]);
  });

  it('changes with its seed once edges are rewired', () => {
    expect(edgeList(wsFlexGraph(64, 8, 0.5, 1))).not.toEqual(edgeList(wsFlexGraph(64, 8, 0.5, 2)));
    expect(edgeList(wsFlexGraph(64, 8, 0, 1))).toEqual(edgeList(wsFlexGraph(64, 8, 0, 2)));
  });

  it('is the complete graph at k = n', () => {
    for (const n of [2, 3, 4, 5, 31, 32, 33, 64])
      expect(wsFlexGraph(n, n, 0.7, 3)).toEqual(completeGraph(n));
  });

  it('says so when no draw is connected', () => {
    // Half an edge a node can never connect them; no valid spec asks for it, so the generator is
    // called directly.
    expect(() => wsFlexGraph(10, 1, 0, 1)).toThrow(UserError);
    expect(() => wsFlexGraph(10, 1, 0, 1)).toThrow(
      /none of 100 draws with n=10, k=1, p=0, seed=1 was; raise k/,
    );
  });
});

describe('complete', () => {
  it('has every edge, C = 1 and L = 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 140 }), (n) => {
        const expected = {
          edges: (n * (n - 1)) / 2,
          density: 1,
          averageDegree: n - 1,
          pathLength: 1,
          clustering: n === 2 ? 0 : 1,
        };
        expect(measure(completeGraph(n))).toMatchObject(expected);
      }),
    );
  });
});
