import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensorsFile } from '../../src/interop/index.js';
import type { EpochRecord } from '../../src/train/index.js';
import { plexus } from './harness.js';

const SMALL = ['train', '--graph', 'ws-flex:n=8,k=4,p=0.5,seed=1', '--data', 'shapes', '--size', '16', '--train-images', '160', '--test-images', '50', '--batch', '32', '--rate', '0.05'];

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-cli-train-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Final {
  readonly error: number;
  readonly weights: string | null;
}

async function trainJson(...more: readonly string[]): Promise<{ epochs: EpochRecord[]; last: Final }> {
  const { status, out, notes } = await plexus([...SMALL, '--json', ...more]);
  expect(notes).not.toContain('error:');
  expect(status).toBe(0);
  const lines = out.split('\n').map((line) => JSON.parse(line) as unknown);
  return { epochs: lines.slice(0, -1) as EpochRecord[], last: lines.at(-1) as Final };
}

describe('plexus train', () => {
  it('prints a line for each epoch as it ends, and a table', async () => {
    const { status, out, notes } = await plexus([...SMALL, '--epochs', '2']);
    expect(status).toBe(0);
    expect(notes).toMatch(/^epoch 1\/2: rate 0\.0500, train loss \d.* error \d.* %, test loss \d.* error \d.* %, \d.* left$/m);
    expect(notes).toMatch(/^epoch 2\/2: rate 0\.0250, .* %$/m);
    expect(out).toMatch(/^graph +ws-flex:n=8,k=4,p=0\.5,seed=1$/m);
    expect(out).toMatch(/^test error +\d+\.\d\d %$/m);
  });

  it('prints JSON: a line for each epoch and one at the end', async () => {
    const { epochs, last } = await trainJson('--epochs', '2', '--seed', '4');
    expect(epochs.map((record) => Object.keys(record))).toEqual(Array.from({ length: 2 }, () => ['epoch', 'learningRate', 'trainLoss', 'trainError', 'testLoss', 'testError']));
    expect(last).toMatchObject({
      arch: 'mlp', graph: 'ws-flex:n=8,k=4,p=0.5,seed=1', nodes: 8, edges: 16, widths: [expect.any(Number)], macs: expect.any(Number), params: expect.any(Number),
      data: expect.stringMatching(/^shapes train=160 test=50 size=16/), seed: 4, epochs: 2, error: epochs[1].testError, weights: null,
    });
  });

  it('repeats exactly, and differs by seed and by augmentation', async () => {
    const losses = async (...more: readonly string[]): Promise<number[]> => (await trainJson('--epochs', '1', ...more)).epochs.map((record) => record.trainLoss);
    const [plain, again, seeded, still] = [await losses(), await losses('--seed', '1'), await losses('--seed', '2'), await losses('--no-augment')];
    expect(again).toEqual(plain);
    expect(seeded).not.toEqual(plain);
    expect(still).not.toEqual(plain);
  });

  it('saves weights that it can start from', async () => {
    const file = join(directory, 'w.safetensors');
    const { last } = await trainJson('--epochs', '1', '--save', file);
    expect(last.weights).toBe(file);
    expect(readSafetensorsFile(file).size).toBeGreaterThan(4);
    // A learning rate too small to move anything leaves the saved network as it was, but for running statistics.
    const copy = join(directory, 'copy.safetensors');
    await trainJson('--epochs', '1', '--rate', '1e-30', '--load', file, '--save', copy);
    const [before, after] = [readSafetensorsFile(file), readSafetensorsFile(copy)];
    for (const [name, tensor] of before) if (!name.includes('running')) expect(after.get(name)).toEqual(tensor);
  });

  it.each([
    [['--data', 'shape'], 'unknown data set "shape"; expected one of auto, cifar10, shapes'],
    [['--backend', 'cuda'], '--backend must be one of auto, reference, cpu, wasm; got cuda'],
    [['--arch', 'cnn'], 'unknown architecture "cnn"; expected one of mlp'],
    [['--epochs', '0'], '--epochs must be a whole number from 1 to 100000; got 0'],
    [['--rate', '-1'], '--rate must be a number above 0; got -1'],
    [['--rate', 'fast'], 'expected a number'],
    [['--seed', '1.5'], 'expected a whole number from 0 to 2^53 - 1'],
    [['--batch', '161'], 'at least one batch of 161 images, it has 160'],
    [['--save', '/nowhere/w.safetensors'], 'cannot write /nowhere/w.safetensors: no such file or directory'],
    [['--save', tmpdir()], `cannot write ${tmpdir()}: it is a directory where a file is expected`],
    [['--load', '/nowhere/w.safetensors'], 'cannot read /nowhere/w.safetensors: no such file or directory'],
  ])('refuses %j', async (more, message) => {
    const { status, notes } = await plexus([...SMALL, '--epochs', '1', ...more]);
    expect(status).toBe(2);
    expect(notes).toContain(message);
    expect(notes).not.toContain('epoch 1/');
  });

  it('refuses a graph that does not fit before it looks for data', async () => {
    const elsewhere = ['--data', 'cifar10', '--data-dir', directory];
    const few = await plexus(['train', '--graph', 'sequence:per=layer,graphs=(complete:n=8)(complete:n=4)', ...elsewhere]);
    expect([few.status, few.notes]).toEqual([2, expect.stringContaining('mlp has 3, got 2 in sequence:')]);
    const set = await plexus(['train', '--graph', 'ws-flex:n=16,set=48', ...elsewhere]);
    expect([set.status, set.notes]).toEqual([2, expect.stringContaining('a set is many graphs, but one graph is asked for here')]);
    const nested = `product:outer=(complete:n=3),inner=(file:${JSON.stringify(join(directory, 'net.edges'))},sha256=${'0'.repeat(16)})`;
    const gone = await plexus(['train', '--graph', nested, ...elsewhere]);
    expect([gone.status, gone.notes]).toEqual([2, expect.stringMatching(/^error: cannot read .*net\.edges/)]);
  });

  it('fails with status 1 when the training diverges, and saves nothing', async () => {
    const file = join(directory, 'diverged.safetensors');
    const { status, notes } = await plexus([...SMALL, '--epochs', '2', '--rate', '1e30', '--save', file]);
    expect(status).toBe(1);
    expect(notes).toMatch(/^error: diverged: the (training|test) loss is .* epoch 1.* \(learning rate 1e\+30\); lower --rate$/m);
    expect(existsSync(file)).toBe(false);
  });

  it('stops with status 130 when it is interrupted', async () => {
    const controller = new AbortController();
    const note = (line: string): void => {
      if (line.startsWith('epoch 2/')) controller.abort();
    };
    const { status } = await plexus([...SMALL, '--epochs', '100000'], { signal: controller.signal, note });
    expect(status).toBe(130);
  });
});
