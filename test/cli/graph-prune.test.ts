import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/stream.js';
import { readSafetensors, writeSafetensors } from '../../src/core/safetensors.js';
import type { Tensor } from '../../src/core/tensor.js';
import { plexus } from './harness.js';

let folder = '';
const at = (name: string): string => join(folder, name);
const prune = (...words: string[]): ReturnType<typeof plexus> =>
  plexus(['graph', 'prune', ...words, '--count', '2']);
const DATA = ['--data', 'shapes', '--size', '16', '--train-images', '200', '--test-images', '50'];

function weights(...shape: number[]): Tensor {
  const data = new Float64Array(shape.reduce((product, axis) => product * axis, 1));
  new RandomStream('weights', shape.join()).normals(data);
  return { shape, data: Float32Array.from(data) };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plexus-prune-'));
  writeFileSync(
    at('foreign.safetensors'),
    writeSafetensors(
      new Map([
        ['a.weight', weights(16, 16)],
        ['b.weight', weights(16, 16, 3, 3)],
      ]),
    ),
  );
  const train = (name: string, ...words: string[]): ReturnType<typeof plexus> =>
    plexus(['train', ...words, ...DATA, '--epochs', '1', '--save', at(name)]);
  for (const [name, ...words] of [
    ['dense.safetensors', '--graph', 'complete:n=16', '--width', '32'],
    ['parts.safetensors', '--graph', 'empty:n=16', '--width', '32'],
  ] as const) {
    const { status, notes } = await train(name, ...words);
    expect(status, notes).toBe(0);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('plexus graph prune', () => {
  it('prints a graph for each layer, which networks take', async () => {
    const { status, out, notes } = await prune(at('dense.safetensors'), '--density', '0.3');
    expect(status, notes).toBe(0);
    // 0.3 of 120 pairs.
    expect(notes).toMatch(/s2\.b1\.a\.weight +36 +0\.300/);
    expect(notes).toContain('C 0.10–0.50, L 1.82–2.75');
    const shown = await plexus(['network', 'show', '--graph', out]);
    expect(shown.status, shown.notes).toBe(0);
  });

  it('says all of it as JSON, and the most that a budget of neighbours allows', async () => {
    const { out } = await prune(at('dense.safetensors'), '--degree', '4.1', '--shared', '--json');
    const told = JSON.parse(out) as { spec: string; random: number[]; graphs: unknown[] };
    expect(told).toMatchObject({ shared: true, edges: 32, nodes: 16, arch: 'mlp' });
    expect(told.graphs).toHaveLength(1);
    expect(told.random).toHaveLength(2);
    const graph = await plexus(['graph', 'measure', told.spec, '--json']);
    expect(JSON.parse(graph.out)).toMatchObject({ edges: 32, connected: true });
  });

  it.each([[[]], [['--regroup']]])(
    'saves what is left, %j, of the weights that were there, to be trained on',
    async (words) => {
      const file = at(`left${words.length}.safetensors`);
      const { status, notes } = await prune(
        at('dense.safetensors'),
        '--edges',
        '40',
        '--save',
        file,
        ...words,
      );
      expect(status, notes).toBe(0);
      const [left, dense] = [file, at('dense.safetensors')].map((path) =>
        readSafetensors(new Uint8Array(readFileSync(path))),
      );
      for (const name of ['s2.b1.a.weight', 's2.b2.a.weight', 's2.b3.a.weight']) {
        const there = [...left.get(name)!.data].filter((value) => value !== 0);
        if (name !== 's2.b1.a.weight') expect(there).toHaveLength((16 + 80) * 4);
        const before = new Set(dense.get(name)!.data);
        expect(there.every((value) => before.has(value))).toBe(true);
      }
      const trained = await plexus(['train', '--load', file, ...DATA, '--epochs', '1', '--json']);
      expect(trained.status, trained.notes).toBe(0);
      expect(JSON.parse(trained.out.split('\n').at(-1)!)).toMatchObject({
        arch: 'mlp',
        widths: [32],
        edges: 40,
      });
    },
  );

  it('writes one graph, whose weights make up what is kept', async () => {
    const file = at('pruned.edgelist');
    const words = [at('dense.safetensors'), '--edges', '30', '--shared', '--regroup'];
    const { out } = await prune(...words, '--json', '-o', file);
    const { kept } = JSON.parse(out) as { kept: number };
    const rows = readFileSync(file, 'utf8').trim().split('\n');
    const squares = rows.flatMap((row) => {
      const weight = Number(row.split(/\s+/).at(-1));
      return Number.isFinite(weight) ? [weight ** 2] : [];
    });
    expect(squares).toHaveLength(30);
    // Of three layers that count 1 each; the rest of what is kept is what groups tell themselves.
    const between = squares.reduce((sum, each) => sum + each, 0) / 3;
    expect(between).toBeLessThan(kept);
    expect(between).toBeGreaterThan(0.5 * kept);
  });

  it('takes weights of any program', async () => {
    const { status, out, notes } = await prune(
      at('foreign.safetensors'),
      '--nodes=8',
      '--edges=12',
      '--shuffles=2',
    );
    expect(status, notes).toBe(0);
    expect(out).toMatch(/^sequence:per=layer,graphs=\(edges:n=8,.*\)\(edges:n=8,.*\)$/);
    expect(notes).toMatch(/shuffled within their layers, 2 times/);
  });

  it('takes a network in ONNX', async () => {
    const words = ['--to', 'onnx', '--form', 'dense', '-o', at('dense.onnx')];
    const exported = await plexus(['export', at('dense.safetensors'), ...words]);
    expect(exported.status, exported.notes).toBe(0);
    const { status, out, notes } = await prune(at('dense.onnx'), '--nodes', '8', '--edges', '10');
    expect(status, notes).toBe(0);
    expect(out).toMatch(/edges:n=8,/);
  });

  it.each([
    [['dense.safetensors'], 'got none; give one of them'],
    [['dense.safetensors', '--density', '0.2', '--edges', '30'], 'got 2; give one of them'],
    [['dense.safetensors', '--density', '1.2'], '--density must be above 0 and at most 1'],
    [['dense.safetensors', '--degree', '16'], '--degree must be above 0 and at most 15'],
    [['dense.safetensors', '--density', '0.1'], '16 groups need 15 edges (density 0.125'],
    [['parts.safetensors', '--edges', '20'], '0 of 120, got a budget of 20'],
    [['dense.safetensors', '--edges', '30', '-o', 'x.csv'], 'add --shared'],
    [['dense.safetensors', '--edges', '30', '--save', 'x.onnx'], 'not as .onnx'],
    [['dense.safetensors', '--edges', '30', '--format', 'gml'], 'add -o FILE'],
    [['foreign.safetensors', '--edges', '9'], 'give --nodes with the number of groups'],
    [['foreign.safetensors', '--nodes=8', '--edges=9', '--regroup'], 'or leave out --regroup'],
    [['foreign.safetensors', '--nodes=8', '--edges=9', '--save=x.safetensors'], 'leave out --save'],
  ])('refuses %j', async ([file, ...words], message) => {
    const { status, notes } = await prune(at(file), ...words);
    expect(notes).toContain(message);
    expect(status).toBe(2);
  });
});

describe('plexus train --load', () => {
  it('needs a graph where the file says none', async () => {
    const { status, notes } = await plexus(['train', '--load', at('foreign.safetensors'), ...DATA]);
    expect(status).toBe(2);
    expect(notes).toContain('does not say over which graph its network is');
  });

  it('needs one without a file', async () => {
    const { status, notes } = await plexus(['train', ...DATA]);
    expect(status).toBe(2);
    expect(notes).toContain("required option '--graph <spec>' not specified");
  });
});
