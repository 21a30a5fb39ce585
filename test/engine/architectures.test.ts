import { describe, it } from 'vitest';
import type { Shape } from '../../src/core/shape.js';
import { parseGraphSpec } from '../../src/graph/index.js';
import { architectures, buildNetwork } from '../../src/network/index.js';
import { expectDirections } from './differences.js';

/** The narrowest widths that hold the graph, and small images. */
const TINY: Readonly<
  Record<
    string,
    { widths: readonly number[]; graph: string; input: Shape; stem?: 'imagenet' | 'small' }
  >
> = {
  mlp: {
    widths: [9],
    graph: 'ws-flex:n=8,k=4,p=0.2,seed=1',
    input: { channels: 3, height: 4, width: 4 },
  },
  cnn: {
    widths: [9, 10, 12],
    graph: 'ws-flex:n=8,k=4,p=0.2,seed=1',
    input: { channels: 3, height: 9, width: 8 },
  },
  resnet34: {
    widths: [8, 9, 10, 8],
    graph: 'ws-flex:n=8,k=4,p=0.2,seed=1',
    input: { channels: 3, height: 8, width: 8 },
  },
  'resnet34-sep': {
    widths: [8, 9, 10, 8],
    graph: 'ws-flex:n=8,k=4,p=0.2,seed=1',
    input: { channels: 3, height: 8, width: 8 },
  },
  resnet50: {
    widths: [32, 36, 40, 33],
    graph: 'ws-flex:n=8,k=4,p=0.2,seed=1',
    input: { channels: 3, height: 8, width: 8 },
  },
  'efficientnet-b0': {
    widths: [8, 9, 10, 8, 11, 9, 8],
    graph: 'ws-flex:n=8,k=4,p=0.2,seed=1',
    input: { channels: 3, height: 9, width: 9 },
  },
  'patch-transformer': {
    widths: [13],
    graph: 'ws-flex:n=8,k=4,p=0.2,seed=1',
    input: { channels: 3, height: 8, width: 8 },
  },
};

describe('gradients of whole architectures against directional differences', () => {
  it.each(architectures.map(({ name }) => name))('%s', { timeout: 120_000 }, async (name) => {
    const { widths, graph, ...task } = TINY[name];
    await expectDirections(
      buildNetwork(name, parseGraphSpec(graph), widths, { ...task, classes: 3 }),
      name,
      { batch: 4, by: 'layer' },
    );
  });
});
