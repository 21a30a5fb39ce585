import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  readSafetensors,
  readSafetensorsMetadata,
  writeSafetensors,
} from '../../src/core/safetensors.js';
import { parseGraphFile } from '../../src/public/graph.js';
import { buildGraph, parseGraphSpec } from '../../src/graph/spec.js';
import type { TrialRecord } from '../../src/public/study.js';
import { fileOf } from '../data/folder/fixtures.js';
import { SMALL_STUDY } from '../study/small-study.js';
import { plexus } from './harness.js';

const GRAPH = 'ws-flex:n=8,k=4,p=0.5,seed=1';
const DATA = ['--data', 'shapes', '--size', '16', '--train-images', '64', '--test-images', '20'];
let directory: string;
let weights: string;
let study: string;
let records: TrialRecord[];
const at = (name: string): string => join(directory, name);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-cli-export-'));
  weights = at('w.safetensors');
  const train = ['train', '--graph', GRAPH, '--width', '16', '--epochs', '1', '--batch', '16'];
  expect((await plexus([...train, ...DATA, '--save', weights])).status).toBe(0);
  study = at('study');
  writeFileSync(at('small.yaml'), SMALL_STUDY);
  expect((await plexus(['study', 'run', at('small.yaml'), '--out', study])).status).toBe(0);
  records = readFileSync(join(study, 'trials.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TrialRecord);
});
afterAll(() => rmSync(directory, { recursive: true }));

const factsIn = (path: string): Record<string, unknown> =>
  JSON.parse(readSafetensorsMetadata(readFileSync(path)).get('plexus')!) as Record<string, unknown>;

describe('plexus export of weights', () => {
  it('writes one file, or a folder, and never over what is there unasked', async () => {
    const onnx = at('net.onnx');
    expect((await plexus(['export', weights, '--to', 'onnx', '-o', onnx])).status).toBe(0);
    const again = await plexus(['export', weights, '--to', 'onnx', '-o', onnx]);
    expect([again.status, again.notes]).toEqual([2, expect.stringContaining('--force')]);
    const folder = at('hub');
    const hub = ['export', weights, '--to', 'huggingface', '-o', folder];
    const first = await plexus([...hub, '--json']);
    expect((JSON.parse(first.out) as { files: unknown[] }).files).toHaveLength(7);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toMatch(/^---\n# license/);
    expect((await plexus(hub)).status).toBe(2);
    expect((await plexus([...hub, '--force'])).status).toBe(0);
    writeFileSync(join(folder, 'mine.txt'), 'x');
    const foreign = await plexus([...hub, '--force']);
    expect(foreign.notes).toContain('mine.txt');
    expect(existsSync(join(folder, 'mine.txt'))).toBe(true);
    expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('writes the graph in any format', async () => {
    const file = at('graph.gml');
    await plexus(['export', weights, '--to', 'graph', '--format', 'gml', '-o', file]);
    const { graph } = parseGraphFile(file, readFileSync(file));
    expect([...graph.targets]).toEqual([...buildGraph(parseGraphSpec(GRAPH)).targets]);
  });

  it('tells what a file does not say, and the option that gives it', async () => {
    const bare = at('bare.safetensors');
    writeFileSync(bare, writeSafetensors(readSafetensors(readFileSync(weights))));
    const out = ['--to', 'onnx', '-o', at('bare.onnx')];
    expect((await plexus(['export', bare, ...out])).notes).toContain('--graph');
    const graph = ['--graph', GRAPH, '--width', '16'];
    const shape = await plexus(['export', bare, ...out, ...graph]);
    expect(shape.notes).toMatch(/--input .* and --classes/);
    const all = [...graph, '--input', '3x16x16', '--classes', '10'];
    const inside = await plexus(['export', bare, ...out, ...all, '--with-normalisation']);
    expect(inside.notes).toContain('--mean and --std');
    const other = await plexus(['export', bare, ...out, ...all, '--arch', 'cnn']);
    expect([other.status, existsSync(at('bare.onnx'))]).toEqual([2, false]);
    expect((await plexus(['export', bare, ...out, ...all])).status).toBe(0);
  });

  it.each([
    [['--to', 'tensor'], 'unknown export target'],
    [['--to', 'pytorch', '--form', 'dense'], '--form is of onnx'],
    [['--to', 'mlflow'], 'takes the trials of a study'],
    [['--to', 'onnx', '-o', 'net.pt'], '.onnx'],
  ])('refuses %j', async (argv, message) => {
    const { status, notes } = await plexus(['export', weights, ...argv]);
    expect([status, notes]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('plexus export of a study', () => {
  it('trains its best again to the same error', async () => {
    const file = at('best.safetensors');
    const { status, notes } = await plexus(['export', study, '--to', 'weights', '-o', file]);
    expect([status, notes]).toEqual([0, expect.stringContaining('the best graph of')]);
    expect(notes).not.toContain('warning');
    const { study: origin, testError } = factsIn(file) as {
      study: { trial: number; errors: number[] };
      testError: number;
    };
    const record = records.find(({ index }) => index === origin.trial)!;
    expect(record).toMatchObject({ role: 'graph', error: testError });
    expect(origin.errors).toContain(testError);
    const evaluated = await plexus(['evaluate', file, '--json']);
    expect(JSON.parse(evaluated.out)).toMatchObject({ error: testError });
  });

  it('takes a trial by its number', async () => {
    const file = at('first.safetensors');
    const { status } = await plexus(['export', `${study}:0`, '--to', 'weights', '-o', file]);
    expect(status).toBe(0);
    const first = records.find(({ index }) => index === 0)!;
    expect(factsIn(file)).toMatchObject({ graph: first.graph, seed: first.seed });
    expect((await plexus(['export', `${study}:999`, '--to', 'onnx'])).status).toBe(2);
  });
});

describe('plexus predict', () => {
  it('tells the classes of pictures and arrays, alike', async () => {
    const picture = at('picture.png');
    writeFileSync(picture, await fileOf(16, 16, 3));
    writeFileSync(at('broken.png'), 'no picture');
    const told = await plexus(['predict', weights, picture, at('broken.png'), '--json']);
    const [line, broken] = told.out.split('\n').map((text) => JSON.parse(text) as Told);
    expect([told.status, broken.problem]).toEqual([1, expect.any(String)]);
    expect(line.probabilities!.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(Math.max(...line.probabilities!)).toBe(line.probability);
    const npz = at('shapes.npz');
    expect((await plexus(['data', 'export', ...DATA.slice(1), '-o', npz])).status).toBe(0);
    const lines = async (...more: string[]): Promise<Told[]> =>
      (await plexus(['predict', weights, npz, '--json', ...more])).out
        .split('\n')
        .map((text) => JSON.parse(text) as Told);
    const [one, many] = [await lines(), await lines('--batch', '7')];
    expect(one.map((each) => each.label)).toEqual(many.map((each) => each.label));
    // The network errs as often as evaluate says.
    const labels = new BigInt64Array(20).map((_, image) => BigInt(one[image].label!));
    const { out } = await plexus(['evaluate', weights, '--json']);
    const { confusion } = JSON.parse(out) as { confusion: number[][] };
    for (let label = 0; label < 10; label++)
      expect(labels.filter((each) => each === BigInt(label))).toHaveLength(
        confusion.reduce((sum, row) => sum + row[label], 0),
      );
  });

  it('refuses what is no image', async () => {
    const { status, notes } = await plexus(['predict', weights, at('small.yaml')]);
    expect([status, notes]).toEqual([2, expect.stringContaining('.npz')]);
  });
});

interface Told {
  readonly label?: number;
  readonly probability?: number;
  readonly probabilities?: number[];
  readonly problem?: string;
}

describe('plexus train --load --lenient', () => {
  it('takes what fits of other names and shapes, and lists the rest', async () => {
    const given = [...readSafetensors(readFileSync(weights))].map(
      ([name, tensor]) => [`module.${name}`, tensor] as const,
    );
    const file = at('other.safetensors');
    const changed = new Map(
      given.map(([name, each]) => [name.replace('head.fc', 'classifier'), each]),
    );
    writeFileSync(file, writeSafetensors(changed));
    const train = ['train', '--graph', GRAPH, '--width', '16', '--epochs', '1', '--batch', '16'];
    const strict = await plexus([...train, ...DATA, '--load', file]);
    expect([strict.status, strict.notes]).toEqual([2, expect.stringContaining('classifier')]);
    const { status, notes } = await plexus([...train, ...DATA, '--load', file, '--lenient']);
    expect(status).toBe(0);
    expect(notes).toContain('left in the file (another name or shape): classifier');
    expect(notes).toContain('not from the file: head.fc.weight, head.fc.bias');
    expect((await plexus([...train, ...DATA, '--lenient'])).status).toBe(2);
  });
});
