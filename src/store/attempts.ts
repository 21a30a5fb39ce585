import type { StudyNews } from './worker-log.js';

/** Attempts of a task that ended without a word one after another, the latest ones. */
export interface Unheard {
  readonly attempts: number;
  /** Trials that the last of them trained at the same time, and that it recorded. */
  readonly workers: number;
  readonly recorded: number;
}

/**
 * What became of the latest attempts of a batch system's task. Who kills a process for its memory
 * may kill all of its container (Kubernetes does), so that nobody is left to say so: it shows in the
 * log alone, which begins and does not end.
 */
export function unheardAttempts({ begins, ends, counts }: StudyNews, task: string): Unheard {
  const all = begins
    .filter((begin) => begin.task === task)
    .toSorted((a, b) => a.clock - b.clock || (a.at < b.at ? -1 : 1));
  const heard = all.findLastIndex(({ worker }) => ends.has(worker));
  const unheard = all.slice(heard + 1);
  const last = unheard.at(-1);
  return {
    attempts: unheard.length,
    workers: last?.workers ?? 0,
    recorded: last === undefined ? 0 : (counts.get(last.worker) ?? 0),
  };
}

/** Attempts at one trial at a time that record nothing, of all attempts in a row: these are enough. */
const ENOUGH = 2;

/**
 * How many trials the next attempt of a task trains at the same time: half as many as the last one
 * where that ended without a word; null where fewer would not help.
 */
export function workersOfAttempt(asked: number, unheard: Unheard): number | null {
  const { attempts, workers, recorded } = unheard;
  if (attempts === 0) return asked;
  if (attempts >= ENOUGH && workers === 1 && recorded === 0) return null;
  return Math.max(1, Math.min(asked, Math.floor(workers / 2)));
}
