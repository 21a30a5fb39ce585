import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, plexus } from './harness.js';

const GRAPH = 'ws-flex:n=8,k=4,p=0.5,seed=1';
const DATA = ['--data', 'shapes', '--size', '16', '--train-images', '32', '--test-images', '10'];
const TRAIN = ['train', '--graph', GRAPH, ...DATA, '--batch', '16', '--epochs', '1'];

const MAGIC = {
  '.svg': '<svg xmlns=',
  '.png': '\u0089PNG\r\n\u001a\n',
  '.pdf': '%PDF-1.',
} as const;
const pictures = Object.entries(MAGIC);

let directory: string;
const at = (name: string): string => join(directory, name);
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-cli-written-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function refused(...argv: readonly string[]): Promise<string> {
  const { status, out, notes } = await plexus(argv);
  expect([status, out]).toEqual([2, '']);
  expect(notes).not.toContain('epoch 1/');
  expect(readdirSync(directory)).toEqual([]);
  return notes;
}

const starts = (name: string, magic: string): void =>
  expect(readFileSync(at(name)).subarray(0, magic.length).toString('latin1')).toBe(magic);

const made = ({ status, notes }: CliResult): void => {
  expect(notes).not.toContain('error:');
  expect(status).toBe(0);
};

describe('the ending of a file', () => {
  it.each(['pt', 'onnx', 'PTH', 'npz', 'h5', 'bin'])(
    'of weights is .safetensors; .%s is refused before the training',
    async (ending) => {
      for (const option of ['--save', '--save-best', '--checkpoint']) {
        const notes = await refused(...TRAIN, option, at(`x.${ending}`));
        expect(notes).toContain(
          `as .safetensors, not as .${ending.toLowerCase()}; name a file that ends in .safetensors`,
        );
      }
    },
  );

  it('of curves is that of a picture', async () => {
    expect(await refused(...TRAIN, '--curves', at('c.jpg'))).toContain(
      '--curves draws as .svg, .png, .pdf, not as .jpg',
    );
    expect(await refused(...TRAIN, '--curves', at('c.csv'))).toContain('not as .csv');
  });

  it.each(pictures)('%s decides what the curves are written as', async (ending, magic) => {
    made(await plexus([...TRAIN, '--curves', at(`c${ending}`)]));
    starts(`c${ending}`, magic);
  });

  it.each(pictures)('%s decides what a graph is written as', async (ending, magic) => {
    made(await plexus(['graph', 'make', GRAPH, '-o', at(`g${ending}`)]));
    starts(`g${ending}`, magic);
    made(await plexus(['graph', 'make', GRAPH, '-o', at(`H${ending.toUpperCase()}`)]));
    starts(`H${ending.toUpperCase()}`, magic);
  });

  it('of a graph that names no format, or another one than --format, is refused', async () => {
    expect(await refused('graph', 'make', GRAPH, '-o', at('g.onnx'))).toContain('".onnx"');
    expect(
      await refused('graph', 'make', GRAPH, '-o', at('g.png'), '--format', 'graphml'),
    ).toContain('g.png');
    expect(await refused('graph', 'make', GRAPH, '-o', at('g.gml'), '--json')).toContain('g.gml');
  });

  it('without one is taken as it is', async () => {
    made(await plexus([...TRAIN, '--save', at('weights')]));
    expect(existsSync(at('weights'))).toBe(true);
    made(await plexus(['evaluate', at('weights')]));
  });
});

describe('plexus train --budget and --width', () => {
  const costOf = async (
    ...more: readonly string[]
  ): Promise<{ widths: number[]; macs: number }> => {
    const result = await plexus([...TRAIN, '--json', ...more]);
    made(result);
    return JSON.parse(result.out.split('\n').at(-1)!) as { widths: number[]; macs: number };
  };
  const dense = async (): Promise<{ baseline: { macs: number } }> => {
    const show = ['network', 'show', '--graph', GRAPH, '--input', '3x16x16', '--json'];
    return JSON.parse((await plexus(show)).out) as { baseline: { macs: number } };
  };

  it('matches a share of the dense cost, or a number of multiply-adds', async () => {
    const { baseline } = await dense();
    for (const [budget, target] of [
      ['0.5', baseline.macs / 2],
      ['2', 2 * baseline.macs],
      ['900000', 900_000],
    ] as const) {
      const { macs, widths } = await costOf('--budget', budget);
      // One step of the width of one layer costs its inputs, outputs and the messages between.
      const step = 2 * (3 * 16 * 16 + 10 + 2 * widths[0]);
      expect(macs).toBeGreaterThanOrEqual(target);
      expect(macs).toBeLessThan(target + step);
    }
  });

  it('fixes the width', async () => {
    expect((await costOf('--width', '64')).widths).toEqual([64]);
  });

  it('refuses less than the narrowest network costs, with that number, and both at once', async () => {
    const notes = await refused(...TRAIN, '--budget', '0.1');
    const [, least] = /with one channel a node it costs (\d+) already/.exec(notes)!;
    const widths = ['network', 'show', '--graph', GRAPH, '--input', '3x16x16', '--width', '8'];
    const { macs } = JSON.parse((await plexus([...widths, '--json'])).out) as { macs: number };
    expect(macs).toBe(Number(least));
    expect(await refused(...TRAIN, '--budget', '0.5', '--width', '64')).toContain(
      'give either widths or a budget to match, not both',
    );
    for (const budget of ['0', '-1', '100.5', 'half'])
      expect(await refused(...TRAIN, '--budget', budget)).toContain('multiply-adds above 0');
  });
});
