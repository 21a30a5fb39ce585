import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  buildGraph,
  graphFromEdges,
  graphMeasure,
  parseGraphSpec,
  pathLength,
  permutedGraph,
  temporalPaths,
  wiringCost,
  type Graph,
} from '../../src/graph/index.js';

interface Golden {
  measures: {
    spec: string;
    hierarchicalModularity: number | null;
    communityLevels: [number, number];
    wiringCost: number;
  }[];
  temporal: {
    graphs: { directed: boolean; edges: [number, number][] }[];
    reach: number[];
    pathLength: number | null;
  }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../golden/graph-hierarchical.json', import.meta.url), 'utf8'),
);

const made = (line: string): Graph => buildGraph(parseGraphSpec(line));
const measured = (name: string, graph: Graph, seed = 1, references = 10): unknown =>
  graphMeasure(name).compute(graph, { seed, references });

describe('measures of hierarchy against networkx', () => {
  it.each(golden.measures)('$spec', (row) => {
    const graph = made(row.spec);
    expect(measured('hierarchicalModularity', graph)).toBeCloseTo(row.hierarchicalModularity!, 12);
    expect([measured('communityLevels', graph), measured('communityLevels', graph, 2, 20)]).toEqual(
      row.communityLevels,
    );
    expect(measured('wiringCost', graph)).toBeCloseTo(row.wiringCost, 12);
  });

  it('count levels as they were made', () => {
    const levels = golden.measures.map(({ communityLevels }) => communityLevels[1]);
    expect(new Set(levels).size).toBeGreaterThan(2);
  });

  it('say null where there is no such number', () => {
    const arcs = graphFromEdges(3, [[0, 1]], true);
    expect(measured('communityLevels', arcs)).toBeNull();
    expect(measured('hierarchicalModularity', made('empty:n=5'))).toBeNull();
    expect(measured('communityLevels', made('empty:n=5'))).toBe(0);
    expect(measured('wiringCost', made('empty:n=5'))).toBeNull();
  });
});

describe('wiringCost', () => {
  it('goes round the ring, or straight between positions', () => {
    const graph = graphFromEdges(6, [
      [0, 1],
      [0, 5],
      [1, 4],
    ]);
    expect(wiringCost(graph)).toBe(1 + 1 + 3);
    const square = [
      [0, 0],
      [3, 4],
      [0, 0],
      [0, 0],
      [3, 0],
      [0, 1],
    ];
    expect(wiringCost(graph, square)).toBe(5 + 1 + 4);
    for (const positions of [[], [[1]], square.with(2, [1]), square.with(2, [0, Number.NaN])])
      expect(() => wiringCost(graph, positions)).toThrow(
        'every one of 6 nodes must have a position',
      );
  });

  it('of a ring lattice is that of the nearest', () => {
    const graph = made('ring-lattice:n=40,k=6');
    // 1, 2 and 3 steps; between any two of 40 nodes 400 / 39.
    expect(measured('wiringCost', graph)).toBeCloseTo(2 / (400 / 39), 12);
  });
});

describe('temporalPaths', () => {
  it.each(golden.temporal.map((row, at) => ({ at, row })))(
    'is that of the graph unfolded in time, row $at',
    ({ row }) => {
      const graphs = row.graphs.map(({ directed, edges }) => graphFromEdges(12, edges, directed));
      const found = temporalPaths(graphs);
      expect(found.reach).toHaveLength(row.reach.length);
      found.reach.forEach((share, at) => expect(share).toBeCloseTo(row.reach[at], 12));
      if (row.pathLength === null) expect(found.pathLength).toBeNull();
      else expect(found.pathLength).toBeCloseTo(row.pathLength, 12);
    },
  );

  it('of one graph is its L, and turning a long one shortens it', () => {
    const ring = made('ws-flex:n=64,k=6,p=0');
    expect(temporalPaths([ring, ring, ring]).pathLength).toBeCloseTo(pathLength(ring)!, 12);
    const turned = [2, 3].map((seed) => permutedGraph(ring, 'random', seed));
    const { reach, pathLength: length } = temporalPaths([ring, ...turned]);
    expect(length).toBeLessThan(3);
    expect(reach[2]).toBeGreaterThan(2 * temporalPaths([ring, ring, ring]).reach[2]);
  });

  it('refuses no graphs, and graphs of different nodes', () => {
    expect(() => temporalPaths([])).toThrow('temporal paths go through one or more graphs');
    expect(() => temporalPaths([made('complete:n=4'), made('complete:n=5')])).toThrow(
      'got 4 and 5 nodes',
    );
    expect(temporalPaths([graphFromEdges(1, [])])).toEqual({
      reach: [1],
      pathLength: 0,
    });
  });
});
