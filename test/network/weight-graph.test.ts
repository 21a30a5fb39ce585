import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { weightedLouvain, weightedModularity } from '../../src/graph/measures/louvain.js';
import { normalisedCut, spectralClusters } from '../../src/graph/n-cut.js';
import { weightedMeasures } from '../../src/graph/weighted-measures.js';
import type { WeightedGraph } from '../../src/graph/weighted.js';
import { partition } from '../../src/network/partition.js';
import {
  blockNorms,
  foldedGraph,
  unrolledGraph,
  type WeightLayer,
} from '../../src/network/weight-graph.js';
import { weightNullSteps, type WeightView } from '../../src/network/weight-nulls.js';
import { symmetricEigen } from '../../src/stats/symmetric-eigen.js';

interface Entry {
  readonly seed: number;
  readonly layers: readonly (readonly number[])[];
  readonly folded: readonly number[];
  readonly unrolled: readonly number[];
  readonly clustering: number;
  readonly pathLength: number;
  readonly communities: readonly (readonly number[])[];
  readonly modularity: number;
  readonly cutOfHalves: number;
  readonly eigenvalues: readonly number[];
  readonly hubs: number;
}
const { groups, size, entries } = JSON.parse(
  readFileSync('test/golden/weight-graph.json', 'utf8'),
) as { readonly groups: number; readonly size: number; readonly entries: readonly Entry[] };

const layersOf = ({ layers }: Entry): WeightLayer[] =>
  layers.map((weights, at) => {
    const dealt = partition(groups * size, groups);
    const shape = [groups * size, groups * size];
    return {
      name: `layer ${at}`,
      tensor: { shape, data: Float64Array.from(weights) },
      input: dealt,
      output: dealt,
    };
  });

/** The graph's weights as a matrix. */
function matrixOf({ graph, weights }: WeightedGraph): number[] {
  const matrix = Array.from({ length: graph.nodes ** 2 }, () => 0);
  for (let u = 0; u < graph.nodes; u++)
    for (let at = graph.offsets[u]; at < graph.offsets[u + 1]; at++)
      matrix[u * graph.nodes + graph.targets[at]] = weights[at];
  return matrix;
}

function near(found: readonly number[], wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, at) => expect(found[at]).toBeCloseTo(value, 10));
}

const view = (entry: Entry): WeightView => ({
  name: 'all',
  layers: layersOf(entry),
  graphOf: foldedGraph,
});

function drawn(entry: Entry, model: 'weights' | 'blocks' | 'degree', count: number) {
  const steps = weightNullSteps(view(entry), { null: model, count, clusters: 3, seed: 1 });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

describe.each(entries)('the graph of weights, $seed, as networkx has it', (entry) => {
  const norms = layersOf(entry).map((layer) => blockNorms(layer));
  const folded = foldedGraph(norms);

  it('has the norms between groups as weights, folded and unrolled', () => {
    near(matrixOf(folded), entry.folded);
    near(matrixOf(unrolledGraph(norms)), entry.unrolled);
  });

  it('has the weighted measures', () => {
    const found = weightedMeasures(folded, { clusters: 3, seed: entry.seed });
    expect(found.weightedClustering).toBeCloseTo(entry.clustering, 10);
    expect(found.weightedPathLength).toBeCloseTo(entry.pathLength, 10);
    expect(found.weightedModularity).toBeCloseTo(entry.modularity, 10);
    expect(found.hubs).toBeCloseTo(entry.hubs, 10);
  });

  it('has the communities', () => {
    const labels = weightedLouvain(folded, entry.seed);
    const found = [...new Set(labels)].map((label) =>
      [...labels].flatMap((each, node) => (each === label ? [node] : [])),
    );
    expect(found.toSorted((a, b) => a[0] - b[0])).toEqual(entry.communities);
    expect(weightedModularity(folded, labels)).toBeCloseTo(entry.modularity, 10);
  });

  it('has the normalised cut, and the spectrum that its groups are from', () => {
    const halves = Int32Array.from({ length: groups }, (_, node) => Number(node >= groups / 2));
    expect(normalisedCut(folded, halves)).toBeCloseTo(entry.cutOfHalves, 10);
    const matrix = matrixOf(folded);
    const strength = Array.from({ length: groups }, (_, u) =>
      matrix.slice(u * groups, (u + 1) * groups).reduce((sum, each) => sum + each, 0),
    );
    const laplacian = Float64Array.from(
      matrix,
      (weight, at) =>
        Number(at % (groups + 1) === 0) -
        weight / Math.sqrt(strength[Math.floor(at / groups)] * strength[at % groups]),
    );
    const { values, vectors } = symmetricEigen(laplacian, groups);
    near([...values], entry.eigenvalues);
    vectors.forEach((vector, i) => {
      const product = vector.map((_, u) =>
        vector.reduce((sum, each, v) => sum + laplacian[u * groups + v] * each, 0),
      );
      near(
        [...product],
        [...vector].map((each) => values[i] * each),
      );
    });
  });
});

describe('random graphs beside the graph of weights', () => {
  const [first] = entries;

  it('tell planted groups: a lower n-cut, more modularity', () => {
    const labels = spectralClusters(
      foldedGraph(layersOf(first).map((each) => blockNorms(each))),
      3,
      1,
    );
    for (let node = 3; node < groups; node++) expect(labels[node]).toBe(labels[node % 3]);
    for (const model of ['weights', 'blocks', 'degree'] as const) {
      const found = drawn(first, model, 40);
      const by = (name: string) => found.find((each) => each.name === name)!;
      expect(by('weightedModularity').z, model).toBeGreaterThan(1);
      expect(by('nCut').z, model).toBeLessThan(-1);
      expect(by('nCut').counted).toBe(40);
    }
  });

  it('are the same for the same seed', () => {
    expect(drawn(first, 'weights', 5)).toEqual(drawn(first, 'weights', 5));
  });

  it('keep what they say: shuffled weights their sum of squares, dealt ones the edges', () => {
    const total = (values: readonly number[]): number =>
      values.reduce((sum, each) => sum + each ** 2, 0);
    const seen: WeightedGraph[] = [];
    const watched: WeightView = {
      ...view(first),
      graphOf: (norms) => {
        const graph = foldedGraph(norms);
        seen.push(graph);
        return graph;
      },
    };
    const steps = weightNullSteps(watched, { null: 'weights', count: 3, clusters: 3, seed: 1 });
    expect([...steps]).toEqual([1, 2, 3]);
    const [own, ...others] = seen;
    for (const other of others) {
      expect(other.graph.rows).toEqual(own.graph.rows);
      expect(matrixOf(other)).not.toEqual(matrixOf(own));
      // What groups tell themselves is left out, so that the sum is only about the same.
      expect(total(matrixOf(other)) / total(matrixOf(own))).toBeGreaterThan(0.7);
    }
  });

  it('refuse a graph that is the only one with its degrees', () => {
    expect(() => drawn(entries[2], 'degree', 3)).toThrow('no other graph has its degrees');
  });
});
