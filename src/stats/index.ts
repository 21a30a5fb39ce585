/** Statistics of the project: descriptive, tests, intervals, resampling, least squares, linear algebra. Pure; sits on core. */
export { oneWayAnova, type Anova } from './anova.js';
export { bootstrapIntervals, percentileInterval, RESAMPLES, type BootstrapOptions } from './bootstrap.js';
export { pearson } from './correlation.js';
export { mean, populationStd, quantile, sampleStd, sumOfSquares } from './descriptive.js';
export { fisherSurvival, NORMAL_95, studentQuantile, studentSurvival } from './distributions.js';
export { falseDiscovery } from './false-discovery.js';
export { foldsOf } from './folds.js';
export {
  cholesky, dotAt, logDeterminant, pivotedCholesky, solveLower, solveLowerFour, solveUpper, type LowRankFactor,
} from './linear-algebra.js';
export { nelderMead, type Minimum, type SimplexOptions } from './nelder-mead.js';
export { fitParabola, type Parabola } from './parabola.js';
export { ranksOf, signTest } from './ranks.js';
export { tTestHigher, welchInterval, type TTest } from './t-tests.js';
