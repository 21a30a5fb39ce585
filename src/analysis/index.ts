export * from './export/index.js';
export * from './findings/index.js';
export { DEFINITIONS, type Definition } from './definitions.js';
export { inTrialOrder, isMeasured, type MeasuredGraph } from './graphs.js';
export { binEdges, binOf } from './plane.js';
export { bestSentence, fitPhrase, searchSentence, shrunkSentence, signalSentence, sweetSpotSentence } from './sentences.js';
export { CLUSTERING_RANGE, CONFIDENCE_LEVEL, NORMAL_95, PATH_LENGTH_RANGE, PLANE_BINS, SWEET_LEVEL } from './settings.js';
export {
  fisherSurvival, fitParabola, oneWayAnova, studentQuantile, studentSurvival, tTestHigher, welchInterval,
  type Anova, type Parabola, type TTest,
} from './stats.js';
export { slicePoints, summarise, type SummaryInput } from './summarise.js';
export { resultsTable } from './table.js';
export { terminalReport } from './terminal.js';
export { fixed, grouped, meanStd, plural, pValue, signed, span } from './text.js';
export type * from './types.js';
