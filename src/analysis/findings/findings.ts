import { biologicalFacts, cataloguedGraphs, type ArtificialFact } from './facts/biological.js';
import { choiceFacts, type ChoiceFact } from './facts/choice.js';
import { pairFacts, type PairFact } from './facts/agreement.js';
import { baselineFacts, type BaselineFact } from './facts/baseline.js';
import {
  chosenFacts,
  claimFacts,
  earlyFacts,
  subsetFacts,
  type ChosenFact,
  type ClaimFact,
  type EarlyFact,
  type SubsetFact,
} from './facts/economy.js';
import { sliceFacts, type SliceFact } from './facts/slices.js';
import {
  densityFacts,
  strataFacts,
  surfaceFacts,
  type DensityFact,
  type StrataFact,
  type SurfaceFact,
} from './facts/surface.js';
import {
  commonFact,
  sweetSpotFacts,
  type CommonFact,
  type SweetSpotFact,
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
  const { tasks, subset, resamples, biological = cataloguedGraphs() } = input;
  const { rule, claimedEpoch } = presenter;
  const sweetSpots = once(() => sweetSpotFacts(tasks, rule, resamples));
  const claims = once(() => claimFacts(tasks, claimedEpoch, resamples));
  const chosen = once(() => chosenFacts(tasks, subset, resamples));
  const surfaces = once(() => surfaceFacts(tasks));
  return {
    tasks,
    presenter,
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
    choice: once(() => choiceFacts(tasks, surfaces())),
  };
}
