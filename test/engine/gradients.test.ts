import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import type { Shape } from '../../src/core/shape.js';
import type { Network } from '../../src/network/types.js';
import { expectClose } from './agreement.js';
import { raggedDag } from './dags.js';
import { expectDirections, expectGradients } from './differences.js';
import {
  chain,
  randomGraph,
  raggedConvolutional,
  raggedPerceptron,
  raggedTransformer,
  vector,
  type Link,
} from './networks.js';

describe('gradients of the reference against finite differences', () => {
  const random = new RandomStream('gradients');
  const graph = randomGraph(random, 5, 0.5);
  const directed = randomGraph(random, 6, 0.4, true);
  const cases: readonly [string, Network][] = [
    ['linear and softmax loss', chain(vector(7), [{ linear: 5, bias: true }])],
    [
      'linear input gradient',
      chain(vector(6), [{ linear: 7, bias: true }, { linear: 5 }, { linear: 4, bias: true }]),
    ],
    [
      'relational linear',
      chain(vector(8), [
        { linear: 9 },
        { linear: 11, graph, bias: true },
        { linear: 13, graph: directed },
        { linear: 4 },
      ]),
    ],
    ['relu', chain(vector(6), [{ linear: 9, bias: true }, 'relu', { linear: 4 }])],
    ['batch norm', chain(vector(6), [{ linear: 9 }, 'bn', { linear: 4 }])],
    ['batch norm with relu', chain(vector(6), [{ linear: 9 }, 'bn', 'relu', { linear: 4 }])],
    ['batch norm on the input and at the end', chain(vector(6), ['bn', { linear: 5 }, 'bn'])],
  ];
  it.each(cases)('%s', async (name, network) => {
    await expectGradients(network, name, { batch: 9 });
    await expectGradients(network, `${name}, short batch`, { batch: 12, count: 5 });
  });

  const plane = (channels: number, height: number, width: number): Shape => ({
    channels,
    height,
    width,
  });
  const end: Link[] = ['globalPool', { linear: 3, bias: true }];
  const onPlanes: readonly [string, Network][] = [
    [
      'convolution',
      chain(plane(2, 4, 5), [
        { conv: 4, kernel: 3, bias: true },
        { conv: 3, kernel: 2, stride: 2, padding: 1 },
        ...end,
      ]),
    ],
    [
      'relational convolution',
      chain(plane(2, 5, 4), [
        { conv: 6, kernel: 1 },
        { conv: 8, kernel: 3, stride: 2, graph, bias: true },
        { conv: 7, kernel: 3, graph: directed },
        ...end,
      ]),
    ],
    [
      'depthwise',
      chain(plane(2, 5, 4), [
        { conv: 3, kernel: 1 },
        { depthwise: 3 },
        { depthwise: 3, stride: 2 },
        ...end,
      ]),
    ],
    [
      'batch norm over planes',
      chain(plane(2, 3, 4), [{ conv: 3, kernel: 1 }, 'bn', { conv: 3, kernel: 1 }, ...end]),
    ],
    [
      'batch norm with swish',
      chain(plane(2, 3, 4), [
        { conv: 3, kernel: 1 },
        'bn',
        { act: 'swish' },
        { conv: 3, kernel: 1 },
        ...end,
      ]),
    ],
    [
      'batch norm, residual, relu',
      chain(plane(2, 3, 4), [
        { conv: 4, kernel: 1 },
        { sum: [[], [{ conv: 4, kernel: 3 }, 'bn']] },
        'relu',
        { conv: 3, kernel: 1 },
        ...end,
      ]),
    ],
    [
      'batch norm, residual, swish',
      chain(plane(2, 3, 4), [
        { conv: 4, kernel: 1 },
        { sum: [[{ conv: 4, kernel: 3 }, 'bn'], []] },
        { act: 'swish' },
        ...end,
      ]),
    ],
    [
      'residual with projection',
      chain(plane(2, 5, 4), [
        { conv: 4, kernel: 1 },
        {
          sum: [
            [{ conv: 5, kernel: 1, stride: 2 }, 'bn'],
            [{ conv: 5, kernel: 3, stride: 2 }, 'bn'],
          ],
        },
        'relu',
        ...end,
      ]),
    ],
    [
      'a layer that three read',
      chain(plane(2, 3, 3), [
        { conv: 4, kernel: 1 },
        { sum: [[{ sum: [[{ act: 'gelu' }], []] }], [{ act: 'sigmoid' }]] },
        { sum: [[], []] },
        ...end,
      ]),
    ],
    [
      'batch norm, residual that others read later',
      chain(plane(2, 3, 4), [
        { conv: 4, kernel: 1 },
        { sum: [[{ sum: [[], [{ conv: 4, kernel: 3 }, 'bn']] }, 'relu'], [{ act: 'gelu' }]] },
        ...end,
      ]),
    ],
    [
      'batch norms that meet in a sum',
      chain(plane(2, 3, 4), [
        { conv: 4, kernel: 1 },
        { sum: [['bn'], [{ conv: 4, kernel: 3 }, 'bn']] },
        { act: 'swish' },
        ...end,
      ]),
    ],
    [
      'batch norm that two read',
      chain(plane(2, 3, 4), [
        { conv: 4, kernel: 1 },
        'bn',
        { sum: [['relu'], [{ act: 'swish' }]] },
        ...end,
      ]),
    ],
    [
      'one channel a node',
      chain(plane(6, 4, 3), [
        { conv: 6, kernel: 3, graph },
        { conv: 6, kernel: 2, stride: 3, padding: 1, graph: directed },
        ...end,
      ]),
    ],
    [
      'activations',
      chain(plane(2, 2, 3), [
        { conv: 4, kernel: 1 },
        { act: 'swish' },
        { conv: 4, kernel: 1 },
        { act: 'gelu' },
        { conv: 3, kernel: 1 },
        { act: 'sigmoid' },
        ...end,
      ]),
    ],
    [
      'pools',
      chain(plane(2, 6, 7), [
        { conv: 3, kernel: 1 },
        { pool: 'max', kernel: 3, stride: 2, padding: 1 },
        { pool: 'average', kernel: 2, stride: 1, padding: 1 },
        ...end,
      ]),
    ],
    [
      'windows as large as the plane, strides that leave pixels out',
      chain(plane(2, 7, 5), [
        { conv: 3, kernel: 7, padding: 3, stride: 3 },
        { conv: 4, kernel: 5, padding: 2 },
        { pool: 'average', kernel: 2, stride: 3, padding: 1 },
        ...end,
      ]),
    ],
    [
      'gate',
      chain(plane(2, 3, 2), [
        { conv: 4, kernel: 1 },
        {
          gate: [
            'globalPool',
            { conv: 2, kernel: 1, bias: true },
            { act: 'swish' },
            { conv: 4, kernel: 1 },
            { act: 'sigmoid' },
          ],
        },
        ...end,
      ]),
    ],
    [
      'position, layer norm',
      chain(plane(2, 2, 2), [
        { conv: 5, kernel: 1 },
        'position',
        'layerNorm',
        { conv: 3, kernel: 1 },
        ...end,
      ]),
    ],
    [
      'gate of what others read',
      chain(plane(2, 3, 2), [
        { conv: 4, kernel: 1 },
        { sum: [[{ gate: ['globalPool', { act: 'sigmoid' }] }], [{ act: 'gelu' }]] },
        ...end,
      ]),
    ],
    ['attention', chain(plane(2, 2, 3), [{ conv: 7, kernel: 1 }, { attention: 3 }, ...end])],
  ];
  it.each(onPlanes)('%s', async (name, network) => {
    await expectGradients(network, name, { batch: 5 });
    await expectGradients(network, `${name}, short batch`, { batch: 7, count: 4 });
  });

  it.each([0, 1])(
    'a whole relational convolutional network (case %i)',
    { timeout: 30_000 },
    async (seed) => {
      await expectDirections(
        raggedConvolutional(new RandomStream('whole conv', seed)),
        `conv ${seed}`,
        {
          batch: 6,
          by: 'name',
        },
      );
    },
  );

  it.each([0, 1])('a whole relational transformer (case %i)', async (seed) => {
    await expectDirections(
      raggedTransformer(new RandomStream('whole transformer', seed)),
      `transformer ${seed}`,
      { batch: 6, by: 'name' },
    );
  });

  it.each([0, 1, 2])('a whole relational perceptron (case %i)', async (seed) => {
    await expectGradients(raggedPerceptron(new RandomStream('whole', seed)), `whole ${seed}`, {
      batch: 14,
      count: 11,
    });
  });

  it.each(onPlanes.slice(0, 2))('label smoothing: %s', async (name, network) => {
    await expectGradients(network, `${name}, smoothed`, {
      batch: 5,
      count: 4,
      labelSmoothing: 0.15,
    });
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed))('random network %i', async (seed) => {
    await expectDirections(
      raggedDag(new RandomStream('dag gradients', seed), 4 + (seed % 17), { smooth: true }),
      `dag ${seed}`,
      { batch: 5, count: 4, by: 'name' },
    );
  });

  it('the check notices a gradient that is off by a thousandth', () => {
    expect(() => expectClose([1.001], [1], { atol: 2e-9, rtol: 1e-6 }, 'gradient')).toThrow(
      '1.001',
    );
  });
});
