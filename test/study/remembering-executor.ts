import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { runJob } from '../../src/executors/job.js';
import type { Dataset } from '../../src/data/types.js';
import type { Executor, PortableJob, TrialMessage } from '../../src/study/executor.js';
import type { TrialRecord } from '../../src/study/types.js';

interface Told {
  readonly record: TrialRecord;
  readonly messages: readonly TrialMessage[];
}

/** All that a training's record and messages depend on: the job, and the checkpoint's bytes. */
function keyOf(job: PortableJob): string {
  const { directory: _, checkpoint, ...rest } = job;
  const file = checkpoint?.file;
  const kept = file !== undefined && existsSync(file) ? readFileSync(file) : null;
  const sum = kept === null ? 'none' : createHash('sha256').update(kept).digest('hex');
  return JSON.stringify({ ...rest, seconds: checkpoint?.seconds, sum });
}

/**
 * Trains jobs in this thread, one after another, and those that it has trained before from the same
 * checkpoint not once more: it tells of them what it told then. For tests that go on with one study a
 * thousand times, whose graphs are in no files and which nobody stops. It is to be kept for all of them.
 */
export function rememberingExecutor(dataset: Dataset): Executor {
  const told = new Map<string, Told>();
  const train = async (job: PortableJob): Promise<Told> => {
    const messages: TrialMessage[] = [];
    const record = await runJob(job, dataset, (message) => messages.push(message));
    return { record, messages };
  };
  return {
    workers: 1,
    run: async (jobs, calls) => {
      for (let step = jobs; step.length > 0; step = await calls.more())
        for (const job of step) {
          if (calls.take !== undefined && !(await calls.take(job))) continue;
          calls.onStart(job);
          const key = keyOf(job);
          const known = told.get(key) ?? (await train(job));
          told.set(key, known);
          for (const message of known.messages) calls.onMessage(job, message);
          await calls.onEnd(known.record, job);
        }
      return true;
    },
  };
}
