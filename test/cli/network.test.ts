import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportTarget } from '../../src/interop/export/registry.js';
import { trainedNetwork } from '../interop/export/networks.js';
import { plexus } from './harness.js';

const SPEC = 'ws-flex:n=64,k=8,p=0.1,seed=3';

interface Shown {
  arch: string;
  graph: string;
  nodes: number;
  edges: number;
  widths: number[];
  macs: number;
  params: number;
  baseline: { macs: number; params: number };
  budget: number | null;
  excessPercent: number;
  input: number[];
  stem: string | null;
  layers: {
    id: string;
    kind: string;
    inputs: string[];
    output: number[];
    macs: number;
    params: number;
    density?: number;
    nodes?: number | null;
  }[];
}

async function shown(...argv: string[]): Promise<Shown> {
  const { status, out, notes } = await plexus(['network', 'show', '--json', ...argv]);
  expect([status, notes]).toEqual([0, '']);
  return JSON.parse(out) as Shown;
}

describe('plexus network show --json', () => {
  it('has the promised fields', async () => {
    const network = await shown('--arch', 'mlp', '--graph', SPEC);
    expect(network).toMatchObject({
      arch: 'mlp',
      graph: SPEC,
      nodes: 64,
      edges: 256,
      widths: [1539],
      baseline: { macs: 2_364_416, params: 2_368_522 },
      budget: 2_364_416,
    });
    expect(network.layers.reduce((sum, layer) => sum + layer.macs, 0)).toBe(network.macs);
    expect(network.excessPercent).toBeCloseTo(100 * (network.macs / 2_364_416 - 1), 10);
    const first = network.layers.find((layer) => layer.id === 's2.b1.a')!;
    expect(first).toMatchObject({
      kind: 'linear',
      inputs: ['s1.relu'],
      output: [1539, 1, 1],
      nodes: 64,
    });
    expect(first.density).toBeCloseTo(9 / 64, 3);
  });

  it('takes another input, classes and a fixed width', async () => {
    const network = await shown(
      '--graph',
      SPEC,
      '--input',
      '1x8x8',
      '--classes',
      '4',
      '--width',
      '128',
    );
    expect(network).toMatchObject({ input: [1, 8, 8], widths: [128], budget: null });
    expect(network.layers[1]).toMatchObject({ id: 's1.linear', params: 64 * 512 });
    expect(network.baseline.macs).toBe(64 * 512 + 3 * 512 * 512 + 512 * 4);
  });

  it('matches another budget', async () => {
    const network = await shown('--graph', 'complete:n=64', '--budget', '3000000');
    expect(network.budget).toBe(3_000_000);
    expect(network.macs).toBeGreaterThanOrEqual(3_000_000);
    expect(network.excessPercent).toBeLessThan(0.5);
  });
});

describe('plexus network show of convolutional networks', () => {
  const IMAGENET = ['--input', '3x224x224', '--classes', '1000'];

  it.each([
    ['mlp', 78_368_768, 1],
    ['cnn', 166_438_912, 3],
    ['resnet34', 3_663_761_408, 4],
    ['resnet34-sep', 553_614_592, 4],
    ['resnet50', 4_089_184_256, 4],
    ['efficientnet-b0', 385_824_092, 7],
    ['patch-transformer', 637_828_608, 1],
  ])('%s: at least the budget of %i multiply-adds, %i widths', async (arch, macs, widths) => {
    const graph = arch === 'efficientnet-b0' ? 'ws-flex:n=16,k=5,p=0.2,seed=1' : SPEC;
    const network = await shown('--arch', arch, '--graph', graph, ...IMAGENET);
    expect(network).toMatchObject({
      arch,
      stem: arch === 'mlp' ? null : 'imagenet',
      budget: macs,
      baseline: { macs },
      input: [3, 224, 224],
    });
    expect(network.widths.length).toBe(widths);
    expect(network.excessPercent).toBeGreaterThanOrEqual(0);
    expect(network.excessPercent).toBeLessThan(1);
    expect(
      (await plexus(['network', 'show', '--arch', arch, '--graph', graph, ...IMAGENET])).status,
    ).toBe(0);
  });

  it(
    'tells densities of convolutions: those of the blocks, 1 of dense ones, none of ' +
      'depthwise ones',
    async () => {
      const { layers } = await shown('--arch', 'resnet34-sep', '--graph', SPEC);
      const layer = (id: string) => layers.find((each) => each.id === id)!;
      expect(layer('s1.conv')).toMatchObject({ kind: 'conv', nodes: null, density: 1 });
      expect(layer('s3.b1.f.a_1x1').density).toBeCloseTo(9 / 64, 2);
      expect(layer('s3.b1.f.a_1x1').nodes).toBe(64);
      expect(layer('s3.b1.f.a_3x3')).not.toHaveProperty('density');
    },
  );

  it('takes a stem and several widths', async () => {
    const network = await shown(
      '--arch',
      'cnn',
      '--graph',
      SPEC,
      '--stem',
      'imagenet',
      '--width',
      '64,100,200',
    );
    expect(network).toMatchObject({ stem: 'imagenet', widths: [64, 100, 200], budget: null });
    expect(network.layers.find(({ id }) => id === 's1.pool')).toMatchObject({ output: [64, 8, 8] });
    const { out } = await plexus(['network', 'show', '--arch', 'cnn', '--graph', SPEC]);
    expect(out).toContain(`cnn on ${SPEC}, small stem\n`);
    expect(out).toMatch(/^s2\.b1\.a +conv +\d+x16x16 +0\.1\d+ /m);
    expect(out).toContain('dense baseline: width 64, 128, 256, 48,957,952 MACs');
  });

  it.each<[string[], RegExp]>([
    [
      ['--arch', 'mlp', '--stem', 'small'],
      /mlp has one stem for all inputs, but stem small was asked for; leave the stem out/,
    ],
    [['--arch', 'cnn', '--stem', 'large'], /Allowed choices are imagenet, small/],
    [['--arch', 'cnn', '--width', '64'], /cnn takes 3 widths, from 1 to/],
    [
      ['--arch', 'resnet34', '--input', '3x8x8', '--stem', 'imagenet'],
      /resnet34 with the imagenet stem does not take a side of 8 pixels .*; take 17, or the small stem/,
    ],
    [['--arch', 'patch-transformer', '--input', '3x30x30'], /take 28 or 32/],
    [['--arch', 'resnet34', '--budget', '1000'], /budget of 1000 multiply-adds/],
  ])('refuses %j with status 2', async (argv, message) => {
    const { status, notes } = await plexus(['network', 'show', '--graph', SPEC, ...argv]);
    expect([status, notes]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe('plexus network show', () => {
  it('prints every layer, the totals and what the numbers mean', async () => {
    const { status, out } = await plexus(['network', 'show', '--graph', SPEC]);
    expect(status).toBe(0);
    for (const text of [
      `mlp on ${SPEC}`,
      's2.b3.a_bn',
      'total',
      '2,365,320',
      'width 1539: +0.04 %',
      '2,368,522 params',
      'MACs: multiply-adds',
    ])
      expect(out).toContain(text);
    expect(out).not.toMatch(/ $/m);
  });

  it.each<[string[], RegExp]>([
    [['--graph', 'wss:n=64'], /unknown graph family "wss"; expected one of ws-flex/],
    [['--graph', SPEC, '--arch', 'mpl'], /unknown architecture "mpl"; expected one of mlp/],
    [['--graph', SPEC, '--input', '3x32'], /expected CHANNELSxHEIGHTxWIDTH/],
    [['--graph', SPEC, '--classes', 'ten'], /expected a whole number from 1/],
    [['--graph', SPEC, '--classes', '1'], /classes from 2 to/],
    [['--graph', SPEC, '--width', '99999999'], /mlp takes one width/],
    [['--graph', SPEC, '--width', '512,512'], /mlp takes one width/],
    [['--graph', SPEC, '--width', '512', '--budget', '5'], /either widths or a budget/],
    [['--graph', SPEC, '--budget', '1000'], /budget of 1000 multiply-adds/],
    [[], /required option '--graph <spec>'/],
  ])('refuses %j with status 2', async (argv, message) => {
    const { status, out, notes } = await plexus(['network', 'show', ...argv]);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(notes).toMatch(message);
    expect(notes).not.toMatch(/^ +at /m);
  });
});

describe('plexus network show FILE', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plexus-onnx-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'own.onnx');
  beforeAll(() => {
    const target = exportTarget('onnx');
    if (target.of !== 'network') throw new Error('onnx is of networks');
    const [bytes] = target.files(trainedNetwork('mlp', [38]), { form: 'dense' }).values();
    writeFileSync(file, bytes!);
  });

  it('prints the layers of a file of ONNX', async () => {
    const { status, out } = await plexus(['network', 'show', file]);
    expect(status).toBe(0);
    expect(out).toContain('own.onnx, samples of 3x16x16');
    expect(out).toMatch(/s2\.b1\.a +Gemm +38 +0\.\d{4} +19,456/);
    const told = JSON.parse((await plexus(['network', 'show', file, '--json'])).out) as object;
    expect(told).toMatchObject({ file, input: [3, 16, 16] });
  });

  it('takes no option of networks that a graph gives, and asks for one of both', async () => {
    const mixed = await plexus([
      'network',
      'show',
      file,
      '--graph',
      'complete:n=8',
      '--width',
      '9',
    ]);
    expect(mixed.status).toBe(2);
    expect(mixed.notes).toContain('--graph, --width is of networks that a graph gives');
    const neither = await plexus(['network', 'show']);
    expect(neither.status).toBe(2);
    expect(neither.notes).toContain("'--graph <spec>' not specified, nor a file of ONNX");
    const other = await plexus(['network', 'show', 'package.json']);
    expect(other.notes).toContain('package.json is no ONNX file');
  });
});
