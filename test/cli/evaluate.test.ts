import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EpochRecord } from '../../src/train/index.js';
import { makeFolder } from '../data/folder/fixtures.js';
import { plexus } from './harness.js';

const GRAPH = 'ws-flex:n=8,k=4,p=0.5,seed=1';
const TRAIN = ['train', '--graph', GRAPH, '--data', 'shapes', '--size', '16'];
const SMALL = [...TRAIN, '--train-images', '160', '--test-images', '50', '--batch', '32'];

interface Told {
  readonly images: number;
  readonly loss: number;
  readonly error: number;
  readonly error5: number;
  readonly interval: readonly [number, number];
  readonly classes: readonly {
    readonly images: number;
    readonly wrong: number;
    readonly error: number;
    readonly interval: readonly [number, number];
  }[];
  readonly confusion: readonly (readonly number[])[];
}

let directory: string;
let trained: readonly EpochRecord[];
const [weights, checkpoint] = ['w.safetensors', 'c.safetensors'];
const at = (name: string): string => join(directory, name);

async function evaluated(...argv: readonly string[]): Promise<Told> {
  const { status, out, notes } = await plexus(['evaluate', ...argv, '--json']);
  expect(notes).not.toContain('error:');
  expect(status).toBe(0);
  return JSON.parse(out) as Told;
}

/** Names and bytes of everything in the directory. */
const disk = (): ReadonlyMap<string, string> =>
  new Map(readdirSync(directory).map((name) => [name, readFileSync(at(name), 'base64')]));

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-cli-evaluate-'));
  const held = ['--validation', '40', '--epochs', '2', '--rate', '0.05', '--json'];
  const files = ['--save', at(weights), '--checkpoint', at(checkpoint)];
  const { status, out } = await plexus([...SMALL, ...held, ...files]);
  expect(status).toBe(0);
  trained = out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as EpochRecord);
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('plexus evaluate', () => {
  it.each([weights, checkpoint])('gives of %s the numbers that train printed', async (name) => {
    const last = trained.at(-1)!;
    const told = await evaluated(at(name));
    expect(told).toMatchObject({
      file: at(name),
      checkpoint: name === checkpoint,
      epoch: 2,
      arch: 'mlp',
      graph: GRAPH,
      split: 'test',
      images: 50,
      error: last.testError,
      error5: last.testError5,
    });
    expect(told.loss).toBeCloseTo(last.testLoss, 5);
    const held = await evaluated(at(name), '--split', 'validation');
    expect(held).toMatchObject({ images: 40, error: last.validationError });
    // The batches are others: the network takes the images as they are, one by one.
    expect(await evaluated(at(name), '--batch', '7')).toMatchObject({ error: told.error });
  });

  it('adds up, class by class and as a table of confusions', async () => {
    const { classes, confusion, images, error } = await evaluated(at(weights));
    const sum = (list: readonly number[]): number => list.reduce((all, each) => all + each, 0);
    expect(classes).toHaveLength(10);
    expect(classes.map((each) => each.images)).toEqual(confusion.map(sum));
    expect(sum(classes.map((each) => each.images))).toBe(images);
    expect(classes.map(({ wrong }) => wrong)).toEqual(
      confusion.map((row, label) => sum(row) - row[label]),
    );
    expect((100 * sum(classes.map(({ wrong }) => wrong))) / images).toBeCloseTo(error, 10);
    // Five images of each class: the interval of five of five, from the formula by hand.
    const all = classes.filter(({ wrong }) => wrong === 5);
    expect(all.length).toBeGreaterThan(0);
    for (const { interval } of all) {
      expect(interval[0]).toBeCloseTo(100 / (1 + 1.959964 ** 2 / 5), 3);
      expect(interval[1]).toBeCloseTo(100, 10);
    }
  });

  it('prints three tables, and says how many images the interval is of', async () => {
    const { status, out } = await plexus(['evaluate', at(weights)]);
    expect(status).toBe(0);
    expect(out).toMatch(/^error +\d+\.\d\d % \(95 % interval \d.* to \d.*, n 50\)$/m);
    expect(out).toMatch(/^circle +5 +\d+\.\d\d +\d+\.\d\d to \d+\.\d\d$/m);
    expect(out).toMatch(/^is \\ taken for +circle/m);
  });

  it('refuses what does not fit, and leaves the disk as it was', async () => {
    const bytes = readFileSync(at(weights));
    writeFileSync(at('cut.safetensors'), bytes.subarray(0, bytes.length / 2));
    writeFileSync(at('text.safetensors'), 'no weights at all, but a line of text');
    writeFileSync(at('empty.safetensors'), '');
    const sides = (): [number, number] => [16, 16];
    const photos = await makeFolder({ sides });
    const before = disk();
    const refused = async (name: string, ...more: readonly string[]): Promise<string> => {
      const { status, out, notes } = await plexus(['evaluate', at(name), ...more]);
      expect([status, out]).toEqual([2, '']);
      return notes;
    };
    expect(await refused('cut.safetensors')).toMatch(/^error: .*cut\.safetensors: /m);
    expect(await refused('text.safetensors')).toMatch(/^error: .*text\.safetensors: /m);
    expect(await refused('empty.safetensors')).toContain('the file is empty');
    expect(await refused('none.safetensors')).toContain('no such file or directory');
    expect(await refused(weights, '--size', '20')).toContain(
      'takes images of 3x16x16, shapes has 3x20x20',
    );
    expect(await refused(weights, '--data', 'folder', '--data-path', photos)).toContain(
      'tells 10 classes apart, folder has 3; give another data set',
    );
    expect(await refused(weights, '--width', '64')).toContain('weights are of another network');
    expect(await refused(weights, '--validation', '0', '--split', 'validation')).toContain(
      'the validation split has no images; hold some out with --validation',
    );
    rmSync(photos, { recursive: true });
    expect(disk()).toEqual(before);
  });
});
