import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../core/errors.js';
import { thisProcess } from '../platform/process-identity.js';
import { ALIVE_FOLDER, CLAIMS_FOLDER, claimsOf } from '../store/claims.js';
import type { Study } from '../store/directory.js';
import { hasEnded } from '../store/lock.js';
import { directoryFiles } from '../store/shared-files.js';
import { LOG_FOLDER, sharedLogReader } from '../store/shared-log.js';
import { StudyNews } from '../store/worker-log.js';
import { workerName } from '../store/worker-name.js';
import type { PortableJob } from '../study/executor.js';
import type { TrialRecord } from '../study/types.js';

/** Seconds without a sign of life after which others take over what a process had. */
export const LEASE = 75;
/** Signs of life in a lease. */
const BEATS = 5;
/** Seconds between two looks where everything that is open is being trained by others. */
export const LOOK = 2;

/**
 * What a run that writes the study's own log sees of workers (`workStudy`) that train trials of the
 * same study at the same time. Of a study that never had any it looks for their folder and does
 * nothing else.
 */
export interface Beside {
  /** Of these jobs those that nobody else has; waits while others have all of them. */
  free(jobs: () => readonly PortableJob[]): Promise<readonly PortableJob[]>;
  /** Takes a trial that is still open, unless somebody else has it. */
  take(job: PortableJob): Promise<boolean>;
  /** The trial is recorded. */
  release(trial: number): Promise<void>;
  leave(): Promise<void>;
}

/**
 * @param records of the run, by trial; those of workers are put into it as they come
 * @param retried records of trials that failed and are run again
 * @param signal ends waiting
 */
export function besideWorkers(
  { paths, trials, spec }: Study,
  records: Map<number, TrialRecord>,
  retried: ReadonlySet<TrialRecord>,
  signal: AbortSignal,
  note: (line: string) => void,
): Beside {
  const files = directoryFiles(paths.directory);
  const reader = sharedLogReader(files, new StudyNews(trials, spec.train.precision, []));
  const about = JSON.stringify(thisProcess());
  const claims = claimsOf(files, { me: workerName(hostname()), lease: LEASE, hasEnded, about });
  let timer: NodeJS.Timeout | null = null;
  /** Whether there are, or were, any workers. */
  const accompanied = (): boolean => {
    if (timer !== null) return true;
    if (!existsSync(join(paths.directory, LOG_FOLDER))) return false;
    timer = startBeating(() => claims.beat(), LEASE, note);
    return true;
  };
  const refresh = async (): Promise<void> => {
    await reader.refresh();
    for (const record of reader.news.records)
      if (isFurther(record, records.get(record.index))) records.set(record.index, record);
  };
  const isDone = ({ trial, until }: PortableJob): boolean => {
    const record = records.get(trial.index);
    if (record === undefined || retried.has(record)) return false;
    return record.status !== 'stopped' || record.epochs.length >= until;
  };
  return {
    free: async (jobs) => {
      for (;;) {
        if (!accompanied()) return jobs();
        await refresh();
        const open = jobs();
        const taken = await claims.taken();
        const free = open.filter(({ trial }) => !taken.has(trial.index));
        if (free.length > 0 || open.length === 0 || signal.aborted) return free;
        await sleep(1000 * LOOK, undefined, { signal }).catch(() => undefined);
      }
    },
    take: async (job) => {
      if (!accompanied()) return true;
      await refresh();
      return !isDone(job) && (await claims.take(job.trial.index));
    },
    release: async (trial) => {
      if (timer !== null) await claims.release(trial);
    },
    leave: async () => {
      if (timer === null) return;
      clearInterval(timer);
      await claims.leave();
      for (const name of [CLAIMS_FOLDER, ALIVE_FOLDER]) await files.removeEmpty(name);
    },
  };
}

/** Whether a worker has come further with a trial than what is known of it. */
function isFurther(record: TrialRecord, known: TrialRecord | undefined): boolean {
  if (known === undefined) return true;
  if (known.status === 'failed') return record.status === 'complete';
  if (known.status === 'complete') return false;
  return record.status !== 'stopped' || record.epochs.length > known.epochs.length;
}

/** Shows that this process lives, several times in a lease, until the timer is cleared. */
export function startBeating(
  beat: () => Promise<void>,
  lease: number,
  note: (line: string) => void,
): NodeJS.Timeout {
  const timer = setInterval(
    () => {
      beat().catch((error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        // What cannot be written now is said where a record cannot be.
        note(`note: no sign of life could be given: ${error.message}`);
      });
    },
    (1000 * lease) / BEATS,
  );
  return timer.unref();
}
