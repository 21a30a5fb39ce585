import { mean } from '../../../stats/index.js';
import { fixed } from '../../text.js';
import { chosenFacts, claimFacts, type ChosenFact, type ClaimFact, type Correlation } from '../facts.js';
import { PUBLISHED_EARLY, PUBLISHED_SUBSET } from '../published.js';
import { meanError, measuredRows } from '../rows.js';
import type { ErrorTable } from '../types.js';
import { Agreement, interval, lastTable, nameOf } from './common.js';
import type { FindingsInput, Section, SectionValues } from './types.js';

interface Row {
  readonly text: readonly string[];
  readonly values: SectionValues;
  /** Whether an early order is not that of the end. */
  readonly weak: boolean;
}

const withInterval = (found: Correlation): string => `${fixed(found.r, 3)} ${interval(found.interval)}`;

function subsetRow({ task, graphs: [part, whole], rest, ...found }: ChosenFact, published: boolean, agreement: Agreement): Row {
  const figure = task.arch === 'mlp' ? PUBLISHED_SUBSET : undefined;
  return {
    text: [nameOf(task, published), `${part} graphs against all ${whole}`, agreement.of(found.r, figure, 2), withInterval(found), `with the graphs that are not among them: r = ${fixed(rest, 2)}`],
    values: { name: task.name, arch: task.arch, what: 'graphs', part, whole, published: published ? (figure ?? null) : null, r: found.r, interval: found.interval, rWithOthers: rest, regret: null, regretOfRandom: null },
    weak: false,
  };
}

function earlyRow({ task, early, ...found }: ClaimFact, published: boolean, agreement: Agreement): Row {
  const table = lastTable(task);
  const figure = task.arch === PUBLISHED_EARLY.arch ? PUBLISHED_EARLY.r : undefined;
  const { own, random } = regretOf(early, table);
  return {
    text: [nameOf(task, published), `epoch ${early.epoch} against ${table.epoch}`, agreement.of(found.r, figure, 2), withInterval(found), `picks a graph ${fixed(own, 2)} above the best (a random one: ${fixed(random, 2)})`],
    values: { name: task.name, arch: task.arch, what: 'epochs', part: early.epoch, whole: table.epoch, published: published ? (figure ?? null) : null, r: found.r, interval: found.interval, rWithOthers: null, regret: own, regretOfRandom: random },
    weak: found.r < 0.8,
  };
}

function regretOf(early: ErrorTable, late: ErrorTable): { readonly own: number; readonly random: number } {
  const final = new Map(measuredRows(late).map((row) => [row.graph, meanError(row)!]));
  const known = measuredRows(early).filter((row) => final.has(row.graph));
  const pick = known.reduce((low, row) => (meanError(row)! < meanError(low)! ? row : low));
  const all = [...final.values()];
  const lowest = Math.min(...all);
  return { own: final.get(pick.graph)! - lowest, random: mean(all) - lowest };
}

/**
 * Few graphs, few epochs. Values: `name`, `arch`, `what` (`graphs` or `epochs`), `part` of `whole`, `published`, `r`,
 * `interval`, `rWithOthers` (graphs), `regret` and `regretOfRandom` (epochs, points).
 */
export function economySection(input: FindingsInput): Section {
  const agreement = new Agreement(input.published);
  const { tasks, published } = input;
  const rows = tasks.flatMap((task) => [
    ...chosenFacts(input).filter((fact) => fact.task === task).map((fact) => subsetRow(fact, published, agreement)),
    ...claimFacts(input).filter((fact) => fact.task === task).map((fact) => earlyRow(fact, published, agreement)),
  ]);
  const weak = rows.filter((row) => row.weak).map((row) => row.text[0]);
  return {
    title: '6. Few graphs and few epochs are enough',
    claim: '52 graphs give the map of 3942 (r = 0.90), 3 epochs that of 100 (r = 0.93, ResNet-34).',
    columns: ['architecture', 'what', 'published', 'Pearson’s r [95 %]', 'what it costs'],
    rows: rows.map((row) => row.text),
    values: rows.map((row) => row.values),
    agreeing: agreement.agreeing,
    checked: agreement.checked,
    verdict: rows.length === 0 ? 'No early epochs and no larger set here: nothing to compare.' : `${weak.length === 0 ? 'The early order holds wherever it can be checked here.' : `So few epochs are not enough everywhere: r is below 0.8 for ${weak.join(', ')}.`} A correlation is mostly about telling bad graphs from good ones; what it costs to pick the early best says whether it finds the best.`,
    definition: 'r of cell means of the subset with those of all graphs (which contain it), over the subset’s cells; r of graphs’ mean errors after 3 epochs (studies of one’s own: a tenth of them) with those after the last, baseline included. what it costs: final error of the graph that was best early, less the lowest final error, points.',
  };
}
