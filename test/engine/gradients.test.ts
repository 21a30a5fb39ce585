import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import { compile } from '../../src/engine/compile.js';
import { referenceBackend } from '../../src/engine/backends/reference/index.js';
import type { Executable } from '../../src/engine/types.js';
import type { Shape } from '../../src/core/shape.js';
import { elements } from '../../src/core/tensor.js';
import { parseGraphSpec } from '../../src/graph/index.js';
import { architectures, buildNetwork, denseMask } from '../../src/network/index.js';
import type { Network } from '../../src/network/types.js';
import { expectClose } from './agreement.js';
import { chain, loadBatch, randomBatch, randomGraph, randomise, raggedConvolutional, raggedPerceptron, raggedTransformer, vector, type Link } from './networks.js';

const STEP = 1e-5;

/** The slope of the loss along one number of a parameter: central differences of two widths, error O(STEP^4). */
function slope(executable: Executable, name: string, values: Float64Array, at: number): number {
  const kept = values[at];
  const lossAt = (step: number): number => {
    values[at] = kept + step;
    executable.upload(name, values);
    executable.dispatch('forward');
    return executable.metrics().loss;
  };
  const central = (step: number): number => (lossAt(step) - lossAt(-step)) / (2 * step);
  const result = (4 * central(STEP) - central(2 * STEP)) / 3;
  values[at] = kept;
  executable.upload(name, values);
  return result;
}

/** Every gradient (of long parameters, some 40 numbers spread evenly) against finite differences of the loss. */
function expectGradients(network: Network, batch: number, count: number, seed: string): void {
  const random = new RandomStream('finite differences', seed);
  const executable = referenceBackend().prepare(compile(network, { batch }));
  randomise([executable], random);
  loadBatch([executable], randomBatch(executable.program, count, random));
  executable.dispatch('forward');
  executable.dispatch('backward');
  const learnable = executable.program.parameters.filter((parameter) => parameter.learnable);
  const gradients = learnable.map(({ name }) => executable.read(name, 'grad'));
  learnable.forEach(({ name, mask, shape }, index) => {
    const values = Float64Array.from(executable.read(name));
    const exists = mask === null ? null : denseMask(mask);
    const window = elements(shape.slice(2));
    const present = Array.from(values.keys()).filter((at) => exists === null || exists[Math.floor(at / window)] === 1);
    const stride = Math.ceil(present.length / 40);
    const places = present.filter((_, i) => i % stride === 0);
    const expected = places.map((at) => slope(executable, name, values, at));
    expectClose(places.map((at) => gradients[index][at]), expected, { atol: 2e-9, rtol: 1e-6 }, `gradient of ${name}`);
  });
}

/** The slope of the loss along one random direction of each parameter against the gradient's share of it: for whole networks. */
function expectDirections(network: Network, batch: number, seed: string): void {
  const random = new RandomStream('directions', seed);
  const executable = referenceBackend().prepare(compile(network, { batch }));
  randomise([executable], random);
  loadBatch([executable], randomBatch(executable.program, batch, random));
  executable.dispatch('forward');
  executable.dispatch('backward');
  const learnable = executable.program.parameters.filter((parameter) => parameter.learnable);
  const gradients = learnable.map(({ name }) => executable.read(name, 'grad'));
  learnable.forEach(({ name }, index) => {
    const kept = Float64Array.from(executable.read(name));
    const direction = Float64Array.from(kept, () => random.normal());
    const length = Math.hypot(...direction.slice(0, 1000)) + 1;
    const lossAt = (step: number): number => {
      executable.upload(name, kept.map((value, i) => value + (step * direction[i]) / length));
      executable.dispatch('forward');
      return executable.metrics().loss;
    };
    // A step so short that hardly any ReLU or maximum changes sides on the way; its own error is of the order of its square.
    const expected = (lossAt(2e-7) - lossAt(-2e-7)) / 4e-7;
    executable.upload(name, kept);
    const share = gradients[index].reduce((sum, g, i) => sum + (g * direction[i]) / length, 0);
    expectClose([share], [expected], { atol: 1e-7, rtol: 1e-5 }, `slope of ${name}`);
  });
}

/** The narrowest widths that hold the graph, and small images. */
const TINY: Readonly<Record<string, { widths: readonly number[]; graph: string; input: Shape; stem?: 'imagenet' | 'small' }>> = {
  mlp: { widths: [9], graph: 'ws-flex:n=8,k=4,p=0.2,seed=1', input: { channels: 3, height: 4, width: 4 } },
  cnn: { widths: [9, 10, 12], graph: 'ws-flex:n=8,k=4,p=0.2,seed=1', input: { channels: 3, height: 9, width: 8 } },
  resnet34: { widths: [8, 9, 10, 8], graph: 'ws-flex:n=8,k=4,p=0.2,seed=1', input: { channels: 3, height: 8, width: 8 } },
  'resnet34-sep': { widths: [8, 9, 10, 8], graph: 'ws-flex:n=8,k=4,p=0.2,seed=1', input: { channels: 3, height: 8, width: 8 } },
  resnet50: { widths: [32, 36, 40, 33], graph: 'ws-flex:n=8,k=4,p=0.2,seed=1', input: { channels: 3, height: 8, width: 8 } },
  'efficientnet-b0': { widths: [8, 9, 10, 8, 11, 9, 8], graph: 'ws-flex:n=8,k=4,p=0.2,seed=1', input: { channels: 3, height: 9, width: 9 } },
  'patch-transformer': { widths: [13], graph: 'ws-flex:n=8,k=4,p=0.2,seed=1', input: { channels: 3, height: 8, width: 8 } },
};

describe('gradients of whole architectures against directional differences', () => {
  it.each(architectures.map(({ name }) => name))('%s', { timeout: 60_000 }, (name) => {
    const { widths, graph, ...task } = TINY[name]!;
    expectDirections(buildNetwork(name, parseGraphSpec(graph), widths, { ...task, classes: 3 }), 4, name);
  });
});

describe('gradients of the reference against finite differences', () => {
  const random = new RandomStream('gradients');
  const graph = randomGraph(random, 5, 0.5);
  const directed = randomGraph(random, 6, 0.4, true);
  const cases: readonly [string, Network][] = [
    ['linear and softmax loss', chain(vector(7), [{ linear: 5, bias: true }])],
    ['linear input gradient', chain(vector(6), [{ linear: 7, bias: true }, { linear: 5 }, { linear: 4, bias: true }])],
    ['relational linear', chain(vector(8), [{ linear: 9 }, { linear: 11, graph, bias: true }, { linear: 13, graph: directed }, { linear: 4 }])],
    ['relu', chain(vector(6), [{ linear: 9, bias: true }, 'relu', { linear: 4 }])],
    ['batch norm', chain(vector(6), [{ linear: 9 }, 'bn', { linear: 4 }])],
    ['batch norm with relu', chain(vector(6), [{ linear: 9 }, 'bn', 'relu', { linear: 4 }])],
    ['batch norm on the input and at the end', chain(vector(6), ['bn', { linear: 5 }, 'bn'])],
  ];
  it.each(cases)('%s', (name, network) => {
    expectGradients(network, 9, 9, name);
    expectGradients(network, 12, 5, `${name}, short batch`);
  });

  const plane = (channels: number, height: number, width: number): Shape => ({ channels, height, width });
  const end: Link[] = ['globalPool', { linear: 3, bias: true }];
  const onPlanes: readonly [string, Network][] = [
    ['convolution', chain(plane(2, 4, 5), [{ conv: 4, kernel: 3, bias: true }, { conv: 3, kernel: 2, stride: 2, padding: 1 }, ...end])],
    ['relational convolution', chain(plane(2, 5, 4), [{ conv: 6, kernel: 1 }, { conv: 8, kernel: 3, stride: 2, graph, bias: true }, { conv: 7, kernel: 3, graph: directed }, ...end])],
    ['depthwise', chain(plane(2, 5, 4), [{ conv: 3, kernel: 1 }, { depthwise: 3 }, { depthwise: 3, stride: 2 }, ...end])],
    ['batch norm over planes', chain(plane(2, 3, 4), [{ conv: 3, kernel: 1 }, 'bn', { conv: 3, kernel: 1 }, ...end])],
    ['batch norm with swish', chain(plane(2, 3, 4), [{ conv: 3, kernel: 1 }, 'bn', { act: 'swish' }, { conv: 3, kernel: 1 }, ...end])],
    ['batch norm, residual, relu', chain(plane(2, 3, 4), [{ conv: 4, kernel: 1 }, { sum: [[], [{ conv: 4, kernel: 3 }, 'bn']] }, 'relu', { conv: 3, kernel: 1 }, ...end])],
    ['batch norm, residual, swish', chain(plane(2, 3, 4), [{ conv: 4, kernel: 1 }, { sum: [[{ conv: 4, kernel: 3 }, 'bn'], []] }, { act: 'swish' }, ...end])],
    ['residual with projection', chain(plane(2, 5, 4), [{ conv: 4, kernel: 1 }, { sum: [[{ conv: 5, kernel: 1, stride: 2 }, 'bn'], [{ conv: 5, kernel: 3, stride: 2 }, 'bn']] }, 'relu', ...end])],
    ['a layer that three read', chain(plane(2, 3, 3), [{ conv: 4, kernel: 1 }, { sum: [[{ sum: [[{ act: 'gelu' }], []] }], [{ act: 'sigmoid' }]] }, { sum: [[], []] }, ...end])],
    ['activations', chain(plane(2, 2, 3), [{ conv: 4, kernel: 1 }, { act: 'swish' }, { conv: 4, kernel: 1 }, { act: 'gelu' }, { conv: 3, kernel: 1 }, { act: 'sigmoid' }, ...end])],
    ['pools', chain(plane(2, 6, 7), [{ conv: 3, kernel: 1 }, { pool: 'max', kernel: 3, stride: 2, padding: 1 }, { pool: 'average', kernel: 2, stride: 1, padding: 1 }, ...end])],
    ['gate', chain(plane(2, 3, 2), [{ conv: 4, kernel: 1 }, { gate: ['globalPool', { conv: 2, kernel: 1, bias: true }, { act: 'swish' }, { conv: 4, kernel: 1 }, { act: 'sigmoid' }] }, ...end])],
    ['position, layer norm', chain(plane(2, 2, 2), [{ conv: 5, kernel: 1 }, 'position', 'layerNorm', { conv: 3, kernel: 1 }, ...end])],
    ['attention', chain(plane(2, 2, 3), [{ conv: 7, kernel: 1 }, { attention: 3 }, ...end])],
  ];
  it.each(onPlanes)('%s', (name, network) => {
    expectGradients(network, 5, 5, name);
    expectGradients(network, 7, 4, `${name}, short batch`);
  });

  it.each([0, 1])('a whole relational convolutional network (case %i)', { timeout: 30_000 }, (seed) => {
    expectDirections(raggedConvolutional(new RandomStream('whole conv', seed)), 6, `conv ${seed}`);
  });

  it.each([0, 1])('a whole relational transformer (case %i)', (seed) => {
    expectDirections(raggedTransformer(new RandomStream('whole transformer', seed)), 6, `transformer ${seed}`);
  });

  it.each([0, 1, 2])('a whole relational perceptron (case %i)', (seed) => {
    expectGradients(raggedPerceptron(new RandomStream('whole', seed)), 14, 11, `whole ${seed}`);
  });

  it('the check notices a gradient that is off by a thousandth', () => {
    expect(() => expectClose([1.001], [1], { atol: 2e-9, rtol: 1e-6 }, 'gradient')).toThrow('1.001');
  });
});
