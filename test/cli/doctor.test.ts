import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agreementWithReference } from '../../src/cli/doctor/agreement.js';
import { backendChecks, tryBackends, type BackendTrial } from '../../src/cli/doctor/backends.js';
import { checkOf } from '../../src/cli/doctor/check.js';
import {
  dataChecks,
  machineChecks,
  placeChecks,
  thisMachine,
  type Machine,
} from '../../src/cli/doctor/machine.js';
import { hasRelaxedSimd } from '../../src/engine/backends/cpu/wasm.js';
import { backends } from '../../src/public/engine.js';
import { plexus } from './harness.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plexus-doctor-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const machine: Machine = {
  node: '20.9.0',
  platform: 'linux',
  arch: 'x64',
  processor: 'Some CPU',
  cores: 8,
  memory: 2 ** 34,
  freeMemory: 2 ** 33,
};
const reference: BackendTrial = {
  name: 'reference',
  description: 'float64 TypeScript',
  reason: null,
  difference: 0,
  agrees: true,
  peak: null,
};
const cpu: BackendTrial = {
  name: 'cpu',
  description: 'native avx2',
  reason: null,
  difference: 1e-7,
  agrees: true,
  peak: 80.04,
};
const wasm: BackendTrial = {
  name: 'wasm',
  description: 'WebAssembly simd128',
  reason: null,
  difference: 2e-7,
  agrees: true,
  peak: 30,
};
const absent = { description: null, difference: null, agrees: false, peak: null };

describe('plexus doctor', () => {
  const given = (): { env: Record<string, string> } => ({
    env: { XDG_CACHE_HOME: join(root, 'cache') },
  });

  it('prints a line for every check, and a remedy below those that need one', async () => {
    const { status, out, notes } = await plexus(['doctor'], given());
    expect([status, notes]).toEqual([0, '']);
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^plexus \d/);
    for (const name of [
      'node',
      'cores',
      'memory',
      'backend reference',
      'backend cpu',
      'backend wasm',
      'studies use',
      'data shapes',
      'data cifar10',
      'data cifar100',
      'data fashion-mnist',
      'data auto',
      'cache',
      'directory',
    ]) {
      expect(
        lines.filter((line) => new RegExp(`^(ok|warn) +${name} +\\S`).test(line)),
        name,
      ).toHaveLength(1);
    }
    expect(lines[lines.findIndex((line) => line.includes('data cifar10')) + 1]).toMatch(
      /^ +-> run "plexus data get cifar10"/,
    );
    expect(readdirSync(root)).toEqual([]);
  });

  it('prints JSON, and exits with status 1 when a check fails', async () => {
    const { status, out, notes } = await plexus(
      ['doctor', '--json', '--data-dir', join(root, 'nowhere')],
      given(),
    );
    expect(status).toBe(1);
    expect(notes).toBe(`error: 1 of ${hasRelaxedSimd() ? 15 : 14} checks failed: data auto`);
    const found = JSON.parse(out) as {
      ok: boolean;
      checks: { name: string; status: string; remedy: string | null }[];
    };
    expect(found).toMatchObject({
      ok: false,
      machine: { node: process.versions.node },
      backends: [
        { name: 'reference' },
        { name: 'cpu' },
        { name: 'wasm-relaxed' },
        { name: 'wasm', agrees: true },
      ],
    });
    expect(found.checks.filter(({ status: s }) => s === 'fail')).toMatchObject([
      { name: 'data auto', remedy: 'correct the path or make the directory' },
    ]);
  });
});

describe('the machine', () => {
  const statuses = (changed: Partial<Machine>): string[] =>
    machineChecks({ ...machine, ...changed }).map(({ status }) => status);

  it('needs Node 20 and has room for a study', () => {
    expect(statuses({})).toEqual(['ok', 'ok', 'ok']);
    expect(statuses({ node: '100.0.0' })[0]).toBe('ok');
    expect(statuses({ node: '18.20.1' })[0]).toBe('fail');
    expect(statuses({ node: '20.8.1' })[0]).toBe('fail');
    expect(statuses({ memory: 2 ** 30 })[2]).toBe('warn');
  });

  it('says what this one has', () => {
    const here = thisMachine();
    expect(here.cores).toBeGreaterThan(0);
    expect(here.memory).toBeGreaterThanOrEqual(here.freeMemory);
    expect(here.memory).toBeGreaterThan(2 ** 28);
  });
});

describe('backends', () => {
  const named = (trials: BackendTrial[], name: string) =>
    backendChecks(trials).find((check) => check.name === name);

  it('every one that runs here agrees with the reference, and has a peak', async () => {
    const tried = await tryBackends();
    expect(tried.map(({ name }) => name)).toEqual(['reference', 'cpu', 'wasm-relaxed', 'wasm']);
    for (const { name, backend } of backends()) {
      const trial = tried.find((one) => one.name === name);
      if (backend === null)
        expect(trial).toMatchObject({ description: null, reason: expect.stringMatching(/\S/) });
      else
        expect(trial).toMatchObject({
          description: backend.info.description,
          reason: null,
          agrees: true,
        });
      if (backend !== null && name !== 'reference') expect(trial?.peak).toBeGreaterThan(0);
    }
  });

  it('float32 differs from float64, but by little', async () => {
    expect((await agreementWithReference('reference')).difference).toBe(0);
    const { difference } = await agreementWithReference('wasm');
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(1e-5);
  });

  it('studies use the first fast one that runs', () => {
    expect(named([reference, cpu, wasm], 'studies use')).toEqual({
      name: 'studies use',
      status: 'ok',
      detail: 'cpu, native avx2',
      remedy: null,
    });
    expect(named([reference, cpu, wasm], 'backend cpu')?.detail).toBe(
      'native avx2, peak 80.0 GFLOP/s a core, agrees with the reference (difference 1.0e-7)',
    );
  });

  it('without a compiler the others do, with a warning', () => {
    const trials = [
      reference,
      { name: 'cpu' as const, ...absent, reason: 'not built; install a compiler' },
      wasm,
    ];
    expect(named(trials, 'backend cpu')).toEqual({
      name: 'backend cpu',
      status: 'warn',
      detail: 'not built',
      remedy: 'install a compiler',
    });
    expect(named(trials, 'studies use')).toMatchObject({
      status: 'ok',
      detail: 'wasm, WebAssembly simd128',
    });
  });

  it('none at all, or wrong numbers, is a failure', () => {
    const none = [
      reference,
      { name: 'cpu' as const, ...absent, reason: 'a' },
      { name: 'wasm' as const, ...absent, reason: 'b' },
    ];
    expect(named(none, 'studies use')).toMatchObject({
      status: 'fail',
      remedy: expect.stringContaining('C compiler'),
    });
    expect(
      named([reference, { ...cpu, agrees: false, difference: 0.5 }, wasm], 'backend cpu'),
    ).toMatchObject({ status: 'fail', detail: expect.stringContaining('difference 5.0e-1') });
  });
});

describe('data and places', () => {
  it('a damaged CIFAR-10 is a failure: studies would stop at it', () => {
    const folder = join(root, 'cifar-10-batches-bin');
    mkdirSync(folder);
    writeFileSync(join(folder, 'data_batch_1.bin'), 'short');
    const env = { PLEXUS_DATA: root, XDG_CACHE_HOME: join(root, 'cache') };
    expect(dataChecks({ env }).find(({ name }) => name === 'data cifar10')).toMatchObject({
      status: 'fail',
    });
    expect(
      dataChecks({ env: { XDG_CACHE_HOME: join(root, 'cache') } }).map(({ name, status }) => [
        name,
        status,
      ]),
    ).toEqual([
      ['data shapes', 'ok'],
      ['data cifar10', 'warn'],
      ['data cifar100', 'ok'],
      ['data fashion-mnist', 'ok'],
      ['data auto', 'ok'],
    ]);
  });

  it('tells a place that can be written from one that cannot, and leaves nothing behind', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    const [cache, directory] = placeChecks({ XDG_CACHE_HOME: join(file, 'deep') }, root);
    expect(cache).toMatchObject({
      status: 'warn',
      detail: `cannot write in ${file}: a part of the path is a file, not a directory`,
      remedy: expect.stringContaining('--data-dir'),
    });
    expect(directory).toMatchObject({ status: 'ok', detail: `${root} can be written` });
    expect(placeChecks({}, join(root, 'gone'))[1]).toMatchObject({
      status: 'warn',
      remedy: expect.stringContaining('--out'),
    });
    expect(readdirSync(root)).toEqual(['file']);
  });

  it('the remedy is what follows the first semicolon', () => {
    expect(checkOf('x', 'warn', 'a; b; c')).toEqual({
      name: 'x',
      status: 'warn',
      detail: 'a',
      remedy: 'b; c',
    });
    expect(checkOf('x', 'ok', 'a').remedy).toBeNull();
  });
});
