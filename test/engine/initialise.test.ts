import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import { compile } from '../../src/engine/compile.js';
import { backends, initialise, initialValues } from '../../src/public/engine.js';
import { denseMask } from '../../src/network/index.js';
import type { ParameterInfo } from '../../src/network/types.js';
import { chain, randomGraph, randomise, snapshot, vector } from './networks.js';

const random = new RandomStream('initialise');
const network = chain(vector(40), [
  { linear: 50 },
  'bn',
  'relu',
  { linear: 61, graph: randomGraph(random, 9, 0.4) },
  'bn',
  'relu',
  { linear: 5, bias: true },
]);
const program = compile(network, { batch: 4 });
const masked = program.parameters.find((parameter) => parameter.mask !== null)!;

function bits(parameter: ParameterInfo, seed: number): number[] {
  return Array.from(initialValues(parameter, seed));
}

describe('initialise', () => {
  it('draws existing entries in row-major order, and nothing for absent ones', () => {
    const stream = new RandomStream('init', 7, masked.name);
    const wanted = Array.from(denseMask(masked.mask!), (exists) =>
      exists === 1 ? 0.01 * stream.normal() : 0,
    );
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
    const deviation = Math.sqrt(
      weight.reduce((sum, value) => sum + (value - mean) ** 2, 0) / weight.length,
    );
    // Four standard errors of 2000 draws.
    expect(Math.abs(mean)).toBeLessThan((4 * 0.01) / Math.sqrt(2000));
    expect(Math.abs(deviation - 0.01)).toBeLessThan((4 * 0.01) / Math.sqrt(4000));
    for (const parameter of program.parameters.filter((one) => one.role !== 'weight')) {
      const wanted = parameter.role === 'gamma' || parameter.role === 'runningVar' ? 1 : 0;
      expect(new Set(initialValues(parameter, 1)), parameter.name).toEqual(new Set([wanted]));
    }
  });

  it(
    'fan-in: each row has the deviation sqrt(2 / its existing weights), from the very same ' +
      'draws',
    () => {
      const fanIn = initialValues(masked, 7, 'fan-in');
      const exists = denseMask(masked.mask!);
      const [rows] = masked.shape;
      const columns = exists.length / rows;
      const squares: number[] = [];
      bits(masked, 7).forEach((value, at) => {
        const row = Math.floor(at / columns);
        const inputs = exists
          .subarray(row * columns, (row + 1) * columns)
          .reduce((sum, one) => sum + one, 0);
        expect(fanIn[at]).toBeCloseTo((value / 0.01) * Math.sqrt(2 / inputs), 12);
        if (exists[at] === 1) squares.push((fanIn[at] ** 2 * inputs) / 2);
      });
      // Squares of standard normal numbers: mean 1, variance 2.
      const ratio = squares.reduce((sum, square) => sum + square, 0) / squares.length;
      expect(Math.abs(ratio - 1)).toBeLessThan(4 * Math.sqrt(2 / squares.length));
    },
  );

  it('fan-in leaves all but weights as they are', () => {
    for (const parameter of program.parameters.filter((one) => one.role !== 'weight')) {
      expect(initialValues(parameter, 1, 'fan-in'), parameter.name).toEqual(
        initialValues(parameter, 1),
      );
    }
  });

  it(
    'has the same bits whatever was drawn before: less or more of the stream, other seeds, ' +
      'other names',
    () => {
      const stream = new RandomStream('init', 11, 'kept');
      const wanted = Array.from({ length: 3000 }, () => 0.01 * stream.normal());
      const dense = (rows: number): ParameterInfo => ({
        ...program.parameters[0],
        name: 'kept',
        mask: null,
        shape: [rows, 40],
      });
      const shuffled = new RandomStream('order of draws');
      const orders = Array.from({ length: 12 }, () => 1 + shuffled.below(75));
      for (const rows of [2, 75, 1, ...orders]) {
        expect(bits(dense(rows), 11), `${rows} rows`).toEqual(wanted.slice(0, 40 * rows));
        if (rows % 3 === 0) initialValues(dense(5), 12);
        if (rows % 4 === 0) initialValues({ ...dense(7), name: 'other' }, 11);
      }
    },
  );

  it('has the same bits beyond what is kept of a stream', () => {
    const rows = Math.ceil((1 << 20) / 40) + 1;
    const large: ParameterInfo = {
      ...program.parameters[0],
      name: 'large',
      mask: null,
      shape: [rows, 40],
    };
    const small = { ...large, shape: [50, 40] };
    const before = bits(small, 2);
    expect(Array.from(initialValues(large, 2).subarray(0, 2000))).toEqual(before);
    expect(bits(small, 2)).toEqual(before);
  });

  for (const { name, backend } of backends()) {
    if (backend === null) continue;
    it(`${name}: forgets whatever was there, momenta included`, async () => {
      const [used, fresh] = [await backend.prepare(program), await backend.prepare(program)];
      randomise([used], new RandomStream('used'), true);
      for (const executable of [used, fresh]) initialise(executable, 5);
      expect(await snapshot(used, ['value', 'momentum'])).toEqual(
        await snapshot(fresh, ['value', 'momentum']),
      );
      expect((await used.read(masked.name, 'momentum')).every((value) => value === 0)).toBe(true);
      const exact = initialValues(masked, 5);
      const rounded = backend.info.precision === 'float32' ? Float32Array.from(exact) : exact;
      expect(Array.from(await used.read(masked.name))).toEqual(Array.from(rounded));
    });
  }
});
