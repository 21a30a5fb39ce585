import type { Command } from 'commander';
import { createFindings } from '../../../analysis/findings/findings.js';
import type { TaskTables } from '../../../analysis/findings/input.js';
import { studyPresenter } from '../../../analysis/findings/presenter.js';
import { findingsSections } from '../../../analysis/findings/sections.js';
import { tablesOf } from '../../../analysis/findings/study.js';
import { summarise } from '../../../analysis/summarise.js';
import { UserError } from '../../../core/errors.js';
import type { Study } from '../../../store/directory.js';
import { type CliContext, outJson } from '../../context.js';
import { readStudyWithNotes } from '../../reading.js';
import { biologicalGraphs } from '../findings/biological.js';
import {
  addFindingsOptions,
  checkFigureFolder,
  drawFindings,
  type FindingsFlags,
  printFigures,
} from '../findings/figures.js';
import { printSection } from '../findings/print.js';

/** `plexus study compare`: the paper's questions asked of one's own studies, one or several. */
export function registerCompare(study: Command, context: CliContext): void {
  addFindingsOptions(study.command('compare'))
    .description(
      "Ask the paper's questions of one or more studies: best against baseline, sweet spot, " +
        'density, agreement between studies, early epochs.',
    )
    .argument('<dirs...>', 'directories of studies, finished or not')
    .addHelpText(
      'after',
      '\nExamples:\n  $ plexus study compare studies/mlp studies/cnn\n  $ plexus study compare ' +
        'studies/mlp studies/cnn --figures figures --formats svg,pdf',
    )
    .action((directories: readonly string[], flags: FindingsFlags) =>
      compare(directories, flags, context),
    );
}

async function compare(
  directories: readonly string[],
  flags: FindingsFlags,
  context: CliContext,
): Promise<void> {
  checkFigureFolder(flags);
  const tasks = withDistinctNames(
    directories.map((directory) => ({
      directory,
      tables: taskOf(readStudyWithNotes(context, directory)),
    })),
  );
  const biological = await biologicalGraphs(context, flags);
  const input = { tasks, subset: smallestSet(tasks), resamples: flags.resamples, biological };
  const findings = createFindings(input, studyPresenter);
  if (flags.json) {
    const sections = [...findingsSections(findings)];
    outJson(context, {
      studies: tasks.map(studyFacts),
      sections,
      figures: await drawFindings(findings, flags),
    });
  } else {
    for (const section of findingsSections(findings)) printSection(section, context);
    printFigures(await drawFindings(findings, flags), context);
  }
}

/**
 * A study's tables; the seeds of imported results, unlike those of Plexus, only number a graph's
 * trainings.
 */
function taskOf(study: Study): TaskTables {
  const imported = study.records.some(({ published }) => published !== undefined);
  const { spec, records, state } = study;
  const { sweetSpot } = summarise({
    spec,
    records,
    dataIdentity: state.data,
    search: study.search(),
  });
  return {
    ...tablesOf(study),
    seedDesign: imported ? 'independent' : 'shared',
    baselineBeaten: imported || sweetSpot.called,
  };
}

function studyFacts({ name, arch, tables }: TaskTables): object {
  const epochs = tables.map((table) => table.epoch);
  return { name, arch, epochs, graphs: tables.at(-1)?.graphs.length ?? 0 };
}

/** Studies of one name are told apart by their directories. */
function withDistinctNames(
  studies: readonly { readonly directory: string; readonly tables: TaskTables }[],
): TaskTables[] {
  const empty = studies.find(({ tables }) => tables.tables.length === 0);
  if (empty)
    throw new UserError(
      `${empty.directory} must have a complete trial to be compared, has none; continue it with: ` +
        `plexus study run ${empty.directory}`,
    );
  const names = studies.map(({ tables }) => tables.name);
  return studies.map(({ directory, tables }) => {
    const name =
      names.filter((other) => other === tables.name).length > 1 ? directory : tables.name;
    return { ...tables, name, tables: tables.tables.map((table) => ({ ...table, name })) };
  });
}

/**
 * The graphs of the study with the fewest, by which the larger ones are asked whether few graphs
 * would have done.
 */
function smallestSet(tasks: readonly TaskTables[]): ReadonlySet<string> {
  const sets = tasks.map((task) => task.tables.at(-1)?.graphs.map((row) => row.graph) ?? []);
  return new Set(
    sets.length < 2 ? [] : sets.reduce((small, set) => (set.length < small.length ? set : small)),
  );
}
