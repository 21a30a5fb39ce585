import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { InternalError, messageOf } from '../core/errors.js';

/**
 * What a worker of a pool posts: once that it is ready, then for each job any number of messages of
 * its own and the job's result.
 */
export type PoolPost<Message, Result> =
  | { readonly kind: 'ready' }
  /** The job was left off because the pool stops. */
  | { readonly kind: 'stopped' }
  | Message
  | PoolEnd<Result>;

interface PoolEnd<Result> {
  readonly kind: 'end';
  readonly record: Result;
}

/** Anything that a worker posts. */
interface Kinded {
  readonly kind: string;
}

export interface PoolOptions<Job, Message extends Kinded, Result> {
  readonly workers: number;
  /** File of the module that a worker runs: compiled JavaScript, see `compiledWorker`. */
  readonly worker: string;
  /** What all workers get as their `workerData`. */
  readonly shared: unknown;
  /**
   * Asked before a job is started: whether it is still to be done. One that is not is left out, as
   * if it had never been in the queue. What it throws stops the pool.
   */
  readonly take?: (job: Job) => boolean | Promise<boolean>;
  readonly onStart?: (job: Job) => void;
  readonly onMessage?: (job: Job, message: Message) => void;
  /**
   * Called when all jobs so far have ended: further jobs, in their order; none ends the pool. The
   * workers stay meanwhile. What it throws stops the pool.
   */
  readonly more?: () => readonly Job[] | Promise<readonly Job[]>;
  /**
   * Called for every job that ended, in the order of ending, also while the pool stops. What it
   * throws stops the pool; it is not called again.
   */
  readonly onEnd: (result: Result, job: Job) => void | Promise<void>;
  /**
   * The result of a job whose worker died after so many seconds, in whatever way; what it throws
   * stops the pool.
   */
  readonly onDeath: (job: Job, reason: string, seconds: number) => Result;
  /**
   * What a worker is posted when the pool stops while it runs a job: it then ends the job, or leaves
   * it off with a post `stopped`, as soon as it can. Default: it is ended at once.
   */
  readonly stop?: (job: Job) => unknown;
  readonly signal?: AbortSignal;
}

/**
 * A worker thread ended by itself: an error, the end of its memory, `process.exit`. The message is
 * the reason.
 */
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
  /** A callback threw: none is called any more. */
  failed: boolean;
}

/**
 * Runs jobs in worker threads, one at a time in each, started in the order given. A job whose
 * worker dies gets the result of `onDeath`, and a new worker takes the dead one's place. When
 * `signal` aborts or a callback throws, all workers are stopped; see `stop` for what they ran.
 *
 * @returns whether every job ended; false after an abort
 */
export async function runPool<Job, Message extends Kinded, Result>(
  jobs: readonly Job[],
  options: PoolOptions<Job, Message, Result>,
): Promise<boolean> {
  const { workers, signal } = options;
  const queue = queueOf(jobs, options.more);
  const controller = new AbortController();
  const stopped = new Promise<null>((resolve) =>
    controller.signal.addEventListener('abort', () => resolve(null)),
  );
  const abort = (): void => controller.abort();
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  const stop: Stop = { controller, stopped, failed: false };
  const lanes = Array.from({ length: workers }, () => runLane(queue, options, stop));
  const failure = (await Promise.allSettled(lanes)).find((lane) => lane.status === 'rejected');
  signal?.removeEventListener('abort', abort);
  if (failure) throw failure.reason;
  return !controller.signal.aborted;
}

/** The jobs of a pool, for all its lanes. */
interface Queue<Job> {
  /**
   * Whether there is a job to take; false when there will be none any more. Waits while running
   * jobs may bring further ones.
   */
  ready(): Promise<boolean>;
  /** The next job; undefined where another lane was faster. */
  take(): Job | undefined;
  /** A job that was taken has ended. */
  ended(): void;
}

function queueOf<Job>(
  jobs: readonly Job[],
  more: () => readonly Job[] | Promise<readonly Job[]> = () => [],
): Queue<Job> {
  const waiting = [...jobs];
  let [running, closed, asking] = [0, false, false];
  let wake = (): void => undefined;
  let changed = new Promise<void>((resolve) => (wake = resolve));
  const change = (): void => {
    wake();
    changed = new Promise<void>((resolve) => (wake = resolve));
  };
  return {
    ready: async () => {
      while (waiting.length === 0 && !closed) {
        if (running > 0 || asking) await changed;
        else {
          asking = true;
          waiting.push(...(await more()));
          asking = false;
          closed = waiting.length === 0;
          change();
        }
      }
      return !closed;
    },
    take: () => {
      if (waiting.length > 0) running += 1;
      return waiting.shift();
    },
    ended: () => {
      running -= 1;
      if (running === 0) change();
    },
  };
}

/**
 * Takes jobs from the queue until there are no more or the pool stops; stops the pool when anything
 * is thrown.
 */
async function runLane<Job, Message extends Kinded, Result>(
  queue: Queue<Job>,
  options: PoolOptions<Job, Message, Result>,
  stop: Stop,
): Promise<void> {
  const { controller, stopped } = stop;
  const { signal } = controller;
  let worker: PoolWorker | null = null;
  try {
    while (await Promise.race([stopped, queue.ready()])) {
      if (!worker) {
        worker = openWorker(options.worker, options.shared);
        await untilReady(worker, stopped);
      }
      if (signal.aborted) return;
      // Not before the worker is ready: jobs start in their order.
      const job = queue.take();
      if (job === undefined) continue;
      if (options.take !== undefined && !(await options.take(job))) {
        queue.ended();
        continue;
      }
      if (signal.aborted) return;
      options.onStart?.(job);
      const outcome = await runInWorker(worker, job, options, stop);
      if (!outcome || stop.failed) return;
      if (outcome.died) worker = null;
      await options.onEnd(outcome.result, job);
      queue.ended();
    }
  } catch (error) {
    stop.failed = true;
    controller.abort();
    throw error;
  } finally {
    await worker?.thread.terminate();
  }
}

/** Starts a worker thread that runs `file`, compiled JavaScript. */
export function startThread(file: string, workerData: unknown): Worker {
  // Node 20 aborts the whole process, rarely, when a worker ends while a background thread compiles
  // for it (`Assertion failed: (data.first) != nullptr`). So workers compile in their own thread;
  // it costs no measurable time.
  setFlagsFromString('--no-concurrent-recompilation');
  return new Worker(file, { workerData });
}

function openWorker(file: string, workerData: unknown): PoolWorker {
  const thread = startThread(file, workerData);
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

/** The job's result, and whether its worker died; null when the pool stops first. */
async function runInWorker<Job, Message extends Kinded, Result>(
  worker: PoolWorker,
  job: Job,
  { onMessage, onDeath, stop: stopPost }: PoolOptions<Job, Message, Result>,
  stop: Stop,
): Promise<{ readonly result: Result; readonly died: boolean } | null> {
  const begun = performance.now();
  worker.thread.postMessage(job, []);
  let running = true;
  if (stopPost !== undefined)
    void stop.stopped.then(() => running && worker.thread.postMessage(stopPost(job), []));
  try {
    const post = await firstPost(worker, stopPost === undefined ? stop.stopped : null, (given) => {
      if (given.kind === 'end' || given.kind === 'stopped') return given;
      if (given.kind !== 'ready' && !stop.failed) onMessage?.(job, given as Message);
      return null;
    });
    if (post === null || post.kind === 'stopped') return null;
    return { result: (post as PoolEnd<Result>).record, died: false };
  } catch (error) {
    if (!(error instanceof WorkerDied)) throw error;
    if (stop.controller.signal.aborted) return null;
    return {
      result: onDeath(job, error.message, Math.round(performance.now() - begun) / 1000),
      died: true,
    };
  } finally {
    running = false;
  }
}

/**
 * The first thing that `take` finds in what a worker posts from now on; null when `stopped` resolves
 * first. Rejects with `WorkerDied`, and with what `take` throws.
 */
async function firstPost<T>(
  { thread, death }: PoolWorker,
  stopped: Promise<null> | null,
  take: (post: Kinded) => T | null,
): Promise<T | null> {
  let listener: ((post: Kinded) => void) | null = null;
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
    return await Promise.race([found, death, ...(stopped ? [stopped] : [])]);
  } finally {
    if (listener) thread.off('message', listener);
  }
}

/**
 * The compiled file of a worker's module. Node 20 cannot load TypeScript, so running from sources
 * takes the built file.
 *
 * @param path of the module below the package's compiled root, as `executors/worker.js`
 */
export function compiledWorker(path: string): string {
  // This module lies one folder below that root: in dist/platform, in the program's dist/chunks, or
  // in src/platform.
  const root = new URL('../', import.meta.url).href.replace(/\/src\/$/, '/dist/');
  const file = fileURLToPath(new URL(path, root));
  if (!existsSync(file))
    throw new InternalError(`the worker ${file} is missing; build it with: npm run build`);
  return file;
}
