import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../core/errors.js';
import type { PoolPost } from '../core/pool.js';
import type { Dataset } from '../data/types.js';
import { selectBackend } from '../engine/index.js';
import type { BackendName } from '../engine/types.js';
import type { EpochRecord, TrainSettings } from '../train/types.js';
import { runTrial } from './trial.js';
import type { Trial, TrialRecord } from './types.js';

/** What all trials of a worker share; posted once. The data set's bytes are shared memory, not copied. */
export interface WorkerShared {
  readonly arch: string;
  /** The study's directory. */
  readonly directory: string;
  readonly dataset: Dataset;
  readonly settings: TrainSettings;
  readonly backend: BackendName;
}

/** What a worker tells while it runs a trial. */
export type WorkerMessage = { readonly kind: 'epoch'; readonly record: EpochRecord } | { readonly kind: 'progress'; readonly fraction: number };

/** Everything a worker posts: once that it is ready, then for each trial its messages and its end. */
export type WorkerPost = PoolPost<WorkerMessage, TrialRecord>;

const PROGRESS_MS = 200;

function work(trial: Trial, shared: WorkerShared, post: (message: WorkerPost) => void): Promise<TrialRecord> {
  let sent = performance.now();
  return runTrial({
    trial,
    arch: shared.arch,
    directory: shared.directory,
    dataset: shared.dataset,
    settings: shared.settings,
    backend: selectBackend(shared.backend, () => undefined),
    onEpoch: (record) => post({ kind: 'epoch', record }),
    onProgress: (fraction) => {
      if (performance.now() - sent < PROGRESS_MS) return;
      sent = performance.now();
      post({ kind: 'progress', fraction });
    },
  });
}

// This module is the main one of a worker thread of the study's pool, which posts it one trial after another.
const port = parentPort;
invariant(port !== null, 'the worker of a study runs in a worker thread only');
const post = (message: WorkerPost): void => port.postMessage(message);
// What goes wrong in here ends the thread, and the pool records it.
port.on('message', (trial: Trial) => void work(trial, workerData as WorkerShared, post).then((record) => post({ kind: 'end', record })));
post({ kind: 'ready' });
