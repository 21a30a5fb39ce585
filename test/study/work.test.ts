import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  beginStudy,
  type Executor,
  parseStudySpec,
  readStudy,
  runStudy,
  type TrialRecord,
  workStudy,
  type WorkOptions,
} from '../../src/public/study.js';
import { retryTrials } from '../../src/runner/retry.js';
import { RandomStream } from '../../src/core/random/index.js';
import { thisProcess } from '../../src/platform/process-identity.js';
import { plexus } from '../cli/harness.js';
import { LONG } from '../long.js';
import { finished, logLines, SMALL_STUDY, startPlexus } from './small-study.js';

let root: string;
let serial: readonly unknown[];
const at = (name: string): string => join(root, name);
const spec = parseStudySpec(SMALL_STUDY, 'small.yaml');
const data = { env: {} };
const timeless = (records: readonly TrialRecord[]): unknown[] =>
  records.map((record) => ({ ...record, seconds: 0 }));

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'plexus-work-'));
  serial = timeless((await runStudy({ directory: at('serial'), spec, data, workers: 1 })).records);
}, 120_000);
afterAll(() => rmSync(root, { recursive: true }));

async function begun(name: string): Promise<string> {
  await beginStudy({ directory: at(name), spec, data });
  return at(name);
}

function work(directory: string, options: Partial<WorkOptions> = {}) {
  return workStudy({ directory, data, workers: 1, lease: 2, look: 0.05, ...options });
}

/** Trains nothing: all its trials' threads end by themselves. */
const deadly: Executor = {
  workers: 1,
  run: async (jobs, { take, onEnd, more }) => {
    for (let next = jobs; next.length > 0; next = await more())
      for (const job of next)
        if (await take?.(job))
          await onEnd(
            {
              ...job.trial,
              status: 'failed',
              reason: 'the worker died: out of memory',
              facts: null,
              epochs: [],
              seconds: 1,
            },
            job,
          );
    return true;
  },
};

describe('workers at one study', () => {
  it('train it together to the table of a run by itself, each trial once', async () => {
    const directory = await begun('together');
    const outcomes = await Promise.all([1, 2, 3].map(() => work(directory)));
    expect(outcomes.map(({ why }) => why)).toEqual(Array(3).fill('nothing left'));
    expect(outcomes.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(8);
    const study = readStudy(directory);
    expect(timeless(study.records)).toEqual(serial);
    expect(study.shared!.news.conflicts()).toEqual([]);
    expect(readdirSync(directory).sort()).toEqual(['log', 'study.json', 'study.yaml']);
    const { out } = await plexus(['study', 'status', directory]);
    expect(out).toContain('8 of 8 trials complete');
    expect(out).toContain('workers: 0 at work, 3 ended');
  });

  it('stand beside a run of the whole study, which takes their records as its own', async () => {
    const directory = await begun('beside');
    const [worker, run] = await Promise.all([
      work(directory),
      runStudy({ directory, spec: null, data, workers: 1 }),
    ]);
    expect(timeless(run.records)).toEqual(serial);
    expect(worker.recorded + logLines(directory)).toBeGreaterThanOrEqual(8);
    expect(timeless(readStudy(directory).records)).toEqual(serial);
  });

  it('take turns at trainings that are longer than the time of each', async () => {
    const directory = await begun('turns');
    const [first] = serial as [TrialRecord];
    const { formatLine } = await import('../../src/study/log-line.js');
    writeFileSync(join(directory, 'trials.ndjson'), formatLine({ ...first, seconds: 3600 }));
    expect((await work(directory, { seconds: 2 })).recorded).toBeGreaterThan(0);
    for (let turn = 0; turn < 20 && readStudy(directory).records.length < 8; turn++)
      await work(directory, { seconds: 2 });
    expect(timeless(readStudy(directory).records)).toEqual(serial);
  });

  it('begin nothing that they cannot end in their time, and are to be started again', async () => {
    const directory = await begun('short');
    expect(await work(directory, { seconds: 0 })).toMatchObject({ why: 'time', recorded: 0 });
    const { status, notes } = await plexus(['study', 'work', directory, '--for', '0s']);
    expect([status, notes]).toEqual([85, expect.stringContaining('the time is over')]);
    expect((await work(directory)).recorded).toBe(8);
    const logs = readdirSync(join(directory, 'log'));
    expect((await plexus(['study', 'work', directory])).status).toBe(0);
    expect(readdirSync(join(directory, 'log')), 'nothing to do, nothing written').toEqual(logs);
  });

  it('tidy up what one left that was killed after the last record', async () => {
    const directory = await begun('after');
    expect((await work(directory)).recorded).toBe(8);
    const child = startPlexus('--version');
    await finished(child);
    const dead = { ...thisProcess(), pid: child.pid };
    for (const folder of ['alive', 'claims/7.1', 'checkpoints'])
      mkdirSync(join(directory, folder), { recursive: true });
    writeFileSync(join(directory, 'alive/dead'), JSON.stringify(dead));
    writeFileSync(join(directory, 'claims/7.1/dead'), '');
    writeFileSync(join(directory, 'checkpoints/7.ckpt'), 'x');
    expect(await work(directory)).toMatchObject({ why: 'nothing left', recorded: 0 });
    expect(readdirSync(directory).sort()).toEqual(['log', 'study.json', 'study.yaml']);
  });

  it.each([0, 8])(
    'leave no claims of ended trials, also of those killed before they said who they are (%i of 8 open)',
    async (open) => {
      const directory = await begun(`moot${open}`);
      if (open === 0) await work(directory);
      // A trial's last turn, whose holder is not known, and an earlier one of another's.
      for (const folder of ['claims/7.2', 'claims/7.1/gone'])
        mkdirSync(join(directory, folder), { recursive: true });
      expect(await work(directory, { lease: 1 })).toMatchObject({
        why: 'nothing left',
        recorded: open,
      });
      expect(readdirSync(directory).sort()).toEqual(['log', 'study.json', 'study.yaml']);
    },
  );

  const long = { timeout: 300_000, tags: ['long'] };
  it('take over what one that was killed had, and join its log with others', long, async () => {
    const directory = await begun('killed');
    const kills = LONG ? 12 : 1;
    const random = new RandomStream('kills of workers');
    for (let i = 0; i < kills; i++) {
      const child = startPlexus('study', 'work', directory, '--workers', '1', '--lease', '2');
      const end = finished(child);
      const records = (): number => readStudy(directory).records.length;
      const before = records();
      while (child.exitCode === null && records() <= before)
        await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, random.below(200)));
      child.kill('SIGKILL');
      await end;
    }
    expect((await work(directory)).why).toBe('nothing left');
    expect(timeless(readStudy(directory).records)).toEqual(serial);
    expect(readdirSync(join(directory, 'log')).length).toBeLessThanOrEqual(2);
    expect(readdirSync(directory).sort()).toEqual(['log', 'study.json', 'study.yaml']);
  });

  it('name a damaged line and train its trial again; a torn end is none', async () => {
    const directory = at('damaged');
    cpSync(at('together'), directory, { recursive: true });
    const [log = ''] = readdirSync(join(directory, 'log')).filter((name) =>
      readFileSync(join(directory, 'log', name), 'utf8').includes('"kind":"record"'),
    );
    const path = join(directory, 'log', log);
    const text = readFileSync(path, 'utf8');
    const damage = text.indexOf('"error":') + 9;
    const other = text[damage] === '1' ? '2' : '1';
    writeFileSync(path, `${text.slice(0, damage)}${other}${text.slice(damage + 1)}{"worker":`);
    const study = readStudy(directory);
    expect(study.records).toHaveLength(7);
    expect(study.shared).toMatchObject({ damaged: [{ file: log }], torn: [log] });
    const { notes } = await plexus(['study', 'status', directory]);
    expect(notes).toContain(`of log/${log} is damaged and left out; its trial`);
    expect((await work(directory)).recorded).toBe(1);
    expect(timeless(readStudy(directory).records)).toEqual(serial);
  });

  it('say so where two trainings of one trial came out differently', async () => {
    const directory = at('differing');
    cpSync(at('together'), directory, { recursive: true });
    const [record] = readStudy(directory).records;
    const { formatLine } = await import('../../src/study/log-line.js');
    writeFileSync(
      join(directory, 'trials.ndjson'),
      formatLine({ ...record!, error: 1 } as TrialRecord),
    );
    const { notes } = await plexus(['study', 'status', directory]);
    expect(notes).toMatch(
      /warning: trial 0 came out differently in two trainings: by the study's own/,
    );
    expect(readStudy(directory).records[0]).toMatchObject({ error: 1 });
  });

  it('try a trial again whose thread ended, put it aside after two, and leave a bad machine', async () => {
    const directory = await begun('deadly');
    const bad = (host: string) => work(directory, { executor: deadly, host });
    expect(await bad('bad')).toMatchObject({ why: 'host', recorded: 0 });
    // Left out, it does not even begin.
    expect(await bad('bad')).toMatchObject({ why: 'host', recorded: 0 });
    expect(await bad('worse')).toMatchObject({ why: 'host', recorded: 3 });
    const failed = readStudy(directory).records.filter(({ status }) => status === 'failed');
    expect(failed.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(failed[0]).toMatchObject({
      reason: 'the threads that trained it ended by themselves, on bad and worse: out of memory',
    });
    // A run of the whole study tries them again as well.
    cpSync(directory, at('deadly-run'), { recursive: true });
    const run = { directory: at('deadly-run'), spec: null, data, workers: 1 };
    expect(timeless((await runStudy({ ...run, retryFailed: true })).records)).toEqual(serial);
    expect((await plexus(['study', 'retry', directory])).out).toMatch(/^to be run again: trial/);
    expect(readStudy(directory).records.filter(({ status }) => status === 'failed')).toEqual([]);
    expect((await work(directory, { host: 'good' })).why).toBe('nothing left');
    expect(timeless(readStudy(directory).records)).toEqual(serial);
    await expect(retryTrials(directory, [3])).rejects.toThrow(/must have failed, but 3 of/);
    expect((await plexus(['study', 'retry', directory])).out).toContain('no trial failed');
  });

  it('train fewer trials at a time after an attempt that was killed, and give up when one is too many', async () => {
    const directory = await begun('memory');
    const notes: string[] = [];
    /** An attempt of a task whose memory ends when it has just begun. */
    const attempt = async (task: string): Promise<void> => {
      const words = ['--workers', '4', '--task', task, '--lease', '2'];
      const child = startPlexus('study', 'work', directory, ...words);
      const end = finished(child);
      const began = (): number => readStudy(directory).shared?.news.begins.length ?? 0;
      const before = began();
      while (child.exitCode === null && began() === before)
        await new Promise((resolve) => setTimeout(resolve, 5));
      child.kill('SIGKILL');
      await end;
    };
    const asked = (): number[] =>
      readStudy(directory).shared!.news.begins.flatMap(({ task, workers }) =>
        task === 'job.0' ? [workers] : [],
      );
    for (let i = 0; i < 3; i++) await attempt('job.0');
    expect(asked()).toEqual([4, 2, 1]);
    const again = ['study', 'work', directory, '--workers', '4', '--task', 'job.0'];
    const { status, notes: said } = await plexus(again);
    expect(status).toBe(42);
    expect(said).toMatch(/the task job\.0 ended without a word 3 times in a row.* about \d+ MiB/s);
    // Another task, and one submitted again, begin anew; all trials are there in the end.
    const all = { workers: 4, task: 'job.1', note: (line: string) => notes.push(line) };
    expect((await work(directory, all)).why).toBe('nothing left');
    expect(notes).toEqual([]);
    expect(timeless(readStudy(directory).records)).toEqual(serial);
  });

  it('leave to a run of the study what failed in one', async () => {
    const directory = await begun('failed-in-run');
    const [record] = readStudy(at('together')).records;
    const { formatLine } = await import('../../src/study/log-line.js');
    const { error: _, ...rest } = record as TrialRecord & { readonly status: 'complete' };
    const failed: TrialRecord = { ...rest, status: 'failed', reason: 'made up' };
    writeFileSync(join(directory, 'trials.ndjson'), formatLine(failed));
    const { status, notes } = await plexus(['study', 'retry', directory]);
    expect([status, notes]).toEqual([
      2,
      expect.stringContaining(`run ${directory} --retry-failed`),
    ]);
    expect(readdirSync(directory)).not.toContain('log');
  });

  it('never start again where that is of no use', async () => {
    expect((await plexus(['study', 'work', at('nowhere')])).status).toBe(42);
    const { status, notes } = await plexus(['study', 'work', at('serial'), '--for', 'soon']);
    expect([status, notes]).toEqual([2, expect.stringContaining('expected a time')]);
  });
});

describe('plexus study submit', () => {
  const file = (): string => {
    writeFileSync(at('small.yaml'), SMALL_STUDY);
    return at('small.yaml');
  };
  const submit = (...rest: readonly string[]) =>
    plexus(['study', 'submit', file(), '--out', at('printed'), ...rest]);

  it.each([
    [
      'slurm',
      ['--time', '2h', '--tasks', '5'],
      /#SBATCH --array=0-4\n[^]*--signal=B:USR1@120[^]*requeue[^]*--output=\S+\/output\/slurm-%A_%a.out/,
    ],
    [
      'htcondor',
      ['--tasks', '5'],
      /--task \$\(Cluster\)\.\$\(Process\)"[^]*_code = 85\n[^]*Code == 34[^]*queue 5/,
    ],
    [
      'kubernetes',
      ['--image', 'plexus', '--volume', 'studies', '--tasks', '5'],
      /"completions": 5,[^]*"podReplacementPolicy": "Failed"[^]*"FailIndex"/,
    ],
    ['aws-batch', ['--image', 'plexus', '--volume', 'fs-1'], /"onExitCode": "85"[^]*"fs-1"/],
  ])('prints what it would give to --%s and does nothing', async (engine, options, wanted) => {
    const { status, out } = await submit(`--${engine}`, ...options, '--print');
    expect(status).toBe(0);
    expect(out).toMatch(wanted);
    expect(out).toContain(`study work ${at('printed')}`);
    expect(readdirSync(root)).not.toContain('printed');
  });

  it.each([
    ['kubernetes', ['--volume', 'studies'], '$PLEXUS_JOB.$JOB_COMPLETION_INDEX'],
    ['aws-batch', ['--volume', 'fs-1'], '$AWS_BATCH_JOB_ID'],
  ])('tells a task of --%s whose attempt it is', async (engine, options, task) => {
    const { out } = await submit(`--${engine}`, '--image', 'plexus', ...options, '--print');
    expect(out).toContain(`--task \\"${task}\\" --workers`);
    // 137, killed for its memory, is tried again by either.
    expect(out).toMatch(/"backoffLimitPerIndex": 20|"RETRY",\s*"onExitCode": "137"/);
  });

  it('makes further jobs where an array may not have so many tasks', async () => {
    const { out } = await submit('--slurm', '--tasks', '2500', '--print');
    expect(out.match(/--array=\S+/g)).toEqual([
      '--array=0-1000',
      '--array=0-1000',
      '--array=0-497',
    ]);
  });

  it.each([
    [[], 'one of --slurm, --kubernetes, --htcondor, --aws-batch'],
    [['--slurm', '--htcondor'], 'give one'],
    [['--kubernetes', '--volume', 'x'], 'needs --image'],
    [['--slurm', '--image', 'x'], '--image means nothing to Slurm'],
    [['--htcondor', '--volume', 'x'], 'means nothing'],
  ])('refuses %j', async (options, message) => {
    const { status, notes } = await submit(...options, '--print');
    expect(status).toBe(2);
    expect(notes).toContain(message);
    expect(readdirSync(root)).not.toContain('printed');
  });
});
