export * from './export/index.js';
export * from './findings/index.js';
export { DEFINITIONS, type Definition } from './definitions.js';
export { binEdges, binOf } from './bins.js';
export { isMeasured, type MeasuredGraph } from './graph-results.js';
export type { CoursePoint, GraphCourse, LayerCourse } from './courses.js';
export type { FreshSeeds } from './fresh-seeds.js';
export type { Fidelity, GraphCorrelation } from './fidelity.js';
export type { Mechanism, Difference } from './mechanism.js';
export { blocksOf, compareGraphs, type Blocks, type Comparison, type Interval } from './paired.js';
export { coveragePhrase, type OutcomeOfPrediction, type PredictionOutcome } from './predictions.js';
export { PUBLISHED_MLP, PUBLISHED_MLP_BASELINE } from './published-mlp.js';
export {
  errorsAfter,
  inTrialOrder,
  resultTable,
  type BaselineRow,
  type ErrorRow,
  type ErrorTable,
  type ResultRow,
  type ResultTable,
  type Training,
  type UnplacedRow,
  type ResultTableInput,
} from './result-table.js';
export { lowestGraph, plexusRule, type RuledPlane, type RuledCell } from './rules.js';
export {
  apart,
  fitPhrase,
  intervalPhrase,
  searchSentence,
  studySentences,
  verdictSentence,
} from './sentences.js';
export type { Verdict } from './verdict.js';
export {
  CLUSTERING_RANGE,
  CONFIDENCE_LEVEL,
  PATH_LENGTH_RANGE,
  PLANE_BINS,
  SWEET_LEVEL,
} from './settings.js';
export { slicePoints, summarise } from './summarise.js';
export { outline, type StudyOutline, type SummaryInput } from './outline.js';
export { resultsTable } from './table.js';
export { terminalReport } from './terminal.js';
export { fixed, grouped, meanStd, plural, pValue, signed, span } from './text.js';
export type * from './types.js';
export { type ExpectedAdvantage } from './findings/facts/choice.js';
export { type FreshExpectation } from './fresh-expectation.js';
export { type NullTest } from './null-tests.js';
export { type PairedAdvantage } from './findings/honest.js';
export { type Pairs } from './findings/facts/correlation.js';
export { type Point } from './findings/facts/slices.js';
export { type PublishedRecord, type RankingRule, type RuleWords } from './findings/presenter.js';
export { type ComparisonText } from './comparison-text.js';
