import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/stream.js';
import { writeSafetensors } from '../../src/core/safetensors.js';
import type { Tensor } from '../../src/core/tensor.js';
import { plexus } from './harness.js';

let folder = '';
const at = (name: string): string => join(folder, name);
const of = (...words: string[]): ReturnType<typeof plexus> =>
  plexus(['graph', 'of-weights', ...words]);

function weights(...shape: number[]): Tensor {
  const data = new Float64Array(shape.reduce((product, axis) => product * axis, 1));
  new RandomStream('weights', shape.join()).normals(data);
  return { shape, data: Float32Array.from(data) };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plexus-of-weights-'));
  writeFileSync(
    at('foreign.safetensors'),
    writeSafetensors(
      new Map([
        ['module.a.weight', weights(16, 16)],
        ['module.b.weight', weights(16, 16, 3, 3)],
        ['module.head.weight', weights(10, 16)],
      ]),
    ),
  );
  const trained = await plexus(
    ['train', '--graph', 'ws-flex:n=16,k=6,p=0.1,seed=1', '--data', 'shapes', '--size', '16']
      .concat(['--train-images', '200', '--test-images', '50', '--epochs', '1'])
      .concat(['--width', '32', '--save', at('own.safetensors')]),
  );
  expect(trained.status, trained.notes).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('plexus graph of-weights', () => {
  it('takes its groups from the network of our own weights', async () => {
    const { status, out } = await of(at('own.safetensors'), '--count', '4', '--json');
    expect(status).toBe(0);
    const views = out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(views.map(({ view }) => view)).toEqual([
      'all',
      's2.b1.a.weight',
      's2.b2.a.weight',
      's2.b3.a.weight',
    ]);
    for (const view of views) {
      // An edge of the graph is a pair of nodes with weights between them, and nothing else is.
      expect(view).toMatchObject({ nodes: 16, edges: 48, clusters: 12 });
      expect(view['nulls']).toMatchObject([
        { null: 'weights', count: 4, seed: 1 },
        { null: 'blocks' },
        { null: 'degree' },
      ]);
    }
  });

  it('writes the graph with its weights, which graph measure reads', async () => {
    const file = at('trained.graphml');
    const wrote = await of(at('own.safetensors'), '--view', 'all', '--null', 'none', '-o', file);
    expect(wrote.notes).toContain('wrote 48 edges of all');
    const [told] = (
      await of(at('own.safetensors'), '--view', 'all', '--null', 'none', '--json')
    ).out
      .split('\n')
      .map((line) => JSON.parse(line) as { weightedClustering: number });
    for (const ending of ['graphml', 'gexf', 'gml', 'net', 'mtx', 'csv', 'json', 'edgelist']) {
      const path = at(`same.${ending}`);
      await of(at('own.safetensors'), '--view', 'all', '--null', 'none', '-o', path);
      const measured = await plexus(['graph', 'measure', `file:${path}`, '--weighted', '--json']);
      expect(measured.status, `${ending}: ${measured.notes}`).toBe(0);
      const { weightedClustering } = JSON.parse(measured.out) as { weightedClustering: number };
      expect(weightedClustering, ending).toBeCloseTo(told.weightedClustering, 10);
    }
  });

  it('puts the channels of any weights into as many groups as are asked for', async () => {
    const { out } = await of(at('foreign.safetensors'), '--nodes', '8', '--json', '--null', 'none');
    const views = out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(views.map(({ view, edges }) => [view, edges])).toEqual([
      ['all', 28],
      ['module.a.weight', 28],
      ['module.b.weight', 28],
    ]);
  });

  it('unrolls layers that follow one another', async () => {
    const { out, notes } = await of(
      at('foreign.safetensors'),
      '--nodes=8',
      '--json',
      '--null=weights,blocks',
      '--view=unrolled',
      '--count=3',
    );
    expect(notes).toBe('');
    expect(JSON.parse(out)).toMatchObject({ nodes: 24, edges: 128, weightedClustering: 0 });
  });

  it('sums up many networks, which random graphs differ from by chance alone', async () => {
    const files = Array.from({ length: 9 }, (_, seed) => {
      const file = at(`random${seed}.safetensors`);
      const data = new Float64Array(16 * 16);
      new RandomStream('many', seed).normals(data);
      const tensor = { shape: [16, 16], data: Float32Array.from(data) };
      writeFileSync(file, writeSafetensors(new Map([['a.weight', tensor]])));
      return file;
    });
    const words = ['--nodes', '8', '--view', 'all', '--null', 'weights', '--count', '9'].concat(
      '--clusters',
      '3',
    );
    const { status, out, notes } = await of(...files, ...words, '--json');
    expect(status, notes).toBe(0);
    const lines = out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(10);
    const { networks, summary } = lines[9] as {
      networks: number;
      summary: { measure: string; networks: number; below: number; p: number }[];
    };
    expect(networks).toBe(9);
    const nCut = summary.find(({ measure }) => measure === 'nCut')!;
    const sides = lines.slice(0, 9).map((line) => {
      const [{ measures }] = line['nulls'] as { measures: { name: string; z: number }[] }[];
      return measures.find(({ name }) => name === 'nCut')!.z < 0;
    });
    expect(nCut).toMatchObject({ networks: 9, below: sides.filter((side) => side).length });
    // Two-sided binomial of 9 with 1/2, added up by hand.
    const choose = [1, 9, 36, 84, 126];
    const smaller = Math.min(nCut.below, 9 - nCut.below);
    const tail = choose.slice(0, smaller + 1).reduce((sum, each) => sum + each, 0);
    expect(nCut.p).toBeCloseTo(Math.min(1, (2 * tail) / 512), 12);
    const table = await of(...files, ...words);
    expect(table.out).toContain(`${nCut.below} of 9`);
  });

  it.each([
    [['foreign.safetensors'], 'give --nodes with the number of groups'],
    [['foreign.safetensors', '--nodes', '17'], 'take at most 16'],
    [['foreign.safetensors', '--nodes', '8', '--layers', 'c'], 'has no weights called c; it has'],
    [
      ['foreign.safetensors', '--nodes', '8', '--layers', 'module.head.weight', '--view', 'x'],
      'got x',
    ],
    [['own.safetensors', '--width', '40'], 'give those of the training with --graph and --width'],
    [['own.safetensors', '--layers', 's1.linear.weight'], 'has no relational layer s1.linear'],
    [['own.safetensors', '--null', 'order'], '--null must be none, or one or more of weights'],
    [['own.safetensors', '-o', 'x.g6'], 'graph6 has no place for the weights of edges'],
    [['own.safetensors', '--format', 'gml'], 'add -o FILE'],
    [['own.safetensors', '--view', 'unrolled', '--null', 'degree'], 'is of folded graphs'],
  ])('refuses %j', async ([file, ...words], message) => {
    const { status, notes } = await of(at(file), ...words);
    expect(status).toBe(2);
    expect(notes).toContain(message);
  });
});
