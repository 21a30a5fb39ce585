import type { StatusGraph } from './status.js';
import type { TrialCounts } from './types.js';
import type { Verdict } from './verdict.js';

/**
 * What a study is doing: a process runs it; workers are at it; nobody is, and trials are left; all
 * has ended; its predictions are registered and nothing was begun; it cannot be read; it is being
 * read.
 */
export type StudyState =
  'running' | 'workers' | 'stopped' | 'complete' | 'registered' | 'unreadable' | 'reading';

/** A run of a study that the studio's server has begun. */
export interface StudioRun {
  /** What was asked for, as a command line. */
  readonly command: string;
  /** Its last lines on standard error. */
  readonly lines: readonly string[];
  /** Its exit status; null while it runs. -1: ended by a signal. */
  readonly exit: number | null;
}

/** A study in the studio's list. */
export interface StudyEntry {
  /** Its directory, relative to that of all studies; `.` where that is a study itself. */
  readonly id: string;
  readonly name: string;
  readonly state: StudyState;
  /** Why it cannot be read. */
  readonly problem: string | null;
  /** Counts changes of its records as long as the server runs. */
  readonly version: number;
  /** When its logs changed last, in milliseconds since 1970; null where there are none. */
  readonly changed: number | null;
  readonly arch: string;
  readonly data: string;
  readonly trials: TrialCounts | null;
  readonly baseline: StatusGraph | null;
  readonly best: StatusGraph | null;
  readonly verdict: Verdict | null;
  /** Its results were imported from elsewhere. */
  readonly imported: boolean;
  /** Who runs it, as `process 12 on host`; null where nobody does. */
  readonly runBy: string | null;
  readonly run: StudioRun | null;
  /** Lines of its logs that cannot be read. */
  readonly damaged: number;
}

/** The studio's list of studies. */
export interface StudyList {
  /** The directory that they lie in. */
  readonly directory: string;
  readonly studies: readonly StudyEntry[];
}
