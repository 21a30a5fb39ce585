import { fixed, span } from '../../text.js';
import { type BaselineFact, shareKept } from '../facts/baseline.js';
import type { Findings } from '../findings.js';
import type { BetterCounts } from '../honest.js';
import { choiceNote, seedDesignOf } from '../input.js';
import type { Presenter, PublishedRecord } from '../presenter.js';
import {
  BASELINE_CLAIM,
  BASELINE_TITLE,
  BASELINE_UNKNOWN,
  baselineDefinition,
  heldOutVerdict,
  luckVerdict,
} from '../texts/baseline.js';
import { sentences } from '../texts/common.js';
import { agreementOf, type Check, type Column, interval, tableOf } from './common.js';
import type { Section, SectionValues } from './types.js';

/**
 * Whether the best graph beats the dense baseline, and by how much once luck is taken out.
 * Values: `name`, `arch`, `publishedBaseline`, `baseline`, `publishedBest`, `best`, `bestGraph`,
 * `advantage`, `advantageInterval`, `expected`, `expectedInterval`, `chosen`, `heldOut`,
 * `heldOutRange`, `graphs` (tested), `betterControlled`, `betterSingle`.
 */
export function baselineSection({ tasks, presenter, baseline }: Findings): Section {
  const facts = baseline();
  const { published, rule } = presenter;
  const paired = facts.some(({ task }) => seedDesignOf(task) === 'shared');
  return {
    title: BASELINE_TITLE,
    claim: BASELINE_CLAIM,
    ...tableOf(columnsFor(presenter, paired), facts),
    values: facts.map((fact) => valuesOf(fact, published)),
    ...agreementOf(published === null ? [] : facts.flatMap((fact) => checksOf(fact, published))),
    verdict: verdictOf(facts),
    definition: baselineDefinition({
      best: rule.words.best + choiceNote(tasks),
      paired,
      published: published !== null,
    }),
  };
}

const baselineMean = ({ best }: BaselineFact): number => best.baseline?.mean ?? Number.NaN;

function checksOf(fact: BaselineFact, published: PublishedRecord): Check[] {
  const figures = published.of(fact.task.arch);
  return [
    { ours: baselineMean(fact), published: figures?.baseline, digits: 2 },
    { ours: fact.best.best.mean, published: figures?.best, digits: 2 },
  ];
}

function columnsFor(
  { nameOf, noun, published }: Presenter,
  paired: boolean,
): Column<BaselineFact>[] {
  const figure = (key: 'baseline' | 'best'): Column<BaselineFact>[] =>
    published === null
      ? []
      : [
          {
            title: 'published',
            cell: ({ task }) => fixed(published.of(task.arch)?.[key] ?? null, 2),
          },
        ];
  return [
    { title: noun(1), cell: ({ task }) => nameOf(task) },
    ...figure('baseline'),
    { title: 'baseline', cell: (fact) => fixed(baselineMean(fact), 2) },
    ...figure('best'),
    { title: 'best', cell: ({ best }) => fixed(best.best.mean, 2) },
    ...advantageColumns(paired),
    { title: 'with fresh seeds, to expect [95 %]', cell: expectedCell },
    { title: 'chosen → held out (range)', cell: heldOutCell },
    ...betterColumns(paired),
  ];
}

/** Points below the baseline. */
function expectedCell({ expected }: BaselineFact): string {
  if (expected === null) return 'cannot be told';
  const [low, high] = expected.interval;
  return `${fixed(-expected.difference, 2)} ${interval([-high, -low])}`;
}

function heldOutCell({ held }: BaselineFact): string {
  if (held === null) return 'one seed';
  return `${fixed(held.chosen, 2)} → ${fixed(held.reported, 2)} (${span(held.range)})`;
}

/** Welch's interval; where seeds are shared after the paired one, and named. */
function advantageColumns(paired: boolean): Column<BaselineFact>[] {
  const welch = ({ gain }: BaselineFact): string =>
    `${fixed(gain.value, 2)} ${interval(gain.interval)}`;
  if (!paired) return [{ title: 'advantage [95 %]', cell: welch }];
  const bySeed = ({ gain: { paired: found } }: BaselineFact): string =>
    found === null ? '–' : `${fixed(found.difference, 2)} ${interval(found.interval)}`;
  return [
    { title: 'advantage by seed [95 %]', cell: bySeed },
    { title: 'as two samples [95 %]', cell: welch },
  ];
}

function betterColumns(paired: boolean): Column<BaselineFact>[] {
  const two = ({ better }: BaselineFact): string => countsCell(better);
  if (!paired) return [{ title: 'better, FDR 5 % (single tests)', cell: two }];
  return [
    {
      title: 'better by seed, FDR 5 % (single tests)',
      cell: ({ better }) => countsCell(better?.blocked ?? null),
    },
    { title: 'as two samples', cell: two },
  ];
}

function countsCell(counts: BetterCounts | null): string {
  return counts === null
    ? 'one seed'
    : `${counts.controlled} of ${counts.graphs} (${counts.single})`;
}

function valuesOf(
  { task, best, gain, held, expected, better }: BaselineFact,
  published: PublishedRecord | null,
): SectionValues {
  const figures = published?.of(task.arch);
  return {
    name: task.name,
    arch: task.arch,
    publishedBaseline: figures?.baseline ?? null,
    baseline: best.baseline?.mean ?? null,
    publishedBest: figures?.best ?? null,
    best: best.best.mean,
    bestGraph: best.best.graph,
    advantage: gain.value,
    advantageInterval: gain.interval,
    expected: expected && -expected.difference,
    expectedInterval: expected && [-expected.interval[1], -expected.interval[0]],
    chosen: held?.chosen ?? null,
    heldOut: held?.reported ?? null,
    heldOutRange: held?.range ?? null,
    graphs: better?.graphs ?? null,
    betterControlled: better?.controlled ?? null,
    betterSingle: better?.single ?? null,
    pairedAdvantage: gain.paired?.difference ?? null,
    pairedInterval: gain.paired?.interval ?? null,
    pairedSeeds: gain.paired?.seeds ?? null,
    betterBySeedControlled: better?.blocked?.controlled ?? null,
    betterBySeedSingle: better?.blocked?.single ?? null,
  };
}

function verdictOf(facts: readonly BaselineFact[]): string {
  const tested = facts.flatMap(({ held }) => held ?? []);
  if (tested.length === 0) return BASELINE_UNKNOWN;
  const supported = tested.filter((held) => held.range[0] > 0).length;
  return sentences(heldOutVerdict(supported, tested.length), luckVerdict(shareKept(facts)));
}
