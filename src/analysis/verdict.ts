import type { FreshSeeds } from './fresh-seeds.js';
import type { Comparison, Interval } from './paired.js';

/** What a study may say of its graphs against its baseline. */
export interface Verdict {
  /**
   * `graphs`: they beat the baseline; `baseline`: it beats them; `open`: no difference shown;
   * `untold`: nothing to judge by.
   */
  readonly winner: 'graphs' | 'baseline' | 'open' | 'untold';
  /**
   * `fresh`: seeds that had no part in the choice of the graphs; `chosen`: the seeds that chose,
   * corrected for the choice.
   */
  readonly by: 'fresh' | 'chosen' | null;
  /** The graphs that it is about. */
  readonly graphs: readonly string[];
  /** Their mean error minus the baseline's, points. */
  readonly difference: number | null;
  /**
   * The interval that decides: by `chosen` the widened one, but the plain one where the baseline
   * wins.
   */
  readonly interval: Interval | null;
  /** Seeds that both sides have. */
  readonly seeds: number;
}

const UNTOLD: Verdict = {
  winner: 'untold',
  by: null,
  graphs: [],
  difference: null,
  interval: null,
  seeds: 0,
};

/**
 * The verdict: by fresh seeds where a confirmation has two of them, else by the best graph's
 * difference with the interval that allows for its having been picked among all (Bonferroni).
 * `baseline` wins where even the lowest graph lies above it, by the plain interval: picking the
 * lowest favours the graphs.
 */
export function verdictOf(comparison: Comparison | null, confirmation: FreshSeeds | null): Verdict {
  const together = confirmation?.together ?? null;
  if (confirmation !== null && together !== null && together.interval !== null) {
    const { difference, interval } = together;
    const facts = {
      by: 'fresh',
      graphs: confirmation.chosen ?? [],
      difference,
      interval,
      seeds: confirmation.complete,
    } as const;
    return { winner: sideOf(interval[0], interval[1]), ...facts };
  }
  if (comparison === null) return UNTOLD;
  const { graphs, difference, interval, chosen, seeds } = comparison;
  if (interval === null || chosen === null)
    return { ...UNTOLD, by: 'chosen', graphs, difference, seeds };
  const winner = sideOf(interval[0], chosen[1]);
  return {
    winner,
    by: 'chosen',
    graphs,
    difference,
    interval: winner === 'baseline' ? interval : chosen,
    seeds,
  };
}

function sideOf(low: number, high: number): Verdict['winner'] {
  if (high < 0) return 'graphs';
  return low > 0 ? 'baseline' : 'open';
}
