import { resolve } from 'node:path';
import { Interrupted, UserError } from '../core/errors.js';
import { loadDataset } from '../data/load.js';
import type { Dataset } from '../data/types.js';
import { selectBackend } from '../engine/backends/registry.js';
import type { Backend, BackendInfo } from '../engine/types.js';
import { makeDirectory } from '../platform/fs.js';
import type { DataOptions } from '../platform/places.js';
import { packageVersion } from '../platform/version.js';
import { checkTrainable } from '../train/trainer.js';
import type { EpochRecord, TrainSettings } from '../train/types.js';
import { type Agenda, agendaOf, type AgendaStep, continued, partOf } from './agenda.js';
import {
  CHECKPOINT_SECONDS,
  removeCheckpoint,
  removeEmptyFolder,
  tidyCheckpoints,
} from './checkpoints.js';
import { missingTrials } from './confirm.js';
import { crewSize, trialBytes } from './crew.js';
import {
  begunMeanwhile,
  checkFreeDirectory,
  notAStudy,
  readState,
  readStudy,
  readUnbegunSpec,
  restoreSpec,
  type Study,
  studyPaths,
  type StudyPaths,
  type StudyState,
  writeStudyStart,
} from './directory.js';
import { frozenSpec } from './freeze.js';
import { checkGraphFiles, copyGraphFiles, type PortableSpec } from './graph-files.js';
import { takeLock } from './lock.js';
import { openLog, readLog } from './log.js';
import { runPool } from './pool.js';
import { readRegistration, type Registration, writeRegistration } from './registration.js';
import { studyHash } from './spec.js';
import type { StudyJob, StudySpec, Trial, TrialRecord } from './types.js';

/** What happens while a study runs, for live progress. */
export type StudyEvent =
  | {
      readonly kind: 'begin';
      readonly study: Study;
      readonly workers: number;
      /** Of each worker. */ readonly threads: number;
      /** Whole trainings' worth: of the study, and done before. */ readonly total: number;
      readonly done: number;
      /** Records of trials that failed before and run again. */ readonly retried: ReadonlySet<TrialRecord>;
    }
  /**
   * Now these graphs, best first, are trained with the fresh seeds; the whole of the study is known
   * from here on.
   */
  | {
      readonly kind: 'confirming';
      readonly graphs: readonly string[];
      readonly total: number;
      readonly done: number;
    }
  /** Goes on with this part of its training recorded before, 0..1. */
  | { readonly kind: 'trialStart'; readonly trial: Trial; readonly from: number }
  /** Part of the trial's training done, 0..1. */
  | { readonly kind: 'progress'; readonly trial: Trial; readonly fraction: number }
  /** The trial goes on from a checkpoint with this part done. */
  | { readonly kind: 'resumed'; readonly trial: Trial; readonly fraction: number }
  | { readonly kind: 'epoch'; readonly trial: Trial; readonly record: EpochRecord }
  /** The trial goes another way than usual. */
  | { readonly kind: 'note'; readonly trial: Trial; readonly text: string }
  /** Something is wrong with the data, and the trial got over it. */
  | { readonly kind: 'warning'; readonly trial: Trial; readonly text: string }
  /** Ended, or stopped by a search, with this part of its training done as planned, 0..1. */
  | { readonly kind: 'trialEnd'; readonly record: TrialRecord; readonly fraction: number };

export interface RunStudyOptions {
  readonly directory: string;
  /** The spec as its author has it now; null continues the study that the directory holds. */
  readonly spec: StudySpec | null;
  readonly data: DataOptions;
  /**
   * Default: one for each core that is available (for each so many threads) as far as the memory
   * goes; never more than there are trials to run.
   */
  readonly workers?: number;
  /** Least seconds between two checkpoints of a trial; default 30. */
  readonly checkpointSeconds?: number;
  /** Runs the trials again that failed before. */
  readonly retryFailed?: boolean;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: StudyEvent) => void;
  /** Takes lines that the user should see: recoveries, substitutions. */
  readonly note?: (line: string) => void;
}

/**
 * Begins or continues a study and returns when every trial has ended. Each ended trial is on the
 * disk before the next is counted, and every running one is kept now and then, so a run can be
 * killed at any time and called again. Results depend on the spec and the data alone: not on the
 * number of workers or threads nor on interruptions.
 *
 * @throws UserError for a directory that cannot take this study (another spec, data, format; in
 * use; disk full)
 * @throws Interrupted when `signal` aborts; finished trials are kept
 */
export async function runStudy(options: RunStudyOptions): Promise<Study> {
  const note = options.note ?? (() => undefined);
  const paths = studyPaths(options.directory);
  const begun = readState(paths);
  const authored = options.spec ?? (begun ? null : readUnbegunSpec(paths));
  const registered = readRegistration(paths.registration);
  const { spec, files } = specToRun(authored, begun, options, registered);
  const dataset = await loadDataset(spec.data, {
    ...options.data,
    note,
    ...(options.signal && { signal: options.signal }),
  });
  for (const line of dataset.warnings) note(`warning: ${line}`);
  checkTrainable(dataset, spec.train);
  const backend = selectBackend(spec.train.backend, note);
  if (begun) checkSameGround(begun, dataset, backend, paths, note);
  else checkFreeDirectory(paths);
  if (!begun && authored) checkGraphFiles([authored.baseline, ...authored.graphs], '.');
  // Said before anything is written.
  if (!begun)
    crewOf(spec, firstJobs(spec), { settings: spec.train, dataset, backend, options, note });

  makeDirectory(paths.directory);
  const release = takeLock(paths.lock, note);
  try {
    const raced =
      !begun && (readState(paths) ?? (registered ? null : readRegistration(paths.registration)));
    if (raced) throw begunMeanwhile(paths);
    copyGraphFiles(files, paths.directory);
    if (begun) restoreSpec(paths, spec);
    else {
      const registration = registered ?? registerNow(paths, spec, note);
      writeStudyStart(paths, {
        plexus: packageVersion(),
        specHash: studyHash(spec),
        data: dataset.identity,
        backend: describe(backend),
        spec,
        ...(registration && { registration: registration.hash }),
      });
    }
    return await runPending(readStudy(options.directory), {
      settings: spec.train,
      dataset,
      backend,
      options,
      note,
    });
  } finally {
    release();
  }
}

/**
 * Registers what the spec predicts where `registerStudy` was not asked to; null where it predicts
 * nothing.
 */
function registerNow(
  paths: StudyPaths,
  spec: StudySpec,
  note: (line: string) => void,
): Registration | null {
  if (spec.predictions === undefined) return null;
  const registration = writeRegistration(paths.registration, spec);
  note(
    'note: the predictions of the spec are registered now, before the first trial, in ' +
      `${paths.registration} (hash ${registration.hash})`,
  );
  return registration;
}

/**
 * The spec to run, the study's own where it was begun, and the graph files that the author's names.
 *
 * @param authored null: what the directory holds
 */
function specToRun(
  authored: StudySpec | null,
  begun: StudyState | null,
  { data, directory }: RunStudyOptions,
  registration: Registration | null,
): PortableSpec {
  if (authored !== null)
    return frozenSpec(authored, { directory, begun: begun?.spec ?? null, registration }, data);
  const held = begun?.spec ?? registration?.spec;
  if (held === undefined) throw new UserError(notAStudy(directory));
  return { spec: held, files: [] };
}

function checkSameGround(
  begun: StudyState,
  dataset: Dataset,
  backend: Backend,
  paths: StudyPaths,
  note: (line: string) => void,
): void {
  if (dataset.identity !== begun.data) {
    throw new UserError(
      `the data set changed since ${paths.directory} was begun: it was ${begun.data}, is ` +
        `${dataset.identity}; ` +
        'restore the old data (--data-dir), or begin a new study elsewhere with --out',
    );
  }
  if (describe(backend) !== begun.backend) {
    note(
      `note: the study was begun on the backend ${begun.backend} and goes on with ` +
        `${describe(backend)}; numbers may differ in their last bits`,
    );
  }
}

function describe(backend: Backend): string {
  return `${backend.info.name} (${backend.info.description})`;
}

/** What the trials of a run have in common. */
interface Ground {
  readonly settings: TrainSettings;
  readonly dataset: Dataset;
  readonly backend: Backend;
  readonly options: RunStudyOptions;
  readonly note: (line: string) => void;
}

/** Threads that a model really uses. */
function threadsOf({ threads }: TrainSettings, { threads: most }: BackendInfo): number {
  return Math.min(threads, most);
}

function crewOf(
  spec: StudySpec,
  pending: number,
  { settings, dataset, backend, options }: Ground,
): number {
  return crewSize({
    asked: options.workers,
    pending,
    threads: threadsOf(settings, backend.info),
    bytes: trialBytes(spec, dataset, backend.info),
  });
}

/** Trials that can run at the beginning. */
function firstJobs(spec: StudySpec): number {
  const { search } = spec;
  return search === undefined
    ? (spec.graphs.length + 1) * spec.seeds.length
    : search.baseline + Math.min(search.together, search.trainings);
}

/** What a study has come to while it runs. */
interface Run {
  readonly study: Study;
  readonly agenda: Agenda;
  /** By trial, the latest that is known. */
  readonly records: Map<number, TrialRecord>;
  readonly workers: number;
}

async function runPending(study: Study, ground: Ground): Promise<Study> {
  const { options, note } = ground;
  if (study.tornBytes > 0)
    note(
      `note: the last line of ${study.paths.log} was cut off (${study.tornBytes} bytes); ` +
        'it is removed and its trial runs again',
    );
  const retried = new Set(
    options.retryFailed === true ? study.records.filter(({ status }) => status === 'failed') : [],
  );
  const agenda = agendaOf(study.spec, study.trials, study.paths.directory, retried);
  const records = new Map(study.records.map((record) => [record.index, record]));
  const step = agenda.next(study.records);
  checkGraphFiles(
    step.jobs.map(({ trial }) => trial.graph),
    study.paths.directory,
  );
  const workers =
    step.jobs.length === 0
      ? 0
      : crewOf(study.spec, Math.max(step.jobs.length, laterJobs(study.spec)), ground);
  options.onEvent?.({
    kind: 'begin',
    study,
    workers,
    threads: threadsOf(ground.settings, ground.backend.info),
    ...agenda.progress(study.records),
    retried,
  });
  if (step.jobs.length > 0 && !(await runSteps({ study, agenda, records, workers }, step, ground)))
    throw new Interrupted(interruption(withNewLog(study)));
  return { ...withNewLog(study), search: () => agenda.outcome([...records.values()]) };
}

/** Trials that a later step may have to run at once: more, perhaps, than are left of the first. */
function laterJobs({ search, confirm }: StudySpec): number {
  return Math.max(
    search?.together ?? 0,
    confirm === undefined ? 0 : (confirm.graphs + 1) * confirm.seeds.length,
  );
}

/**
 * Only the log is read again: an edit of the spec under the running study must not spoil what it
 * did.
 */
function withNewLog(study: Study): Study {
  return { ...study, ...readLog(study.paths.log, study.trials) };
}

/** Runs a step and all that follow from it; false after an abort. */
async function runSteps(
  { study, agenda, records, workers }: Run,
  first: AgendaStep,
  { settings, dataset, backend, options }: Ground,
): Promise<boolean> {
  const { spec, paths } = study;
  const jobsOf = ({ jobs, alive, confirms }: AgendaStep): readonly StudyJob[] => {
    if (confirms !== undefined && jobs.length > 0)
      options.onEvent?.({
        kind: 'confirming',
        graphs: confirms,
        ...agenda.progress([...records.values()]),
      });
    // What was left off and does not go on is of no use any more.
    tidyCheckpoints(paths.checkpoints, [...jobs.map(({ trial }) => trial), ...alive]);
    return jobs;
  };
  const log = openLog(paths.log, study);
  try {
    return await runPool(jobsOf(first), {
      workers,
      shared: {
        arch: spec.arch,
        stem: spec.stem,
        directory: resolve(paths.directory),
        checkpoints: {
          folder: resolve(paths.checkpoints),
          seconds: options.checkpointSeconds ?? CHECKPOINT_SECONDS,
        },
        dataset,
        settings,
        backend: backend.info.name,
      },
      more: () => jobsOf(agenda.next([...records.values()])),
      onStart: ({ trial }) => {
        const before = records.get(trial.index);
        options.onEvent?.({
          kind: 'trialStart',
          trial,
          from: before?.status === 'stopped' ? partOf(before, spec) : 0,
        });
      },
      onMessage: ({ trial }, message) => options.onEvent?.({ ...message, trial }),
      onEnd: (ended, { until }) => {
        const record = continued(ended, records.get(ended.index));
        log.append(record);
        records.set(record.index, record);
        if (record.status !== 'stopped') removeCheckpoint(paths.checkpoints, record);
        options.onEvent?.({ kind: 'trialEnd', record, fraction: until / settings.epochs });
      },
      ...(options.signal && { signal: options.signal }),
    });
  } finally {
    log.close();
    removeEmptyFolder(paths.checkpoints);
  }
}

function interruption({ records, spec, paths }: Study): string {
  const of =
    spec.search === undefined ? ` of ${records.length + missingTrials(spec, records)}` : '';
  return (
    `stopped with ${records.length}${of} trials done, all kept; continue with: plexus ` +
    `study run ${paths.directory}`
  );
}
