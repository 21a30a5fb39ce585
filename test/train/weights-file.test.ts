import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '../../src/core/tensor.js';
import { selectBackend } from '../../src/engine/backends/registry.js';
import { compile } from '../../src/engine/compile.js';
import { initialise } from '../../src/engine/initialise.js';
import type { Executable } from '../../src/engine/types.js';
import { readWeights } from '../../src/engine/weights.js';
import { parseGraphSpec } from '../../src/graph/spec.js';
import { designNetwork } from '../../src/network/design.js';
import { loadWeightsInto, readWeightsFile } from '../../src/train-files/weights-file.js';

const directory = mkdtempSync(join(tmpdir(), 'plexus-weights-'));
let executable: Executable;
let weights: Map<string, Tensor>;

beforeAll(async () => {
  const { network } = designNetwork({
    arch: 'mlp',
    graph: parseGraphSpec('complete:n=8'),
    input: { channels: 1, height: 4, width: 4 },
    classes: 3,
    widths: [8],
  });
  const backend = selectBackend('reference', () => undefined);
  executable = await backend.prepare(compile(network, { batch: 2 }));
  initialise(executable, 1, 'published');
  weights = await readWeights(executable);
});
afterAll(() => {
  executable.dispose();
  rmSync(directory, { recursive: true });
});

function load(tensors: ReadonlyMap<string, Tensor>): string[] {
  const notes: string[] = [];
  loadWeightsInto(executable, { path: 'w', tensors, checkpoint: null }, (line) => notes.push(line));
  return notes;
}

describe('weights of other programs', () => {
  it('are taken without a prefix that all names have', () => {
    const prefixed = new Map([...weights].map(([name, tensor]) => [`module.${name}`, tensor]));
    expect(load(prefixed).join()).toContain('DataParallel');
    expect(load(weights)).toEqual([]);
  });

  it('are refused with names that do not fit, without advice that nobody can take', () => {
    const extra = new Map([...weights, ['extra.weight', [...weights.values()][0]]]);
    expect(() => load(extra)).toThrow(/unexpected extra\.weight; remove from the file/);
  });

  it('are refused where a number is not finite, by the name of its tensor', () => {
    const [[name, { shape, data }]] = weights;
    const broken = data.slice();
    broken[3] = NaN;
    const bad = new Map([...weights, [name, { shape, data: broken }]]);
    expect(() => load(bad)).toThrow(`tensor "${name}" holds NaN at place 3`);
  });

  it.each([
    ['w.pt', [...Buffer.from('PK\u0003\u0004....archive/data.pkl')], /PyTorch/],
    ['w.npz', [...Buffer.from('PK\u0003\u0004....a.npy')], /NumPy archive/],
    ['w.pth', [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20], /pickle/],
    ['w.h5', [0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10, 0, 0], /HDF5/],
    ['w.onnx', [8, 8, 0x12, 7, ...Buffer.from('pytorch')], /ONNX/],
    ['w.safetensors', [], /empty/],
  ])('%s is named as what it is', (name, bytes, what) => {
    const path = join(directory, name);
    writeFileSync(path, Uint8Array.from(bytes));
    expect(() => readWeightsFile(path)).toThrow(what);
  });
});
