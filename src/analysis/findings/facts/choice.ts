import { must } from '../../../core/errors.js';
import { searchPolicy } from '../../../search/policies.js';
import { replay, type ReplayTable } from '../../../search/replay.js';
import { mean } from '../../../stats/descriptive.js';
import { truePosteriors } from '../../../stats/exchangeable-means.js';
import { NORMAL_95 } from '../../../stats/normal.js';
import { CONFIDENCE_LEVEL } from '../../settings.js';
import { graphMeans, type GraphMeans } from '../graph-means.js';
import { lastTable, seedDesignOf, type TaskTables } from '../input.js';
import { present } from '../rows.js';
import type { SurfaceFit } from '../surface.js';
import type { ErrorRow, ErrorTable } from '../types.js';
import { type SurfaceFact, surfaceOfTask } from './surface.js';

/** What to expect of a graph that is trained anew. */
export interface Expectation {
  readonly row: ErrorRow;
  /** Mean of its errors, %; of shared seeds as if it had been trained with all of them. */
  readonly measured: number;
  /**
   * Posterior mean and standard deviation of its true mean error, without the noise of one
   * training.
   */
  readonly expected: number;
  readonly sd: number;
}

/**
 * Every measured graph's error to expect, lowest first: a normal prior by what is known of graphs
 * like it, and its own mean with its seed noise. The prior is the Gaussian process over C and L
 * with the variance of graphs' own effects; with fewer than 20 graphs see `truePosteriors`. As every graph is
 * drawn to its prior by its noise, the lowest expectation is not lucky as the lowest mean is. With
 * one seed own effects cannot be told from noise: the surface alone is expected, and its doubt
 * includes them. Null without two seeds or a surface.
 */
export function expectations(data: GraphMeans, surface: SurfaceFit | null): Expectation[] | null {
  const { rows, means, noise, seedVariance } = data;
  if (surface === null) return ofFewGraphs(data);
  const between = surface.process.ownStd ** 2;
  const found = rows.map((row, i): Expectation => {
    const prior = surface.predict(row.clustering, row.pathLength);
    const [measured, variance] = [must(means[i]), must(noise[i])];
    const kept =
      seedVariance === null || between + variance === 0 ? 0 : between / (between + variance);
    const own = seedVariance === null ? between : kept * variance;
    return {
      row,
      measured,
      expected: prior.mean + kept * (measured - prior.mean),
      sd: Math.sqrt(own + ((1 - kept) * prior.sd) ** 2),
    };
  });
  return lowestFirst(found);
}

const lowestFirst = (found: Expectation[]): Expectation[] =>
  found.sort((a, b) => a.expected - b.expected || a.row.density - b.row.density);

/** Without a surface: all graphs are of one kind, of which nothing is known beforehand. */
function ofFewGraphs({
  rows,
  means,
  noise,
  seedVariance,
  seedDof,
}: GraphMeans): Expectation[] | null {
  if (seedVariance === null) return null;
  const factors = noise.map((each) => each / seedVariance);
  const posteriors = truePosteriors({ means, factors, variance: seedVariance, dof: seedDof });
  if (posteriors === null) return null;
  return lowestFirst(
    rows.map((row, i) => {
      const { mean: expected, sd } = posteriors(i, CONFIDENCE_LEVEL);
      return { row, measured: must(means[i]), expected, sd };
    }),
  );
}

/** Budgets of replayed searches, and replays of each unless said otherwise. */
export const SEARCH_BUDGETS = [12, 24] as const;
/** Replays of every search, each with a seed of its own. */
export const SEARCH_REPLAYS = 20;

/** Searches of so many trainings, replayed on a table. */
export interface SearchCost {
  readonly budget: number;
  /**
   * Of every replay, how far what is to be expected of its recommended graph lies above the lowest
   * expectation, points.
   */
  readonly random: readonly number[];
  readonly surrogate: readonly number[];
}

/**
 * How far from the best a search of few trainings would have ended, by replays on the table's own
 * trainings: random graphs of which the lowest error wins, and the surrogate of `plexus search`. Of
 * budgets that are at most half of the trainings there are.
 */
export function searchCosts(
  table: ErrorTable,
  expected: readonly Expectation[],
  replays = SEARCH_REPLAYS,
): SearchCost[] {
  const usable = expected.filter(({ row }) => !row.errors.includes(null));
  if (usable.length === 0) return [];
  const trainings: ReplayTable = {
    candidates: usable.map(({ row }) => row),
    errors: usable.map(({ row }) => present(row)),
  };
  const lowest = must(expected[0]).expected;
  const regrets = (name: 'random' | 'surrogate', budget: number): number[] =>
    replay((seed) => searchPolicy(name, { seed }), trainings, budget, replays, 1).runs.map(
      ({ recommended }) => must(usable[recommended.candidate]).expected - lowest,
    );
  return SEARCH_BUDGETS.filter(
    (budget) => 2 * budget <= usable.length * table.seeds.length && budget <= usable.length,
  ).map((budget) => ({
    budget,
    random: regrets('random', budget),
    surrogate: regrets('surrogate', budget),
  }));
}

/** Which graph of a task to use; of tasks of which it can be told. */
export interface ChoiceFact {
  readonly task: TaskTables;
  /** Lowest expectation first. */
  readonly graphs: readonly [Expectation, ...Expectation[]];
  /**
   * Mean error of the baseline, seeds' effects taken away, and its standard error (null with one
   * seed); null without one.
   */
  readonly baseline: { readonly mean: number; readonly se: number | null } | null;
  readonly searches: readonly SearchCost[];
}

/** Which graph of every task to use, where it can be told. */
export function choiceFacts(
  tasks: readonly TaskTables[],
  surfaces: readonly SurfaceFact[],
  replays: number,
): ChoiceFact[] {
  return tasks.flatMap((task) => {
    const table = lastTable(task);
    const surface = surfaceOfTask(surfaces, task);
    const data = surface?.data ?? graphMeans(table, seedDesignOf(task));
    const [first, ...others] = expectations(data, surface) ?? [];
    if (first === undefined) return [];
    const graphs = [first, ...others] as const;
    return [
      {
        task,
        graphs,
        baseline: baselineOf(table, data),
        searches: searchCosts(table, graphs, replays),
      },
    ];
  });
}

/**
 * The baseline's noise is that of all graphs, pooled: its own few seeds say little of it. What its
 * seeds do to all graphs is taken away, as it is from the graphs' means, so that it cancels in
 * their difference.
 */
function baselineOf(
  { baseline }: ErrorTable,
  { seedEffects, seedVariance }: GraphMeans,
): ChoiceFact['baseline'] {
  const errors = (baseline?.errors ?? []).flatMap((error, seed) =>
    error === null ? [] : [error - must(seedEffects[seed])],
  );
  if (errors.length === 0) return null;
  return {
    mean: mean(errors),
    se: seedVariance === null ? null : Math.sqrt(seedVariance / errors.length),
  };
}

/**
 * Points that the graph to use is expected to lie below the baseline, with 95 % limits; null
 * without a baseline.
 */
export function advantageToExpect({
  graphs: [use],
  baseline,
}: ChoiceFact): ExpectedAdvantage | null {
  if (baseline === null) return null;
  const value = baseline.mean - use.expected;
  const half = baseline.se === null ? null : NORMAL_95 * Math.hypot(baseline.se, use.sd);
  // No spread at all says that nothing was measured, not that all is known.
  return { value, interval: half === null || half === 0 ? null : [value - half, value + half] };
}

/** Points below the baseline; the interval is null where one seed cannot tell it. */
export interface ExpectedAdvantage {
  readonly value: number;
  readonly interval: readonly [number, number] | null;
}
