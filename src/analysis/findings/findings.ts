import { type PairFact, pairFacts } from './facts/agreement.js';
import { type BaselineFact, baselineFacts } from './facts/baseline.js';
import { type ArtificialFact, biologicalFacts, cataloguedGraphs } from './facts/biological.js';
import { type ChoiceFact, choiceFacts, SEARCH_REPLAYS } from './facts/choice.js';
import {
  type ChosenFact,
  chosenFacts,
  type ClaimFact,
  claimFacts,
  type EarlyFact,
  earlyFacts,
  type SubsetFact,
  subsetFacts,
} from './facts/economy.js';
import { type SliceFact, sliceFacts } from './facts/slices.js';
import {
  type DensityFact,
  densityFacts,
  type StrataFact,
  strataFacts,
  type SurfaceFact,
  surfaceFacts,
} from './facts/surface.js';
import {
  commonFact,
  type CommonFact,
  type SweetSpotFact,
  sweetSpotFacts,
} from './facts/sweet-spot.js';
import type { FindingsInput, TaskTables } from './input.js';
import type { Presenter } from './presenter.js';

/**
 * Everything the findings say of some tasks. Sections and figures read this one value, so that they
 * cannot differ. A fact is computed when it is first asked for: who draws one figure does not wait
 * for the bootstraps of the others.
 */
export interface Findings {
  readonly tasks: readonly TaskTables[];
  readonly presenter: Presenter;
  /** Searches replayed for each budget and policy. */
  readonly replays: number;
  readonly baseline: () => readonly BaselineFact[];
  readonly sweetSpots: () => readonly SweetSpotFact[];
  readonly common: () => CommonFact | null;
  readonly slices: () => readonly SliceFact[];
  readonly density: () => readonly DensityFact[];
  readonly pairs: () => readonly PairFact[];
  readonly claims: () => readonly ClaimFact[];
  readonly early: () => readonly EarlyFact[];
  readonly chosen: () => readonly ChosenFact[];
  readonly subsets: () => readonly SubsetFact[];
  readonly biological: () => readonly ArtificialFact[];
  readonly surfaces: () => readonly SurfaceFact[];
  readonly strata: () => readonly StrataFact[];
  readonly choice: () => readonly ChoiceFact[];
}

/** Computes when asked for the first time, and keeps the answer. */
function once<T>(make: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => (known ??= { value: make() }).value;
}

/** The findings of an input as a presenter has them told: `paperPresenter` or `studyPresenter`. */
export function createFindings(input: FindingsInput, presenter: Presenter): Findings {
  const { tasks, subset, resamples, replays = SEARCH_REPLAYS } = input;
  const { biological = cataloguedGraphs() } = input;
  const { rule, claimedEpoch } = presenter;
  const sweetSpots = once(() => sweetSpotFacts(tasks, rule, resamples));
  const claims = once(() => claimFacts(tasks, claimedEpoch, resamples));
  const chosen = once(() => chosenFacts(tasks, subset, resamples));
  const surfaces = once(() => surfaceFacts(tasks));
  return {
    tasks,
    presenter,
    replays,
    baseline: once(() => baselineFacts(tasks, rule)),
    sweetSpots,
    common: once(() => commonFact(sweetSpots())),
    slices: once(() => sliceFacts(tasks, resamples)),
    density: once(() => densityFacts(tasks)),
    pairs: once(() => pairFacts(tasks, resamples)),
    claims,
    early: once(() => earlyFacts(tasks, { claimedEpoch, claims: claims(), resamples })),
    chosen,
    subsets: once(() => subsetFacts(tasks, chosen(), resamples)),
    biological: once(() =>
      biologicalFacts({ sweetSpots: sweetSpots(), surfaces: surfaces(), graphs: biological, rule }),
    ),
    surfaces,
    strata: once(() => strataFacts(tasks, surfaces(), resamples)),
    choice: once(() => choiceFacts(tasks, surfaces(), replays)),
  };
}
