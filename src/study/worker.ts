import type { MessagePort } from 'node:worker_threads';
import { Tinypool } from 'tinypool';
import type { Dataset } from '../data/types.js';
import { selectBackend } from '../engine/index.js';
import type { BackendName } from '../engine/types.js';
import type { EpochRecord, TrainSettings } from '../train/types.js';
import { runTrial } from './trial.js';
import type { Trial, TrialRecord } from './types.js';

/** What all trials of a worker share; posted once. The data set's bytes are shared memory, not copied. */
export interface WorkerShared {
  readonly arch: string;
  readonly dataset: Dataset;
  readonly settings: TrainSettings;
  readonly backend: BackendName;
}

/** One trial, and the port its messages go to. */
export interface WorkerTask {
  readonly trial: Trial;
  readonly port: MessagePort;
}

export type WorkerMessage = { readonly kind: 'epoch'; readonly record: EpochRecord } | { readonly kind: 'progress'; readonly fraction: number };

const PROGRESS_MS = 200;

/** Runs in a worker thread of the study's pool. */
export default async function work({ trial, port }: WorkerTask): Promise<TrialRecord> {
  const shared = Tinypool.workerData as WorkerShared;
  const send = (message: WorkerMessage): void => port.postMessage(message);
  let sent = performance.now();
  try {
    return await runTrial({
      trial,
      arch: shared.arch,
      dataset: shared.dataset,
      settings: shared.settings,
      backend: selectBackend(shared.backend, () => undefined),
      onEpoch: (record) => send({ kind: 'epoch', record }),
      onProgress: (fraction) => {
        if (performance.now() - sent < PROGRESS_MS) return;
        sent = performance.now();
        send({ kind: 'progress', fraction });
      },
    });
  } finally {
    port.close();
  }
}
