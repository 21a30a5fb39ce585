import { must } from '../core/errors.js';
import { measureDefinitions } from '../graph/measures/registry.js';
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
    meaning:
      'Share of the whole test split that the network misclassifies (top-1) after the ' +
      'last epoch, with the running statistics of batch normalisation.',
  },
  validationError: {
    term: 'Validation error (%)',
    meaning:
      'The same share of training images that were held out of training (`validation` in the data ' +
      'section), the same ones for every trial. Where there are such images, the best graph, the ' +
      'cells that are not worse, p against the best, what is confirmed and a search’s course are ' +
      'chosen by it, and test errors are told; where there are none, all this is chosen by the ' +
      'test error.',
  },
  error5: {
    term: 'Top-5 error (%)',
    meaning:
      'Share of the whole test split whose class is not among the network’s five largest ' +
      'outputs after the last epoch, mean over a graph’s complete trials; always 0 with ' +
      'five classes or fewer.',
  },
  mean: {
    term: 'Mean error',
    meaning:
      'Arithmetic mean of the test errors of a graph’s complete trials, one per training ' +
      'seed; failed trials are left out and counted.',
  },
  std: {
    term: 'Std',
    meaning:
      'Sample standard deviation (n − 1) of the test error over a graph’s training ' +
      'seeds; the graph itself is the same in all of them.',
  },
  curve: {
    term: 'Learning curve',
    meaning: 'Test error after each epoch, averaged over a graph’s complete trials.',
  },
  clustering: { term: 'C', meaning: must(measureDefinitions['clustering']) },
  pathLength: { term: 'L', meaning: must(measureDefinitions['pathLength']) },
  sequence: {
    term: 'Sequence of graphs',
    meaning:
      'A network whose layers have graphs of their own (the family sequence) is told by ' +
      'means over its relational layers: nodes, edges, C and L; there is no L where one ' +
      'of its graphs has none.',
  },
  macs: {
    term: 'Multiply-adds',
    meaning:
      'Multiplications with addition in the linear layers, convolutions and attention ' +
      'for one sample’s forward pass; absent blocks cost nothing, norms and the biases ' +
      'of linear layers are not counted.',
  },
  params: {
    term: 'Parameters',
    meaning: 'Learnable numbers that exist; those of absent blocks do not.',
  },
  budget: {
    term: 'Budget',
    meaning:
      'A graph’s network gets the smallest width that costs at least the baseline’s ' +
      'multiply-adds, so every network in the study costs nearly the same.',
  },
  baseline: {
    term: 'Baseline',
    meaning:
      'The graph that all others are compared with; the complete graph is an ordinary ' +
      'dense network. It is shown in figures but is in no cell, fit or analysis of ' +
      'variance.',
  },
  best: {
    term: 'Best graph',
    meaning:
      'The graph with the lowest mean error (validation error where there is one), chosen ' +
      'after looking at all of them, so its mean flatters it; the earlier graph wins a tie.',
  },
  recommended: {
    term: 'Recommended graph',
    meaning:
      'Of a search: the graph, among those with a complete training, whose error is ' +
      'expected to be the lowest. The surrogate policy expects the mean of its surface ' +
      'of the error over C, L and log density together with what was seen of the graph ' +
      'itself, which tempers the luck of the lowest; its standard deviation is that of ' +
      'this belief, without the noise of one training.',
  },
  spent: {
    term: 'Trainings spent',
    meaning:
      'Of a search: epochs trained of all graphs, also of trainings that were stopped ' +
      'early or failed, over the epochs of a whole training; those of the baseline are ' +
      'not counted.',
  },
  difference: {
    term: 'Best − baseline',
    meaning:
      'Mean error of the best graph minus that of the baseline, in percentage points, ' +
      'from trainings of the same seeds; negative means the graph is better.',
  },
  pairing: {
    term: 'Paired by seed',
    meaning:
      'The training seeds of a study are common to all its graphs: the dense layers ' +
      'start alike and the images come in the same order with the same changes, so the ' +
      'errors of one seed move together. Differences are therefore taken within seeds ' +
      '(error = graph + seed + noise, by least squares; of a complete table these are ' +
      'differences of plain means), and the noise is what is left, pooled over all ' +
      'graphs and taken to be the same for all.',
  },
  interval: {
    term: '95 % interval',
    meaning:
      'Student’s interval for a difference paired by seed, from the pooled noise. It ' +
      'covers training seeds, not other data sets, and does not correct for the choice ' +
      'of the best unless said.',
  },
  expected: {
    term: 'To expect with fresh seeds',
    meaning:
      'Posterior mean, with 95 % interval, of the true mean error of the graph of the lowest ' +
      'mean less the baseline’s, given the means of all graphs and their noise. The true means ' +
      'have one distribution that is not known: normal, or with a floor and a long tail; it ' +
      'and the noise are integrated over. It needs no correction for the choice, since it is ' +
      'given all that was chosen from.',
  },
  unpaired: {
    term: 'Unpaired interval',
    meaning:
      'Welch’s t interval for the difference of the two means (unequal variances, ' +
      'Satterthwaite degrees of freedom), which does not know that seeds are shared; ' +
      'shown beside the paired one.',
  },
  verdict: {
    term: 'Verdict',
    meaning:
      'Graphs beat the baseline where the whole 95 % interval of their difference lies ' +
      'below 0: on fresh seeds where the study confirms (the mean of the chosen graphs ' +
      'less the baseline, one difference a seed, Student’s t), else that of the lowest ' +
      'graph widened for its having been picked among all (Bonferroni over the graphs). ' +
      'The baseline wins where even the lowest graph’s interval lies above 0. All else ' +
      'is “no difference shown”.',
  },
  confirmation: {
    term: 'Fresh seeds',
    meaning:
      'After all other trials the graphs of the lowest mean error and the baseline are ' +
      'trained with seeds that had no part in the choice; these trainings enter no other ' +
      'number.',
  },
  below: {
    term: 'Below the baseline',
    meaning:
      'Graphs whose mean difference from the baseline over the seeds that both have is ' +
      'negative, and those with a negative difference on every one of these seeds.',
  },
  trainError: {
    term: 'Training error (%)',
    meaning:
      'Share of the training images that the network misclassified in its last epoch, as ' +
      'they were trained on (weights still moving, changed at random where the study ' +
      'augments); mean over seeds.',
  },
  gap: {
    term: 'Gap',
    meaning:
      'Test error minus training error, points. Better graphs may fit the training ' +
      'images better (lower training error) or generalise better (smaller gap); both are ' +
      'compared with the baseline, paired by seed, on each seed over the ten graphs that ' +
      'are lowest on the other seeds, so that luck on a seed does not choose.',
  },
  fidelity: {
    term: 'Agreement with the published errors',
    meaning:
      'Pearson’s r, over the graphs of the published set of 52 that the study has, ' +
      'between its mean errors and the published surface (mean error of the 40 nearest ' +
      'of 3942 graphs; MLP, CIFAR-10, 200 epochs, five seeds), with Fisher’s interval; ' +
      'and the partial r given log density, which is what agrees beyond “sparser is ' +
      'better”.',
  },
  location: {
    term: 'C and L given density',
    meaning:
      'F test of nested least-squares models of the graphs’ mean errors: C, L, their ' +
      'squares and their product beside log density and its square; the share of what ' +
      'density leaves that they explain.',
  },
  cell: {
    term: 'Cell',
    meaning:
      `The (C, L) plane is cut into ${PLANE_BINS} equal bins of C over [0, 1] and ` +
      `${PLANE_BINS} of L over [${LOW}, ${HIGH}], right-open but for the last; a cell’s ` +
      'error is the mean over its graphs of their means. The baseline is in no cell.',
  },
  sweetSpot: {
    term: 'Sweet spot',
    meaning:
      'The smallest rectangle of whole cells around every cell that is not significantly ' +
      'worse than the cell of the lowest mean (one-sided, paired by seed, p ≥ ' +
      `${SWEET_LEVEL}; no correction is made for the number of tests). It is called a ` +
      'sweet spot only where the graphs beat the baseline.',
  },
  graphRule: {
    term: 'p against the best',
    meaning:
      'The same test graph by graph: the probability of a mean at least this much above ' +
      `the best graph’s if both were equally good; below ${SWEET_LEVEL} a graph is called ` +
      'worse.',
  },
  fit: {
    term: 'Quadratic fit',
    meaning:
      'Least-squares parabola through the graphs’ mean errors over C, L or the logarithm ' +
      'of density, every graph with equal weight, the baseline left out.',
  },
  density: {
    term: 'Density',
    meaning:
      'Share of pairs of nodes that listen to each other: 2 edges / nodes², the ' +
      'published k / n; 1 of the complete graph.',
  },
  r2: {
    term: 'R²',
    meaning:
      'Share of the variance of the graphs’ mean errors that the parabola explains, on ' +
      'the points it was fitted to.',
  },
  f: {
    term: 'F and p (analysis of variance)',
    meaning:
      'Analysis of variance over graphs with seeds as blocks: F is the variance between ' +
      'graphs’ means over that expected from the noise alone, p the probability of an F ' +
      'at least this high when all graphs are equally good. Without blocks: the one-way ' +
      'analysis of the same errors.',
  },
  betweenGraphsStd: {
    term: 'Spread between graphs',
    meaning:
      'Standard deviation of the graphs’ true mean errors, estimated from the analysis ' +
      'of variance with the noise taken out; 0 when noise explains everything.',
  },
  noise: {
    term: 'Noise',
    meaning:
      'Standard deviation of what is left of a test error beside the effects of its ' +
      'graph and its training seed, pooled over the graphs.',
  },
  nulls: {
    term: 'Null graphs and their p',
    meaning:
      'Random graphs with the degrees of one graph of the study, every other link of it ' +
      'drawn anew. The difference is the graph’s mean test error minus theirs, paired by ' +
      'seed; its 95 % interval allows for the noise of training and for other null graphs ' +
      'that might have been drawn. p = (1 + null graphs at least as good) / (1 + null ' +
      'graphs). Null graphs are never the best graph.',
  },
  trials: {
    term: 'Trials',
    meaning:
      'One trial trains one graph’s network with one seed; failed ones are listed with ' +
      `their reasons and enter no mean. “Significant” means at the ${PERCENT} level ` +
      'throughout.',
  },
} as const satisfies Readonly<Record<string, Definition>>;
