import { fixed } from '../../text.js';
import { holds } from './common.js';

export const BASELINE_TITLE = '1. Sparse graphs beat the dense network at the same cost';
export const BASELINE_CLAIM =
  'The best relational graph has a lower error than the complete graph, the baseline.';
export const BASELINE_UNKNOWN =
  'Cannot be told: it needs a baseline and two seeds of it and of the graphs.';

/** In how many of the tasks the best graph wins on every split of the seeds. */
export function heldOutVerdict(supported: number, tested: number): string {
  return (
    `${holds(supported, tested)}: on seeds that did not choose it, the best graph beats the ` +
    'baseline in every split of ' +
    `${supported} of ${tested}.`
  );
}

const leftPhrase = (kept: number): string =>
  kept === 0
    ? 'nothing of it is left on held-out seeds'
    : `${fixed(kept, 0)} % of it is left on held-out seeds`;

/** @param kept share of the advantage that is left, %; null where it cannot be told */
export function luckVerdict(kept: number | null): string {
  const left = kept === null ? 'it cannot be told how much' : leftPhrase(kept);
  return `The advantage of the one picked is partly luck of the choice: ${left}, on average.`;
}

/** What a table of advantages is said of. */
interface Design {
  /** What the rule takes as the best graph. */
  readonly best: string;
  /** Some of the tasks have seeds that all graphs share. */
  readonly paired: boolean;
  /** The paper's own results, of which it is known that their seeds share nothing. */
  readonly published: boolean;
}

const BY_SEED =
  'by seed: mean difference of two trainings of one seed, its interval from the noise ' +
  'pooled over ' +
  'all graphs; what a seed does to all graphs ' +
  'cancels. as two samples: the same without pairs, with Welch’s interval. Neither';

const NOT_PAIRED =
  ' Not paired: the published trainings of one seed have nothing in common (two-way analysis of ' +
  'variance, graph and seed: ' +
  'MLP, F(4, 15764) = 2.7, correlation of two graphs’ residuals in one seed 0.0004; ResNet-34, ' +
  'F(2, 102) = 0.03, −0.02).';

const EXPECTED =
  'with fresh seeds, to expect: posterior mean and interval of the true advantage of the graph ' +
  'that was picked, given the means of ' +
  'all graphs, from an unknown distribution of true means (normal, or with a floor and a long ' +
  'tail), so that luck of the choice is out of it. ';

const HELD_OUT =
  'chosen → held out: advantage of the graph of lowest mean on half of the seeds (rounded up), ' +
  'on those seeds and on the ' +
  'others; mean over all splits, range over them.';

const ONE_SIDED =
  'significant at a false discovery rate of 5 % (Benjamini–Hochberg), and without that control';

/** What the numbers of the section are. */
export function baselineDefinition({ best, paired, published }: Design): string {
  const intervals = paired ? BY_SEED : 'Welch’s interval, which';
  const not = paired ? 'knows that the best was picked' : 'does not know that the best was picked';
  const tests = paired
    ? `better by seed: graphs whose one-sided test against the baseline is ${ONE_SIDED}; t ` +
      'of the ' +
      'differences of means ' +
      'in the additive model of graph and seed, with its residual variance, which all graphs are ' +
      'taken to share. better ' +
      'as two samples: the same by two-sample t-tests, each with its own variance; all share ' +
      'the baseline’s one mean, so that the tests are not independent.'
    : `better: graphs whose one-sided t-test against the baseline is ${ONE_SIDED}; all share its ` +
      'one mean, so that the tests are not independent.';
  return (
    `Top-1 test error, %, mean over seeds. best: ${best}. advantage: baseline − best, points, ` +
    `${intervals} ${not}.` +
    `${published ? NOT_PAIRED : ''} ${EXPECTED}${HELD_OUT} ${tests}`
  );
}
