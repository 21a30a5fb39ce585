import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  clustering,
  connected,
  density,
  edgeList,
  graphFromEdges,
  measure,
  pathLength,
  wsFlexGraph,
} from '../../src/graph/index.js';

interface Golden {
  wsFlex: {
    n: number;
    k: number;
    p: number;
    seed: number;
    tries: number;
    edges: number;
    edgeList: [number, number][];
    clustering: number;
    pathLength: number;
  }[];
  directed: {
    n: number;
    edgeList: [number, number][];
    connected: boolean;
    density: number;
    clustering: number;
    pathLength: number | null;
  }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../golden/graph-ws-flex.json', import.meta.url), 'utf8'),
);

describe('ws-flex against networkx', () => {
  it.each(golden.wsFlex)('n=$n k=$k p=$p seed=$seed (draw $tries)', (row) => {
    const graph = wsFlexGraph(row.n, row.k, row.p, row.seed);
    expect(edgeList(graph)).toEqual(row.edgeList);
    expect(graph.edges).toBe(row.edges);
    expect(clustering(graph)).toBe(row.clustering);
    expect(pathLength(graph)).toBe(row.pathLength);
  });

  it('covers draws that were not connected', () => {
    expect(golden.wsFlex.filter((row) => row.tries > 1).length).toBeGreaterThanOrEqual(3);
  });
});

describe('measures of directed graphs against networkx', () => {
  it.each(golden.directed)('n=$n, clustering $clustering', (row) => {
    const graph = graphFromEdges(row.n, row.edgeList, true);
    expect(measure(graph)).toMatchObject({
      directed: true,
      edges: row.edgeList.length,
      connected: row.connected,
      pathLength: row.pathLength,
    });
    expect(connected(graph)).toBe(row.connected);
    expect(clustering(graph)).toBeCloseTo(row.clustering, 14);
    expect(density(graph)).toBeCloseTo(row.density, 14);
  });
});
