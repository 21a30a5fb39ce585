import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStudy, runStudy, type TrialRecord } from '../../src/public/study.js';
import { must } from '../../src/core/errors.js';
import { GOLDEN, wholeNow, wholeThen } from './golden-study.js';
import { plexusProcess } from './small-study.js';

let root: string;
let directory: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'plexus-golden-'));
  directory = join(root, 'study');
  cpSync(GOLDEN, directory, { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true }));

const withoutTimes = (records: readonly TrialRecord[]): unknown[] =>
  records.map(({ seconds, ...rest }) => (expect(seconds).toBeGreaterThan(0), rest));

/** Of kernels that sum in another order: the same trainings but for rounding. */
function expectNear(record: TrialRecord, then: TrialRecord): void {
  expect([record.index, record.graph, record.seed]).toEqual([then.index, then.graph, then.seed]);
  expect(record.epochs).toHaveLength(then.epochs.length);
  for (const [i, epoch] of record.epochs.entries())
    expect(epoch.trainLoss).toBeCloseTo(must(then.epochs[i]).trainLoss ?? Number.NaN, 3);
}

describe('a study of Plexus 0.1.0', () => {
  it('opens, with its registration and the torn end of its log', () => {
    const study = readStudy(directory);
    expect(study.state.plexus).toBe('0.1.0');
    expect(study.registration?.hash).toBe(study.state.registration);
    expect(study.records).toHaveLength(3);
    expect(study.tornBytes).toBe(300);
    expect(study.search()).toBeNull();
  });

  it('goes on to the records of a run in one go, to the bit, and tells of other kernels', async () => {
    const before = readStudy(directory).records;
    const now = await wholeNow(root);
    const notes: string[] = [];
    const study = await runStudy({
      directory,
      spec: null,
      data: { env: {} },
      workers: 2,
      note: (line) => notes.push(line),
    });
    expect(withoutTimes(study.records.slice(before.length))).toEqual(
      withoutTimes(now.slice(before.length)),
    );
    for (const [i, record] of now.entries()) expectNear(record, must(wholeThen[i]));
    expect(notes).toContainEqual(
      expect.stringMatching(/begun on the backend wasm \(.*\) and goes on with .*, kernels \d/),
    );
    // What was recorded then stands as it was, times included.
    expect(study.records.slice(0, before.length)).toEqual(before);
    expect(readFileSync(join(directory, 'study.json'), 'utf8')).toBe(
      readFileSync(join(GOLDEN, 'study.json'), 'utf8'),
    );
  });

  it('is reported', async () => {
    const { status, out, notes } = await plexusProcess('study', 'report', directory, '--json');
    expect(notes).toBe('');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      study: 'old',
      trials: 8,
      failed: 0,
      baseline: { error: 92.5 },
      best: { spec: 'file:graphs/eight.txt,sha256=c544050ed7145faf', error: 90 },
      predictions: [{ name: 'sparse' }, { name: 'words' }],
    });
  });
});
