import type { DataSpec } from '../data/types.js';
import type { EpochRecord, TrainSettings } from '../train/types.js';
import type { StudyJob, StudySpec, TrialRecord } from './types.js';

/**
 * A trial to train, as a value that can be sent to another thread, process or machine: its record
 * depends on nothing else.
 */
export interface PortableJob extends StudyJob {
  readonly arch: string;
  readonly stem: StudySpec['stem'];
  readonly budget?: StudySpec['budget'];
  readonly width?: StudySpec['width'];
  readonly data: DataSpec;
  /** Identity of the data set that `data` must turn out to be. */
  readonly identity: string;
  readonly settings: TrainSettings;
  readonly backend: Exclude<TrainSettings['backend'], 'auto'>;
  /** The study's directory, absolute, which holds the files of its graphs. */
  readonly directory: string;
  /**
   * The file that the training is kept in, to go on from, and the least seconds between two times;
   * null: it is not kept.
   */
  readonly checkpoint: { readonly file: string; readonly seconds: number } | null;
}

/** What of a job its study does not say. */
export type JobPlace = Pick<
  PortableJob,
  'trial' | 'until' | 'identity' | 'backend' | 'directory' | 'checkpoint'
>;

/** A trial of a study as a job. */
export function portableJob(
  { arch, stem, budget, width, data, train }: StudySpec,
  place: JobPlace,
): PortableJob {
  return { ...place, arch, stem, budget, width, data, settings: train };
}

/** What is told of a trial while it is trained. */
export type TrialMessage =
  | { readonly kind: 'epoch'; readonly record: EpochRecord }
  /** Part of the training done, 0..1. */
  | { readonly kind: 'progress'; readonly fraction: number }
  /** The trial goes on from a checkpoint, with this part done. */
  | { readonly kind: 'resumed'; readonly fraction: number }
  /** Something is done otherwise than usual. */
  | { readonly kind: 'note'; readonly text: string }
  /** The run stops, and the training could not be kept as far as it was: why. */
  | { readonly kind: 'unkept'; readonly text: string }
  /** Something is wrong with the data, and was got over. */
  | { readonly kind: 'warning'; readonly text: string };

/** What an executor calls, and asks. */
export interface ExecutorCalls {
  /**
   * Asked before a job is started: whether it is still to be done here. Another process may have
   * done it, or be at it. Default: every job is.
   */
  readonly take?: (job: PortableJob) => boolean | Promise<boolean>;
  readonly onStart: (job: PortableJob) => void;
  readonly onMessage: (job: PortableJob, message: TrialMessage) => void;
  /**
   * Called for every job that ended, in the order of ending. What it throws stops the executor; it
   * is not called again.
   */
  readonly onEnd: (record: TrialRecord, job: PortableJob) => void | Promise<void>;
  /**
   * Called when all jobs so far have ended: further ones, in their order; none ends the run. What
   * it throws stops the executor.
   */
  readonly more: () => readonly PortableJob[] | Promise<readonly PortableJob[]>;
  /**
   * Where the checkpoint of a trial that is left off because the run stops is to be written instead
   * of the file that its job names.
   */
  readonly checkpointAt?: (file: string) => string;
  readonly signal?: AbortSignal;
}

/** Trains trials somewhere. It knows nothing of what is being studied. */
export interface Executor {
  /** Trials that it trains at the same time. */
  readonly workers: number;
  /**
   * Trains jobs, started in the order given, and those that `more` gives afterwards. Whatever goes
   * wrong with a trial is a failed record. When `signal` aborts or a call throws, everything is
   * stopped as soon as its checkpoint is written; after an abort, trials that came to their end
   * meanwhile are told as any other.
   *
   * @returns whether every job ended; false after an abort
   */
  run(jobs: readonly PortableJob[], calls: ExecutorCalls): Promise<boolean>;
}
