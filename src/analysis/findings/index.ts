export { bootstrapIntervals, percentileInterval, RESAMPLES, type BootstrapOptions } from './bootstrap.js';
export { advantage, betterThanBaseline, cellReliability, falseDiscovery, heldOut, reliability, sweetSpotIntervals, type BetterThanBaseline, type HeldOut, type RectangleIntervals, type Reliability } from './honest.js';
export { cellMean, cellsOf, commonCells, commonGraphs, correlationOf, minimumOf, paperBest, sliceOf, slicePointsOf, SLICES, subsetPairs, sweetSpotOfCells, sweetSpotOfGraphs, type Cell, type Level, type PaperBest, type Slice } from './paper.js';
export { PUBLISHED, PUBLISHED_CORRELATIONS, PUBLISHED_EARLY, PUBLISHED_INTERSECTION, PUBLISHED_SUBSET, type PublishedFigures } from './published.js';
export { confound, foldsOf, type Confound, type ModelFit, type PartialEffect } from './regression.js';
export { boundingBox, intersection, meanError, measuredRows, pearson, populationStd, present } from './rows.js';
export { findings, type FindingsInput, type Section, type TaskTables } from './sections.js';
export { tablesOf } from './study.js';
export type { ErrorRow, ErrorTable, Rectangle } from './types.js';
