import { invariant, must } from '../core/errors.js';
import { RandomStream } from '../core/random/stream.js';
import { mean, quantile } from '../stats/descriptive.js';
import { Search, type SearchRules, type SearchTraining, type TrainingState } from './search.js';
import type { Candidate, Observation, Recommendation, SearchPolicy } from './types.js';

/** Trainings that were made already: a search can be replayed on them without training. */
export interface ReplayTable {
  readonly candidates: readonly Candidate[];
  /**
   * Of each candidate, the errors of all its trainings (one a seed), at least one, in one unit (%).
   */
  readonly errors: readonly (readonly number[])[];
}

/** One search on a table. */
export interface ReplayRun {
  readonly observations: readonly Observation[];
  readonly recommended: Recommendation;
  /** Mean error over all trainings of the recommended graph: what the policy could not see. */
  readonly trueError: number;
}

/** Many searches that differ by their seeds alone. */
export interface ReplaySummary {
  readonly runs: readonly ReplayRun[];
  /** Of the true errors: median, and 90th percentile (linear between order statistics). */
  readonly median: number;
  readonly p90: number;
}

/**
 * Trains by drawing: a graph's seeds in random order, each once, and at random again when all were
 * drawn.
 */
function drawer(errors: ReplayTable['errors'], seed: number): (candidate: number) => number {
  const graphs = new Map<
    number,
    { readonly order: Int32Array; readonly random: RandomStream; drawn: number }
  >();
  return (candidate) => {
    const all = must(errors[candidate]);
    let graph = graphs.get(candidate);
    if (graph === undefined) {
      const random = new RandomStream('search', 'replay', seed, candidate);
      const order = Int32Array.from(all.keys());
      random.shuffle(order);
      graph = { order, random, drawn: 0 };
      graphs.set(candidate, graph);
    }
    const next = graph.drawn < all.length ? graph.order[graph.drawn++] : undefined;
    return must(all[next ?? graph.random.below(all.length)]);
  };
}

/** One search of `budget` trainings. The policy sees candidates and drawn errors only. */
export function replayOnce(
  policy: SearchPolicy,
  table: ReplayTable,
  budget: number,
  seed: number,
): ReplayRun {
  invariant(
    Number.isInteger(budget) && budget >= 1,
    `a budget is a positive whole number of trainings, got ${budget}`,
  );
  const { candidates, errors } = table;
  invariant(
    errors.length === candidates.length,
    `${candidates.length} candidates have ${errors.length} rows of errors`,
  );
  const train = drawer(errors, seed);
  const observations: Observation[] = [];
  while (observations.length < budget) {
    const candidate = policy.next({
      candidates,
      observations: [...observations],
      remaining: budget - observations.length,
    });
    invariant(
      candidate !== null &&
        Number.isInteger(candidate) &&
        candidate >= 0 &&
        candidate < candidates.length,
      `policy ${policy.name} chose candidate ${candidate} of ${candidates.length}`,
    );
    observations.push({ candidate, error: train(candidate) });
  }
  const recommended = policy.recommend({ candidates, observations, remaining: 0 });
  return { observations, recommended, trueError: mean(must(errors[recommended.candidate])) };
}

/** Trainings that were made already, with their errors on the way. */
export interface CurveTable {
  readonly candidates: readonly Candidate[];
  /** Of each candidate and seed, the error after every epoch; all curves are of one length. */
  readonly curves: readonly (readonly (readonly number[])[])[];
  /**
   * The seeds are common to all candidates: places in the lists of curves are seeds. The baseline's
   * curves, one a seed. Absent: the seeds of different candidates share nothing.
   */
  readonly shared?: { readonly baseline: readonly (readonly number[])[] };
}

/** One search of a study's kind on a table: several trainings at a time, stopped early or not. */
export interface SearchReplay {
  readonly trainings: readonly SearchTraining[];
  /** Null where no training was complete. */
  readonly recommended: Recommendation | null;
  /** Mean final error over all seeds of the recommended graph; null without one. */
  readonly trueError: number | null;
}

/**
 * In which order the seeds of a candidate are drawn: each has its own, but where seeds are shared
 * they are the same for all.
 */
function seedOrders(
  { curves, shared }: CurveTable,
  seed: number,
): (candidate: number) => Int32Array {
  const orders = new Map<number, Int32Array>();
  return (candidate) => {
    const whose = shared === undefined ? candidate : -1;
    const known =
      orders.get(whose) ?? Int32Array.from({ length: must(curves[0]).length }, (_, i) => i);
    if (!orders.has(whose)) new RandomStream('search', 'replay', seed, whose).shuffle(known);
    orders.set(whose, known);
    return known;
  };
}

/**
 * A search as a study runs it (`Search`), on trainings already made. A graph's seeds come in random
 * order, all graphs' in the same where they are shared.
 *
 * @param rules all but the epochs and seeds, which the table has; paired only where it says that
 * seeds are shared
 */
export function replaySearch(
  policy: SearchPolicy,
  table: CurveTable,
  rules: Omit<SearchRules, 'epochs' | 'seeds'>,
  seed: number,
): SearchReplay {
  const { candidates, curves, shared } = table;
  invariant(
    rules.paired === undefined || shared !== undefined,
    'a replay is paired only on a table whose seeds are shared',
  );
  const search = new Search(policy, candidates, {
    ...rules,
    seeds: must(curves[0]).length,
    epochs: must(must(curves[0])[0]).length,
  });
  const orderOf = seedOrders(table, seed);
  const curveOf = (candidate: number, place: number): readonly number[] =>
    must(must(curves[candidate])[must(orderOf(candidate)[place])]);
  const baseline = (place: number): TrainingState => ({
    errors: must(shared!.baseline[must(orderOf(0)[place])]),
    failed: false,
  });
  const reached = new Map<string, number>();
  for (;;) {
    const { runs } = search.advance((candidate, place) => {
      const epochs = reached.get(`${candidate} ${place}`);
      return epochs === undefined
        ? null
        : { errors: curveOf(candidate, place).slice(0, epochs), failed: false };
    }, baseline);
    if (runs.length === 0) break;
    for (const { candidate, seed: place, until } of runs)
      reached.set(`${candidate} ${place}`, until);
  }
  const recommended = search.recommend();
  const trueError =
    recommended && mean(must(curves[recommended.candidate]).map((curve) => must(curve.at(-1))));
  return { trainings: search.trainings(), recommended, trueError };
}

/**
 * `replays` searches of `budget` trainings each.
 * @param policyOf a policy for a seed; each search has its own
 */
export function replay(
  policyOf: (seed: number) => SearchPolicy,
  table: ReplayTable,
  budget: number,
  replays: number,
  seed: number,
): ReplaySummary {
  const runs = Array.from({ length: replays }, (_, i) => {
    const own = new RandomStream('search', 'replays', seed, i).uint32();
    return replayOnce(policyOf(own), table, budget, own);
  });
  const trueErrors = runs.map(({ trueError }) => trueError);
  return { runs, median: quantile(trueErrors, 0.5), p90: quantile(trueErrors, 0.9) };
}
