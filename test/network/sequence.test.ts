import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { RandomStream } from '../../src/core/random/index.js';
import { loadDataset } from '../../src/public/data.js';
import { backends, createSession, readWeights, selectBackend } from '../../src/public/engine.js';
import { buildGraph, completeGraph, parseGraphSpec } from '../../src/graph/index.js';
import {
  blockMask,
  buildNetwork,
  costOf,
  denseMask,
  designNetwork,
  layerSpecs,
  matchBudget,
  parametersOf,
  relationalLayers,
} from '../../src/network/index.js';
import type { LinearLayer, Network } from '../../src/network/types.js';
import { parseStudySpec } from '../../src/public/study.js';
import { runTrial } from '../../src/executors/trial.js';
import { defaultTrainSettings, train } from '../../src/public/train.js';
import { plexus } from '../cli/harness.js';
import { expectClose } from '../engine/agreement.js';

const A = 'ws-flex:n=16,k=4,p=0.3,seed=1';
const B = 'complete:n=16';
const C = 'ws-flex:n=9,k=3,p=0.2,seed=5';
const MIXED = parseGraphSpec(`sequence:per=layer,graphs=(${A})(${B})(${C})`);
const stages = (...relationalStages: number[]) => ({ name: 'test', relationalStages });
const linesOf = (...lines: string[]) => lines.map(parseGraphSpec);

function masked(network: Network): LinearLayer[] {
  return network.layers.filter(
    (layer): layer is LinearLayer => layer.kind === 'linear' && layer.mask !== null,
  );
}

describe('which graph each relational layer has', () => {
  it('per layer: the one in its place; per stage: that of its stage; else the one there is', () => {
    expect(layerSpecs(MIXED, stages(1, 2))).toEqual(linesOf(A, B, C));
    expect(
      layerSpecs(parseGraphSpec(`sequence:per=stage,graphs=(${A})(${B})(${C})`), stages(2, 1, 3)),
    ).toEqual(linesOf(A, A, B, C, C, C));
    expect(layerSpecs(parseGraphSpec(A), stages(2, 1))).toEqual(linesOf(A, A, A));
  });

  it('refuses another number of graphs, naming both', () => {
    expect(() => layerSpecs(MIXED, stages(2, 2))).toThrow(
      'a sequence per layer has as many graphs as the architecture has relational ' +
        'layers: test has 4, got 3',
    );
    expect(() =>
      layerSpecs(parseGraphSpec(`sequence:per=stage,graphs=(${A})(${B})`), stages(1, 1, 1)),
    ).toThrow('relational stages: test has 3, got 2');
    expect(() =>
      buildNetwork('mlp', parseGraphSpec(`sequence:per=layer,graphs=(${A})(${B})`), [32]),
    ).toThrow('mlp has 3, got 2');
    expect(() =>
      buildNetwork('mlp', parseGraphSpec(`sequence:per=stage,graphs=(${A})(${B})`), [32]),
    ).toThrow('mlp has 1, got 2');
    expect(() =>
      buildNetwork('mlp', parseGraphSpec(`sequence:per=stage,graphs=(${A})(${B})`), [32]),
    ).toThrow(UserError);
  });

  it('begins anew where that is asked for, with at most as many graphs as there are layers', () => {
    const turns = `sequence:per=layer,cycle=true,graphs=(${A})(${B})`;
    expect(layerSpecs(parseGraphSpec(turns), stages(2, 3))).toEqual(linesOf(A, B, A, B, A));
    expect(layerSpecs(parseGraphSpec(turns.replace('layer', 'stage')), stages(1, 2, 1))).toEqual(
      linesOf(A, B, B, A),
    );
    expect(() => layerSpecs(parseGraphSpec(turns), stages(1))).toThrow(
      'a sequence that begins anew has at most as many graphs as the architecture has relational ' +
        'layers: test has 1, got 2',
    );
    expect(() => layerSpecs(parseGraphSpec(turns.replace('cycle=true,', '')), stages(3))).toThrow(
      '; list 3, or add cycle=true',
    );
  });

  it('layers with the same graph share it, and a bare graph serves all', () => {
    const { layers, spec } = relationalLayers(
      parseGraphSpec(`sequence:per=layer,graphs=(${A})(${B})(${A})`),
      stages(3),
    );
    expect(layers[0]).toBe(layers[2]);
    expect(layers[0]).not.toBe(layers[1]);
    expect(spec?.family).toBe('sequence');
    const bare = relationalLayers(completeGraph(4), stages(2, 1));
    expect(bare.spec).toBeNull();
    expect(new Set(bare.layers).size).toBe(1);
    expect(bare.layers.length).toBe(3);
  });
});

describe('a network with a graph for each layer', () => {
  const network = buildNetwork('mlp', MIXED, [50]);

  it("has each graph's mask in its layer", () => {
    const sizes = [512, 50, 50];
    masked(network).forEach(({ mask }, i) => {
      expect(denseMask(mask!)).toEqual(
        denseMask(blockMask(buildGraph(parseGraphSpec([A, B, C][i])), sizes[i], 50)),
      );
    });
    expect(masked(network).map(({ mask }) => mask!.graph.nodes)).toEqual([16, 16, 9]);
    expect(network.graph).toEqual(MIXED);
  });

  it('costs the sum of its layers', () => {
    const ones = masked(network).map(({ mask }) =>
      denseMask(mask!).reduce((sum, one) => sum + one, 0),
    );
    const dense = 3072 * 512 + 50 * 10;
    const { macs, params } = costOf(network);
    expect(params).toBe(dense + ones[0] + ones[1] + ones[2] + 10 + 2 * 512 + 3 * 2 * 50);
    // Each relational layer may count one less, see `costOf`.
    expect(dense + ones[0] + ones[1] + ones[2] - macs).toBeGreaterThanOrEqual(0);
    expect(dense + ones[0] + ones[1] + ones[2] - macs).toBeLessThanOrEqual(3);
  });

  it('is matched to the budget, and told by means over its layers', () => {
    const {
      network: matched,
      cost,
      baseline,
      measures,
      graphs,
    } = designNetwork({ arch: 'mlp', graph: MIXED });
    const below = costOf(buildNetwork('mlp', MIXED, [matched.widths[0] - 1])).macs;
    expect(below).toBeLessThan(baseline.macs);
    expect(cost.macs).toBeGreaterThanOrEqual(baseline.macs);
    expect(matchBudget('mlp', MIXED)).toEqual(matched);
    expect(graphs.map(({ nodes }) => nodes)).toEqual([16, 16, 9]);
    expect(measures).toMatchObject({
      nodes: 41 / 3,
      edges: graphs.reduce((sum, { edges }) => sum + edges, 0) / 3,
    });
  });

  it('regenerates the graphs that are too large for their layer, and those only', () => {
    const narrow = buildNetwork('mlp', MIXED, [12]);
    expect(masked(narrow).map(({ mask }) => mask!.graph.nodes)).toEqual([12, 12, 9]);
  });
});

describe('a sequence of the same graph throughout', () => {
  const plain = parseGraphSpec(A);
  it.each([`sequence:per=layer,graphs=(${A})(${A})(${A})`, `sequence:per=stage,graphs=(${A})`])(
    '%s gives the ordinary network, to the last number',
    (line) => {
      const wanted = designNetwork({ arch: 'mlp', graph: plain });
      const got = designNetwork({ arch: 'mlp', graph: parseGraphSpec(line) });
      expect({ ...got.network, graph: null }).toEqual({ ...wanted.network, graph: null });
      expect(got.cost).toEqual(wanted.cost);
      expect(got.measures).toEqual(wanted.measures);
      expect(parametersOf(got.network)).toEqual(parametersOf(wanted.network));
      // Shared masks are not stored three times.
      expect(masked(got.network)[1].mask).toBe(masked(got.network)[2].mask);
    },
  );
});

describe('training', () => {
  const small = { input: { channels: 1, height: 4, width: 4 }, classes: 5 };
  const network = buildNetwork('mlp', MIXED, [37], small);
  const random = new RandomStream('sequence');
  const samples = Float32Array.from({ length: 16 * 16 }, () => random.uniform() - 0.5);
  const labels = Array.from({ length: 16 }, () => random.below(5));

  for (const { name, backend } of backends()) {
    if (backend === null || name === 'reference') continue;
    it(`${name}: steps agree with the reference`, async () => {
      const [mine, reference] = await Promise.all(
        [name, 'reference'].map((each) => createSession(network, { backend: each, batch: 16 })),
      );
      for (const session of [mine, reference]) session.initialise(3);
      for (let step = 0; step < 3; step++) {
        const wanted = await reference.step(samples, labels, 0.05);
        expectClose(
          [(await mine.step(samples, labels, 0.05)).loss],
          [wanted.loss],
          { atol: 1e-5, rtol: 1e-4 },
          `loss of step ${step}`,
        );
      }
      const wanted = await reference.weights();
      for (const [parameter, { data }] of await mine.weights())
        expectClose(data, wanted.get(parameter)!.data, { atol: 1e-5, rtol: 1e-3 }, parameter);
    });
  }

  it('gives the same bits as the ordinary network where the graph is the same', async () => {
    const dataset = await loadDataset(
      { name: 'shapes', train: 64, test: 20, size: 16 },
      { env: {} },
    );
    const settings = { ...defaultTrainSettings, epochs: 1, batch: 16 };
    const outcome = async (line: string) => {
      const made = buildNetwork('mlp', parseGraphSpec(line), [16], {
        input: dataset.shape,
        classes: 10,
      });
      const { epochs, executable } = await train({ network: made, dataset, settings, seed: 1 });
      const weights = [...(await readWeights(executable))].flatMap(([, tensor]) => [
        ...tensor.data,
      ]);
      executable.dispose();
      return { epochs, weights };
    };
    const wanted = await outcome(C);
    expect(await outcome(`sequence:per=layer,graphs=(${C})(${C})(${C})`)).toEqual(wanted);
    expect((await outcome(`sequence:per=layer,graphs=(${C})(${C})(${B})`)).weights).not.toEqual(
      wanted.weights,
    );
  });
});

describe('a study', () => {
  const yaml = (graph: string): string =>
    `plexus: 1\nname: s\nbaseline: complete:n=8\ngraphs:\n  - ${graph}\n`;

  it('takes a sequence, and refuses one that does not fit, with its line', () => {
    const line = `sequence:per=layer,graphs=(${A})(${B})(${C})`;
    expect(parseStudySpec(yaml(line), 'study.yaml').graphs).toEqual([line]);
    expect(() =>
      parseStudySpec(yaml(`sequence:per=layer,graphs=(${A})(${B})`), 'study.yaml'),
    ).toThrow('study.yaml:5: a sequence per layer has as many graphs');
    expect(() =>
      parseStudySpec(yaml(A).replace('complete:n=8', `sequence:graphs=(${B})`), 'study.yaml'),
    ).toThrow('study.yaml:3: a sequence per layer');
  });

  it('records the means over the layers', async () => {
    const dataset = await loadDataset(
      { name: 'shapes', train: 32, test: 10, size: 16 },
      { env: {} },
    );
    const graph = 'sequence:per=layer,graphs=(complete:n=4)(complete:n=5)(ws-flex:n=8,k=2)';
    const record = await runTrial({
      trial: { index: 0, role: 'graph', graph, seed: 1 },
      arch: 'mlp',
      dataset,
      settings: { ...defaultTrainSettings, epochs: 1, batch: 32 },
      backend: selectBackend('auto', () => undefined),
    });
    expect(record).toMatchObject({
      status: 'complete',
      facts: { nodes: 17 / 3, edges: 8, clustering: 2 / 3, pathLength: (2 + 16 / 7) / 3 },
    });
  });
});

describe('plexus network show', () => {
  let out = '';
  beforeAll(async () => {
    out = (
      await plexus(['network', 'show', '--graph', `sequence:per=layer,graphs=(${A})(${B})(${C})`])
    ).out;
  });

  it('prints means, and the density of each layer', () => {
    expect(out).toContain('13.67 nodes, ');
    expect(out).toMatch(/^s2\.b2\.a +linear +\S+ +1\.0000/m);
  });
});
