import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import { compile } from '../../src/engine/compile.js';
import { referenceBackend } from '../../src/engine/backends/reference/index.js';
import type { Executable } from '../../src/engine/types.js';
import { denseMask } from '../../src/network/index.js';
import type { Network } from '../../src/network/types.js';
import { expectClose } from './agreement.js';
import { chain, loadBatch, randomBatch, randomGraph, randomise, raggedPerceptron, vector } from './networks.js';

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
  learnable.forEach(({ name, mask }, index) => {
    const values = Float64Array.from(executable.read(name));
    const exists = mask === null ? null : denseMask(mask);
    const present = Array.from(values.keys()).filter((at) => exists === null || exists[at] === 1);
    const stride = Math.ceil(present.length / 40);
    const places = present.filter((_, i) => i % stride === 0);
    const expected = places.map((at) => slope(executable, name, values, at));
    expectClose(places.map((at) => gradients[index][at]), expected, { atol: 2e-9, rtol: 1e-6 }, `gradient of ${name}`);
  });
}

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

  it.each([0, 1, 2])('a whole relational perceptron (case %i)', (seed) => {
    expectGradients(raggedPerceptron(new RandomStream('whole', seed)), 14, 11, `whole ${seed}`);
  });

  it('the check notices a gradient that is off by a thousandth', () => {
    expect(() => expectClose([1.001], [1], { atol: 2e-9, rtol: 1e-6 }, 'gradient')).toThrow('1.001');
  });
});
