import { compiledWorker, runPool as runJobs } from '../platform/pool.js';
import type { EpochRecord } from '../train/types.js';
import type { StudyJob, TrialRecord } from './types.js';
import type { WorkerMessage, WorkerShared } from './worker.js';

export interface PoolOptions {
  readonly workers: number;
  readonly shared: WorkerShared;
  readonly onStart: (job: StudyJob) => void;
  readonly onMessage: (job: StudyJob, message: WorkerMessage) => void;
  /** Called when all jobs so far have ended: further ones; none ends the pool. */
  readonly more?: () => readonly StudyJob[];
  /**
   * Called for every job that ended, in the order of ending. What it throws stops the pool; it is
   * not called again.
   */
  readonly onEnd: (record: TrialRecord, job: StudyJob) => void;
  readonly signal?: AbortSignal;
  /** File of the module that a worker runs; default: `worker.js`. */
  readonly worker?: string;
}

/**
 * Runs trials in worker threads, one at a time in each, started in the order given. A trial whose
 * worker dies, in whatever way, is a failed record and a new worker takes its place. When `signal`
 * aborts or a callback throws, all workers are stopped and what they ran is lost.
 *
 * @returns whether every job ended; false after an abort
 */
export function runPool(jobs: readonly StudyJob[], options: PoolOptions): Promise<boolean> {
  const epochs = new Map<StudyJob, EpochRecord[]>();
  return runJobs<StudyJob, WorkerMessage, TrialRecord>(jobs, {
    ...options,
    worker: options.worker ?? compiledWorker(import.meta.url, 'worker.js'),
    onMessage: (job, message) => {
      if (message.kind === 'epoch') epochs.set(job, [...(epochs.get(job) ?? []), message.record]);
      options.onMessage(job, message);
    },
    onEnd: (record, job) => {
      epochs.delete(job);
      options.onEnd(record, job);
    },
    onDeath: (job, reason, seconds) => ({
      ...job.trial,
      status: 'failed',
      reason: `the worker died: ${reason}`,
      facts: null,
      epochs: epochs.get(job) ?? [],
      seconds,
    }),
  });
}
