import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plexus } from '../cli/harness.js';
import { SMALL_STUDY } from './small-study.js';

let directory: string;
const at = (name: string): string => join(directory, name);

/** A study of one seed and one epoch, in a precision. */
async function run(name: string, train: string): ReturnType<typeof plexus> {
  const spec = SMALL_STUDY.replace('seeds: 2', 'seeds: 1').replace(
    'epochs: 2',
    `epochs: 1, ${train}`,
  );
  writeFileSync(at(`${name}.yaml`), spec);
  return plexus(['study', 'run', at(`${name}.yaml`), '--out', at(name), '--workers', '1']);
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-precision-'));
  for (const [name, precision] of [
    ['plain', 'float32'],
    ['rounded', 'bf16'],
  ])
    expect((await run(name, `precision: ${precision}`)).status).toBe(0);
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Line {
  readonly precision?: string;
  readonly epochs: readonly { readonly trainLoss: number }[];
}

const log = (name: string): readonly Line[] =>
  readFileSync(join(at(name), 'trials.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

describe('a study in bf16', () => {
  it('has it in every record, and other losses than in float32', () => {
    expect(log('rounded').map((record) => record.precision)).toEqual([
      'bf16',
      'bf16',
      'bf16',
      'bf16',
    ]);
    expect(log('plain').map((record) => record.precision)).toEqual(Array(4).fill(undefined));
    const losses = (name: string): number[] => log(name).map(({ epochs }) => epochs[0].trainLoss);
    losses('plain').forEach((loss, i) => {
      expect(losses('rounded')[i]).not.toBe(loss);
      expect(Math.abs(losses('rounded')[i] - loss)).toBeLessThan(0.05 * loss);
    });
  });

  it('is shown by status, report and comparison', async () => {
    const status = async (name: string): Promise<string> =>
      (await plexus(['study', 'status', at(name)])).out;
    expect(await status('rounded')).toMatch(/; \w+ \(.*, bf16( in pairs)?(, kernels \d+)?\)$/m);
    expect(await status('plain')).not.toContain('bf16');
    await plexus(['study', 'report', at('rounded')]);
    expect(readFileSync(join(at('rounded'), 'report.html'), 'utf8')).toContain('products in bf16');
    const compared = await plexus(['study', 'compare', at('plain'), at('rounded')]);
    expect(compared.out).toMatch(/train\.precision.*float32.*bf16/);
  });

  it('does not go on in another precision', async () => {
    const { status, notes } = await run('rounded', 'precision: float32');
    expect(status).toBe(2);
    expect(notes).toMatch(/train\.precision was "?bf16"?, is "?float32"?/);
  });

  it('is asked for by its name', async () => {
    const { status, notes } = await run('other', 'precision: half');
    expect(status).toBe(2);
    expect(notes).toContain('train.precision must be one of float32, bf16; got "half"');
  });
});
