import { resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import { loadDataset } from '../data-files/load.js';
import type { Dataset } from '../data/types.js';
import { selectBackend } from '../engine/backends/registry.js';
import { backendWords } from '../engine/precision.js';
import type { Backend } from '../engine/types.js';
import { threadExecutor } from '../executors/threads.js';
import { trialBytes, workerCount } from '../executors/worker-count.js';
import type { DataOptions } from '../platform/places.js';
import { CHECKPOINT_SECONDS, checkpointFile } from '../store/checkpoints.js';
import {
  checkFreeDirectory,
  checkSameData,
  notAStudy,
  readUnbegunSpec,
} from '../store/directory.js';
import { type FrozenSpec, frozenSpec } from '../store/freeze.js';
import { checkGraphFiles, type GraphFile } from '../store/graph-files.js';
import { movedData } from '../store/moved-data.js';
import { checkNullGraphs } from '../store/null-graphs.js';
import { type StudyPaths, studyPaths } from '../store/paths.js';
import { readRegistration } from '../store/registration.js';
import { readState } from '../store/state.js';
import type { StudyState } from '../study/state.js';
import { type Executor, type PortableJob, portableJob } from '../study/executor.js';
import type { Registration, StudyJob, StudySpec } from '../study/types.js';
import { checkTrainable } from '../train/begin.js';
import type { StudyEvent } from './events.js';
import '../engine-native/register.js';

/** What `runStudy` runs, where, and who is told of it. */
export interface RunStudyOptions {
  readonly directory: string;
  /** The spec as its author has it now; null continues the study that the directory holds. */
  readonly spec: StudySpec | null;
  readonly data: DataOptions;
  /**
   * Default: one for each core that is available (for each so many threads) as far as the memory
   * goes; never more than there are trials to run.
   */
  readonly workers?: number | undefined;
  /** Trains the trials; default: worker threads of this machine, as many as `workers` says. */
  readonly executor?: Executor | undefined;
  /** Least seconds between two checkpoints of a trial; default 30. */
  readonly checkpointSeconds?: number | undefined;
  /** Runs the trials again that failed before. */
  readonly retryFailed?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: StudyEvent) => void) | undefined;
  /** Takes lines that the user should see: recoveries, substitutions. */
  readonly note?: ((line: string) => void) | undefined;
}

/** A study that can be run, everything checked, nothing written. */
export interface StudyPlan {
  readonly paths: StudyPaths;
  /** What the directory holds already; null where the study is to be begun. */
  readonly begun: StudyState | null;
  /** What was registered before; null where nothing was. */
  readonly registered: Registration | null;
  readonly spec: StudySpec;
  /** Graph files that the author's spec names, to be copied. */
  readonly files: readonly GraphFile[];
  readonly dataset: Dataset;
  readonly backend: Backend;
  /** Threads that a model really uses. */
  readonly threads: number;
  readonly note: (line: string) => void;
}

/**
 * Reads spec, directory and data, and checks that they fit together. Nothing is written.
 *
 * @throws UserError for a directory that cannot take this study (another spec, data, format), for
 * what cannot be trained, for more workers than fit into the memory
 */
export async function planStudy(options: RunStudyOptions): Promise<StudyPlan> {
  const note = options.note ?? (() => undefined);
  const paths = studyPaths(options.directory);
  const begun = readState(paths);
  const authored = options.spec ?? (begun ? null : readUnbegunSpec(paths));
  const registered = readRegistration(paths.registration);
  const { spec, files, data } =
    authored === null
      ? heldSpec(options.directory, begun, registered)
      : frozenSpec(
          authored,
          { directory: options.directory, begun: begun?.spec ?? null, registration: registered },
          options.data,
        );
  const { signal } = options;
  const place = begun ? movedData(data, options.data) : data;
  if (place.path !== spec.data.path)
    note(`note: the data of ${String(spec.data.path)} are read from ${String(place.path)}`);
  const dataset = await loadDataset(place, { ...options.data, note, signal });
  for (const line of dataset.warnings) note(`warning: ${line}`);
  checkTrainable(dataset, spec.train);
  const backend = selectBackend(spec.train.backend, note);
  const threads = Math.min(spec.train.threads, backend.info.threads);
  const plan = { paths, begun, registered, spec, files, dataset, backend, threads, note };
  if (begun) {
    checkSameData(begun, dataset.identity, paths);
    noteBackend(begun, backend, note);
  } else {
    checkFreeDirectory(paths);
    if (authored) {
      checkGraphFiles([authored.baseline, ...authored.graphs], '.');
      checkNullGraphs(authored, '.');
    }
    // Too many workers are said before anything is written.
    executorOf(plan, options, firstJobs(spec));
  }
  return plan;
}

/** The spec of a directory that is to go on as it is. */
function heldSpec(
  directory: string,
  begun: StudyState | null,
  registered: Registration | null,
): FrozenSpec {
  const spec = begun?.spec ?? registered?.spec;
  if (spec === undefined) throw new UserError(notAStudy(directory));
  return { spec, files: [], data: spec.data };
}

/** Says where a study was begun on another backend. */
export function noteBackend(
  begun: StudyState,
  backend: Backend,
  note: (line: string) => void,
): void {
  const now = backendWords(backend.info, begun.spec.train.precision);
  if (now !== begun.backend) {
    note(
      `note: the study was begun on the backend ${begun.backend} and goes on with ` +
        `${now}; numbers may differ in their last bits`,
    );
  }
}

/** Who trains the trials, when so many can be trained at once. */
export function executorOf(
  { spec, dataset, backend, threads }: StudyPlan,
  { executor, workers }: Pick<RunStudyOptions, 'executor' | 'workers'>,
  pending: number,
): Executor {
  if (executor !== undefined) return executor;
  const bytes = trialBytes(spec, dataset, backend.info);
  return threadExecutor({
    dataset,
    workers: workerCount({ asked: workers, pending, threads, bytes }),
  });
}

/** MiB that one training of a study takes, about. */
export function trainingMemory({ spec, dataset, backend }: StudyPlan): number {
  return Math.ceil(trialBytes(spec, dataset, backend.info) / 2 ** 20) + 100;
}

/** Trials that can run at the beginning. */
function firstJobs({ search, graphs, seeds }: StudySpec): number {
  return search === undefined
    ? (graphs.length + 1) * seeds.length
    : search.baseline + Math.min(search.together, search.trainings);
}

/**
 * Jobs of a study as an executor takes them.
 *
 * @param seconds least time between two checkpoints of a trial
 */
export function portableJobs(
  { spec, paths, dataset, backend }: StudyPlan,
  jobs: readonly StudyJob[],
  seconds = CHECKPOINT_SECONDS,
): readonly PortableJob[] {
  return jobs.map((job) =>
    // The plan's spec: its threads may be other ones than when the study began.
    portableJob(spec, {
      ...job,
      identity: dataset.identity,
      backend: backend.info.name,
      directory: resolve(paths.directory),
      checkpoint: { file: resolve(checkpointFile(paths.checkpoints, job.trial)), seconds },
    }),
  );
}
