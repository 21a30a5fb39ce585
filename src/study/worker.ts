import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../core/errors.js';
import type { Dataset } from '../data/types.js';
import { selectBackend } from '../engine/backends/registry.js';
import type { PoolPost } from '../platform/pool.js';
import type { EpochRecord, TrainSettings } from '../train/types.js';
import { checkpointFile } from './checkpoints.js';
import { runTrial } from './trial.js';
import type { StudyJob, StudySpec, TrialRecord } from './types.js';

/**
 * What all trials of a worker share; posted once. The data set's bytes are shared memory, not
 * copied.
 */
export interface WorkerShared {
  readonly arch: string;
  readonly stem: StudySpec['stem'];
  /** The study's directory. */
  readonly directory: string;
  /**
   * The folder that trials are kept in while they are trained, and the least seconds from one
   * checkpoint to the next.
   */
  readonly checkpoints: { readonly folder: string; readonly seconds: number };
  readonly dataset: Dataset;
  readonly settings: TrainSettings;
  readonly backend: string;
}

/** What a worker tells while it runs a trial. */
export type WorkerMessage =
  | { readonly kind: 'epoch'; readonly record: EpochRecord }
  | { readonly kind: 'progress'; readonly fraction: number }
  /** The trial goes on from a checkpoint, with this part done. */
  | { readonly kind: 'resumed'; readonly fraction: number }
  /** Something is done otherwise than usual. */
  | { readonly kind: 'note'; readonly text: string }
  /** Something is wrong with the data, and was got over. */
  | { readonly kind: 'warning'; readonly text: string };

/**
 * Everything a worker posts: once that it is ready, then for each trial its messages and its end.
 */
export type WorkerPost = PoolPost<WorkerMessage, TrialRecord>;

const PROGRESS_MS = 200;

function work(
  { trial, until }: StudyJob,
  shared: WorkerShared,
  post: (message: WorkerPost) => void,
): Promise<TrialRecord> {
  let sent = performance.now();
  const { arch, stem, directory, dataset, settings, checkpoints } = shared;
  return runTrial({
    trial,
    until,
    arch,
    stem,
    directory,
    dataset,
    settings,
    backend: selectBackend(shared.backend, () => undefined),
    checkpoint: { file: checkpointFile(checkpoints.folder, trial), seconds: checkpoints.seconds },
    onResume: (fraction) => post({ kind: 'resumed', fraction }),
    onNote: (text) => post({ kind: 'note', text }),
    onWarning: (text) => post({ kind: 'warning', text }),
    onEpoch: (record) => post({ kind: 'epoch', record }),
    onProgress: (fraction) => {
      if (performance.now() - sent < PROGRESS_MS) return;
      sent = performance.now();
      post({ kind: 'progress', fraction });
    },
  });
}

// This module is the main one of a worker thread of the study's pool, which posts it one trial
// after another.
const port = parentPort;
invariant(port !== null, 'the worker of a study runs in a worker thread only');
const post = (message: WorkerPost): void => port.postMessage(message);
// What goes wrong in here ends the thread, and the pool records it.
port.on(
  'message',
  (job: StudyJob) =>
    void work(job, workerData as WorkerShared, post).then((record) =>
      post({ kind: 'end', record }),
    ),
);
post({ kind: 'ready' });
