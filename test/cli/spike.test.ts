import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plexus } from './harness.js';

const GRAPH = 'ws-flex:n=8,k=4,p=0.5,seed=1';
let directory: string;
const at = (name: string): string => join(directory, name);
const ONE_THREAD = ['--workers', '1', '--mesh', '3x3', '--calibrate', '32'];
const run = (): string[] => ['spike', 'run', at('w.safetensors'), ...ONE_THREAD];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-spike-'));
  const { status } = await plexus([
    ...`train --graph ${GRAPH} --data shapes --size 16 --width 24 --train-images 160`.split(' '),
    ...`--test-images 50 --batch 32 --epochs 2 --save ${at('w.safetensors')}`.split(' '),
  ]);
  expect(status).toBe(0);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Told {
  readonly floatError: number;
  readonly images: number;
  readonly codes: readonly {
    readonly code: string;
    readonly error: number;
    readonly images: number;
    readonly figures: Readonly<Record<string, number>>;
    readonly energy: Readonly<Record<string, number>>;
    readonly traffic: { readonly packets: number; readonly hops: number; placement: number[] };
  }[];
}

describe('plexus spike run', () => {
  it('comes to the float error with many steps, and tells figures, energies and traffic', async () => {
    const weights = at('w.safetensors');
    const codes = ['--code', 'qcfs:64,delta:64'];
    const { status, out, notes } = await plexus([...run(), ...codes, '--json']);
    expect(notes).not.toContain('error:');
    expect(status).toBe(0);
    const told = JSON.parse(out) as Told;
    const evaluated = await plexus(['evaluate', weights, '--json']);
    expect(told.floatError).toBe((JSON.parse(evaluated.out) as { error: number }).error);
    for (const { error, images, figures, energy, traffic } of told.codes) {
      expect(images).toBe(50);
      expect(Math.abs(error - told.floatError)).toBeLessThanOrEqual(4);
      const { effectiveMacs, effectiveAcs } = figures;
      expect(energy['45 nm CMOS']).toBeCloseTo((4.6 * effectiveMacs + 0.9 * effectiveAcs) / 1000);
      expect(new Set(traffic.placement).size).toBe(8);
      expect(traffic.packets).toBeGreaterThan(0);
    }
  });

  it('says that energies are estimates', async () => {
    const { out } = await plexus(run());
    expect(out).toContain('qcfs:16');
    expect(out).toContain('estimates for comparison only');
  });

  it.each([
    [['--code', 'burst:4'], 'expected codes with 1 to 1024 steps'],
    [['--code', 'rate:0'], 'expected codes with 1 to 1024 steps'],
    [['--mesh', '2x2'], '8 nodes do not fit on 2 x 2 cores; take a mesh of 3 x 3'],
    [['--mesh', 'eight'], 'expected rows and columns of cores, as 8x8'],
    [['--calibrate', '999'], 'thresholds are chosen by 999 training images'],
  ])('refuses %j', async (flags, message) => {
    const { status, notes } = await plexus([...run(), ...flags]);
    expect(status).toBe(2);
    expect(notes.replace(/\s+/g, ' ')).toContain(message);
  });
});

describe('plexus spike tune', () => {
  it('saves weights whose spikes in as many steps spike run finds again', async () => {
    const saved = at('tuned.safetensors');
    const command = ['spike', 'tune', at('w.safetensors'), '--calibrate', '32', '--batch', '32'];
    const { status, out, notes } = await plexus([
      ...command,
      '--levels',
      '2',
      '--save',
      saved,
      '--json',
    ]);
    expect(notes).toMatch(/^epoch 1 of 1: stairs err \d+\.\d\d %$/m);
    expect(status).toBe(0);
    const told = JSON.parse(out) as Record<'float' | 'calibrated' | 'stairs' | 'tuned', number>;
    const events = ['spike', 'run', saved, ...ONE_THREAD, '--code', 'qcfs:2', '--json'];
    const again = JSON.parse((await plexus(events)).out) as Told;
    expect(again.codes[0]!.error).toBe(told.tuned);
    const before = await plexus([...run(), '--code', 'qcfs:2', '--json']);
    const { codes, floatError } = JSON.parse(before.out) as Told;
    expect([floatError, codes[0]!.error]).toEqual([told.float, told.calibrated]);
  });

  it.each([
    [['--levels', '3'], 'expected one of 2, 4, 8, 16'],
    [['--calibrate', '999'], 'thresholds are chosen by 999 training images'],
    [['--rate', '-1', '--calibrate', '32'], '--rate must be'],
    [['--save', 'w.txt'], '.safetensors'],
  ])('refuses %j and writes nothing', async (flags, message) => {
    const saved = at('none.safetensors');
    const { status, notes } = await plexus([
      'spike',
      'tune',
      at('w.safetensors'),
      '--save',
      saved,
      ...flags,
    ]);
    expect(status).toBe(2);
    expect(notes.replace(/\s+/g, ' ')).toContain(message);
    expect(existsSync(saved)).toBe(false);
  });
});

describe('plexus spike place', () => {
  it('compares with the complete graph at the same budget', async () => {
    const { out } = await plexus(
      'spike place ring-lattice:n=16,k=2 complete:n=16 --mesh 4x4 --json'.split(' '),
    );
    const [ring, complete] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, number> & { complete: object });
    // Each event of a ring is read by two neighbours, and a snake lays the ring along links.
    expect(ring['packets']).toBe(2 * ring['events']);
    expect(ring['hops']).toBeGreaterThanOrEqual(ring['packets']);
    expect(ring['hops']).toBeLessThan(1.2 * ring['packets']);
    const { packets, hops, unicastHops } = complete;
    expect(complete.complete).toEqual({ packets, hops, unicastHops });
    expect(ring.complete).toEqual(complete.complete);
    expect(packets).toBe(15 * complete['events']);
  });
});

describe('plexus spike study', () => {
  it('measures every trial, goes on where it was, and refuses other settings', async () => {
    writeFileSync(
      at('study.yaml'),
      [
        'plexus: 1',
        'name: tiny',
        'arch: mlp',
        'width: 24',
        'data: {name: shapes, train: 160, test: 40, size: 16}',
        'baseline: complete:n=8',
        `graphs: ["${GRAPH}"]`,
        'seeds: [1]',
        'train: {epochs: 1, batch: 32}',
      ].join('\n'),
    );
    const study = at('study');
    const begun = await plexus([
      'study',
      'run',
      at('study.yaml'),
      '--out',
      study,
      '--workers',
      '1',
    ]);
    expect(begun.status).toBe(0);
    const command = ['spike', 'study', study, '--code', 'qcfs:8', ...ONE_THREAD];
    const first = await plexus(command);
    expect(first.notes).not.toContain('error:');
    expect(first.out).toContain('2 of 2 trials measured');
    const table = join(study, 'spikes', 'table.csv');
    const lines = readFileSync(table, 'utf8').trim().split('\n');
    expect(lines.length).toBe(3);
    expect(readFileSync(join(study, 'spikes', 'qcfs-8.svg'), 'utf8')).toContain('What events err');
    const trial = join(study, 'spikes', 'trials', '00001.json');
    const { mtimeMs } = statSync(trial);
    rmSync(join(study, 'spikes', 'trials', '00000.json'));
    expect((await plexus(command)).status).toBe(0);
    expect(statSync(trial).mtimeMs).toBe(mtimeMs);
    // The trial was trained and run again, to the same bits.
    expect(readFileSync(table, 'utf8').trim().split('\n')).toEqual(lines);
    const other = await plexus([...command, '--code', 'qcfs:4']);
    expect(other.status).toBe(2);
    expect(other.notes).toContain('by other settings');
    const seed = await plexus([...command, '--seed', '9']);
    expect(seed.notes).toContain('has trials of the seeds 1; got --seed 9');
  });
});
