export { beyond, biologicalFacts, cataloguedGraphs, outcomeOf, within, type ArtificialFact, type BiologicalFact, type RankTest, type SurfaceView } from './biological.js';
export type { BiologicalGraph, BiologicalPlace, Place } from './biological-types.js';
export { choiceFacts, expectations, SEARCH_REPLAYS, searchCosts, type ChoiceFact, type Expectation, type SearchCost } from './choice.js';
export {
  baselineFacts, chosenFacts, claimFacts, commonFacts, densityFacts, earlyFacts, pairFacts, sliceFacts, subsetFacts, sweetSpotFacts,
  type BaselineFact, type ChosenFact, type ClaimFact, type CommonFact, type Correlation, type DensityFact, type EarlyFact, type EpochFact, type PairFact, type SliceFact, type SubsetFact, type SweetSpotFact,
} from './facts.js';
export { advantage, betterThanBaseline, cellReliability, heldOut, reliability, type BetterThanBaseline, type HeldOut, type Reliability } from './honest.js';
export { cellMean, cellsOf, commonCells, commonGraphs, correlationOf, minimumOf, paperBest, sliceOf, slicePointsOf, SLICES, subsetPairs, sweetSpotOfCells, sweetSpotOfGraphs, type Cell, type Level, type PaperBest, type Slice } from './paper.js';
export { PUBLISHED, PUBLISHED_CORRELATIONS, PUBLISHED_EARLY, PUBLISHED_INTERSECTION, PUBLISHED_SUBSET, type PublishedFigures } from './published.js';
export { processSurface, quadraticSurface, type PlaneSurface, type Prediction } from './plane-surface.js';
export { commonDraws, edgeIntervals, sweetSpotDraws, sweetSpotIntervals, type CommonDraws, type RectangleDraws, type RectangleIntervals } from './rectangle.js';
export { confound, type Confound, type ModelFit, type PartialEffect } from './regression.js';
export { boundingBox, intersection, meanError, measuredRows, present } from './rows.js';
export { findings, type FindingsInput, type Section, type SectionValues, type TaskTables } from './sections.js';
export { advantageToExpect } from './sections/choice.js';
export { lastTable, nameOf as taskName } from './sections/common.js';
export {
  CALIPER, densityBands, matchedPairs, matchPairs, strata, type Band, type MatchedPairs, type Strata, type StrataOptions,
} from './strata.js';
export { strataFacts, surfaceFacts, type StrataFact, type SurfaceFact } from './surface-facts.js';
export { LATTICE, type Ground, type LatticePlace, type MinimumRegion } from './surface-region.js';
export { surfaceFit, surfaceOf, type ProcessFit, type SurfaceFit, type SurfaceMinimum, type SurfaceOptions, type SurfacePrediction, type SurfaceQuality } from './surface.js';
export { subsetCurve, type Quantiles, type SubsetPoint } from './subset-curve.js';
export { tablesOf } from './study.js';
export type { ErrorRow, ErrorTable, Rectangle } from './types.js';
