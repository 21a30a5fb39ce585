import { mean } from '../../../stats/descriptive.js';
import { fixed } from '../../text.js';
import type { Correlation } from '../facts/correlation.js';
import type { ChosenFact, ClaimFact } from '../facts/economy.js';
import type { Findings } from '../findings.js';
import { lastTable, type TaskTables } from '../input.js';
import type { Presenter } from '../presenter.js';
import { meanError, measuredRows } from '../rows.js';
import {
  ECONOMY_CLAIM,
  ECONOMY_DEFINITION,
  ECONOMY_TITLE,
  ECONOMY_UNKNOWN,
  economyVerdict,
  regretPhrase,
  restPhrase,
} from '../texts/economy.js';
import type { ErrorTable } from '../types.js';
import { agreementOf, type Column, interval, tableOf } from './common.js';
import type { Section, SectionValues } from './types.js';

/** Below this r an early order is not that of the end. */
const STRONG = 0.8;

/** A part against the whole, of graphs or of epochs. */
interface Economy extends Correlation {
  readonly task: TaskTables;
  readonly what: string;
  readonly figure: number | undefined;
  readonly cost: string;
  readonly weak: boolean;
  readonly values: SectionValues;
}

/**
 * Few graphs, few epochs. Values: `name`, `arch`, `what` (`graphs` or `epochs`), `part` of `whole`,
 * `published`, `r`, `interval`, `rWithOthers` (graphs), `regret` and `regretOfRandom` (epochs,
 * points).
 */
export function economySection({ tasks, presenter, chosen, claims }: Findings): Section {
  const facts = tasks.flatMap((task) => [
    ...chosen()
      .filter((fact) => fact.task === task)
      .map((fact) => ofGraphs(fact, presenter)),
    ...claims()
      .filter((fact) => fact.task === task)
      .map((fact) => ofEpochs(fact, presenter)),
  ]);
  const weak = facts.filter((fact) => fact.weak).map(({ task }) => presenter.nameOf(task));
  return {
    title: ECONOMY_TITLE,
    claim: ECONOMY_CLAIM,
    ...tableOf(columnsFor(presenter), facts),
    values: facts.map(({ values }) => values),
    ...agreementOf(facts.map(({ r, figure }) => ({ ours: r, published: figure, digits: 2 }))),
    verdict: facts.length === 0 ? ECONOMY_UNKNOWN : economyVerdict(weak),
    definition: ECONOMY_DEFINITION,
  };
}

function columnsFor({ nameOf, noun, published }: Presenter): Column<Economy>[] {
  const figure = { title: 'published', cell: (fact: Economy) => fixed(fact.figure ?? null, 2) };
  return [
    { title: noun(1), cell: ({ task }) => nameOf(task) },
    { title: 'what', cell: ({ what }) => what },
    ...(published === null ? [] : [figure]),
    {
      title: 'Pearson’s r [95 %]',
      cell: (fact) => `${fixed(fact.r, 3)} ${interval(fact.interval)}`,
    },
    { title: 'what it costs', cell: ({ cost }) => cost },
  ];
}

function ofGraphs(
  { task, graphs: [part, whole], rest, r, interval: range }: ChosenFact,
  presenter: Presenter,
): Economy {
  const figure = presenter.published?.subset(task.arch);
  const values = {
    name: task.name,
    arch: task.arch,
    what: 'graphs',
    part,
    whole,
    published: figure ?? null,
    r,
    interval: range,
    rWithOthers: rest,
    regret: null,
    regretOfRandom: null,
  };
  const what = `${part} graphs against all ${whole}`;
  return { task, r, interval: range, what, figure, cost: restPhrase(rest), weak: false, values };
}

function ofEpochs({ task, early, r, interval: range }: ClaimFact, presenter: Presenter): Economy {
  const table = lastTable(task);
  const figure = presenter.published?.early(task.arch);
  const { own, random } = regretOf(early, table);
  const values = {
    name: task.name,
    arch: task.arch,
    what: 'epochs',
    part: early.epoch,
    whole: table.epoch,
    published: figure ?? null,
    r,
    interval: range,
    rWithOthers: null,
    regret: own,
    regretOfRandom: random,
  };
  const what = `epoch ${early.epoch} against ${table.epoch}`;
  return {
    task,
    r,
    interval: range,
    what,
    figure,
    cost: regretPhrase(own, random),
    weak: r < STRONG,
    values,
  };
}

/**
 * Final error over the lowest one, points: of the graph that was best early, and of a graph picked
 * blindly.
 */
function regretOf(
  early: ErrorTable,
  late: ErrorTable,
): { readonly own: number; readonly random: number } {
  const final = new Map(measuredRows(late).map((row) => [row.graph, meanError(row)!]));
  const known = measuredRows(early).filter((row) => final.has(row.graph));
  const pick = known.reduce((low, row) => (meanError(row)! < meanError(low)! ? row : low));
  const all = [...final.values()];
  const lowest = Math.min(...all);
  return { own: final.get(pick.graph)! - lowest, random: mean(all) - lowest };
}
