import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudyLost } from '../../src/runner/recorder.js';
import { runStudy } from '../../src/runner/run.js';
import { readStudy } from '../../src/store/directory.js';
import { parseStudySpec } from '../../src/store/spec-file.js';
import type { Executor, PortableJob } from '../../src/study/executor.js';
import type { TrialRecord } from '../../src/study/types.js';
import { SMALL_STUDY } from './small-study.js';

let directory: string;
let out: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-lost-'));
  out = join(directory, 'study');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const facts = {
  nodes: 8,
  edges: 28,
  clustering: 1,
  pathLength: 1,
  widths: [16],
  macs: 1234,
  params: 567,
};

/** A made-up record: nothing here looks at numbers. */
function recordOf({ trial }: PortableJob): TrialRecord {
  return { ...trial, status: 'complete', facts, epochs: [], error: 50 + trial.index, seconds: 1 };
}

/**
 * "Trains" one job after another; before the record of number `at` something happens, and what is
 * under way when the run stops is kept as a worker would keep it.
 */
function executorWith(at: number, happens: () => void): Executor {
  return {
    workers: 1,
    run: async (jobs, calls) => {
      for (const [number, job] of jobs.entries()) {
        calls.onStart(job);
        if (number === at) happens();
        if (calls.signal?.aborted) {
          writeFileSync(calls.checkpointAt?.(job.checkpoint!.file) ?? '', 'as far as it was');
          return false;
        }
        await calls.onEnd(recordOf(job), job);
      }
      return (await calls.more()).length === 0;
    },
  };
}

async function lossOf(happens: () => void, at = 3): Promise<StudyLost> {
  const spec = parseStudySpec(SMALL_STUDY, 'small.yaml');
  try {
    await runStudy({
      directory: out,
      spec,
      data: { env: {} },
      executor: executorWith(at, happens),
    });
  } catch (error) {
    if (error instanceof StudyLost) return error;
    throw error;
  }
  throw new Error('the loss went unseen');
}

/** All that the run knew is a whole study now. */
function expectRescued(rescued: string, records: number, checkpoints: readonly string[]): void {
  const study = readStudy(rescued);
  expect(study.records.map(({ index }) => index)).toEqual(
    Array.from({ length: records }, (_, index) => index),
  );
  expect(study.damaged).toEqual([]);
  expect(readdirSync(study.paths.checkpoints)).toEqual(checkpoints);
  expect(existsSync(study.paths.spec)).toBe(true);
}

describe('a study whose directory goes away while it runs', () => {
  it('is kept elsewhere when it is removed, with the training under way, and goes on there', async () => {
    const loss = await lossOf(() => rmSync(out, { recursive: true }));
    const rescued = `${out}-rescued`;
    expect(loss.message).toMatch(
      /trials\.ndjson is no longer there \(removed, moved or unmounted\?\)/,
    );
    expect(loss.message).toContain(`continue it with: plexus study run ${rescued}`);
    expect(loss.message).toContain('4 records and 1 checkpoint');
    expect(existsSync(out)).toBe(false);
    expectRescued(rescued, 4, ['trial-4.safetensors']);
    const rest = executorWith(-1, () => undefined);
    const study = await runStudy({
      directory: rescued,
      spec: null,
      data: { env: {} },
      executor: rest,
    });
    expect(study.records).toHaveLength(8);
  });

  it('is kept when it is moved, and another is in its place', async () => {
    await lossOf(() => renameSync(out, `${out}-moved`));
    expectRescued(`${out}-rescued`, 4, ['trial-4.safetensors']);
    // What was recorded before stays where it went.
    expect(readStudy(`${out}-moved`).records).toHaveLength(3);
    rmSync(`${out}-rescued`, { recursive: true });
    const replaced = await lossOf(() => {
      renameSync(out, `${out}-old`);
      cpSync(`${out}-moved`, out, { recursive: true });
    });
    expect(replaced.message).toContain('another file was put in the place of');
    expectRescued(`${out}-rescued`, 4, ['trial-4.safetensors']);
  });

  it('is kept when another run writes into its log, which is not written over', async () => {
    let before = '';
    const loss = await lossOf(() => {
      const log = join(out, 'trials.ndjson');
      appendFileSync(log, '{"another":"run"}\n');
      before = readFileSync(log, 'utf8');
    });
    expect(loss.message).toContain('something else wrote into');
    expect(readFileSync(join(out, 'trials.ndjson'), 'utf8')).toBe(before);
    expectRescued(`${out}-rescued`, 4, ['trial-4.safetensors']);
  });

  it('is kept when it goes away after the last record', async () => {
    const spec = parseStudySpec(SMALL_STUDY, 'small.yaml');
    const last: Executor = {
      workers: 1,
      run: async (jobs, calls) => {
        for (const job of jobs) await calls.onEnd(recordOf(job), job);
        rmSync(out, { recursive: true });
        return (await calls.more()).length === 0;
      },
    };
    await expect(
      runStudy({ directory: out, spec, data: { env: {} }, executor: last }),
    ).rejects.toThrow(StudyLost);
    expectRescued(`${out}-rescued`, 8, []);
    expect(existsSync(out)).toBe(false);
  });

  it('finds a free name, and another place where the first cannot be written', async () => {
    mkdirSync(`${out}-rescued`);
    const loss = await lossOf(() => rmSync(out, { recursive: true }));
    expect(loss.message).toContain(`${out}-rescued-2: `);
    expectRescued(`${out}-rescued-2`, 4, ['trial-4.safetensors']);
    const gone = await lossOf(() => rmSync(directory, { recursive: true }));
    const place = /kept in (\S+):/.exec(gone.message)?.[1] ?? '';
    expect(place).not.toContain(directory);
    expectRescued(place, 4, ['trial-4.safetensors']);
    rmSync(place, { recursive: true });
  });
});

describe('a study with a damaged log', () => {
  const whole = async (): Promise<readonly TrialRecord[]> => {
    const spec = parseStudySpec(SMALL_STUDY, 'small.yaml');
    const executor = executorWith(-1, () => undefined);
    return (await runStudy({ directory: out, spec, data: { env: {} }, executor })).records;
  };

  it('keeps a damaged line aside, says which, and trains its trial again', async () => {
    const records = await whole();
    const log = join(out, 'trials.ndjson');
    const lines = readFileSync(log, 'utf8').split('\n');
    const flipped = lines[2].replace('"error":52', '"error":42');
    expect(flipped).not.toBe(lines[2]);
    writeFileSync(log, [...lines.slice(0, 2), flipped, ...lines.slice(3)].join('\n'));
    expect(readStudy(out).damaged.map(({ line }) => line)).toEqual([3]);
    const notes: string[] = [];
    const study = await runStudy({
      directory: out,
      spec: null,
      data: { env: {} },
      executor: executorWith(-1, () => undefined),
      note: (line) => notes.push(line),
    });
    expect(notes).toEqual([
      `note: line 3 of ${log} is damaged, and kept aside in ${join(out, 'damaged.ndjson')}; ` +
        'what is missing runs again',
    ]);
    expect(study.records).toEqual(records);
    expect(readFileSync(join(out, 'damaged.ndjson'), 'utf8')).toBe(`${flipped}\n`);
    expect(readStudy(out).damaged).toEqual([]);
  });

  it('says of a torn line what is so when every trial has its record', async () => {
    await whole();
    const log = join(out, 'trials.ndjson');
    const before = readFileSync(log, 'utf8');
    appendFileSync(log, '{"index":7,"ro');
    const notes: string[] = [];
    await runStudy({
      directory: out,
      spec: null,
      data: { env: {} },
      note: (line) => notes.push(line),
    });
    expect(notes).toEqual([
      `note: the last line of ${log} was cut off (14 bytes); it is removed; every trial has its ` +
        'record',
    ]);
    expect(readFileSync(log, 'utf8')).toBe(before);
  });
});
