import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { referenceBackend } from '../../src/engine/backends/reference/index.js';
import { compile, programBytes } from '../../src/public/engine.js';
import { parseGraphSpec } from '../../src/graph/index.js';
import { baselineNetwork, buildNetwork, costOf, matchBudget } from '../../src/network/index.js';
import { checkMemory } from '../../src/train-files/memory.js';

const info = {
  name: 'cpu',
  version: 1,
  description: 'test',
  precision: 'float32',
  threads: 64,
  columns: 16,
  transposedWeights: true,
} as const;

describe('programBytes', () => {
  it('counts parameters that exist three times and running statistics once', () => {
    const network = buildNetwork('mlp', parseGraphSpec('ws-flex:n=16,k=4,p=0.2,seed=1'), [64]);
    const { parameters, total, activations, statistics } = programBytes(
      compile(network, { batch: 32 }),
    );
    const statisticsOf = 2 * (512 + 3 * 64);
    expect(parameters).toBe(4 * (3 * costOf(network).params + statisticsOf));
    expect(total).toBe(parameters + activations + statistics);
    // Saved mean and deviation of the batch, and a scratch number or two.
    expect(statistics).toBeGreaterThanOrEqual(4 * statisticsOf);
  });

  it('grows with the batch, in columns of 16 for the fast backends', () => {
    const network = baselineNetwork('mlp');
    const at = (batch: number): number => programBytes(compile(network, { batch })).activations;
    expect(at(128)).toBe(8 * at(16));
    expect(at(1)).toBe(at(16));
    const exact = (batch: number): number =>
      programBytes(compile(network, { batch }), referenceBackend().info).activations;
    expect(exact(16)).toBe(16 * exact(1));
    expect(exact(16)).toBe(2 * at(16));
  });
});

describe('checkMemory', () => {
  const large = compile(
    matchBudget('resnet50', parseGraphSpec('complete:n=64'), {
      input: { channels: 3, height: 224, width: 224 },
      classes: 1000,
    }),
    { batch: 4096 },
  );

  it('refuses what cannot fit, with both numbers, before anything is allocated', () => {
    const { total } = programBytes(large);
    expect(total).toBeGreaterThan(2 ** 36);
    expect(() => checkMemory(large, info, 2 ** 34)).toThrow(UserError);
    expect(() => checkMemory(large, info, 2 ** 34)).toThrow(
      /must fit into the machine's 16\.0 GiB of memory, but needs \d+\.\d GiB \(activations of 4096 images \d+\.\d GiB, parameters \d+\.\d [MG]iB\); lower the batch, or raise accumulate/,
    );
    expect(() => checkMemory(large, info, total)).not.toThrow();
  });
});
