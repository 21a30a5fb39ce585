import { describe, expect, it } from 'vitest';
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
  layers: { id: string; kind: string; inputs: string[]; output: number[]; macs: number; params: number; density?: number; nodes?: number | null }[];
}

async function shown(...argv: string[]): Promise<Shown> {
  const { status, out, notes } = await plexus(['network', 'show', '--json', ...argv]);
  expect([status, notes]).toEqual([0, '']);
  return JSON.parse(out) as Shown;
}

describe('plexus network show --json', () => {
  it('has the promised fields', async () => {
    const network = await shown('--arch', 'mlp', '--graph', SPEC);
    expect(network).toMatchObject({ arch: 'mlp', graph: SPEC, nodes: 64, edges: 256, widths: [1539], baseline: { macs: 2_364_416, params: 2_368_522 }, budget: 2_364_416 });
    expect(network.layers.reduce((sum, layer) => sum + layer.macs, 0)).toBe(network.macs);
    expect(network.excessPercent).toBeCloseTo(100 * (network.macs / 2_364_416 - 1), 10);
    const first = network.layers.find((layer) => layer.id === 's2.b1.a')!;
    expect(first).toMatchObject({ kind: 'linear', inputs: ['s1.relu'], output: [1539, 1, 1], nodes: 64 });
    expect(first.density).toBeCloseTo(9 / 64, 3);
  });

  it('takes another input, classes and a fixed width', async () => {
    const network = await shown('--graph', SPEC, '--input', '1x8x8', '--classes', '4', '--width', '128');
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

describe('plexus network show', () => {
  it('prints every layer, the totals and what the numbers mean', async () => {
    const { status, out } = await plexus(['network', 'show', '--graph', SPEC]);
    expect(status).toBe(0);
    for (const text of [`mlp on ${SPEC}`, 's2.b3.a_bn', 'total', '2,365,320', 'width 1539: +0.04 %', '2,368,522 params', 'MACs: multiply-adds']) expect(out).toContain(text);
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
