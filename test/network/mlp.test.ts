import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { completeGraph, parseGraphSpec } from '../../src/graph/index.js';
import {
  architecture,
  baselineNetwork,
  buildNetwork,
  costOf,
  parametersOf,
} from '../../src/network/index.js';

const spec = parseGraphSpec('ws-flex:n=64,k=8,p=0.1,seed=3');
const network = buildNetwork('mlp', spec, [1539]);

describe('the MLP', () => {
  it('is one chain from the input to the logits', () => {
    expect(network.layers.map((layer) => layer.id)).toEqual([
      'input',
      's1.linear',
      's1.bn',
      's1.relu',
      's2.b1.a',
      's2.b1.a_bn',
      's2.b1.relu',
      's2.b2.a',
      's2.b2.a_bn',
      's2.b2.relu',
      's2.b3.a',
      's2.b3.a_bn',
      's2.b3.relu',
      'head.fc',
    ]);
    network.layers.forEach((layer, i) =>
      expect(layer.inputs).toEqual(i === 0 ? [] : [network.layers[i - 1].id]),
    );
    expect(network.layers.at(-1)!.output).toEqual({ channels: 10, height: 1, width: 1 });
    expect(network.graph).toEqual(spec);
  });

  it('has the relational graph in the three middle layers only', () => {
    const masked = network.layers
      .filter((layer) => layer.kind === 'linear' && layer.mask !== null)
      .map((layer) => layer.id);
    expect(masked).toEqual(['s2.b1.a', 's2.b2.a', 's2.b3.a']);
  });

  it('names its parameters as the official checkpoints do, with shapes', () => {
    const shapes = Object.fromEntries(parametersOf(network).map((p) => [p.name, p.shape]));
    const norm = (id: string, width: number) =>
      ['weight', 'bias', 'running_mean', 'running_var'].map((what) => [`${id}.${what}`, [width]]);
    expect(shapes).toEqual(
      Object.fromEntries([
        ['s1.linear.weight', [512, 3072]],
        ...norm('s1.bn', 512),
        ['s2.b1.a.weight', [1539, 512]],
        ...norm('s2.b1.a_bn', 1539),
        ['s2.b2.a.weight', [1539, 1539]],
        ...norm('s2.b2.a_bn', 1539),
        ['s2.b3.a.weight', [1539, 1539]],
        ...norm('s2.b3.a_bn', 1539),
        ['head.fc.weight', [10, 1539]],
        ['head.fc.bias', [10]],
      ]),
    );
  });

  it('starts linear weights from N(0, 0.01), scales and variances from 1, the rest from 0', () => {
    for (const parameter of parametersOf(network)) {
      const value = parameter.role === 'gamma' || parameter.role === 'runningVar' ? 1 : 0;
      expect(parameter.init).toEqual(
        parameter.role === 'weight' ? { kind: 'normal', std: 0.01 } : { kind: 'constant', value },
      );
      expect(parameter.learnable).toBe(!parameter.name.includes('.running_'));
    }
  });

  it('normalises with eps 1e-5 and momentum 0.1', () => {
    for (const layer of network.layers)
      if (layer.kind === 'batchNorm') expect([layer.eps, layer.momentum]).toEqual([1e-5, 0.1]);
  });

  it('takes other inputs and classes', () => {
    const small = buildNetwork('mlp', spec, [128], {
      input: { channels: 1, height: 8, width: 8 },
      classes: 4,
    });
    expect(parametersOf(small)[0].shape).toEqual([512, 64]);
    expect(small.layers.at(-1)!.output.channels).toBe(4);
  });

  it('regenerates a graph with more nodes than the stem has channels in the first round only', () => {
    const big = buildNetwork('mlp', parseGraphSpec('ws-flex:n=600,k=12,p=0.1,seed=1'), [700]);
    const nodes = big.layers.flatMap((layer) =>
      layer.kind === 'linear' && layer.mask ? [layer.mask.graph.nodes] : [],
    );
    expect(nodes).toEqual([512, 600, 600]);
    expect(() => buildNetwork('mlp', completeGraph(600), [700])).toThrow(UserError);
  });
});

describe('cost', () => {
  it('of the baseline is the published 2,364,416 multiply-adds', () => {
    const cost = costOf(baselineNetwork('mlp'));
    expect(cost.macs).toBe(2_364_416);
    expect(cost.params).toBe(3072 * 512 + 3 * 512 * 512 + 512 * 10 + 10 + 4 * 2 * 512);
  });

  it("of the complete graph is the baseline's", () => {
    const complete = costOf(buildNetwork('mlp', completeGraph(64), [512]));
    expect(complete).toEqual(costOf(baselineNetwork('mlp')));
  });

  it('lists every layer, and adds up', () => {
    const cost = costOf(network);
    expect(cost.layers.map((layer) => layer.layer)).toEqual(
      network.layers.map((layer) => layer.id),
    );
    expect(cost.layers.reduce((sum, layer) => sum + layer.macs, 0)).toBe(cost.macs);
    expect(cost.layers.find((layer) => layer.layer === 's2.b1.a_bn')).toEqual({
      layer: 's2.b1.a_bn',
      macs: 0,
      params: 2 * 1539,
    });
  });
});

describe('bad requests', () => {
  it('list the architectures', () => {
    expect(() => architecture('mpl')).toThrow('unknown architecture "mpl"; expected one of mlp');
  });

  it.each([[[0]], [[512, 512]], [[]], [[1.5]], [[2 ** 25]]])('refuse the widths %j', (widths) => {
    expect(() => buildNetwork('mlp', spec, widths)).toThrow(/mlp takes one width, from 1 to/);
  });

  it.each([
    [{ input: { channels: 0, height: 1, width: 1 } }],
    [{ input: { channels: 3, height: 2 ** 20, width: 2 ** 20 } }],
    [{ classes: 1 }],
    [{ classes: 2.5 }],
  ])('refuse the task %j', (task) => {
    expect(() => buildNetwork('mlp', spec, [512], task)).toThrow(UserError);
  });
});
