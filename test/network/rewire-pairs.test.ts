import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/stream.js';
import { edgeList, graphFromEdges } from '../../src/graph/build.js';
import { connected } from '../../src/graph/measures/connected.js';
import { REWIRE_RULES } from '../../src/graph/rewire-settings.js';
import { buildGraph, parseGraphSpec } from '../../src/graph/spec.js';
import type { Graph } from '../../src/graph/types.js';
import {
  requireRewirable,
  rewiredGraph,
  rewireProblem,
  type Rewiring,
} from '../../src/network/rewire-pairs.js';

const graph = (line: string): Graph => buildGraph(parseGraphSpec(line));
const key = (nodes: number, [u, v]: readonly [number, number]): number => u * nodes + v;

function numbers(nodes: number, name: string): Float64Array {
  const random = new RandomStream('pairs', name);
  return Float64Array.from({ length: nodes * nodes }, () => random.uniform());
}

const rewiring = (nodes: number, given: Partial<Rewiring>): Rewiring => ({
  rule: 'set',
  count: 5,
  strength: numbers(nodes, 'strength'),
  cost: new Float64Array(nodes * nodes).fill(4),
  gradient: numbers(nodes, 'gradient'),
  random: new RandomStream('rewire test'),
  ...given,
});

describe('rewiredGraph', () => {
  it('keeps pairs, weights and what reaches what, whatever the graph and the rule', () => {
    const cases = fc.record({
      nodes: fc.integer({ min: 4, max: 24 }),
      density: fc.double({ min: 0.15, max: 0.9, noNaN: true }),
      directed: fc.boolean(),
      rule: fc.constantFrom(...REWIRE_RULES),
      count: fc.integer({ min: 0, max: 40 }),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(cases, ({ nodes, density, directed, rule, count, seed }) => {
        const random = new RandomStream('graphs', seed);
        const pairs: [number, number][] = [];
        for (let u = 0; u < nodes; u++)
          for (let v = directed ? 0 : u + 1; v < nodes; v++)
            if (u !== v && random.uniform() < density) pairs.push([u, v]);
        const start = graphFromEdges(nodes, pairs, directed);
        const cost = Float64Array.from({ length: nodes * nodes }, () => 6 + random.below(3));
        const given = rewiring(nodes, { rule, count, cost });
        const made = rewiredGraph(start, given);
        const total = (of: Graph): number =>
          edgeList(of).reduce((sum, pair) => sum + cost[key(nodes, pair)], 0);
        expect(made.edges).toBe(start.edges);
        expect(made.directed).toBe(directed);
        expect(total(made)).toBe(total(start));
        if (!directed && connected(start)) expect(connected(made)).toBe(true);
        expect(rewiredGraph(start, { ...given, random: given.random }).edges).toBe(start.edges);
        const stayed = edgeList(start).filter(([u, v]) =>
          edgeList(made).some(([a, b]) => a === u && b === v),
        );
        expect(stayed.length).toBeGreaterThanOrEqual(start.edges - count);
      }),
      { numRuns: 150 },
    );
  });

  it('drops the weakest that it can spare, and joins by the gradient', () => {
    const start = graph('ws-flex:n=16,k=6,p=0.3,seed=1');
    const given = rewiring(16, { rule: 'rigl', count: 8 });
    const made = rewiredGraph(start, given);
    const has = (of: Graph, pair: number): boolean =>
      edgeList(of).some((each) => key(16, each) === pair);
    const before = edgeList(start).map((pair) => key(16, pair));
    const gone = before.filter((pair) => !has(made, pair));
    const came = edgeList(made)
      .map((pair) => key(16, pair))
      .filter((pair) => !has(start, pair));
    // What is weaker than the strongest that went and stayed all the same held the graph together,
    // or was joined again for its gradient.
    const strongest = Math.max(...gone.map((pair) => given.strength[pair]));
    const least = Math.min(...came.map((pair) => given.gradient![pair]));
    for (const pair of before.filter((each) => given.strength[each] < strongest)) {
      if (!has(made, pair)) continue;
      const without = edgeList(made).filter((each) => key(16, each) !== pair);
      const holds = !connected(graphFromEdges(16, without));
      const stronger = before.filter((each) => given.strength[each] > given.strength[pair]);
      const tree = !joins(16, stronger, pair);
      expect(holds || tree || given.gradient![pair] >= least).toBe(true);
    }
    for (let u = 0; u < 16; u++)
      for (let v = u + 1; v < 16; v++) {
        const pair = key(16, [u, v]);
        if (given.gradient![pair] > least) expect(has(made, pair)).toBe(true);
      }
  });

  it('joins nodes with most common neighbours', () => {
    // Two squares with one diagonal each; 0 - 2 has two common neighbours, all else fewer.
    const start = graphFromEdges(6, [
      [0, 1],
      [1, 2],
      [2, 3],
      [0, 3],
      [3, 4],
      [4, 5],
      [1, 5],
    ]);
    const strength = new Float64Array(36).fill(1);
    strength[key(6, [4, 5])] = 0.1;
    const made = rewiredGraph(start, rewiring(6, { rule: 'topological', count: 1, strength }));
    const came = edgeList(made).filter(
      ([u, v]) => !edgeList(start).some(([a, b]) => a === u && b === v),
    );
    // 0 - 2 and 1 - 3 have two common neighbours each.
    expect(['0,2', '1,3']).toContain(String(came[0]));
  });
});

/** Whether pairs join the ends of another one. */
function joins(nodes: number, pairs: readonly number[], pair: number): boolean {
  const reached = new Set([Math.floor(pair / nodes)]);
  for (let size = 0; size < reached.size;) {
    size = reached.size;
    for (const each of pairs) {
      const [u, v] = [Math.floor(each / nodes), each % nodes];
      if (reached.has(u)) reached.add(v);
      if (reached.has(v)) reached.add(u);
    }
  }
  return reached.has(pair % nodes);
}

describe('graphs that cannot be rewired', () => {
  it('are the complete one and trees, which are told', () => {
    expect(rewireProblem(graph('complete:n=6'))).toBe('complete');
    expect(rewireProblem(graph('star:n=6'))).toBe('tree');
    expect(rewireProblem(graph('ring-lattice:n=6,k=2'))).toBe(null);
    expect(() => requireRewirable(graph('star:n=6'))).toThrow('a node would be cut off');
    expect(() => requireRewirable(graph('complete:n=6'))).not.toThrow();
  });
});
