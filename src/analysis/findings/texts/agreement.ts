import { plural } from '../../text.js';
import { sentences } from './common.js';

export const AGREEMENT_TITLE = '5. Architectures agree on which graphs are good';
export const AGREEMENT_CLAIM = 'Errors of cells correlate between architectures and data sets.';
export const AGREEMENT_UNKNOWN = 'One architecture here: nothing to compare.';
export const AGREEMENT_DEFINITION =
  'Pearson’s correlation of cell means (15 x 15, cells closed below) over the cells that both ' +
  'have, the baseline’s ' +
  'included, a missing seed filled from the first; percentile bootstrap over cells, ' +
  'which takes neighbouring cells as independent and covers 90 to 94 % in simulation. ceiling: the ' +
  'r that a perfect ' +
  'agreement would show given seed noise, the root of the product of both reliabilities of cell ' +
  'means (Spearman 1904).';

/** Of how many pairs the interval lies above 0, and ends below the ceiling. */
export function agreementVerdict(positive: number, below: number, pairs: number): string {
  return sentences(
    `The interval lies above 0 for ${positive} of ${plural(pairs, 'pair')}.`,
    `For ${below} it ends below the ceiling: these architectures differ in more than seed noise, ` +
      'and a graph good for one ' +
      'need not be good for the other.',
    'The dense baseline, in a cell of its own, is among the points.',
  );
}
