/**
 * Statistics of the project: descriptive, tests, intervals, resampling, least squares, linear
 * algebra. Pure; sits on core.
 */
export { oneWayAnova, type Anova } from './anova.js';
export {
  blockedContrast,
  blockedDifference,
  pairedDifference,
  type BlockedDifference,
  type PairedDifference,
} from './block-comparisons.js';
export { shrunkenBlockEffects } from './block-effects.js';
export { fitBlocks, type BlockFit, type BlockGain, type EffectTest, type Table } from './blocks.js';
export {
  bootstrapIntervals,
  percentileInterval,
  RESAMPLES,
  type BootstrapOptions,
} from './bootstrap.js';
export { correlationInterval, partialCorrelation, pearson } from './correlation.js';
export { mean, populationStd, quantile, sampleStd, sumOfSquares } from './descriptive.js';
export { fisherSurvival, studentQuantile, studentSurvival } from './distributions.js';
export {
  truePosteriors,
  type Against,
  type MeanPosterior,
  type NoisyMeans,
  type TruePosteriors,
} from './exchangeable-means.js';
export { falseDiscovery } from './false-discovery.js';
export { foldsOf } from './folds.js';
export {
  integratedEvidence,
  KERNELS,
  predict,
  whiten,
  type KernelName,
  type Observations,
  type Points,
  type ProcessParameters,
  type Whitened,
  type Posterior,
  type Process,
} from './gaussian-process.js';
export { leastSquares, type LeastSquares } from './least-squares.js';
export { dot, pivotedCholesky, solveLower, type LowRankFactor } from './linear-algebra.js';
export { nelderMead, type Minimum, type SimplexOptions } from './nelder-mead.js';
export { expectedExcess, NORMAL_95, normalQuantile, normalSurvival } from './normal.js';
export { fitParabola, type Parabola } from './parabola.js';
export {
  fitProcess,
  type FittedProcess,
  type ProcessOptions,
  type LeftOut,
} from './process-fit.js';
export { orthonormal, residualOf } from './projection.js';
export { wilsonInterval } from './proportion.js';
export { ranksOf, signTest } from './ranks.js';
export { tTestHigher, welchInterval, type TTest } from './t-tests.js';
