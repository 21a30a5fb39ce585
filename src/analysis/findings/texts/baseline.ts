import { fixed } from '../../text.js';
import { holds } from './common.js';

export const BASELINE_TITLE = '1. Sparse graphs beat the dense network at the same cost';
export const BASELINE_CLAIM =
  'The best relational graph has a lower error than the complete graph, the baseline.';
export const BASELINE_UNKNOWN = 'Cannot be told: it needs a baseline and two seeds of it and of the graphs.';

/** In how many of the tasks the best graph wins on every split of the seeds. */
export function heldOutVerdict(supported: number, tested: number): string {
  return (
    `${holds(supported, tested)}: on seeds that did not choose it, the best graph beats the ` +
    'baseline in every split of ' +
    `${supported} of ${tested}.`
  );
}

/** @param kept share of the advantage that is left, %; null where it cannot be told */
export function luckVerdict(kept: number | null): string {
  const left =
    kept === null ? 'it cannot be told how much' : `${fixed(kept, 0)} % of it is left on held-out seeds`;
  return `The advantage of the one picked is partly luck of the choice: ${left}, on average.`;
}

/** @param best what the rule takes as the best graph */
export function baselineDefinition(best: string): string {
  return (
    `Top-1 test error, %, mean over seeds. best: ${best}. advantage: baseline − best, points, ` +
    'Welch’s interval, which does ' +
    'not know that the best was picked. chosen → held out: advantage of the graph of lowest mean ' +
    'on half of the seeds ' +
    '(rounded up), on those seeds and on the others; mean over all splits, range over them. ' +
    'better: graphs whose one-sided ' +
    't-test against the baseline is significant at a false discovery rate of 5 % ' +
    '(Benjamini–Hochberg), and without that ' +
    'control.'
  );
}
