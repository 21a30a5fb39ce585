import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../platform/fs.js';
import { ALIVE_FOLDER } from './claims.js';
import type { Study } from './directory.js';
import type { SharedLogs } from './shared-log.js';
import type { Conflict } from './worker-log.js';

/** A worker of a study as its log tells of it. */
export interface WorkerState {
  readonly worker: string;
  readonly host: string;
  /** Trials that it recorded. */
  readonly recorded: number;
  /** When it began, by its own machine's clock. */
  readonly began: string;
  /**
   * Seconds since its last sign of life, by the clock of this machine; null where it gives none any
   * more.
   */
  readonly silent: number | null;
  /** Why it ended, as it says itself; null where it runs, or was killed. */
  readonly ended: string | null;
}

/** Of a study, what tells of its workers. */
export type Worked = Pick<Study, 'paths'> & {
  readonly shared: Pick<SharedLogs, 'news' | 'damaged'> | null;
};

/** The workers that were ever at a study, in the order in which they began. */
export function workersOf({ shared, paths }: Worked, now = Date.now()): readonly WorkerState[] {
  if (shared === null) return [];
  const { begins, ends, counts } = shared.news;
  return begins
    .map(({ worker, host, at }): WorkerState => ({
      worker,
      host,
      recorded: counts.get(worker) ?? 0,
      began: at,
      silent: silence(join(paths.directory, ALIVE_FOLDER, worker), now),
      ended: ends.get(worker)?.why ?? null,
    }))
    .toSorted((a, b) => (a.began < b.began ? -1 : a.began > b.began ? 1 : 0));
}

function silence(file: string, now: number): number | null {
  try {
    return existsSync(file) ? Math.max(0, (now - statSync(file).mtimeMs) / 1000) : null;
  } catch (error) {
    // It ended just now.
    if (errorCode(error) === null) throw error;
    return null;
  }
}

/**
 * Trials that the workers that live recorded in an hour, by their own clocks; null before any of
 * them has.
 */
export function trialsAnHour(workers: readonly WorkerState[], now = Date.now()): number | null {
  const living = workers.filter(({ silent, recorded }) => silent !== null && recorded > 0);
  if (living.length === 0) return null;
  return living.reduce(
    (sum, { recorded, began }) =>
      sum + (3_600_000 * recorded) / Math.max(1000, now - Date.parse(began)),
    0,
  );
}

/** What a study's status says of its workers, JSON-safe. */
export interface WorkersStatus {
  readonly workers: readonly WorkerState[];
  readonly trialsAnHour: number | null;
  readonly conflicts: readonly Conflict[];
  readonly damagedLines: SharedLogs['damaged'];
}

/** The workers of a study as values; nothing of a study that had none. */
export function workersStatus(study: Worked): WorkersStatus | null {
  if (study.shared === null) return null;
  const workers = workersOf(study);
  return {
    workers,
    trialsAnHour: trialsAnHour(workers),
    conflicts: study.shared.news.conflicts(),
    damagedLines: study.shared.damaged,
  };
}
