import { fixed, plural } from '../../text.js';
import { pairFacts, type PairFact } from '../facts.js';
import { PUBLISHED_CORRELATIONS } from '../published.js';
import { Agreement, interval, nameOf } from './common.js';
import type { FindingsInput, Section } from './types.js';

const publishedOf = ({ one, two }: PairFact): number | undefined => PUBLISHED_CORRELATIONS.find((each) => [each.a, each.b].includes(one.arch) && [each.a, each.b].includes(two.arch))?.r;

/** Agreement of architectures. Values: `one`, `two` (names), `cells`, `published`, `r`, `interval`, `ceiling`. */
export function architectureSection(input: FindingsInput): Section {
  const { published } = input;
  const agreement = new Agreement(published);
  const facts = pairFacts(input);
  const positive = facts.filter(({ interval: range }) => range !== null && range[0] > 0).length;
  const below = facts.filter(({ interval: range, ceiling }) => range !== null && ceiling !== null && range[1] < ceiling).length;
  const rows = facts.map((fact) => [
    `${nameOf(fact.one, published)}, ${nameOf(fact.two, published)}`, String(fact.pairs.a.length), agreement.of(fact.r, publishedOf(fact), 3), `${fixed(fact.r, 3)} ${interval(fact.interval)}`, fact.ceiling === null ? 'one seed' : fixed(fact.ceiling, 2),
  ]);
  return {
    title: '5. Architectures agree on which graphs are good',
    claim: 'Errors of cells correlate between architectures and data sets.',
    columns: ['architectures', 'cells', 'published', 'Pearson’s r [95 %]', 'ceiling'],
    rows,
    values: facts.map((fact) => ({ one: fact.one.name, two: fact.two.name, cells: fact.pairs.a.length, published: published ? (publishedOf(fact) ?? null) : null, r: fact.r, interval: fact.interval, ceiling: fact.ceiling })),
    agreeing: agreement.agreeing,
    checked: agreement.checked,
    verdict: rows.length === 0 ? 'One architecture here: nothing to compare.' : `The interval lies above 0 for ${positive} of ${plural(rows.length, 'pair')}. For ${below} it ends below the ceiling: these architectures differ in more than seed noise, and a graph good for one need not be good for the other. The dense baseline, in a cell of its own, is among the points.`,
    definition: 'Pearson’s correlation of cell means (15 x 15, cells closed below) over the cells that both have, the baseline’s included, a missing seed filled from the first; percentile bootstrap over cells. ceiling: the r that a perfect agreement would show given seed noise, the root of the product of both reliabilities of cell means (Spearman 1904).',
  };
}
