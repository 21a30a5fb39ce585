import { describe, it } from 'vitest';
import type { Shape } from '../../src/core/shape.js';
import { parseGraphSpec } from '../../src/graph/index.js';
import { architectures, buildNetwork } from '../../src/network/index.js';
import { expectDirections } from './differences.js';
import { LONG } from '../long.js';

/** The narrowest widths that hold the graph, and small images. */
const TINY: Readonly<
  Record<
    string,
    { widths: readonly number[]; graph: string; input: Shape; stem?: 'imagenet' | 'small' }
  >
> = {
  mlp: {
    widths: [6],
    graph: 'ws-flex:n=5,k=2,p=0.3,seed=1',
    input: { channels: 3, height: 4, width: 4 },
  },
  cnn: {
    widths: [6, 7, 8],
    graph: 'ws-flex:n=5,k=2,p=0.3,seed=1',
    input: { channels: 3, height: 9, width: 8 },
  },
  resnet34: {
    widths: [5, 6, 7, 5],
    graph: 'ws-flex:n=5,k=2,p=0.3,seed=1',
    input: { channels: 3, height: 8, width: 8 },
  },
  'resnet34-sep': {
    widths: [5, 6, 7, 5],
    graph: 'ws-flex:n=5,k=2,p=0.3,seed=1',
    input: { channels: 3, height: 8, width: 8 },
  },
  resnet50: {
    widths: [20, 23, 26, 21],
    graph: 'ws-flex:n=5,k=2,p=0.3,seed=1',
    input: { channels: 3, height: 8, width: 8 },
  },
  'efficientnet-b0': {
    widths: [5, 6, 7, 5, 8, 6, 5],
    graph: 'ws-flex:n=5,k=2,p=0.3,seed=1',
    input: { channels: 3, height: 9, width: 9 },
  },
  'patch-transformer': {
    widths: [8],
    graph: 'ws-flex:n=5,k=2,p=0.3,seed=1',
    input: { channels: 3, height: 8, width: 8 },
  },
};

/** Of the deepest network the short form looks at every fifth layer. */
const OPTIONS = { timeout: 120_000, tags: ['long'] };

describe('gradients of whole architectures against directional differences', () => {
  it.each(architectures.map(({ name }) => name))('%s', OPTIONS, async (name) => {
    const { widths, graph, ...task } = TINY[name];
    await expectDirections(
      buildNetwork(name, parseGraphSpec(graph), widths, { ...task, classes: 3 }),
      name,
      { batch: 4, by: 'layer', every: LONG || name !== 'efficientnet-b0' ? 1 : 5 },
    );
  });
});
