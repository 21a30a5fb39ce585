import { setImmediate } from 'node:timers/promises';
import { Interrupted } from '../../core/errors.js';

/** Work to be timed against other work. */
export interface Contestant {
  /** Untimed, before every turn: brings caches and batch into the state of steady work. */
  readonly settle: () => void;
  /** The work, cut into pieces that are done in order. */
  readonly parts: readonly (() => void)[];
}

/** How long a contestant's work took, in ms. */
export interface Timing {
  /**
   * The sum over the parts of each one's shortest time: what the work takes when nobody disturbs
   * it. Other programs hit a short part now and then, a long one always.
   */
  readonly best: number;
  /** The median of the rounds. */
  readonly median: number;
  /** Of the whole work in every round (the median of the round's repeats). */
  readonly rounds: readonly number[];
  /** Each part's shortest time. */
  readonly parts: readonly number[];
}

export interface TurnOptions {
  /** Roughly how long all of it may take; at least one round is made. */
  readonly seconds: number;
  /** Timed runs of a contestant in its turn. */
  readonly repeats: number;
  readonly signal?: AbortSignal;
  /** Milliseconds from any start; `performance.now` by default. */
  readonly now?: () => number;
}

/**
 * Times contestants in turn (A B C A B C ...), so that a machine that slows down slows all of them.
 *
 * @throws Interrupted when `signal` aborts
 */
export async function timeInTurn(
  contestants: readonly Contestant[],
  options: TurnOptions,
): Promise<Timing[]> {
  const { seconds, repeats, signal, now = () => performance.now() } = options;
  const rounds = contestants.map((): number[] => []);
  const parts = contestants.map((one) => one.parts.map(() => Infinity));
  const begun = now();
  let slowest = 0;
  // Stops where another round would go over the time.
  for (let from = begun; from === begun || from + slowest < begun + 1000 * seconds; from = now()) {
    for (const [i, contestant] of contestants.entries())
      rounds[i].push(turn(contestant, repeats, now, parts[i]));
    slowest = Math.max(slowest, now() - from);
    await setImmediate();
    if (signal?.aborted) throw new Interrupted('benchmark stopped');
  }
  return contestants.map((_, i) => ({
    best: parts[i].reduce((sum, time) => sum + time, 0),
    median: median(rounds[i]),
    rounds: rounds[i],
    parts: parts[i],
  }));
}

/** One turn's time, the median of its repeats; `best` takes each part's shortest. */
function turn(
  { settle, parts }: Contestant,
  repeats: number,
  now: () => number,
  best: number[],
): number {
  settle();
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const begun = now();
    let from = begun;
    for (const [p, part] of parts.entries()) {
      part();
      const to = now();
      best[p] = Math.min(best[p], to - from);
      from = to;
    }
    times.push(from - begun);
  }
  return median(times);
}

/** The middle value; the mean of the middle two of an even number. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median over rounds of a's time divided by b's time in the same round. */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((time, round) => time / b[round]));
}
