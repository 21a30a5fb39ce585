import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/public/data.js';
import {
  type Executor,
  type ExecutorCalls,
  parseStudySpec,
  type PortableJob,
  readStudy,
  runJob,
  runStudy,
  studyHash,
  studyPaths,
  type TrialRecord,
  writeStudyStart,
} from '../../src/public/study.js';
import { type CliResult, plexus } from '../cli/harness.js';
import { GOLDEN, wholeNow, wholeThen } from './golden-study.js';

/** The log of the golden study's run in one go, by the kernels of today. */
let whole: readonly TrialRecord[];
let root: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'plexus-trial-'));
  whole = await wholeNow(root);
});
afterAll(() => rmSync(root, { recursive: true }));

const timeless = ({ seconds, ...rest }: TrialRecord): unknown => {
  expect(seconds).toBeGreaterThanOrEqual(0);
  return rest;
};

function trial(directory: string, ...rest: readonly string[]): Promise<CliResult> {
  return plexus(['study', 'trial', directory, ...rest]);
}

function recordOf({ out }: CliResult): TrialRecord {
  return JSON.parse(out) as TrialRecord;
}

describe('plexus study trial', () => {
  it.each([
    ['the baseline', 0],
    ['a graph from a file, with another seed', 5],
    ['one that confirms', 6],
  ])('trains %s to the record of the log, to the bit', async (_, index) => {
    const before = readdirSync(GOLDEN);
    const result = await trial(GOLDEN, String(index));
    expect(result.status).toBe(0);
    expect(result.out.split('\n')).toHaveLength(1);
    const logged = whole.find((record) => record.index === index)!;
    expect(timeless(recordOf(result))).toEqual(timeless(logged));
    expect(Object.keys(recordOf(result))).toEqual(Object.keys(wholeThen[index]!));
    expect(readdirSync(GOLDEN)).toEqual(before);
  });

  it('stops where it is told to, as a search would', async () => {
    const result = await trial(GOLDEN, '1', '--until', '1');
    const { epochs, facts } = whole[1]!;
    const { index, role, graph, seed } = whole[1]!;
    expect(timeless(recordOf(result))).toEqual({
      index,
      role,
      graph,
      seed,
      status: 'stopped',
      facts,
      epochs: epochs.slice(0, 1),
    });
  });

  it.each([
    [['9'], `the study in ${GOLDEN} has 9 trials, 0 to 8; got 9; plexus study export lists them`],
    [['-1'], 'whole number'],
    [['x'], 'whole number'],
    [
      ['0', '--until', '3'],
      '--until must be at most the epochs of the study, 2; got 3; leave it out',
    ],
  ])('refuses %j', async (rest, message) => {
    const { status, out, notes } = await trial(GOLDEN, ...rest);
    expect([status, out]).toEqual([2, '']);
    expect(notes).toContain(message);
  });

  it('refuses other data, graph files that changed, and what is no study', async () => {
    const directory = join(root, 'changed');
    cpSync(GOLDEN, directory, { recursive: true });
    writeFileSync(join(directory, 'graphs', 'eight.txt'), '0 1\n1 2\n');
    const changed = await trial(directory, '2');
    expect(changed.status).toBe(2);
    expect(changed.notes).toContain('eight.txt');
    const state = join(directory, 'study.json');
    writeFileSync(state, readFileSync(state, 'utf8').replace('24f8ac44f99f3dd0', '0'.repeat(16)));
    const other = await trial(directory, '0');
    expect(other.status).toBe(2);
    expect(other.notes).toContain('the data set changed since');
    const none = await trial(root, '0');
    expect(none.status).toBe(2);
    expect(none.notes).toContain('is not a study');
  });

  it('prints the record of a trial that fails, and exits with status 1', async () => {
    const directory = join(root, 'failing');
    const text = readFileSync(join(GOLDEN, 'study.yaml'), 'utf8')
      .replace('learningRate: 0.05', 'learningRate: 1000')
      .replace(/confirm:[^]*/, '');
    const spec = parseStudySpec(text, join(GOLDEN, 'study.yaml'), { frozen: true });
    const { identity } = await loadDataset(spec.data, { env: {} });
    cpSync(join(GOLDEN, 'graphs'), join(directory, 'graphs'), { recursive: true });
    writeStudyStart(studyPaths(directory), {
      plexus: '0.1.0',
      specHash: studyHash(spec),
      data: identity,
      backend: 'wasm (another machine)',
      spec,
    });
    const result = await trial(directory, '0');
    expect(result.status).toBe(1);
    expect(result.notes).toContain('numbers may differ in their last bits');
    const record = recordOf(result);
    expect(record).toMatchObject({ index: 0, status: 'failed' });
    expect(result.notes).toContain(
      `error: the trial failed: ${record.status === 'failed' ? record.reason : ''}`,
    );
  });
});

/** Trains one job after another in this thread, each as if it had come over a wire. */
const elsewhere: Executor = {
  workers: 1,
  run: async (jobs, calls) => {
    let step = jobs;
    while (step.length > 0) {
      for (const job of step) await trainOne(job, calls);
      step = await calls.more();
    }
    return true;
  },
};

async function trainOne(job: PortableJob, calls: ExecutorCalls): Promise<void> {
  const sent = JSON.parse(JSON.stringify(job)) as PortableJob;
  expect(sent).toEqual(job);
  calls.onStart(job);
  const dataset = await loadDataset(sent.data, { env: {} });
  await calls.onEnd(await runJob(sent, dataset, (message) => calls.onMessage(job, message)), job);
}

describe('another executor', () => {
  it('gets portable jobs, and gives the study the same records', async () => {
    const directory = join(root, 'elsewhere');
    cpSync(GOLDEN, directory, { recursive: true });
    const events: string[] = [];
    const study = await runStudy({
      directory,
      spec: null,
      data: { env: {} },
      executor: elsewhere,
      onEvent: ({ kind }) => events.push(kind),
    });
    const before = readStudy(GOLDEN).records;
    expect(study.records).toHaveLength(whole.length);
    expect(study.records.slice(before.length).map(timeless)).toEqual(
      whole.slice(before.length).map(timeless),
    );
    expect(readStudy(directory).records).toEqual(study.records);
    expect(events.filter((kind) => kind === 'trialEnd')).toHaveLength(whole.length - before.length);
    expect(events).toContain('confirming');
    expect(readdirSync(directory)).not.toContain('checkpoints');
  });
});
