import { afterAll, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { type KernelBackend, kernelBackend } from '../../src/engine/backends/cpu/index.js';
import { cpuBackend, shippedWasmBackend } from '../../src/engine-native/index.js';
import {
  backendNames,
  backends,
  createSession,
  registerBackend,
  selectBackend,
} from '../../src/public/engine.js';
import type { Backend } from '../../src/engine/types.js';
import { checkSettings } from '../../src/train/setting-rules.js';
import { defaultTrainSettings } from '../../src/train/settings.js';
import { LONG } from '../long.js';
import { backendSuite } from './backend-suite.js';
import { chain, vector } from './networks.js';

// Narrower builds of the kernels run watched: every operand compared with the memory's plan, and
// nothing written outside of it.
const watched = ({ kernels }: KernelBackend): KernelBackend =>
  kernelBackend(kernels, { checked: true });

for (const { name, backend, reason } of backends()) {
  if (name === 'wasm') backendSuite(`${name}, watched`, watched(shippedWasmBackend()));
  else if (backend !== null) backendSuite(name, backend);
  else {
    console.warn(`SKIPPED: the tests of the ${name} backend: ${reason}`);
    it.skip(`backend ${name}`, () => {});
  }
}

// The narrower builds of the native kernels, for processors that have no wider ones: the same tests
// once more for each, so in the long form.
if (LONG && backends().some(({ name, backend }) => name === 'cpu' && backend !== null)) {
  const widest = cpuBackend().info.description;
  for (const set of ['avx2', 'base'] as const) {
    const backend = cpuBackend(set);
    if (backend.info.description !== widest)
      describe(`the build ${set}`, { tags: ['long'] }, () =>
        backendSuite(`cpu, ${set}, watched`, watched(backend)),
      );
  }
}

describe('registerBackend', () => {
  const mine: Backend = {
    info: { ...selectBackend('reference').info, name: 'mine' },
    prepare: (program, options) => selectBackend('reference').prepare(program, options),
  };
  const entry = { name: 'mine', make: () => mine, automatic: false };
  // Nothing takes a name back: files of tests that follow in this process begin with new modules.
  afterAll(() => void vi.resetModules());

  it('makes a backend known by its name, to sessions and to settings', async () => {
    expect(() => selectBackend('mine')).toThrow('unknown backend "mine"');
    registerBackend(entry);
    registerBackend(entry);
    expect(selectBackend('mine')).toBe(mine);
    expect(backends().filter(({ name }) => name === 'mine').length).toBe(1);
    expect(backendNames()).toContain('mine');
    const network = chain(vector(3), [{ linear: 2 }]);
    const session = await createSession(network, { backend: 'mine', batch: 4 });
    expect(session.backend).toBe(mine.info);
    expect(() => checkSettings({ ...defaultTrainSettings, backend: 'mine' })).not.toThrow();
    expect(() => checkSettings({ ...defaultTrainSettings, backend: 'yours' })).toThrow(
      /the setting backend must be one of auto, reference, cpu, wasm-relaxed, wasm, mine; got yours/,
    );
  });

  it('refuses a name that is taken', () => {
    for (const name of ['auto', 'cpu'])
      expect(() => registerBackend({ ...entry, name })).toThrow(`"${name}" is taken`);
  });

  it('is not needed for a backend that is given as it is', async () => {
    expect(selectBackend(mine)).toBe(mine);
    const network = chain(vector(3), [{ linear: 2 }]);
    const session = await createSession(network, { backend: mine, batch: 4 });
    expect(session.backend).toBe(mine.info);
  });
});

describe('selectBackend', () => {
  it('finds the reference by name', () => {
    expect(selectBackend('reference').info).toEqual({
      name: 'reference',
      description: 'float64 TypeScript',
      version: 1,
      precision: 'float64',
      threads: 1,
      columns: 1,
      transposedWeights: false,
      bf16: 'widened',
    });
  });

  it('lists the valid names for an unknown one', () => {
    expect(() => selectBackend('gpu')).toThrow(UserError);
    expect(() => selectBackend('gpu')).toThrow(
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
