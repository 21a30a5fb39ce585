import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../core/errors.js';
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
// What goes wrong in here ends the thread, and the pool records it.
port.on(
  'message',
  (job: PortableJob) =>
    void runJob(job, dataset, post).then((record) => post({ kind: 'end', record })),
);
post({ kind: 'ready' });
