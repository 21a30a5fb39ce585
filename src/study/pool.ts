import { compiledWorker, runPool as runJobs } from '../core/pool.js';
import type { EpochRecord } from '../train/types.js';
import type { Trial, TrialRecord } from './types.js';
import type { WorkerMessage, WorkerShared } from './worker.js';

export interface PoolOptions {
  readonly workers: number;
  readonly shared: WorkerShared;
  readonly onStart: (trial: Trial) => void;
  readonly onMessage: (trial: Trial, message: WorkerMessage) => void;
  /** Called for every trial that ended, in the order of ending. What it throws stops the pool; it is not called again. */
  readonly onEnd: (record: TrialRecord) => void;
  readonly signal?: AbortSignal;
  /** File of the module that a worker runs; default: `worker.js`. */
  readonly worker?: string;
}

/**
 * Runs trials in worker threads, one at a time in each, started in the order given. A trial whose worker dies, in
 * whatever way, is a failed record and a new worker takes its place. When `signal` aborts or a callback throws, all
 * workers are stopped and what they ran is lost.
 *
 * @returns whether every trial ended; false after an abort
 */
export function runPool(trials: readonly Trial[], options: PoolOptions): Promise<boolean> {
  const epochs = new Map<Trial, EpochRecord[]>();
  return runJobs<Trial, WorkerMessage, TrialRecord>(trials, {
    ...options,
    worker: options.worker ?? compiledWorker(import.meta.url, 'worker.js'),
    onMessage: (trial, message) => {
      if (message.kind === 'epoch') epochs.set(trial, [...(epochs.get(trial) ?? []), message.record]);
      options.onMessage(trial, message);
    },
    onEnd: (record, trial) => {
      epochs.delete(trial);
      options.onEnd(record);
    },
    onDeath: (trial, reason, seconds) => ({ ...trial, status: 'failed', reason: `the worker died: ${reason}`, facts: null, epochs: epochs.get(trial) ?? [], seconds }),
  });
}
