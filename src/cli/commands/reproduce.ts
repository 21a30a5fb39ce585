import { createFindings } from '../../analysis/findings/findings.js';
import { paperPresenter } from '../../analysis/findings/presenter.js';
import { findingsSections } from '../../analysis/findings/sections.js';
import { plural } from '../../analysis/text.js';
import { must } from '../../core/errors.js';
import { readGraph2nn } from '../../interop/graph2nn/folder.js';
import type { PublishedFolder } from '../../interop/graph2nn/types.js';
import { type CliContext, outJson, type RegisterCommand } from '../context.js';
import { biologicalGraphs } from './findings/biological.js';
import {
  addFindingsOptions,
  checkFigureFolder,
  drawFindings,
  type FindingsFlags,
  printFigures,
} from './findings/figures.js';
import { printSection } from './findings/print.js';
import { failOnProblems } from './findings/problems.js';

/**
 * `plexus reproduce`: the paper's claims from its published results, each with what may be said of
 * it.
 */
export const registerReproduce: RegisterCommand = (program, context) => {
  addFindingsOptions(program.command('reproduce'))
    .description(
      "Check the paper's claims on its published results: the published figure, ours from the " +
        'same data, and the verdict.',
    )
    .argument('<dir>', 'the analysis folder of facebookresearch/graph2nn, or a part of it')
    .addHelpText(
      'after',
      '\nExamples:\n  $ plexus reproduce graph2nn/analysis\n  $ plexus reproduce ' +
        'graph2nn/analysis --figures figures --formats svg,png\n\nExit status 1: some ' +
        'arrays were ' +
        'not sound; the rest was used and they are named.',
    )
    .action((directory: string, flags: FindingsFlags) => reproduce(directory, flags, context));
};

async function reproduce(
  directory: string,
  flags: FindingsFlags,
  context: CliContext,
): Promise<void> {
  checkFigureFolder(flags);
  const folder = readGraph2nn(directory);
  const subset = new Set(folder.tasks.flatMap((task) => subsetOf(task.tables)));
  const known = folder.tasks.filter((task) => task.arch !== 'unknown');
  // What docs/findings.md tells of their seeds: trainings of one seed have nothing in common.
  const tasks = known.map((task) => ({ ...task, seedDesign: 'independent' as const }));
  const biological = await biologicalGraphs(context, flags);
  const findings = createFindings(
    { tasks, subset, resamples: flags.resamples, biological },
    paperPresenter,
  );
  if (flags.json) {
    const sections = [...findingsSections(findings)];
    const { arrays, problems } = folder;
    const figures = await drawFindings(findings, flags);
    outJson(context, { arrays, problems, tasks: folder.tasks.map(taskFacts), sections, figures });
  } else {
    context.out(readLine(folder));
    for (const task of folder.tasks) context.out(taskLine(task));
    for (const section of findingsSections(findings)) printSection(section, context);
    printFigures(await drawFindings(findings, flags), context);
  }
  failOnProblems(folder.problems, directory, context);
}

/**
 * The graphs that stand for all: those of tasks with at most 52 of them, which the paper trained on
 * ImageNet.
 */
function subsetOf(tables: PublishedFolder['tasks'][number]['tables']): string[] {
  const graphs = tables.at(-1)?.graphs ?? [];
  return graphs.length <= 52 ? graphs.map((row) => row.graph) : [];
}

type Task = PublishedFolder['tasks'][number];

const taskFacts = ({ name, arch, tables, missing }: Task): object => ({
  name,
  arch,
  epochs: tables.map((table) => table.epoch),
  seeds: tables.at(-1)?.seeds ?? [],
  graphs: tables.at(-1)?.graphs.length ?? 0,
  missing,
});

function readLine({ arrays, sets, tasks }: PublishedFolder): string {
  return (
    `${plural(arrays, 'array')} read: ${plural(sets.length, 'set')} of graphs ` +
    `(${sets.map((set) => `${set.count} of ${set.nodes} nodes`).join(', ')}), ` +
    `${plural(tasks.length, 'experiment')}.`
  );
}

function taskLine(task: Task): string {
  const table = must(task.tables[task.tables.length - 1]);
  return (
    `  ${task.name} (${task.arch}): ${plural(table.graphs.length, 'graph')} and ` +
    `${table.baseline === null ? 'no baseline' : 'the baseline'}, ` +
    `${plural(table.seeds.length, 'seed')}, ${plural(task.tables.length, 'epoch')}, ` +
    (task.missing === 0 ? 'nothing missing' : `${task.missing} of its (graph, seed, epoch) missing`)
  );
}
