export type { BiologicalGraph, BiologicalPlace, Place } from './biological-types.js';
export type { PairFact } from './facts/agreement.js';
export { shareKept, type BaselineFact } from './facts/baseline.js';
export {
  beyond,
  cataloguedGraphs,
  outcomeOf,
  within,
  type ArtificialFact,
  type BiologicalFact,
  type RankTest,
  type SurfaceView,
} from './facts/biological.js';
export {
  advantageToExpect,
  expectations,
  SEARCH_REPLAYS,
  searchCosts,
  type ChoiceFact,
  type Expectation,
  type SearchCost,
} from './facts/choice.js';
export type { Correlation } from './facts/correlation.js';
export type { ChosenFact, ClaimFact, EarlyFact, EpochFact, SubsetFact } from './facts/economy.js';
export type { SliceFact } from './facts/slices.js';
export type { DensityFact, StrataFact, SurfaceFact } from './facts/surface.js';
export {
  isTested,
  type CommonFact,
  type SweetSpotFact,
  type TestedSweetSpot,
} from './facts/sweet-spot.js';
export { graphMeans, type GraphMeans } from './graph-means.js';
export { createFindings, type Findings } from './findings.js';
export {
  advantage,
  betterThanBaseline,
  cellReliability,
  heldOut,
  reliability,
  type Advantage,
  type BetterCounts,
  type BetterThanBaseline,
  type HeldOut,
  type Reliability,
} from './honest.js';
export {
  lastTable,
  type EpochTable,
  type FindingsInput,
  type SeedDesign,
  type TaskTables,
} from './input.js';
export {
  cellMean,
  cellsOf,
  commonCells,
  commonGraphs,
  correlationOf,
  minimumOf,
  paperBest,
  sliceOf,
  slicePointsOf,
  SLICES,
  subsetPairs,
  sweetSpotOfCells,
  sweetSpotOfGraphs,
  type Cell,
  type Level,
  type PaperBest,
  type Slice,
} from './paper.js';
export {
  processSurface,
  quadraticSurface,
  type PlaneSurface,
  type Prediction,
} from './plane-surface.js';
export { paperPresenter, studyPresenter, type Presenter, type RulesCell } from './presenter.js';
export {
  PUBLISHED,
  PUBLISHED_CORRELATIONS,
  PUBLISHED_EARLY,
  PUBLISHED_INTERSECTION,
  PUBLISHED_SUBSET,
  type PublishedFigures,
} from './published.js';
export {
  commonDraws,
  edgeIntervals,
  paperDraws,
  plexusDraws,
  type CommonDraws,
  type RectangleDraws,
  type RectangleIntervals,
} from './rectangle.js';
export { confound, type Confound, type ModelFit, type PartialEffect } from './regression.js';
export { boundingBox, intersection, meanError, measuredRows, present } from './rows.js';
export { findingsSections } from './sections.js';
export type { Section, SectionValues } from './sections/types.js';
export {
  CALIPER,
  densityBands,
  matchedPairs,
  matchPairs,
  strata,
  type Band,
  type MatchedPairs,
  type Strata,
  type StrataOptions,
} from './strata.js';
export { tablesOf } from './study.js';
export { subsetCurve, type Quantiles, type SubsetPoint } from './subset-curve.js';
export { LATTICE, type Ground, type LatticePlace, type MinimumRegion } from './surface-region.js';
export {
  surfaceFit,
  type ProcessFit,
  type SurfaceFit,
  type SurfaceMinimum,
  type SurfaceOptions,
  type SurfacePrediction,
  type SurfaceQuality,
} from './surface.js';
export type { ErrorRow, ErrorTable, Rectangle } from './types.js';
