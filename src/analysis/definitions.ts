import { measureDefinitions } from '../graph/index.js';
import { PATH_LENGTH_RANGE, PLANE_BINS, SWEET_LEVEL } from './settings.js';

/** A number's name as tables and figures show it, and one sentence that says what exactly it is. */
export interface Definition {
  readonly term: string;
  readonly meaning: string;
}

const [LOW, HIGH] = PATH_LENGTH_RANGE;
const PERCENT = `${SWEET_LEVEL * 100} %`;

/** The definition of every number that a report or the terminal shows. */
export const DEFINITIONS = {
  error: {
    term: 'Test error (%)',
    meaning: 'Share of the whole test split that the network misclassifies (top-1) after the last epoch, with the running statistics of batch normalisation.',
  },
  error5: { term: 'Top-5 error (%)', meaning: 'Share of the whole test split whose class is not among the network’s five largest outputs after the last epoch, mean over a graph’s complete trials; always 0 with five classes or fewer.' },
  mean: { term: 'Mean error', meaning: 'Arithmetic mean of the test errors of a graph’s complete trials, one per training seed; failed trials are left out and counted.' },
  std: { term: 'Std', meaning: 'Sample standard deviation (n − 1) of the test error over a graph’s training seeds; the graph itself is the same in all of them.' },
  curve: { term: 'Learning curve', meaning: 'Test error after each epoch, averaged over a graph’s complete trials.' },
  clustering: { term: 'C', meaning: measureDefinitions.clustering },
  pathLength: { term: 'L', meaning: measureDefinitions.pathLength },
  sequence: { term: 'Sequence of graphs', meaning: 'A network whose layers have graphs of their own (the family sequence) is told by means over its relational layers: nodes, edges, C and L; there is no L where one of its graphs has none.' },
  macs: { term: 'Multiply-adds', meaning: 'Multiplications with addition in the linear layers, convolutions and attention for one sample’s forward pass; absent blocks cost nothing, norms and the biases of linear layers are not counted.' },
  params: { term: 'Parameters', meaning: 'Learnable numbers that exist; those of absent blocks do not.' },
  budget: { term: 'Budget', meaning: 'A graph’s network gets the smallest width that costs at least the baseline’s multiply-adds, so every network in the study costs nearly the same.' },
  baseline: { term: 'Baseline', meaning: 'The graph that all others are compared with; the complete graph is an ordinary dense network. It is shown in figures but is in no cell, fit or analysis of variance.' },
  best: { term: 'Best graph', meaning: 'The graph with the lowest mean error, chosen after looking at all of them, so its mean flatters it; the earlier graph wins a tie.' },
  recommended: { term: 'Recommended graph', meaning: 'Of a search: the graph, among those with a complete training, whose error is expected to be the lowest. The surrogate policy expects the mean of its surface of the error over C, L and log density together with what was seen of the graph itself, which tempers the luck of the lowest; its standard deviation is that of this belief, without the noise of one training.' },
  spent: { term: 'Trainings spent', meaning: 'Of a search: epochs trained of all graphs, also of trainings that were stopped early or failed, over the epochs of a whole training; those of the baseline are not counted.' },
  difference: { term: 'Best − baseline', meaning: 'Mean error of the best graph minus that of the baseline, in percentage points; negative means the graph is better.' },
  interval: {
    term: '95 % interval',
    meaning: 'Welch’s t interval for the difference of the two means (unequal variances, Satterthwaite degrees of freedom); it covers training seeds only and does not correct for the choice of the best.',
  },
  shrunk: {
    term: 'Corrected for the choice',
    meaning: 'The same difference after drawing the best graph’s mean towards the mean of all graphs by the share of its variance that is seed noise (empirical Bayes); what a fresh training would be expected to show.',
  },
  cell: {
    term: 'Cell',
    meaning: `The (C, L) plane is cut into ${PLANE_BINS} equal bins of C over [0, 1] and ${PLANE_BINS} of L over [${LOW}, ${HIGH}], right-open but for the last; a cell’s sample is every complete trial of its graphs.`,
  },
  sweetSpot: {
    term: 'Sweet spot',
    meaning: `The smallest rectangle of whole cells around every cell that is not significantly worse than the best cell (lowest mean among cells with two or more values): one-sided two-sample t-test with equal variances, p ≥ ${SWEET_LEVEL}. Cells with a single value cannot be tested and are left out. Seeds of one graph count as separate values, and no correction is made for the number of tests.`,
  },
  graphRule: {
    term: 'p against the best',
    meaning: `The same test graph by graph: the probability of a mean at least this much above the best graph’s if both were equally good; below ${SWEET_LEVEL} a graph is called worse.`,
  },
  fit: { term: 'Quadratic fit', meaning: 'Least-squares parabola through the graphs’ mean errors, every graph with equal weight, the baseline left out.' },
  r2: { term: 'R²', meaning: 'Share of the variance of the graphs’ mean errors that the parabola explains, on the points it was fitted to.' },
  f: {
    term: 'F and p (analysis of variance)',
    meaning: 'One-way analysis of variance over the graphs: F is the variance between graphs’ means over that expected from seed noise alone, p the probability of an F at least this high when all graphs are equally good.',
  },
  betweenGraphsStd: { term: 'Spread between graphs', meaning: 'Standard deviation of the graphs’ true mean errors, estimated from the analysis of variance with seed noise taken out; 0 when seed noise explains everything.' },
  seedStd: { term: 'Seed noise', meaning: 'Standard deviation of the test error between training seeds of the same graph, pooled over the graphs.' },
  trials: { term: 'Trials', meaning: `One trial trains one graph’s network with one seed; failed ones are listed with their reasons and enter no mean. “Significant” means at the ${PERCENT} level throughout.` },
} as const satisfies Readonly<Record<string, Definition>>;
