import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { Tinypool } from 'tinypool';
import { InternalError, messageOf } from '../core/errors.js';
import type { EpochRecord } from '../train/types.js';
import type { Trial, TrialRecord } from './types.js';
import type { WorkerMessage, WorkerShared, WorkerTask } from './worker.js';

export interface PoolOptions {
  readonly workers: number;
  readonly shared: WorkerShared;
  readonly onStart: (trial: Trial) => void;
  readonly onMessage: (trial: Trial, message: WorkerMessage) => void;
  /** Called for every trial that ended, in the order of ending. What it throws stops the pool. */
  readonly onEnd: (record: TrialRecord) => void;
  readonly signal?: AbortSignal;
  /** File of the module that runs a task in a worker; default: `worker.js`. */
  readonly worker?: string;
}

/**
 * Runs trials in worker threads, one at a time in each, started in the order given. A trial whose worker dies is a
 * failed record and a new worker takes its place. When `signal` aborts or `onEnd` throws, all workers are stopped and
 * what they ran is lost.
 *
 * @returns whether every trial ended; false after an abort
 */
export async function runPool(trials: readonly Trial[], options: PoolOptions): Promise<boolean> {
  const { workers, shared, signal } = options;
  const pool = new Tinypool({ filename: options.worker ?? workerFile(), runtime: 'worker_threads', minThreads: workers, maxThreads: workers, workerData: shared });
  const queue = [...trials];
  const state = { stopped: signal?.aborted ?? false };
  const lane = async (): Promise<void> => {
    for (let trial = queue.shift(); trial && !state.stopped; trial = queue.shift()) {
      options.onStart(trial);
      const record = await runInWorker(pool, trial, options.onMessage);
      // A worker that was stopped looks like one that died.
      if (!state.stopped) options.onEnd(record);
    }
  };
  try {
    await new Promise<void>((resolve, reject) => {
      signal?.addEventListener('abort', () => resolve(), { once: true });
      pool.on('error', (error: unknown) => reject(new InternalError(`a worker could not start: ${messageOf(error)}`)));
      Promise.all(Array.from({ length: workers }, lane)).then(() => resolve(), reject);
      if (state.stopped) resolve();
    });
    return !(signal?.aborted ?? false);
  } finally {
    state.stopped = true;
    await pool.destroy();
  }
}

async function runInWorker(pool: Tinypool, trial: Trial, onMessage: PoolOptions['onMessage']): Promise<TrialRecord> {
  const { port1, port2 } = new MessageChannel();
  const epochs: EpochRecord[] = [];
  const begun = performance.now();
  port1.on('message', (message: WorkerMessage) => {
    if (message.kind === 'epoch') epochs.push(message.record);
    onMessage(trial, message);
  });
  try {
    const task: WorkerTask = { trial, port: port2 };
    return (await pool.run(task, { transferList: [port2] })) as TrialRecord;
  } catch (error) {
    const seconds = Math.round(performance.now() - begun) / 1000;
    return { ...trial, status: 'failed', reason: `the worker died: ${messageOf(error)}`, facts: null, epochs, seconds };
  } finally {
    port1.close();
  }
}

/** Workers run compiled JavaScript: Node 20 cannot load TypeScript, so running from sources takes the built file. */
function workerFile(): string {
  const fromSource = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(new URL(fromSource ? '../../dist/study/worker.js' : './worker.js', import.meta.url));
  if (!existsSync(file)) throw new InternalError(`the worker ${file} is missing; build it with: npm run build`);
  return file;
}
