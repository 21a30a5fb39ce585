import { mean, NORMAL_95 } from '../../../stats/index.js';
import { fixed, plural, signed } from '../../text.js';
import { choiceFacts, SEARCH_BUDGETS, SEARCH_REPLAYS, type ChoiceFact, type SearchCost } from '../choice.js';
import { interval, nameOf } from './common.js';
import type { FindingsInput, Section, SectionValues } from './types.js';

/** Points that the graph to use is expected to lie below the baseline, with 95 % limits; null without a baseline. */
export function advantageToExpect({ graphs: [use], baseline }: ChoiceFact): { readonly value: number; readonly interval: readonly [number, number] | null } | null {
  if (baseline === null) return null;
  const value = baseline.mean - use.expected;
  const half = baseline.se === null ? null : NORMAL_95 * Math.hypot(baseline.se, use.sd);
  return { value, interval: half === null ? null : [value - half, value + half] };
}

const costAt = ({ searches }: ChoiceFact, budget: number): SearchCost | null => searches.find((each) => each.budget === budget) ?? null;

/** How many other graphs cannot be told from the one to use: their expectation lies within its 95 %. */
function equals({ graphs: [use, ...others] }: ChoiceFact): number {
  return others.filter(({ expected, sd }) => expected - use.expected < NORMAL_95 * Math.hypot(sd, use.sd)).length;
}

function rowOf(fact: ChoiceFact, published: boolean): string[] {
  const [use] = fact.graphs;
  const advantage = advantageToExpect(fact);
  return [
    nameOf(fact.task, published), use.row.graph, `${fixed(use.row.clustering, 2)}, ${fixed(use.row.pathLength, 2)}`, fixed(use.measured, 2),
    `${fixed(use.expected, 2)} ${interval([use.expected - NORMAL_95 * use.sd, use.expected + NORMAL_95 * use.sd])}`,
    advantage === null ? 'no baseline' : `${fixed(advantage.value, 2)} ${advantage.interval === null ? 'one seed' : interval(advantage.interval)}`,
    `${equals(fact)} of ${fact.graphs.length - 1}`,
    ...SEARCH_BUDGETS.map((budget) => {
      const cost = costAt(fact, budget);
      return cost === null ? 'too few trainings' : `${fixed(mean(cost.surrogate), 2)} (random ${fixed(mean(cost.random), 2)})`;
    }),
  ];
}

function valuesOf(fact: ChoiceFact): SectionValues {
  const { task, graphs: [use] } = fact;
  const advantage = advantageToExpect(fact);
  const regrets = Object.fromEntries(SEARCH_BUDGETS.flatMap((budget) => {
    const cost = costAt(fact, budget);
    return [[`surrogateRegret${budget}`, cost && mean(cost.surrogate)], [`randomRegret${budget}`, cost && mean(cost.random)]];
  }));
  return {
    name: task.name, arch: task.arch, graph: use.row.graph, clustering: use.row.clustering, pathLength: use.row.pathLength, density: use.row.density,
    measured: use.measured, expected: use.expected, sd: use.sd, advantage: advantage?.value ?? null, advantageInterval: advantage?.interval ?? null, equals: equals(fact), graphs: fact.graphs.length, ...regrets,
  };
}

/** What few trainings would have found, over the tasks that can tell. */
function searchText(facts: readonly ChoiceFact[]): string {
  const texts = SEARCH_BUDGETS.flatMap((budget) => {
    const known = facts.flatMap((fact) => costAt(fact, budget) ?? []);
    if (known.length === 0) return [];
    const [surrogate, random] = [mean(known.map((cost) => mean(cost.surrogate))), mean(known.map((cost) => mean(cost.random)))];
    return [`${budget} trainings ${fixed(surrogate, 2)} points above it (random graphs: ${fixed(random, 2)})`];
  });
  return texts.length === 0 ? 'How few trainings would have found it cannot be told: too few graphs were trained with every seed.' : `A search by the surrogate would have ended after ${texts.join(', after ')}, on average.`;
}

function verdictOf(facts: readonly ChoiceFact[], left: number): string {
  const missing = left === 0 ? '' : ` ${plural(left, 'task')} left out: it takes two graphs with two seeds, or twenty graphs.`;
  if (facts.length === 0) return `Cannot be told: it takes two graphs with two seeds, or twenty graphs.`;
  const advantages = facts.flatMap((fact) => advantageToExpect(fact) ?? []);
  const above = advantages.filter(({ interval: range }) => range !== null && range[0] > 0).length;
  const gain = advantages.length === 0 ? 'There is no baseline to compare with.' : `The graph to use is expected to lie below the baseline by ${fixed(mean(advantages.map(({ value }) => value)), 2)} points on average, with 95 % limits above 0 in ${above} of ${advantages.length}.`;
  const luck = mean(facts.map(({ graphs: [use] }) => use.expected - use.measured));
  return `${gain} Its own trainings flatter it by ${signed(luck, 2)} points on average; and others are as good as far as can be told, so that cost or taste may choose among them. ${searchText(facts)}${missing}`;
}

/**
 * Which graph to use. Values: `name`, `arch`, `graph`, `clustering`, `pathLength`, `density`, `measured`, `expected`, `sd`, `advantage`,
 * `advantageInterval`, `equals`, `graphs`; mean regrets of replayed searches `surrogateRegret12`, `randomRegret12`,
 * `surrogateRegret24`, `randomRegret24`.
 */
export function choiceSection(input: FindingsInput): Section {
  const facts = choiceFacts(input);
  return {
    title: '10. Which graph to use, and how few trainings would have found it',
    claim: 'Not asked by the paper: it names the graph of the lowest mean, of all that were trained.',
    columns: ['architecture', 'graph', 'C, L', 'measured', 'to expect [95 %]', 'under baseline [95 %]', 'as good', ...SEARCH_BUDGETS.map((budget) => `after ${budget} trainings`)],
    rows: facts.map((fact) => rowOf(fact, input.published)),
    values: facts.map(valuesOf),
    agreeing: 0,
    checked: 0,
    verdict: verdictOf(facts, input.tasks.length - facts.length),
    definition: `graph: of the lowest error to expect when it is trained anew. measured: mean of its errors, %. to expect: posterior mean of its true mean error, from the Gaussian process of section 8 and the variance of graphs’ own effects as prior (with fewer than 20 graphs: the mean of all and the variance between them) and its own mean with seed noise; without the noise of one training. under baseline: mean error of the baseline less that, points. as good: other graphs whose expectation is not above it by 1.96 standard deviations of the difference. after trainings: ${SEARCH_REPLAYS} searches replayed on the table’s trainings, each drawing one seed of a graph after the other: how far what is to be expected of the graph recommended in the end lies above the lowest expectation, points, mean; by the surrogate of plexus search, and of the lowest of random graphs.`,
  };
}
