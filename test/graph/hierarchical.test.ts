import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import {
  buildGraph,
  clustering,
  connected,
  degrees,
  edgeList,
  formatGraphSpec,
  graphFromEdges,
  hierarchicalGraph,
  measure,
  parseGraphSpec,
  pathLength,
  permutedGraph,
  resizeGraphSpec,
  steer,
  type Graph,
} from '../../src/graph/index.js';

const golden: { graphs: { spec: string; nodes: number; edgeList: [number, number][] }[] } =
  JSON.parse(readFileSync(new URL('../golden/graph-hierarchical.json', import.meta.url), 'utf8'));

const made = (line: string): Graph => buildGraph(parseGraphSpec(line));
const resized = (line: string, nodes: number): string =>
  formatGraphSpec(resizeGraphSpec(parseGraphSpec(line), nodes));

describe('hierarchical, permuted and steered graphs against networkx', () => {
  it.each(golden.graphs)('$spec', ({ spec, nodes, edgeList: edges }) => {
    const graph = made(spec);
    expect(graph.nodes).toBe(nodes);
    expect(edgeList(graph)).toEqual(edges);
  });
});

describe('hierarchical graphs', () => {
  it('have so many edges as modules and bridges have', () => {
    const check = fc.property(
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom('hub', 'random'),
      (outer, inner, bridges, bridge) => {
        const graph = made(
          `hierarchical:outer=(complete:n=${outer}),inner=(star:n=${inner}),bridge=${bridge},` +
            `bridges=${bridges}`,
        );
        const pairs = (outer * (outer - 1)) / 2;
        expect(graph.edges).toBe(outer * (inner - 1) + pairs * bridges);
        expect(connected(graph)).toBe(true);
      },
    );
    fc.assert(check, { numRuns: 30 });
  });

  it('with all bridges are the lexicographic product', () => {
    const [outer, inner] = ['ws-flex:n=6,k=3,p=0.5,seed=2', 'star:n=4'];
    expect(edgeList(made(`hierarchical:outer=(${outer}),inner=(${inner}),bridge=all`))).toEqual(
      edgeList(made(`product:outer=(${outer}),inner=(${inner})`)),
    );
  });

  it('of directed graphs have arcs of the outer graph', () => {
    const outer = graphFromEdges(2, [[1, 0]], true);
    const inner = graphFromEdges(
      3,
      [
        [0, 1],
        [2, 1],
      ],
      true,
    );
    const graph = hierarchicalGraph(outer, inner, 'hub', 1, 1);
    expect(edgeList(graph)).toEqual([
      [0, 1],
      [2, 1],
      [3, 4],
      [4, 1],
      [5, 4],
    ]);
    expect(() => hierarchicalGraph(outer, made('star:n=3'), 'hub', 1, 1)).toThrow(
      'the graphs of a hierarchy must be both undirected or both directed, got a directed outer ' +
        'and an undirected inner one',
    );
  });

  it('change their outer graph where they can, else the inner', () => {
    const line = 'hierarchical:outer=(complete:n=4),inner=(ring-lattice:n=8,k=4),bridge=hub';
    expect(resized(line, 24)).toContain('outer=(complete:n=3)');
    expect(resized(line, 28)).toContain('inner=(ring-lattice:n=7');
    expect(() => resized(line, 29)).toThrow('a hierarchical graph changes its number of nodes by');
  });

  it.each([
    ['bridge=best', 'unknown kind of bridge "best"; expected one of hub, random, all'],
    ['bridge=all,bridges=2', 'bridges must be left out with bridge=all'],
    ['bridge=hub,seed=1', 'seed must be left out with bridge=hub, which draws nothing'],
    ['bridges=0', 'bridges must be 1 or more, got bridges=0'],
    ['bridges=17', 'modules of 4 nodes must have at most 16 bridges between two of them, got'],
  ])('refuse %s', (tail, message) => {
    const line = `hierarchical:outer=(complete:n=4),inner=(star:n=4),${tail}`;
    expect(() => made(line)).toThrow(message);
    expect(() => made(line)).toThrow(UserError);
  });
});

describe('permuted graphs', () => {
  it('keep all that does not look at numbers', () => {
    const line = 'ws-flex:n=24,k=5,p=0.3,seed=4';
    for (const order of ['order=rotate,steps=5', 'order=random,seed=3', 'order=transpose,rows=4']) {
      const graph = made(`permuted:of=(${line}),${order}`);
      expect(measure(graph)).toEqual(measure(made(line)));
      expect(edgeList(graph)).not.toEqual(edgeList(made(line)));
    }
  });

  it('turn back', () => {
    const graph = made('ws-flex:n=24,k=5,p=0.3,seed=4');
    const there = permutedGraph(graph, 'transpose', 4);
    expect(edgeList(permutedGraph(there, 'transpose', 6))).toEqual(edgeList(graph));
    expect(edgeList(permutedGraph(permutedGraph(graph, 'rotate', 5), 'rotate', 19))).toEqual(
      edgeList(graph),
    );
  });

  it.each([
    ['order=upside-down', 'unknown order of nodes "upside-down"; expected one of rotate, random'],
    ['order=random,steps=2', 'steps must be left out with order=random, which does not read it'],
    ['order=transpose', 'rows must be given with order=transpose'],
    [
      'order=transpose,rows=5',
      'the rows of a transposed graph must divide its 8 nodes, got rows=5',
    ],
    ['order=rotate,steps=0', 'steps must be 1 or more, got steps=0'],
  ])('refuse %s', (tail, message) => {
    expect(() => made(`permuted:of=(complete:n=8),${tail}`)).toThrow(message);
  });
});

describe('steer', () => {
  const graph = made(
    'hierarchical:outer=(complete:n=4),inner=(ws-flex:n=8,k=5,p=0.2,seed=1),bridge=random,bridges=2',
  );

  it('keeps every degree and comes near', () => {
    const wanted = { clustering: clustering(graph), pathLength: pathLength(graph)! };
    const found = steer(graph, 1, wanted);
    expect([...degrees(found)]).toEqual([...degrees(graph)]);
    expect(Math.abs(clustering(found) - wanted.clustering)).toBeLessThan(0.005);
    expect(Math.abs(pathLength(found)! - wanted.pathLength)).toBeLessThan(0.01);
    expect(edgeList(found)).not.toEqual(edgeList(graph));
    expect(edgeList(steer(graph, 1, wanted))).toEqual(edgeList(found));
    expect(edgeList(steer(graph, 2, wanted))).not.toEqual(edgeList(found));
  });

  it('gives back what is the only graph of its degrees', () => {
    expect(edgeList(steer(made('star:n=6'), 1, { clustering: 0.5, pathLength: 2 }))).toEqual(
      edgeList(made('star:n=6')),
    );
  });

  it.each([
    ['steered:of=(empty:n=4),clustering=0,pathLength=2', 'must be connected to be steered'],
    [
      'steered:of=(ring-lattice:n=600,k=2),clustering=0,pathLength=2',
      'must have at most 512 nodes to be steered, got 600',
    ],
    ['steered:of=(star:n=4),clustering=2,pathLength=2', 'clustering must be from 0 to 1, got'],
    ['steered:of=(star:n=4),clustering=0,pathLength=0', 'pathLength must be 1 or more, got'],
  ])('refuses %s', (line, message) => {
    expect(() => made(line)).toThrow(message);
  });

  it('refuses a directed graph', () => {
    const arcs = graphFromEdges(2, [[0, 1]], true);
    expect(() => steer(arcs, 1, { clustering: 0, pathLength: 1 })).toThrow(
      'a graph must be undirected to be steered',
    );
  });
});
