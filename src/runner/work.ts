import { backendWords } from '../engine/precision.js';
import { availableParallelism, hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../core/errors.js';
import { thisProcess } from '../platform/process-identity.js';
import { packageVersion } from '../platform/version.js';
import { CHECKPOINTS_FOLDER } from '../store/paths.js';
import { unheardAttempts, workersOfAttempt } from '../store/attempts.js';
import { ALIVE_FOLDER, CLAIMS_FOLDER, claimsOf, type Claims } from '../store/claims.js';
import { joinLogs } from '../store/compact.js';
import { notAStudy, readStudy, type Study } from '../store/directory.js';
import { hasEnded } from '../store/lock.js';
import { readLog } from '../store/log.js';
import { directoryFiles, type SharedFiles } from '../store/shared-files.js';
import { LOG_FOLDER, sharedLogReader, workerLog } from '../store/shared-log.js';
import { StudyNews } from '../store/worker-log.js';
import { workerName } from '../store/worker-name.js';
import { LEASE, LOOK, startBeating } from './beside.js';
import { executorOf, planStudy, type RunStudyOptions, trainingMemory } from './plan.js';
import { StudyWorker, type WorkerGround } from './worker.js';

/** How a process takes part in a study. */
export interface WorkOptions extends Pick<
  RunStudyOptions,
  | 'directory'
  | 'data'
  | 'workers'
  | 'executor'
  | 'checkpointSeconds'
  | 'signal'
  | 'onEvent'
  | 'note'
> {
  /**
   * Seconds that this process has; trainings that would hardly end in them are not begun, and those
   * under way are kept when they are over. Default: as long as it takes.
   */
  readonly seconds?: number | undefined;
  /** Seconds without a sign of life after which others take over what it had; default `LEASE`. */
  readonly lease?: number | undefined;
  /** Seconds between two looks at what others do, when there is nothing else to do; default 2. */
  readonly look?: number | undefined;
  /** Name of this machine; default: what the system calls it. */
  readonly host?: string | undefined;
  /**
   * Name that a batch system's task has in all its attempts: one that follows on an attempt that
   * ended without a word, killed for its memory as a rule, trains half as many trials at a time.
   */
  readonly task?: string | undefined;
}

/** Why a worker ended. */
export type WorkEnd =
  /** Every trial of the study is recorded. */
  | 'nothing left'
  /** Its time is over. */
  | 'time'
  /** It was told to stop. */
  | 'signal'
  /** Threads of too many trials ended by themselves on this machine. */
  | 'host';

/** How a worker of a study ended. */
export interface WorkOutcome {
  readonly why: WorkEnd;
  /** Trials that this worker recorded. */
  readonly recorded: number;
  /** The study as it is now, whoever did it. */
  readonly study: Study;
}

/**
 * Trains open trials of a study that was begun, beside any number of other processes, of this
 * machine or of others, that share its directory: until none is left, the time is over, or `signal`
 * aborts. What there is to do is decided from the records alone, so that all decide the same;
 * records depend on nothing but the spec, so that a trial that is trained twice does no harm (see
 * `claimsOf`). Every record is on the disk before its trial counts as ended.
 *
 * @throws UserError for a directory that holds no study, for data that are not the study's, for a
 * task whose attempts ended without a word even with one trial at a time, and when the disk cannot
 * be written
 */
export async function workStudy(options: WorkOptions): Promise<WorkOutcome> {
  const plan = await planStudy({ ...options, spec: null });
  if (plan.begun === null) throw new UserError(notAStudy(options.directory));
  const { directory } = plan.paths;
  const study = readStudy(directory);
  const { precision } = study.spec.train;
  const { lease = LEASE, host = hostname(), seconds = Infinity, note = () => undefined } = options;
  const files = directoryFiles(directory);
  const me = workerName(host);
  const own = readLog(plan.paths.log, study.trials, { precision }).records;
  const news = new StudyNews(study.trials, precision, own);
  const claims = claimsOf(files, { me, lease, hasEnded, about: JSON.stringify(thisProcess()) });
  const begun = performance.now();
  const timer = new AbortController();
  const signal = AbortSignal.any([timer.signal, ...(options.signal ? [options.signal] : [])]);
  const ground: WorkerGround = {
    plan,
    study,
    claims,
    host,
    signal,
    note,
    reader: sharedLogReader(files, news),
    log: workerLog(files, me, news),
    seconds,
    left: () => seconds - (performance.now() - begun) / 1000,
    pause: (taken) =>
      sleep(1000 * pauseOf(options.look ?? LOOK, taken), undefined, { signal }).catch(
        () => undefined,
      ),
    checkpointSeconds: options.checkpointSeconds,
  };
  const worker = new StudyWorker(ground);
  await ground.reader.refresh();
  if (!worker.hasWork) {
    await tidyAtEnd(files, claims);
    return { why: 'nothing left', recorded: 0, study };
  }
  let stopBeating = (): void => undefined;
  const time = Number.isFinite(seconds)
    ? setTimeout(() => timer.abort(), Math.max(0, 1000 * ground.left()))
    : undefined;
  try {
    const workers = workersFor(ground, options);
    stopBeating = await begin(ground, files, { ...options, workers }, lease);
    const why = await trainOpen(worker, ground, { ...options, workers }, timer.signal);
    if (why === 'nothing left') await removeMoot(files, claims);
    await ground.log.write({ kind: 'end', why });
    return { why, recorded: worker.recorded, study: readStudy(directory) };
  } finally {
    clearTimeout(time);
    stopBeating();
    await leave(files, claims);
  }
}

/** How many trials are trained at the same time; undefined: as many as are of use. */
function workersFor(
  { plan, reader, note }: WorkerGround,
  { workers, task }: WorkOptions,
): number | undefined {
  if (task === undefined) return workers;
  const asked = workers ?? availableParallelism();
  const unheard = unheardAttempts(reader.news, task);
  const fitting = workersOfAttempt(asked, unheard);
  if (fitting === null)
    throw new UserError(
      `the task ${task} ended without a word ${unheard.attempts} times in a row, with one trial ` +
        'at a time at last: it was killed for its memory, as a rule; a training of this study takes about ' +
        `${trainingMemory(plan)} MiB; ask for more memory (--memory), and submit again`,
    );
  if (fitting < asked)
    note(
      `note: the task ${task} ended without a word before, for lack of memory as a rule; this time ` +
        `${fitting} of ${asked} trials are trained at a time`,
    );
  return fitting;
}

/** Trials at which others are that one look costs no more for. */
const CHEAP = 32;

/** Seconds to the next look: what all who wait cost the file system grows with their number alone. */
function pauseOf(look: number, taken: number): number {
  return look * Math.max(1, taken / CHEAP);
}

const SHARED_FOLDERS = [CLAIMS_FOLDER, ALIVE_FOLDER, CHECKPOINTS_FOLDER];

async function leave(files: SharedFiles, claims: Claims): Promise<void> {
  await claims.leave();
  for (const name of SHARED_FOLDERS) await files.removeEmpty(name);
}

/**
 * Tidies up after workers that were killed when every trial was recorded; where there is nothing to
 * tidy, nothing is written.
 */
async function tidyAtEnd(files: SharedFiles, claims: Claims): Promise<void> {
  const left = await Promise.all(SHARED_FOLDERS.map((name) => files.list(name)));
  if (left.flat().length > 0) {
    await claims.bury();
    await removeMoot(files, claims);
  }
  await leave(files, claims);
}

/** Where every trial is recorded: trainings that a search left off are not gone on with any more. */
async function removeMoot(files: SharedFiles, claims: Claims): Promise<void> {
  await claims.clear();
  await files.remove(CHECKPOINTS_FOLDER);
}

/**
 * Says that the worker is there, and goes on saying it; tidies up after others.
 *
 * @returns ends the signs of life
 */
async function begin(
  { plan, claims, log, host, note }: WorkerGround,
  files: SharedFiles,
  { workers, task }: WorkOptions,
  lease: number,
): Promise<() => void> {
  await files.makeFolder(LOG_FOLDER);
  await files.makeFolder(CHECKPOINTS_FOLDER);
  await claims.bury();
  await joinLogs(files, log.worker);
  await log.write({
    kind: 'begin',
    host,
    pid: process.pid,
    plexus: packageVersion(),
    backend: backendWords(plan.backend.info, plan.spec.train.precision),
    workers: workers ?? 0,
    ...(task !== undefined && { task }),
  });
  const timer = startBeating(() => claims.beat(), lease, note);
  return () => clearInterval(timer);
}

/** Trains until there is a reason to end. */
async function trainOpen(
  worker: StudyWorker,
  { plan, study, signal }: WorkerGround,
  options: WorkOptions,
  timeOver: AbortSignal,
): Promise<WorkEnd> {
  const { onEvent } = options;
  const first = await worker.open();
  if (first.length > 0) {
    const executor = executorOf(plan, options, first.length);
    onEvent?.({
      kind: 'begin',
      study: readStudy(plan.paths.directory),
      workers: executor.workers,
      threads: plan.threads,
      ...worker.progress,
      retried: new Set(),
    });
    await executor.run(first, {
      more: () => worker.open(),
      take: (job) => worker.take(job),
      onStart: ({ trial }) => onEvent?.({ kind: 'trialStart', trial, from: 0 }),
      onMessage: ({ trial }, message) => onEvent?.({ ...message, trial }),
      onEnd: async (found, job) => {
        const record = await worker.keep(found);
        const fraction = job.until / study.spec.train.epochs;
        if (record) onEvent?.({ kind: 'trialEnd', record, fraction });
      },
      signal,
    });
  }
  if (worker.unfit) return 'host';
  if (timeOver.aborted || worker.drained) return 'time';
  return signal.aborted ? 'signal' : 'nothing left';
}
