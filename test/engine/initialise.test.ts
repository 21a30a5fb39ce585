import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import { compile } from '../../src/engine/compile.js';
import { backends, initialise, initialValues } from '../../src/engine/index.js';
import { denseMask } from '../../src/network/index.js';
import type { ParameterInfo } from '../../src/network/types.js';
import { chain, randomGraph, randomise, snapshot, vector } from './networks.js';

const random = new RandomStream('initialise');
const network = chain(vector(40), [{ linear: 50 }, 'bn', 'relu', { linear: 61, graph: randomGraph(random, 9, 0.4) }, 'bn', 'relu', { linear: 5, bias: true }]);
const program = compile(network, { batch: 4 });
const masked = program.parameters.find((parameter) => parameter.mask !== null)!;

function bits(parameter: ParameterInfo, seed: number): number[] {
  return Array.from(initialValues(parameter, seed));
}

describe('initialise', () => {
  it('draws existing entries in row-major order, and nothing for absent ones', () => {
    const stream = new RandomStream('init', 7, masked.name);
    const wanted = Array.from(denseMask(masked.mask!), (exists) => (exists === 1 ? 0.01 * stream.normal() : 0));
    expect(bits(masked, 7)).toEqual(wanted);
  });

  it('is a function of seed and name', () => {
    const [first] = program.parameters;
    expect(bits(first, 3)).toEqual(bits(first, 3));
    expect(bits(first, 3)).not.toEqual(bits(first, 4));
    expect(bits({ ...first, name: 'other' }, 3)).not.toEqual(bits(first, 3));
  });

  it('gives weights of mean 0 and deviation 0.01, scales and variances 1, the rest 0', () => {
    const weight = initialValues(program.parameters[0], 1);
    const mean = weight.reduce((a, b) => a + b, 0) / weight.length;
    const deviation = Math.sqrt(weight.reduce((sum, value) => sum + (value - mean) ** 2, 0) / weight.length);
    // Four standard errors of 2000 draws.
    expect(Math.abs(mean)).toBeLessThan((4 * 0.01) / Math.sqrt(2000));
    expect(Math.abs(deviation - 0.01)).toBeLessThan((4 * 0.01) / Math.sqrt(4000));
    for (const parameter of program.parameters.filter((one) => one.role !== 'weight')) {
      const wanted = parameter.role === 'gamma' || parameter.role === 'runningVar' ? 1 : 0;
      expect(new Set(initialValues(parameter, 1)), parameter.name).toEqual(new Set([wanted]));
    }
  });

  for (const { name, backend } of backends()) {
    if (backend === null) continue;
    it(`${name}: forgets whatever was there, momenta included`, () => {
      const [used, fresh] = [backend.prepare(program), backend.prepare(program)];
      randomise([used], new RandomStream('used'), true);
      for (const executable of [used, fresh]) initialise(executable, 5);
      expect(snapshot(used, ['value', 'momentum'])).toEqual(snapshot(fresh, ['value', 'momentum']));
      expect(used.read(masked.name, 'momentum').every((value) => value === 0)).toBe(true);
      const exact = initialValues(masked, 5);
      const rounded = backend.info.precision === 'float32' ? Float32Array.from(exact) : exact;
      expect(Array.from(used.read(masked.name))).toEqual(Array.from(rounded));
    });
  }
});
