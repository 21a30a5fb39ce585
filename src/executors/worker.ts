import { parentPort, workerData } from 'node:worker_threads';
import { Interrupted, invariant, messageOf } from '../core/errors.js';
import type { Dataset } from '../data/types.js';
import type { PoolPost } from '../platform/pool.js';
import type { PortableJob, TrialMessage } from '../study/executor.js';
import type { TrialRecord } from '../study/types.js';
import { runJob } from './job.js';
import '../engine-native/register.js';

/** What all jobs of a worker share; posted once. The bytes are shared memory, not copied. */
export interface WorkerShared {
  readonly dataset: Dataset;
}

/** What a worker is posted while it trains a trial that is to be left off. */
export interface WorkerStop {
  readonly kind: 'stop';
  /** Where its checkpoint goes; null: nowhere. */
  readonly file: string | null;
}

/**
 * Everything a worker posts: once that it is ready, then for each trial its messages and its end.
 */
export type WorkerPost = PoolPost<TrialMessage, TrialRecord>;

// This module is the main one of a worker thread of the executor's pool, which posts it one job
// after another.
const port = parentPort;
invariant(port !== null, 'the worker of a study runs in a worker thread only');
const { dataset } = workerData as WorkerShared;
const post = (message: WorkerPost): void => port.postMessage(message);
/** How the trial that is being trained is stopped; null between two. */
let stop: ((file: string | null) => void) | null = null;

// What goes wrong in here ends the thread, and the pool records it.
async function trainJob(job: PortableJob): Promise<void> {
  const controller = new AbortController();
  let stopFile: string | null = null;
  stop = (file) => {
    stopFile = file;
    controller.abort();
  };
  try {
    const record = await runJob(job, dataset, post, controller.signal, () => stopFile);
    post({ kind: 'end', record });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    if (error.cause !== undefined) post({ kind: 'unkept', text: messageOf(error.cause) });
    post({ kind: 'stopped' });
  } finally {
    stop = null;
  }
}

port.on('message', (message: PortableJob | WorkerStop) => {
  if ('kind' in message) stop?.(message.file);
  else void trainJob(message);
});
post({ kind: 'ready' });
