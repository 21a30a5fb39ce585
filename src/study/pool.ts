import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { InternalError, messageOf } from '../core/errors.js';
import type { EpochRecord } from '../train/types.js';
import type { Trial, TrialRecord } from './types.js';
import type { WorkerMessage, WorkerPost, WorkerShared } from './worker.js';

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

/** A worker thread ended by itself: an error, the end of its memory, `process.exit`. The message is the reason. */
class WorkerDied extends Error {}

interface PoolWorker {
  readonly thread: Worker;
  /** Rejects with `WorkerDied` when the thread ends. */
  readonly death: Promise<never>;
}

/** How the lanes of a pool learn that it stops, and stop it. */
interface Stop {
  readonly controller: AbortController;
  /** Resolves to null when the pool stops. */
  readonly stopped: Promise<null>;
}

/**
 * Runs trials in worker threads, one at a time in each, started in the order given. A trial whose worker dies, in
 * whatever way, is a failed record and a new worker takes its place. When `signal` aborts or a callback throws, all
 * workers are stopped and what they ran is lost.
 *
 * @returns whether every trial ended; false after an abort
 */
export async function runPool(trials: readonly Trial[], options: PoolOptions): Promise<boolean> {
  const { workers, signal } = options;
  const queue = [...trials];
  const controller = new AbortController();
  const stopped = new Promise<null>((resolve) => controller.signal.addEventListener('abort', () => resolve(null)));
  const abort = (): void => controller.abort();
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  const lanes = Array.from({ length: workers }, () => runLane(queue, options, { controller, stopped }));
  const failure = (await Promise.allSettled(lanes)).find((lane) => lane.status === 'rejected');
  signal?.removeEventListener('abort', abort);
  if (failure) throw failure.reason;
  return !controller.signal.aborted;
}

/** Takes trials from the queue until it is empty or the pool stops; stops the pool when anything is thrown. */
async function runLane(queue: Trial[], options: PoolOptions, { controller, stopped }: Stop): Promise<void> {
  const { signal } = controller;
  let worker: PoolWorker | null = null;
  try {
    while (queue.length > 0 && !signal.aborted) {
      if (!worker) {
        worker = openWorker(options.worker ?? workerFile(), options.shared);
        await untilReady(worker, stopped);
      }
      const trial = signal.aborted ? undefined : queue.shift();
      if (!trial) return;
      options.onStart(trial);
      const outcome = await runInWorker(worker, trial, options.onMessage, stopped);
      if (!outcome || signal.aborted) return;
      if (outcome.died) worker = null;
      options.onEnd(outcome.record);
    }
  } catch (error) {
    controller.abort();
    throw error;
  } finally {
    await worker?.thread.terminate();
  }
}

function openWorker(file: string, workerData: WorkerShared): PoolWorker {
  // Node 20 aborts the whole process, rarely, when a worker ends while a background thread compiles for it
  // (`Assertion failed: (data.first) != nullptr`). So workers compile in their own thread; it costs no measurable time.
  setFlagsFromString('--no-concurrent-recompilation');
  const thread = new Worker(file, { workerData });
  const death = new Promise<never>((_, reject) => {
    thread.on('error', (error) => reject(new WorkerDied(messageOf(error))));
    thread.on('exit', (status) => reject(new WorkerDied(`it exited with status ${status}`)));
  });
  // Every worker ends some time, most of them when nobody waits for it.
  death.catch(() => undefined);
  return { thread, death };
}

async function untilReady(worker: PoolWorker, stopped: Promise<null>): Promise<void> {
  try {
    await firstPost(worker, stopped, (post) => (post.kind === 'ready' ? post : null));
  } catch (error) {
    throw new InternalError(`a worker could not start: ${messageOf(error)}`);
  }
}

/** The trial's record, and whether its worker died; null when the pool stops first. */
async function runInWorker(worker: PoolWorker, trial: Trial, onMessage: PoolOptions['onMessage'], stopped: Promise<null>): Promise<{ readonly record: TrialRecord; readonly died: boolean } | null> {
  const epochs: EpochRecord[] = [];
  const begun = performance.now();
  worker.thread.postMessage(trial, []);
  try {
    return await firstPost(worker, stopped, (post) => {
      if (post.kind === 'end') return { record: post.record, died: false };
      if (post.kind === 'epoch') epochs.push(post.record);
      if (post.kind !== 'ready') onMessage(trial, post);
      return null;
    });
  } catch (error) {
    if (!(error instanceof WorkerDied)) throw error;
    const seconds = Math.round(performance.now() - begun) / 1000;
    return { record: { ...trial, status: 'failed', reason: `the worker died: ${error.message}`, facts: null, epochs, seconds }, died: true };
  }
}

/**
 * The first thing that `take` finds in what a worker posts from now on; null when the pool stops first. Rejects with
 * `WorkerDied`, and with what `take` throws.
 */
async function firstPost<T>({ thread, death }: PoolWorker, stopped: Promise<null>, take: (post: WorkerPost) => T | null): Promise<T | null> {
  let listener: ((post: WorkerPost) => void) | null = null;
  const found = new Promise<T>((resolve, reject) => {
    listener = (post) => {
      try {
        const result = take(post);
        if (result !== null) resolve(result);
      } catch (error) {
        reject(error);
      }
    };
    thread.on('message', listener);
  });
  try {
    return await Promise.race([found, death, stopped]);
  } finally {
    if (listener) thread.off('message', listener);
  }
}

/** Workers run compiled JavaScript: Node 20 cannot load TypeScript, so running from sources takes the built file. */
function workerFile(): string {
  const fromSource = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(new URL(fromSource ? '../../dist/study/worker.js' : './worker.js', import.meta.url));
  if (!existsSync(file)) throw new InternalError(`the worker ${file} is missing; build it with: npm run build`);
  return file;
}
