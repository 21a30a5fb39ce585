import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { cpuBackend } from '../../src/engine/backends/cpu/index.js';
import { backends, selectBackend } from '../../src/engine/index.js';
import { backendSuite } from './backend-suite.js';

for (const { name, backend, reason } of backends()) {
  if (backend !== null) backendSuite(name, backend);
  else {
    console.warn(`SKIPPED: the tests of the ${name} backend: ${reason}`);
    it.skip(`backend ${name}`, () => {});
  }
}

// The narrower builds of the native kernels, for processors that have no wider ones.
if (backends().some(({ name, backend }) => name === 'cpu' && backend !== null)) {
  const widest = cpuBackend().info.description;
  for (const set of ['avx2', 'base'] as const) {
    const backend = cpuBackend(set);
    if (backend.info.description !== widest) backendSuite(`cpu, ${set}`, backend);
  }
}

describe('selectBackend', () => {
  it('finds the reference by name', () => {
    expect(selectBackend('reference').info).toEqual({
      name: 'reference',
      description: 'float64 TypeScript',
      precision: 'float64',
      threaded: false,
    });
  });

  it('lists the valid names for an unknown one', () => {
    const unknown: string = 'gpu';
    expect(() => selectBackend(unknown as 'cpu')).toThrow(UserError);
    expect(() => selectBackend(unknown as 'cpu')).toThrow(
      /unknown backend "gpu"; expected one of reference, .*auto/,
    );
  });

  it('never takes the reference by itself', () => {
    const fast = backends().filter(({ name, backend }) => name !== 'reference' && backend !== null);
    const notes: string[] = [];
    if (fast.length === 0)
      expect(() => selectBackend('auto')).toThrow('--backend reference runs everywhere');
    else expect(selectBackend('auto', (line) => notes.push(line)).info.name).not.toBe('reference');
    expect(notes.length).toBeLessThanOrEqual(1);
  });
});
