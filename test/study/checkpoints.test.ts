import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/core/errors.js';
import { loadDataset } from '../../src/public/data.js';
import type { Dataset } from '../../src/data/types.js';
import { selectBackend } from '../../src/public/engine.js';
import {
  parseStudySpec,
  runStudy,
  type RunStudyOptions,
  runTrial,
  type Study,
  type Trial,
  type TrialJob,
  type TrialRecord,
} from '../../src/public/study.js';
import { checkpointFile, removeEmptyFolder, tidyCheckpoints } from '../../src/store/checkpoints.js';
import { trainSettingsFor, type EpochRecord } from '../../src/train/index.js';

let directory: string;
let dataset: Dataset;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-trial-'));
  dataset = await loadDataset({ name: 'shapes', train: 128, test: 40, size: 16 }, { env: {} });
});
afterAll(() => rmSync(directory, { recursive: true }));

const trial: Trial = { index: 3, role: 'graph', graph: 'ws-flex:n=8,k=4,p=0.5,seed=1', seed: 7 };

function jobOf(changes: Partial<TrialJob> = {}): TrialJob {
  return {
    trial,
    arch: 'mlp',
    dataset,
    settings: trainSettingsFor('mlp', { epochs: 4, batch: 32, learningRate: 0.05 }),
    backend: selectBackend('auto', () => undefined),
    ...changes,
  };
}

/** All of a record that must not depend on interruptions. */
/** Without the seconds, and the checksum of the line, which they go into. */
function lasting(record: TrialRecord & { readonly crc32?: string }): unknown {
  const { seconds: _, crc32: __, ...rest } = record;
  return rest;
}

describe('a trial', () => {
  it('goes on from its checkpoint to the same record, and tells its watcher all epochs', async () => {
    const whole = await runTrial(jobOf());
    expect(whole).toMatchObject({
      status: 'complete',
      epochs: [{ epoch: 1, testError5: expect.any(Number) }, {}, {}, {}],
    });
    const checkpoint = { file: checkpointFile(directory, trial), seconds: 0 };
    const controller = new AbortController();
    const stopped = runTrial(
      jobOf({
        checkpoint,
        signal: controller.signal,
        onEpoch: ({ epoch }) => {
          if (epoch === 2) controller.abort();
        },
      }),
    );
    await expect(stopped).rejects.toThrow(Interrupted);
    const seen: EpochRecord[] = [];
    const taken: number[] = [];
    const parts: number[] = [];
    const record = await runTrial(
      jobOf({
        checkpoint,
        onEpoch: (each) => seen.push(each),
        onResume: (part) => taken.push(part),
        onProgress: (part) => parts.push(part),
      }),
    );
    expect(lasting(record)).toEqual(lasting(whole));
    expect(seen).toEqual(whole.epochs);
    expect(taken[0]).toBeGreaterThanOrEqual(0.5);
    expect(parts[0]).toBeGreaterThan(taken[0]);
    expect(parts.at(-1)).toBe(1);
  });

  it('starts anew, with a note, where its checkpoint is of another trial or damaged', async () => {
    const checkpoint = { file: join(directory, 'other.safetensors'), seconds: 0 };
    const notes: string[] = [];
    const whole = await runTrial(jobOf({ checkpoint }));
    writeFileSync(checkpoint.file, 'half a fi');
    expect(
      lasting(await runTrial(jobOf({ checkpoint, onNote: (line) => notes.push(line) }))),
    ).toEqual(lasting(whole));
    const other = { ...trial, seed: 8 };
    await runTrial(
      jobOf({
        checkpoint,
        trial: other,
        settings: trainSettingsFor('mlp', { epochs: 2, batch: 32, learningRate: 0.05 }),
        onNote: (line) => notes.push(line),
      }),
    );
    expect(notes).toEqual([
      expect.stringMatching(
        /^note: training starts from the beginning: .*other\.safetensors: not a valid safetensors file/,
      ),
      expect.stringMatching(
        /^note: training starts from the beginning: a training goes on only as it began, but .*: settings\.epochs was 4, is 2, seed was 7, is 8; /,
      ),
    ]);
  });

  it('that needs more memory than there is fails with that reason before it is allocated', async () => {
    const record = await runTrial(
      jobOf({
        dataset: { ...dataset, train: { ...dataset.train, count: 65_536 } } as Dataset,
        arch: 'resnet50',
        settings: trainSettingsFor('resnet50', { batch: 65_536, backend: 'cpu' }),
      }),
    );
    expect(record).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(
        /^training this network must fit into the machine's .* but needs .*; lower the batch, or raise accumulate/,
      ),
      facts: { nodes: 8 },
      epochs: [],
    });
  });
});

describe('the folder of checkpoints', () => {
  it('keeps those of trials that are to do, and goes when it is empty', () => {
    const folder = join(directory, 'checkpoints');
    tidyCheckpoints(folder, []);
    removeEmptyFolder(folder);
    expect(existsSync(folder)).toBe(false);
    mkdirSync(folder);
    for (const name of [
      'trial-3.safetensors',
      'trial-4.safetensors',
      '.trial-3.safetensors.99-1.tmp',
    ])
      writeFileSync(join(folder, name), '');
    tidyCheckpoints(folder, [trial]);
    expect(readdirSync(folder)).toEqual(['trial-3.safetensors']);
    removeEmptyFolder(folder);
    expect(readdirSync(folder)).toEqual(['trial-3.safetensors']);
  });
});

const YAML = `plexus: 1
name: kept
data: {name: shapes, size: 16, train: 640, test: 100}
baseline: complete:n=8
graphs: ["ws-flex:n=8,k=4,p=0.5,seed=1"]
width: 32
train: {epochs: 8, batch: 32, learningRate: 0.05}
`;
/** Of the study that is killed: every step of it is written to the disk. */
const SHORT_YAML = YAML.replace('epochs: 8', 'epochs: 3');

/** Runs the study in a process of its own, with a checkpoint after every epoch. */
function startStudy(out: string): ChildProcess {
  const study = pathToFileURL(resolve('dist/public/study.js')).href;
  const program =
    `import { runStudy, parseStudySpec } from '${study}';\n    await runStudy({ directory: ` +
    `${JSON.stringify(out)}, spec: parseStudySpec(${JSON.stringify(SHORT_YAML)}, 'a.yaml'), ` +
    'data: { env: {} }, workers: 2, checkpointSeconds: 0,\n      onEvent: (event) => { if ' +
    "(event.kind === 'resumed') console.log('resumed', event.trial.index, event.fraction); " +
    '} });';
  // A file: workers take over the options of a program that is given as text, and cannot start with
  // them.
  const file = join(directory, 'run.mjs');
  writeFileSync(file, program);
  return spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function finishedStudy(out: string): Promise<string> {
  const child = startStudy(out);
  let text = '';
  child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  expect(status).toBe(0);
  return text;
}

function recordsOf(out: string): unknown[] {
  const records = readFileSync(join(out, 'trials.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TrialRecord);
  return records.sort((a, b) => a.index - b.index).map(lasting);
}

describe('a study that is stopped in the middle of its trials', () => {
  it('keeps every one as far as it is, and goes on to the very same records', async () => {
    // Long enough that both are in the middle when the second says so, however late its thread began.
    const spec = parseStudySpec(YAML.replace('epochs: 8', 'epochs: 24'), 'a.yaml');
    const run = (out: string, more: Partial<RunStudyOptions> = {}): Promise<Study> =>
      runStudy({ directory: out, spec, data: { env: {} }, workers: 2, ...more });
    const whole = await run(join(directory, 'unstopped'));
    const stopped = join(directory, 'stopped');
    const controller = new AbortController();
    const begun = new Set<number>();
    const stopping = run(stopped, {
      // None is due before the stop.
      checkpointSeconds: 1e6,
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === 'progress') begun.add(event.trial.index);
        if (begun.size === 2) controller.abort();
      },
    });
    await expect(stopping).rejects.toThrow(
      /^stopped with 0 of \d+ trials done, all kept; continue/,
    );
    expect(readdirSync(join(stopped, 'checkpoints')).sort()).toEqual([
      'trial-0.safetensors',
      'trial-1.safetensors',
    ]);
    const resumed: number[] = [];
    const { records } = await run(stopped, {
      onEvent: (event) => event.kind === 'resumed' && resumed.push(event.fraction),
    });
    expect(resumed).toHaveLength(2);
    for (const fraction of resumed) expect(fraction).toBeGreaterThan(0);
    expect(records.map(lasting)).toEqual(whole.records.map(lasting));
  });
});

describe('a study that is killed in the middle of its trials', () => {
  it('goes on in the middle of them, to the very same records, and tidies up', async () => {
    const whole = join(directory, 'whole');
    expect(await finishedStudy(whole)).toBe('');
    const killed = join(directory, 'killed');
    const checkpoints = (): string[] =>
      existsSync(join(killed, 'checkpoints')) ? readdirSync(join(killed, 'checkpoints')) : [];
    const child = startStudy(killed);
    while (checkpoints().every((name) => name.startsWith('.')) && child.exitCode === null)
      await sleep(2);
    expect(child.exitCode, 'the study ended before a checkpoint was seen').toBe(null);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(existsSync(join(killed, 'study.json'))).toBe(true);
    expect(await finishedStudy(killed)).toMatch(/^resumed \d 0\.\d/m);
    expect(recordsOf(killed)).toEqual(recordsOf(whole));
    expect(readdirSync(killed).sort()).toEqual(['study.json', 'study.yaml', 'trials.ndjson']);
  });
});
