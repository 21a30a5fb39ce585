import { mean } from '../../../stats/descriptive.js';
import { NORMAL_95 } from '../../../stats/normal.js';
import { rowLabel } from '../../result-table.js';
import { fixed } from '../../text.js';
import {
  advantageToExpect,
  type ChoiceFact,
  SEARCH_BUDGETS,
  type SearchCost,
} from '../facts/choice.js';
import type { Findings } from '../findings.js';
import type { Presenter } from '../presenter.js';
import {
  CHOICE_CLAIM,
  CHOICE_TITLE,
  CHOICE_UNKNOWN,
  choiceDefinition,
  choiceMissing,
  gainSentence,
  luckSentence,
  NO_BASELINE,
  SEARCH_UNKNOWN,
  searchSentence,
} from '../texts/choice.js';
import { sentences } from '../texts/common.js';
import { type Column, interval, tableOf, UNCHECKED } from './common.js';
import type { Section, SectionValues } from './types.js';

/**
 * Which graph to use. Values: `name`, `arch`, `graph`, `clustering`, `pathLength`, `density`,
 * `measured`, `expected`, `sd`, `advantage`, `advantageInterval`, `equals`, `graphs`; mean regrets
 * of replayed searches `surrogateRegret12`, `randomRegret12`, `surrogateRegret24`,
 * `randomRegret24`.
 */
export function choiceSection({ tasks, presenter, replays, choice }: Findings): Section {
  const facts = choice();
  const missing = choiceMissing(tasks.length - facts.length);
  return {
    title: CHOICE_TITLE,
    claim: CHOICE_CLAIM,
    ...tableOf(columnsFor(presenter), facts),
    values: facts.map(valuesOf),
    ...UNCHECKED,
    verdict: facts.length === 0 ? CHOICE_UNKNOWN : sentences(verdictOf(facts), missing),
    definition: choiceDefinition(
      replays,
      tasks.some(({ choice: held }) => held !== undefined),
    ),
  };
}

const costAt = ({ searches }: ChoiceFact, budget: number): SearchCost | null =>
  searches.find((each) => each.budget === budget) ?? null;

/**
 * How many other graphs cannot be told from the one to use: their expectation lies within its 95 %.
 */
function equals({ graphs: [use, ...others] }: ChoiceFact): number {
  const near = others.filter(
    ({ expected, sd }) => expected - use.expected < NORMAL_95 * Math.hypot(sd, use.sd),
  );
  return near.length;
}

function columnsFor({ nameOf, noun }: Presenter): Column<ChoiceFact>[] {
  return [
    { title: noun(1), cell: ({ task }) => nameOf(task) },
    { title: 'graph', cell: ({ graphs: [use] }) => rowLabel(use.row) },
    {
      title: 'C, L',
      cell: ({ graphs: [use] }) =>
        `${fixed(use.row.clustering, 2)}, ${fixed(use.row.pathLength, 2)}`,
    },
    { title: 'measured', cell: ({ graphs: [use] }) => fixed(use.measured, 2) },
    { title: 'to expect [95 %]', cell: expectedCell },
    { title: 'under baseline [95 %]', cell: advantageCell },
    { title: 'not told apart', cell: (fact) => `${equals(fact)} of ${fact.graphs.length - 1}` },
    ...SEARCH_BUDGETS.map((budget) => ({
      title: `after ${budget} trainings`,
      cell: (fact: ChoiceFact) => searchCell(costAt(fact, budget)),
    })),
  ];
}

function expectedCell({ graphs: [{ expected, sd }] }: ChoiceFact): string {
  const half = NORMAL_95 * sd;
  return `${fixed(expected, 2)} ${interval(sd === 0 ? null : [expected - half, expected + half])}`;
}

function advantageCell(fact: ChoiceFact): string {
  const advantage = advantageToExpect(fact);
  if (advantage === null) return 'no baseline';
  const unknown = fact.baseline?.se === null ? 'one seed' : 'too few';
  const limits = advantage.interval === null ? unknown : interval(advantage.interval);
  return `${fixed(advantage.value, 2)} ${limits}`;
}

function searchCell(cost: SearchCost | null): string {
  if (cost === null) return 'too few trainings';
  return `${fixed(mean(cost.surrogate), 2)} (random ${fixed(mean(cost.random), 2)})`;
}

function valuesOf(fact: ChoiceFact): SectionValues {
  const { task, graphs } = fact;
  const [use] = graphs;
  const advantage = advantageToExpect(fact);
  const regrets = SEARCH_BUDGETS.flatMap((budget) => {
    const cost = costAt(fact, budget);
    return [
      [`surrogateRegret${budget}`, cost && mean(cost.surrogate)],
      [`randomRegret${budget}`, cost && mean(cost.random)],
    ];
  });
  return {
    name: task.name,
    arch: task.arch,
    graph: use.row.graph,
    clustering: use.row.clustering,
    pathLength: use.row.pathLength,
    density: use.row.density,
    measured: use.measured,
    expected: use.expected,
    sd: use.sd,
    advantage: advantage?.value ?? null,
    advantageInterval: advantage?.interval ?? null,
    equals: equals(fact),
    graphs: graphs.length,
    ...Object.fromEntries(regrets),
  };
}

function verdictOf(facts: readonly ChoiceFact[]): string {
  const luck = mean(facts.map(({ graphs: [use] }) => use.expected - use.measured));
  return sentences(gainText(facts), luckSentence(luck), searchText(facts));
}

function gainText(facts: readonly ChoiceFact[]): string {
  const advantages = facts.flatMap((fact) => advantageToExpect(fact) ?? []);
  if (advantages.length === 0) return NO_BASELINE;
  const sure = advantages.filter(({ interval: range }) => range !== null && range[0] > 0).length;
  return gainSentence(mean(advantages.map(({ value }) => value)), sure, advantages.length);
}

/** What few trainings would have found, over the tasks that can tell. */
function searchText(facts: readonly ChoiceFact[]): string {
  const endings = SEARCH_BUDGETS.flatMap((budget) => {
    const known = facts.flatMap((fact) => costAt(fact, budget) ?? []);
    if (known.length === 0) return [];
    const over = (which: 'surrogate' | 'random'): number =>
      mean(known.map((cost) => mean(cost[which])));
    return [{ budget, surrogate: over('surrogate'), random: over('random') }];
  });
  return endings.length === 0 ? SEARCH_UNKNOWN : searchSentence(endings);
}
