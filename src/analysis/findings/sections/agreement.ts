import { fixed } from '../../text.js';
import type { PairFact } from '../facts/agreement.js';
import type { Findings } from '../findings.js';
import type { Presenter, PublishedRecord } from '../presenter.js';
import {
  AGREEMENT_CLAIM,
  AGREEMENT_DEFINITION,
  AGREEMENT_TITLE,
  AGREEMENT_UNKNOWN,
  agreementVerdict,
} from '../texts/agreement.js';
import { agreementOf, type Column, interval, tableOf } from './common.js';
import type { Section, SectionValues } from './types.js';

/**
 * Agreement of architectures. Values: `one`, `two` (names), `cells`, `published`, `r`, `interval`,
 * `ceiling`.
 */
export function agreementSection({ presenter, pairs }: Findings): Section {
  const { published } = presenter;
  const facts = pairs();
  const positive = facts.filter(({ interval: range }) => range !== null && range[0] > 0);
  const below = facts.filter(
    ({ interval: range, ceiling }) => range !== null && ceiling !== null && range[1] < ceiling,
  );
  const checks = facts.map((fact) => ({
    ours: fact.r,
    published: figureOf(fact, published),
    digits: 3,
  }));
  return {
    title: AGREEMENT_TITLE,
    claim: AGREEMENT_CLAIM,
    ...tableOf(columnsFor(presenter), facts),
    values: facts.map((fact) => valuesOf(fact, published)),
    ...agreementOf(checks),
    verdict:
      facts.length === 0
        ? AGREEMENT_UNKNOWN
        : agreementVerdict(positive.length, below.length, facts.length),
    definition: AGREEMENT_DEFINITION,
  };
}

const figureOf = ({ one, two }: PairFact, published: PublishedRecord | null): number | undefined =>
  published?.correlation(one.arch, two.arch);

function columnsFor({ nameOf, noun, published }: Presenter): Column<PairFact>[] {
  const figure = {
    title: 'published',
    cell: (fact: PairFact) => fixed(figureOf(fact, published) ?? null, 3),
  };
  return [
    { title: noun(2), cell: ({ one, two }) => `${nameOf(one)}, ${nameOf(two)}` },
    { title: 'cells', cell: ({ pairs }) => String(pairs.a.length) },
    ...(published === null ? [] : [figure]),
    {
      title: 'Pearson’s r [95 %]',
      cell: (fact) => `${fixed(fact.r, 3)} ${interval(fact.interval)}`,
    },
    {
      title: 'ceiling',
      cell: ({ ceiling }) => (ceiling === null ? 'one seed' : fixed(ceiling, 2)),
    },
  ];
}

function valuesOf(fact: PairFact, published: PublishedRecord | null): SectionValues {
  return {
    one: fact.one.name,
    two: fact.two.name,
    cells: fact.pairs.a.length,
    published: figureOf(fact, published) ?? null,
    r: fact.r,
    interval: fact.interval,
    ceiling: fact.ceiling,
  };
}
