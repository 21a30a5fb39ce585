import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ThreadOptions, threadExecutor } from '../../src/executors/threads.js';
import type { ExecutorCalls, PortableJob, Trial, TrialRecord } from '../../src/public/study.js';

/**
 * Stands in for the real worker. After one epoch's message, seed 12 goes on for a minute, 13
 * throws, 14 calls process.exit.
 */
const WORKER = `
import { parentPort } from 'node:worker_threads';
parentPort.on('message', async ({ trial }) => {
  parentPort.postMessage({ kind: 'epoch', record: { epoch: 1, learningRate: 0, trainLoss: 0, trainError: 0, trainError5: 0, testLoss: 0, testError: trial.index, testError5: 0 } });
  await new Promise((resolve) => setTimeout(resolve, 20));
  if (trial.seed === 13) throw new Error('out of luck');
  if (trial.seed === 14) process.exit(trial.index);
  if (trial.seed === 12) await new Promise((resolve) => setTimeout(resolve, 60_000));
  parentPort.postMessage({ kind: 'end', record: { ...trial, status: 'failed', reason: 'done', facts: null, epochs: [], seconds: 0 } });
});
parentPort.postMessage({ kind: 'ready' });
`;

let directory: string;
let worker: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plexus-pool-'));
  worker = join(directory, 'worker.mjs');
  writeFileSync(worker, WORKER);
});
afterAll(() => rmSync(directory, { recursive: true }));

function trials(...seeds: readonly number[]): Trial[] {
  return seeds.map((seed, index) => ({ index, role: 'graph', graph: 'complete:n=8', seed }));
}

/** Nothing here reads the rest of a job, nor the data set. */
const jobOf = (trial: Trial): PortableJob => ({ trial, until: 1 }) as PortableJob;
const dataset = {} as ThreadOptions['dataset'];

async function run(
  list: readonly Trial[],
  changes: Partial<ThreadOptions & ExecutorCalls> = {},
): Promise<{ finished: boolean; records: TrialRecord[]; started: number[] }> {
  const records: TrialRecord[] = [];
  const started: number[] = [];
  const executor = threadExecutor({ workers: 2, dataset, worker, ...changes });
  const finished = await executor.run(list.map(jobOf), {
    onStart: ({ trial }) => started.push(trial.index),
    onMessage: () => undefined,
    onEnd: (record) => void records.push(record),
    more: () => [],
    ...changes,
  });
  return { finished, records, started };
}

describe('threadExecutor', () => {
  it('starts trials in order and ends with all of them', async () => {
    const { finished, records, started } = await run(trials(1, 2, 3, 4, 5));
    expect(finished).toBe(true);
    expect(started).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(records.map((record) => record.index))).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(records).toHaveLength(5);
  });

  it.each([1, 2])(
    'records a trial whose worker dies as failed, with its epochs, and goes on (%i workers)',
    async (workers) => {
      const { finished, records } = await run(trials(1, 13, 2, 13, 3), { workers });
      expect(finished).toBe(true);
      const reasons = Object.fromEntries(
        records.map((record) => [record.index, record.status === 'failed' ? record.reason : '']),
      );
      expect(reasons).toEqual({
        0: 'done',
        1: 'the worker died: out of luck',
        2: 'done',
        3: 'the worker died: out of luck',
        4: 'done',
      });
      expect(
        records.find((record) => record.index === 3)!.epochs.map((epoch) => epoch.testError),
      ).toEqual([3]);
    },
  );

  it('records a trial whose worker exits by itself as failed, with its epochs, and goes on', async () => {
    const { finished, records } = await run(trials(1, 14, 2, 14, 3), { workers: 2 });
    expect(finished).toBe(true);
    const reasons = Object.fromEntries(
      records.map((record) => [record.index, record.status === 'failed' ? record.reason : '']),
    );
    expect(reasons).toEqual({
      0: 'done',
      1: 'the worker died: it exited with status 1',
      2: 'done',
      3: 'the worker died: it exited with status 3',
      4: 'done',
    });
    expect(
      records.find((record) => record.index === 3)!.epochs.map((epoch) => epoch.testError),
    ).toEqual([3]);
  });

  it('asks for more when all have ended, with the same workers, until there are none', async () => {
    const asked: number[][] = [];
    const records: TrialRecord[] = [];
    const batches = [trials(1, 2, 3), trials(4), trials(5, 6)];
    const { started, finished } = await run(trials(1, 2, 3), {
      onEnd: (record) => void records.push(record),
      more: () => {
        asked.push(records.map(({ index }) => index));
        return (batches[asked.length] ?? []).map((trial) =>
          jobOf({ ...trial, index: 10 * asked.length + trial.index }),
        );
      },
    });
    expect(finished).toBe(true);
    expect(asked.map((known) => known.length)).toEqual([3, 4, 6]);
    expect(started).toEqual([0, 1, 2, 10, 20, 21]);
  });

  it('stops while it waits for more, and passes on what asking for more throws', async () => {
    const controller = new AbortController();
    const waiting = run(trials(12), {
      signal: controller.signal,
      onMessage: () => controller.abort(),
    });
    expect((await waiting).finished).toBe(false);
    await expect(
      run(trials(1), {
        more: () => {
          throw new Error('no more');
        },
      }),
    ).rejects.toThrow('no more');
  });

  it('says so when its worker cannot start', async () => {
    await expect(run(trials(1, 2), { worker: join(directory, 'absent.mjs') })).rejects.toThrow(
      /internal: a worker could not start: .*absent\.mjs/,
    );
  });

  it('stops at once when its signal aborts; nothing is recorded of what was running', async () => {
    const controller = new AbortController();
    const running = new Set<number>();
    const begun = performance.now();
    const { finished, records, started } = await run(trials(12, 12, 1, 2), {
      signal: controller.signal,
      onMessage: ({ trial }) => {
        running.add(trial.index);
        if (running.size === 2) controller.abort();
      },
    });
    expect(finished).toBe(false);
    expect(records).toEqual([]);
    expect(started).toEqual([0, 1]);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('stops and passes on what onEnd throws, as when the disk is full', async () => {
    const ended: number[] = [];
    const failing = run(trials(1, 2, 3, 4, 5, 6), {
      onEnd: (record) => {
        ended.push(record.index);
        throw new Error('disk full');
      },
    });
    await expect(failing).rejects.toThrow('disk full');
    expect(ended).toHaveLength(1);
  });

  it('stops and passes on what onMessage throws', async () => {
    const failing = run(trials(1, 2, 3), {
      onMessage: () => {
        throw new Error('no terminal');
      },
    });
    await expect(failing).rejects.toThrow('no terminal');
  });
});
