import { mean } from '../../../stats/index.js';
import { fixed, span } from '../../text.js';
import type { BaselineFact } from '../facts/baseline.js';
import type { Findings } from '../findings.js';
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
import { agreementOf, interval, tableOf, type Check, type Column } from './common.js';
import type { Section, SectionValues } from './types.js';

/**
 * Whether the best graph beats the dense baseline, and by how much once luck is taken out. Values: `name`,
 * `arch`, `publishedBaseline`, `baseline`, `publishedBest`, `best`, `bestGraph`, `advantage`,
 * `advantageInterval`, `chosen`, `heldOut`, `heldOutRange`, `graphs` (tested), `betterControlled`,
 * `betterSingle`.
 */
export function baselineSection({ presenter, baseline }: Findings): Section {
  const facts = baseline();
  const { published, rule } = presenter;
  return {
    title: BASELINE_TITLE,
    claim: BASELINE_CLAIM,
    ...tableOf(columnsFor(presenter), facts),
    values: facts.map((fact) => valuesOf(fact, published)),
    ...agreementOf(published === null ? [] : facts.flatMap((fact) => checksOf(fact, published))),
    verdict: verdictOf(facts),
    definition: baselineDefinition(rule.words.best),
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

function columnsFor({ nameOf, noun, published }: Presenter): Column<BaselineFact>[] {
  const figure = (key: 'baseline' | 'best'): Column<BaselineFact>[] =>
    published === null
      ? []
      : [{ title: 'published', cell: ({ task }) => fixed(published.of(task.arch)?.[key] ?? null, 2) }];
  return [
    { title: noun(1), cell: ({ task }) => nameOf(task) },
    ...figure('baseline'),
    { title: 'baseline', cell: (fact) => fixed(baselineMean(fact), 2) },
    ...figure('best'),
    { title: 'best', cell: ({ best }) => fixed(best.best.mean, 2) },
    { title: 'advantage [95 %]', cell: ({ gain }) => `${fixed(gain.value, 2)} ${interval(gain.interval)}` },
    { title: 'chosen → held out (range)', cell: heldOutCell },
    { title: 'better, FDR 5 % (single tests)', cell: betterCell },
  ];
}

function heldOutCell({ held }: BaselineFact): string {
  if (held === null) return 'one seed';
  return `${fixed(held.chosen, 2)} → ${fixed(held.reported, 2)} (${span(held.range)})`;
}

function betterCell({ better }: BaselineFact): string {
  return better === null ? 'one seed' : `${better.controlled} of ${better.graphs} (${better.single})`;
}

function valuesOf(
  { task, best, gain, held, better }: BaselineFact,
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
    chosen: held?.chosen ?? null,
    heldOut: held?.reported ?? null,
    heldOutRange: held?.range ?? null,
    graphs: better?.graphs ?? null,
    betterControlled: better?.controlled ?? null,
    betterSingle: better?.single ?? null,
  };
}

function verdictOf(facts: readonly BaselineFact[]): string {
  const tested = facts.flatMap(({ held }) => held ?? []);
  if (tested.length === 0) return BASELINE_UNKNOWN;
  const supported = tested.filter((held) => held.range[0] > 0).length;
  const shares = tested.filter((held) => held.chosen > 0).map((held) => held.reported / held.chosen);
  const kept = shares.length === 0 ? null : 100 * mean(shares);
  return sentences(heldOutVerdict(supported, tested.length), luckVerdict(kept));
}
