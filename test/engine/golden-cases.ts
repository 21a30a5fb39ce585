import { RandomStream } from '../../src/core/random/index.js';
import { features, type Shape } from '../../src/core/shape.js';
import { elements } from '../../src/core/tensor.js';
import { parseGraphSpec } from '../../src/graph/index.js';
import { architectures, buildNetwork, parametersOf } from '../../src/network/index.js';
import type { Stem } from '../../src/network/architectures/architecture.js';
import type { Network } from '../../src/network/types.js';
import { raggedDag } from './dags.js';
import { chain, randomGraph, type Link } from './networks.js';

/*
 * The networks that test/golden/make-engine-networks.py runs in PyTorch. Weights and batches are
 * drawn here, on both sides: test/golden/export-networks.ts hands them to the script, so that only
 * results are stored.
 */

export interface GoldenBatch {
  readonly samples: Float32Array;
  readonly labels: number[];
}

/** Loss, logits and gradients of one batch. */
export interface OperationCase {
  readonly name: string;
  readonly network: Network;
  readonly labelSmoothing: number;
}

/** More columns than samples: those without one must not count. */
export const OPERATION_BATCH = 4;
const OPERATION_SAMPLES = 3;

const plane = (channels: number, height: number, width: number): Shape => ({
  channels,
  height,
  width,
});
const END: readonly Link[] = ['globalPool', { linear: 3, bias: true }];

/**
 * One case for each kind of layer: small, ragged, with a convolution before it, whose gradient
 * shows the layer's input gradient.
 */
function kinds(): readonly (readonly [string, Network])[] {
  const random = new RandomStream('golden graphs');
  const graph = randomGraph(random, 4, 0.4);
  const directed = randomGraph(random, 5, 0.35, true);
  const first: Link = { conv: 5, kernel: 1 };
  const on = (shape: Shape, ...links: readonly Link[]): Network => chain(shape, [...links, ...END]);
  return [
    [
      'linear',
      chain(plane(2, 2, 3), [
        { linear: 7 },
        { linear: 6, graph, bias: true },
        { linear: 5, graph: directed },
        { linear: 6 },
      ]),
    ],
    [
      'conv',
      on(
        plane(2, 5, 4),
        { conv: 3, kernel: 3, bias: true },
        { conv: 4, kernel: 2, stride: 2, padding: 1 },
        { conv: 2, kernel: 5, padding: 1, stride: 3 },
      ),
    ],
    [
      'conv, relational',
      on(
        plane(2, 5, 4),
        first,
        { conv: 6, kernel: 3, graph, bias: true },
        { conv: 5, kernel: 3, stride: 2, graph: directed },
      ),
    ],
    [
      'conv, large windows',
      on(
        plane(1, 4, 7),
        { conv: 2, kernel: 7 },
        { conv: 2, kernel: 5, padding: 2, stride: 2 },
        { conv: 2, kernel: 1, stride: 3 },
      ),
    ],
    [
      'depthwise',
      on(
        plane(2, 6, 5),
        { conv: 3, kernel: 1 },
        { depthwise: 3 },
        { depthwise: 5, stride: 2 },
        { depthwise: 2, padding: 0 },
      ),
    ],
    ['batchNorm', on(plane(2, 3, 2), first, 'bn', { conv: 3, kernel: 1 })],
    [
      'batchNorm of vectors',
      chain(plane(4, 1, 1), [{ linear: 5 }, 'bn', 'relu', { linear: 6 }, 'bn']),
    ],
    ['batchNorm, relu', on(plane(2, 3, 2), first, 'bn', 'relu', { conv: 3, kernel: 1 })],
    ['batchNorm, swish', on(plane(2, 3, 2), first, 'bn', { act: 'swish' }, { conv: 3, kernel: 1 })],
    [
      'batchNorm, residual, relu',
      on(plane(2, 3, 2), first, { sum: [[], [{ conv: 5, kernel: 3 }, 'bn']] }, 'relu'),
    ],
    [
      'residual with projection',
      on(
        plane(2, 4, 3),
        first,
        {
          sum: [
            [{ conv: 4, kernel: 1, stride: 2 }, 'bn'],
            [{ conv: 4, kernel: 3, stride: 2 }, 'bn'],
          ],
        },
        'relu',
      ),
    ],
    ['layerNorm', on(plane(2, 2, 3), first, 'layerNorm', { conv: 3, kernel: 1 })],
    ['relu', on(plane(2, 3, 2), first, 'relu', { conv: 3, kernel: 1 })],
    ['swish', on(plane(2, 3, 2), first, { act: 'swish' }, { conv: 3, kernel: 1 })],
    ['sigmoid', on(plane(2, 3, 2), first, { act: 'sigmoid' }, { conv: 3, kernel: 1 })],
    [
      'gelu',
      on(
        plane(2, 3, 2),
        { conv: 5, kernel: 1, bias: true },
        { act: 'gelu' },
        { conv: 3, kernel: 1 },
      ),
    ],
    [
      'maxPool',
      on(
        plane(2, 6, 5),
        { conv: 3, kernel: 1 },
        { pool: 'max', kernel: 3, stride: 2, padding: 1 },
        { pool: 'max', kernel: 2, padding: 0 },
      ),
    ],
    [
      'maxPool of equal values',
      on(
        plane(2, 5, 5),
        { conv: 3, kernel: 1 },
        'relu',
        { pool: 'max', kernel: 3, stride: 1, padding: 1 },
        { conv: 2, kernel: 1 },
      ),
    ],
    [
      'averagePool',
      on(
        plane(2, 6, 5),
        { conv: 3, kernel: 1 },
        { pool: 'average', kernel: 3, stride: 2, padding: 1 },
        { pool: 'average', kernel: 2, padding: 0 },
      ),
    ],
    [
      'globalPool, gate',
      on(plane(2, 2, 3), first, {
        gate: [
          'globalPool',
          { conv: 2, kernel: 1, bias: true },
          { act: 'swish' },
          { conv: 5, kernel: 1 },
          { act: 'sigmoid' },
        ],
      }),
    ],
    [
      'add',
      on(
        plane(2, 2, 3),
        first,
        { sum: [[{ sum: [['relu'], []] }], [{ act: 'gelu' }]] },
        { sum: [[], []] },
      ),
    ],
    ['position', on(plane(2, 2, 3), first, 'position', { conv: 3, kernel: 1 })],
    ['attention', on(plane(2, 2, 3), { conv: 7, kernel: 1 }, { attention: 3 })],
  ];
}

export function operationCases(): readonly OperationCase[] {
  const alone = kinds().map(([name, network]) => ({ name, network, labelSmoothing: 0 }));
  const smoothed = { name: 'label smoothing', network: alone[0].network, labelSmoothing: 0.1 };
  const dags = Array.from({ length: 12 }, (_, seed) => ({
    name: `random ${seed}`,
    network: raggedDag(new RandomStream('golden', seed), 6 + seed),
    labelSmoothing: 0,
  }));
  return [...alone, smoothed, ...dags];
}

/** Random numbers for every parameter and running statistic, exact in float32. */
export function operationValues(network: Network, name: string): ReadonlyMap<string, Float32Array> {
  const random = new RandomStream('golden values', name);
  const of = { weight: 0, position: 0, bias: 0, beta: 0, runningMean: 0, gamma: 1, runningVar: 1 };
  return new Map(
    parametersOf(network).map((parameter) => {
      // All within 0.4 of where they start: variances stay positive, and layers neither die nor
      // explode.
      const draw = (): number => of[parameter.role] + 0.8 * (random.uniform() - 0.5);
      return [parameter.name, Float32Array.from({ length: elements(parameter.shape) }, draw)];
    }),
  );
}

export function operationBatch(network: Network, name: string): GoldenBatch {
  return drawBatch(network, OPERATION_SAMPLES, new RandomStream('golden batch', name));
}

function drawBatch(network: Network, count: number, random: RandomStream): GoldenBatch {
  const samples = Float32Array.from({ length: count * features(network.input) }, () =>
    random.normal(),
  );
  return { samples, labels: Array.from({ length: count }, () => random.below(network.classes)) };
}

/** A whole architecture, trained for a while with the settings of the publication. */
export interface TrainingCase {
  readonly name: string;
  readonly network: Network;
  readonly labelSmoothing: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
}

export const TRAINING_STEPS = 20;
export const TRAINING_BATCH = 8;
export const TRAINING_SEED = 6;

interface Tiny {
  readonly widths: readonly number[];
  readonly input: Shape;
  readonly stem?: Stem;
  readonly labelSmoothing?: number;
  /**
   * Of the learning rate. EfficientNet's depthwise weights start very small (fan out counts all
   * channels) before norms, where steps have large effects.
   */
  readonly share?: number;
}

/** All layers, at widths near the number of nodes and on small images. */
const TINY: readonly (readonly [arch: string, tiny: Tiny])[] = [
  ['mlp', { widths: [19], input: plane(3, 8, 8) }],
  ['cnn', { widths: [11, 17, 21], input: plane(3, 16, 15) }],
  ['cnn', { widths: [10, 13, 16], input: plane(3, 35, 32), stem: 'imagenet' }],
  ['resnet34', { widths: [9, 10, 11, 12], input: plane(3, 14, 16) }],
  ['resnet34-sep', { widths: [12, 10, 11, 16], input: plane(3, 16, 16) }],
  ['resnet50', { widths: [33, 36, 40, 37], input: plane(3, 48, 50), stem: 'imagenet' }],
  [
    'efficientnet-b0',
    { widths: [8, 9, 10, 8, 11, 9, 8], input: plane(3, 10, 11), labelSmoothing: 0.1, share: 0.005 },
  ],
  ['patch-transformer', { widths: [14], input: plane(3, 16, 12) }],
];

export function trainingCases(): readonly TrainingCase[] {
  const graph = parseGraphSpec('ws-flex:n=8,k=4,p=0.3,seed=2');
  return TINY.map(([arch, { widths, labelSmoothing = 0, share = 1, ...task }]) => {
    const network = buildNetwork(arch, graph, widths, { ...task, classes: 7 });
    const { batch, momentum, weightDecay, ...published } = architectures.find(
      ({ name }) => name === arch,
    )!.training;
    // In proportion to the batch (Goyal et al. 2017): at the full rate so small a batch sends some
    // of them into chaos, where rounding errors grow a thousandfold in a few steps.
    const learningRate = (share * published.learningRate * TRAINING_BATCH) / batch;
    return {
      name: task.stem === undefined ? arch : `${arch}, ${task.stem} stem`,
      network,
      labelSmoothing,
      learningRate,
      momentum,
      weightDecay,
    };
  });
}

/** The batch of a step; every fifth is short. Step -1 is what is evaluated in the end. */
export function trainingBatch({ name, network }: TrainingCase, step: number): GoldenBatch {
  return drawBatch(
    network,
    step % 5 === 4 ? TRAINING_BATCH - 3 : TRAINING_BATCH,
    new RandomStream('golden training', name, step),
  );
}

/** A cosine from the starting rate, step by step. */
export function trainingRate({ learningRate }: TrainingCase, step: number): number {
  return 0.5 * learningRate * (1 + Math.cos((Math.PI * step) / TRAINING_STEPS));
}
