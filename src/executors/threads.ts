import type { Dataset } from '../data/types.js';
import { compiledWorker, runPool } from '../platform/pool.js';
import type { Executor, PortableJob, TrialMessage } from '../study/executor.js';
import type { TrialRecord } from '../study/types.js';
import type { EpochRecord } from '../train/types.js';
import type { WorkerShared, WorkerStop } from './worker.js';

/** How many worker threads an executor has, and what they are told. */
export interface ThreadOptions {
  readonly workers: number;
  /** The data set of every job, which all workers share. */
  readonly dataset: Dataset;
  /** File of the module that a worker runs; default: `worker.js`. */
  readonly worker?: string;
}

const DEATH = 'the worker died: ';

/**
 * Why the thread of a trial ended by itself, where that is why the trial failed: which says less of
 * the trial than of its machine. Null for every other record.
 */
export function deathOf(record: TrialRecord): string | null {
  return record.status === 'failed' && record.reason.startsWith(DEATH)
    ? record.reason.slice(DEATH.length)
    : null;
}

/**
 * Trains trials in worker threads of this machine, one at a time in each. A trial whose worker
 * dies, in whatever way, is a failed record, and a new worker takes its place.
 */
export function threadExecutor({ workers, dataset, worker }: ThreadOptions): Executor {
  const shared: WorkerShared = { dataset };
  return {
    workers,
    run: (jobs, calls) => {
      const epochs = new Map<PortableJob, EpochRecord[]>();
      return runPool<PortableJob, TrialMessage, TrialRecord>(jobs, {
        ...calls,
        workers,
        shared,
        worker: worker ?? compiledWorker('executors/worker.js'),
        stop: ({ checkpoint }): WorkerStop => ({
          kind: 'stop',
          file: checkpoint && (calls.checkpointAt ?? ((file) => file))(checkpoint.file),
        }),
        onMessage: (job, message) => {
          if (message.kind === 'epoch')
            epochs.set(job, [...(epochs.get(job) ?? []), message.record]);
          calls.onMessage(job, message);
        },
        onEnd: (record, job) => {
          epochs.delete(job);
          return calls.onEnd(record, job);
        },
        onDeath: (job, reason, seconds) => ({
          ...job.trial,
          status: 'failed',
          reason: `${DEATH}${reason}`,
          facts: null,
          epochs: epochs.get(job) ?? [],
          seconds,
        }),
      });
    },
  };
}
