import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  completeGraph,
  graphFromEdges,
  graphMeasure,
  nullEnsemble,
  nullModels,
  nullSampler,
  sharedEdges,
  wsFlexGraph,
  type Graph,
  type NullModel,
} from '../../src/graph/index.js';
import golden from '../golden/graph-nulls.json' with { type: 'json' };

type Pair = readonly [number, number];
const built = ({
  nodes,
  edges,
  directed,
}: {
  readonly nodes: number;
  readonly edges: number[][];
  readonly directed: boolean;
}): Graph =>
  graphFromEdges(
    nodes,
    edges.map(([u, v]): Pair => [u, v]),
    directed,
  );

const outDegrees = (graph: Graph): number[] =>
  Array.from({ length: graph.nodes }, (_, u) => graph.offsets[u + 1] - graph.offsets[u]);
const neighbours = (graph: Graph, u: number): number[] => [
  ...graph.targets.subarray(graph.offsets[u], graph.offsets[u + 1]),
];
function inDegrees(graph: Graph): number[] {
  const found = outDegrees(graph).map(() => 0);
  graph.targets.forEach((v) => (found[v] += 1));
  return found;
}
const mutual = (graph: Graph): number[] =>
  outDegrees(graph).map(
    (_, u) => neighbours(graph, u).filter((v) => neighbours(graph, v).includes(u)).length,
  );
const key = (graph: Graph): string => [...graph.rows].join(' ');

const graphs = fc
  .record({
    nodes: fc.integer({ min: 4, max: 40 }),
    directed: fc.boolean(),
    density: fc.double({ min: 0.05, max: 0.8, noNaN: true }),
    draws: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ nodes, directed, density, draws }) => {
    const edges: Pair[] = [];
    for (let u = 0; u < nodes; u++)
      for (let v = 0; v < nodes; v++)
        if ((directed ? u !== v : u < v) && draws.next().value < density) edges.push([u, v]);
    return graphFromEdges(nodes, edges, directed);
  });

/** Null when no other graph has what the model keeps. */
function sampled(graph: Graph, model: NullModel, seed: number): Graph[] | null {
  try {
    const sampler = nullSampler(graph, model, seed, 20);
    return [0, 1, 2].map((index) => sampler.draw(index));
  } catch {
    return null;
  }
}

describe('null samplers', () => {
  it('keep what their model keeps, without loops and doubled edges', () => {
    fc.assert(
      fc.property(graphs, fc.integer({ min: 0, max: 1000 }), (graph, seed) => {
        for (const { name } of nullModels.filter(
          (each) => each.name !== 'reciprocal' || graph.directed,
        )) {
          for (const drawn of sampled(graph, name, seed) ?? []) {
            expect([drawn.nodes, drawn.edges, drawn.directed]).toEqual([
              graph.nodes,
              graph.edges,
              graph.directed,
            ]);
            for (let u = 0; u < drawn.nodes; u++) {
              const list = neighbours(drawn, u);
              expect(list).not.toContain(u);
              expect(new Set(list).size).toBe(list.length);
            }
            if (name === 'edges') continue;
            expect(outDegrees(drawn)).toEqual(outDegrees(graph));
            expect(inDegrees(drawn)).toEqual(inDegrees(graph));
            if (name === 'reciprocal') expect(mutual(drawn)).toEqual(mutual(graph));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('follow from graph, seed and number alone', () => {
    fc.assert(
      fc.property(graphs, fc.integer({ min: 0, max: 1000 }), (graph, seed) => {
        const first = sampled(graph, 'degree', seed);
        if (first === null) return;
        const again = nullSampler(graph, 'degree', seed, 20);
        // In another order.
        expect([2, 0, 1].map((index) => key(again.draw(index)))).toEqual(
          [2, 0, 1].map((index) => key(first[index])),
        );
      }),
      { numRuns: 30 },
    );
    const graph = wsFlexGraph(32, 6, 0.1, 1);
    expect(key(nullSampler(graph, 'degree', 1).draw(0))).not.toBe(
      key(nullSampler(graph, 'degree', 2).draw(0)),
    );
    expect(key(nullSampler(graph, 'degree', 1).draw(0))).not.toBe(
      key(nullSampler(graph, 'degree', 1).draw(1)),
    );
  });

  // Chi-squared of `graphs` - 1 degrees of freedom stays below its mean and six standard
  // deviations.
  it.each(golden.counted)('draw every graph with the degrees of $name alike', (row) => {
    const sampler = nullSampler(built(row), 'degree', 7, 30);
    const draws = 400 * row.graphs;
    const seen = new Map<string, number>();
    for (let index = 0; index < draws; index++) {
      const found = key(sampler.draw(index));
      seen.set(found, (seen.get(found) ?? 0) + 1);
    }
    expect(seen.size).toBe(row.graphs);
    const expected = draws / row.graphs;
    const chi = [...seen.values()].reduce(
      (sum, count) => sum + (count - expected) ** 2 / expected,
      0,
    );
    const dof = row.graphs - 1;
    expect(chi).toBeLessThan(dof + 6 * Math.sqrt(2 * dof));
  });

  it('refuse graphs that are the only ones of their kind', () => {
    const star = graphFromEdges(
      6,
      [1, 2, 3, 4, 5].map((v): Pair => [0, v]),
    );
    for (const graph of [completeGraph(5), star, graphFromEdges(3, [])])
      expect(() => nullSampler(graph, 'degree', 1)).toThrow(
        /needs a graph whose edges can be swapped, got one of \d nodes and \d+ edges .* no other graph has its degrees; leave it out$/,
      );
    expect(() => nullSampler(completeGraph(5), 'edges', 1)).toThrow(
      /some edges and not all, got 10 of 10/,
    );
    expect(() => nullSampler(star, 'reciprocal', 1)).toThrow(/needs a directed graph/);
    // One swap in hundreds of attempts is still one.
    const nearlyStar = graphFromEdges(24, [
      ...Array.from({ length: 21 }, (_, v): Pair => [0, v + 1]),
      [22, 23],
    ]);
    expect(nullSampler(nearlyStar, 'degree', 1, 1).draw(0).edges).toBe(22);
  });
});

describe('ensembles', () => {
  it.each(golden.ensembles)('agree with networkx on $name', (row) => {
    const names = ['clustering', 'reachablePathLength', 'transitivity'] as const;
    const { measures, smallWorld } = nullEnsemble(built(row), {
      null: 'degree',
      count: golden.count,
      measures: names,
    });
    names.forEach((name, i) => {
      const { mean, std } = row.nulls[name];
      const ours = measures[i];
      expect(ours.value).toBeCloseTo(row.measures[name], 12);
      // Both means have their own standard error; networkx stops after a number of swaps done,
      // which is a little off.
      expect(Math.abs(ours.mean! - mean), name).toBeLessThan(
        4.5 * std * Math.sqrt(2 / golden.count),
      );
      expect(ours.std! / std).toBeGreaterThan(0.9);
      expect(ours.std! / std).toBeLessThan(1.1);
      expect(ours.z).toBeCloseTo((ours.value! - ours.mean!) / ours.std!, 12);
    });
    expect(smallWorld!.sigma).toBeCloseTo(
      measures[0].value! / measures[0].mean! / (measures[1].value! / measures[1].mean!),
      12,
    );
  });

  it('tell p-values by rank, and what the model fixes', () => {
    const graph = wsFlexGraph(40, 8, 0.05, 3);
    const { measures, resolution, count } = nullEnsemble(graph, {
      null: 'degree',
      count: 199,
      measures: ['clustering', 'degreeMax', 'assortativity', 'modularity'],
    });
    expect([resolution, count]).toEqual([1 / 200, 199]);
    expect(measures[0].p).toBe(1 / 200);
    expect(measures[0].value).toBeGreaterThan(measures[0].interval![1]);
    expect(measures[1]).toMatchObject({
      std: 0,
      z: null,
      p: null,
      value: graphMeasure('degreeMax').compute(graph, { seed: 1, references: 1 }),
    });
    for (const { value, nulls, mean, p } of measures.filter((each) => each.p !== null)) {
      const all = [...nulls, value!];
      const centre = all.reduce((sum, each) => sum + each, 0) / all.length;
      expect(p).toBeCloseTo(
        all.filter((each) => Math.abs(each - centre) >= Math.abs(value! - centre) - 1e-12).length /
          200,
        12,
      );
      expect(mean).toBeCloseTo([...nulls].reduce((sum, each) => sum + each, 0) / 199, 12);
    }
  });

  it('find nothing special in graphs that are random', () => {
    // One test of five per cent on each of 60 graphs: 3 are expected, more than 10 in one of 3000
    // tries.
    const p = Array.from({ length: 60 }, (_, seed) => {
      const random = nullSampler(wsFlexGraph(24, 5, 0.3, 1), 'degree', 99, 50).draw(seed);
      return nullEnsemble(random, {
        null: 'degree',
        count: 59,
        seed,
        measures: ['clustering'],
        attempts: 10,
      }).measures[0].p!;
    });
    expect(p.filter((each) => each <= 0.05).length).toBeLessThanOrEqual(10);
    expect(p.filter((each) => each <= 0.5).length).toBeGreaterThan(15);
  });

  it('leave random graphs without a value out, and say so', () => {
    // Two nodes that are not joined yet reach nothing in some of the random graphs.
    const graph = graphFromEdges(
      6,
      [
        [0, 1],
        [1, 2],
        [2, 0],
        [3, 4],
      ],
      false,
    );
    const { measures } = nullEnsemble(graph, {
      null: 'edges',
      count: 100,
      measures: ['pathLength', 'reachablePathLength'],
    });
    expect(measures[0]).toMatchObject({ value: null, p: null, mean: null });
    expect(measures[1].counted).toBe(100);
    const path = graphFromEdges(5, [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
    const connectedOnly = nullEnsemble(path, {
      null: 'degree',
      count: 100,
      measures: ['pathLength'],
    }).measures[0];
    expect(connectedOnly.counted).toBeGreaterThan(0);
    expect(connectedOnly.counted).toBeLessThan(100);
    expect([...connectedOnly.nulls].filter(Number.isNaN)).toHaveLength(100 - connectedOnly.counted);
  });

  it('refuse what cannot be compared', () => {
    const graph = wsFlexGraph(16, 4, 0.2, 1);
    expect(() => nullEnsemble(graph, { null: 'degree', count: 1 })).toThrow(
      /2 random graphs or more, got 1/,
    );
    expect(() =>
      nullEnsemble(graph, { null: 'degree', count: 9, measures: ['connected'] }),
    ).toThrow(/the measure connected is yes or no/);
    expect(() => nullEnsemble(graph, { null: 'degree', count: 9, measures: ['unheard'] })).toThrow(
      /unknown graph measure "unheard"/,
    );
  });

  it('say how far random graphs are from the graph', () => {
    const graph = wsFlexGraph(64, 8, 0.1, 1);
    const { swaps, shared } = nullEnsemble(graph, {
      null: 'degree',
      count: 20,
      measures: ['clustering'],
    });
    expect(swaps).toBeGreaterThan(10);
    expect(shared).toBeLessThan(0.25);
    expect(sharedEdges(graph, graph)).toBe(1);
    expect(sharedEdges(graphFromEdges(3, []), graphFromEdges(3, [[0, 1]]))).toBeNull();
  });
});
