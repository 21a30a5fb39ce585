import type { Command } from 'commander';
import { comparisonText } from '../../../analysis/comparison-text.js';
import { createFindings } from '../../../analysis/findings/findings.js';
import { seedDesignOf, type TaskTables } from '../../../analysis/findings/input.js';
import { studyPresenter } from '../../../analysis/findings/presenter.js';
import type { Findings } from '../../../analysis/findings/findings.js';
import { findingsSections } from '../../../analysis/findings/sections.js';
import type { Section } from '../../../analysis/findings/sections/types.js';
import { tablesOf } from '../../../analysis/findings/study.js';
import { errorsAfter, resultTable } from '../../../analysis/result-table.js';
import {
  type ComparedStudy,
  compareStudies,
  type StudyComparison,
} from '../../../analysis/study-comparison.js';
import { summarise } from '../../../analysis/summarise.js';
import { must, UserError } from '../../../core/errors.js';
import { writeFileAtomic } from '../../../platform/fs.js';
import type { Study } from '../../../store/directory.js';
import { type CliContext, outJson } from '../../context.js';
import { formatTable } from '../../format.js';
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
      'Compare studies: settings that differ, differences graph by graph, then the paper’s ' +
        'questions: best against baseline, sweet spot, density, agreement, early epochs.',
    )
    .argument('<dirs...>', 'directories of studies, finished or not')
    .option('--html <file>', 'write all of it with its figures as a page for a browser')
    .addHelpText(
      'after',
      '\nExamples:\n  $ plexus study compare studies/mlp studies/cnn\n  $ plexus study compare ' +
        'studies/mlp studies/cnn --figures figures --formats svg,pdf\n  $ plexus study compare ' +
        'studies/a studies/b --html compare.html\n\nDifferences are those of the later studies ' +
        'less the first, between trainings of one seed where seeds are shared.',
    )
    .action((directories: readonly string[], flags: CompareFlags) =>
      compare(directories, flags, context),
    );
}

interface CompareFlags extends FindingsFlags {
  readonly html?: string;
}

async function compare(
  directories: readonly string[],
  flags: CompareFlags,
  context: CliContext,
): Promise<void> {
  checkFigureFolder(flags);
  const studies = directories.map((directory) => ({
    directory,
    study: readStudyWithNotes(context, directory),
  }));
  const tasks = withDistinctNames(
    studies.map(({ directory, study }) => ({ directory, tables: taskOf(study) })),
  );
  const comparisons = comparisonsOf(
    studies.map(({ study }) => study),
    tasks,
  );
  const biological = await biologicalGraphs(context, flags);
  const input = { tasks, subset: smallestSet(tasks), resamples: flags.resamples, biological };
  const findings = createFindings(input, studyPresenter);
  if (flags.json) {
    const sections = [...findingsSections(findings)];
    if (flags.html !== undefined) await writePage(flags.html, findings, comparisons, sections);
    outJson(context, {
      studies: tasks.map(studyFacts),
      comparisons,
      sections,
      figures: await drawFindings(findings, flags),
    });
  } else {
    for (const comparison of comparisons) printComparison(comparison, context);
    const sections: Section[] = [];
    for (const section of findingsSections(findings)) {
      sections.push(section);
      // What cannot be told takes one line.
      if (section.rows.length > 0) printSection(section, context);
      else context.out(`\n${section.title}: ${section.verdict}`);
    }
    if (flags.html !== undefined) {
      await writePage(flags.html, findings, comparisons, sections);
      context.out(`\npage: ${flags.html}`);
    }
    printFigures(await drawFindings(findings, flags), context);
  }
}

/** Every further study against the first. */
function comparisonsOf(studies: readonly Study[], tasks: readonly TaskTables[]): StudyComparison[] {
  const [first, ...others] = studies.map(({ spec, records, state }, at): ComparedStudy => ({
    name: must(tasks[at]).name,
    spec,
    data: state.data,
    table: errorsAfter(resultTable({ spec, records })),
    seedDesign: seedDesignOf(must(tasks[at])),
  }));
  return first === undefined ? [] : others.map((other) => compareStudies(first, other));
}

function printComparison(comparison: StudyComparison, context: CliContext): void {
  const { title, settings, sentences, columns, rows } = comparisonText(comparison);
  context.out(title);
  for (const sentence of sentences) context.out(sentence);
  context.out(settings.length === 0 ? 'No setting differs.' : 'Settings that differ:');
  for (const line of settings) context.out(`  ${line}`);
  if (rows.length > 0)
    context.out(
      formatTable(
        columns.map((column) => ({ title: column })),
        rows,
      ),
    );
}

/** Writes the page of `--html`. */
async function writePage(
  path: string,
  findings: Findings,
  comparisons: readonly StudyComparison[],
  sections: readonly Section[],
): Promise<void> {
  // Loaded here only: drawing needs large libraries.
  const { comparisonPage, findingsFigures } = await import('../../../figures/index.js');
  const page = comparisonPage({
    names: findings.tasks.map(({ name }) => name),
    comparisons: comparisons.map(comparisonText),
    sections,
    figures: findingsFigures(findings),
  });
  writeFileAtomic(path, page);
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
