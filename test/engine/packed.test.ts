import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialValues } from '../../src/public/engine.js';
import { existingRuns, packExisting, unpackExisting } from '../../src/engine/packed.js';
import { buildGraph, graphSpec } from '../../src/graph/index.js';
import { blockMask } from '../../src/network/index.js';
import { existingNumbers } from '../../src/network/parameters.js';
import type { ParameterInfo } from '../../src/network/types.js';

/** A weight over a graph of any density, of a linear layer or a convolution. */
const parameters: fc.Arbitrary<ParameterInfo> = fc
  .record({
    nodes: fc.integer({ min: 3, max: 9 }),
    k: fc.double({ min: 2, max: 3, noNaN: true }),
    spare: fc.tuple(fc.nat(9), fc.nat(9)),
    window: fc.constantFrom(null, 1, 3),
    seed: fc.nat(99),
    dense: fc.boolean(),
  })
  .map(({ nodes, k, spare: [more, others], window, seed, dense }) => {
    const mask = blockMask(
      buildGraph(graphSpec('ws-flex', { n: nodes, k, p: 0.5, seed })),
      nodes + more,
      nodes + others,
    );
    const shape = [
      mask.output.channels,
      mask.input.channels,
      ...(window === null ? [] : [window, window]),
    ];
    return {
      name: 'w',
      layer: 'l',
      role: 'weight',
      learnable: true,
      shape,
      init: { kind: 'normal', std: 1 },
      mask: dense ? null : mask,
    };
  });

describe('packed parameters', () => {
  it('hold what exists, once and in order, and come back as they were', () => {
    fc.assert(
      fc.property(parameters, fc.boolean(), (parameter, single) => {
        const drawn = initialValues(parameter, 1);
        const values = single ? Float32Array.from(drawn) : drawn;
        const packed = packExisting(parameter, values);
        expect(packed.constructor).toBe(values.constructor);
        expect(packed.length).toBe(existingNumbers(parameter));
        // Random numbers are never 0, absent ones always.
        expect([...packed]).toEqual([...values].filter((value) => value !== 0));
        expect(unpackExisting(parameter, packed)).toEqual(values);
      }),
    );
  });

  it('are in ascending runs within the parameter', () => {
    fc.assert(
      fc.property(parameters, (parameter) => {
        const runs = existingRuns(parameter);
        expect(
          runs.every((at, i) => i === 0 || (i % 2 === 0 ? at >= runs[i - 1] : at > runs[i - 1])),
        ).toBe(true);
        expect(runs.at(-1)).toBeLessThanOrEqual(
          parameter.shape.reduce((product, axis) => product * axis, 1),
        );
      }),
    );
  });
});
