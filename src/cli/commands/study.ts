import { existsSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { summarise, terminalReport, type StudySummary } from '../../analysis/index.js';
import { UserError } from '../../core/errors.js';
import { readText, withFileErrors } from '../../core/fs.js';
import { buildGraph, graphMembers, type Graph } from '../../graph/index.js';
import { graphOfStudy, lockHolder, parseStudySpec, readStudy, runStudy, type Study, type StudySpec } from '../../study/index.js';
import { wholeNumber } from '../arguments.js';
import { CommandFailed, outJson, type CliContext, type RegisterCommand } from '../context.js';
import { studyReporter } from '../progress.js';
import { registerCompare } from './study/compare.js';
import { registerStudyExport } from './study/export.js';

interface RunOptions {
  readonly out?: string;
  readonly workers?: number;
  readonly dataDir?: string;
  readonly retryFailed?: boolean;
  readonly json?: boolean;
}

interface JsonOption {
  readonly json?: boolean;
}

const RUN_HELP = `
SPEC.yaml begins the study that it describes, in the directory studies/NAME, or continues it; DIR continues the study
that lies there. A run can be stopped by any signal, or killed, at any time: the same command goes on with the trials
that are missing, and the results do not depend on it, nor on the number of workers.

With --json the last line on standard output is one JSON object:
  {study, trials, failed, baseline: {error}, best: {spec, clustering, pathLength, error},
   sweetSpot: {clustering: [lo, hi], pathLength: [lo, hi]}, report}
Errors are test errors after the last epoch in %, means over seeds; null where there is none.

Exit status: 0 every trial complete, 1 some failed, 2 bad spec or directory, 130 stopped.

Example:
  $ plexus study run examples/quick.yaml`;

/** `plexus study`: many graphs trained under one budget. */
export const registerStudy: RegisterCommand = (program, context) => {
  const study = program.command('study').description('train many graphs under one budget and find the sweet spot');
  study
    .command('run')
    .description('begin or continue a study')
    .argument('<spec-or-dir>', 'a study spec (YAML) or the directory of a study')
    .option('--out <dir>', 'directory of the study (default: studies/NAME)')
    .option('--workers <count>', 'trials trained at the same time (default: one for each core)', wholeNumber(1, 1024))
    .option('--data-dir <dir>', 'where data sets are (default: PLEXUS_DATA, else a user cache)')
    .option('--retry-failed', 'run the trials again that failed before')
    .option('--json', 'end with one line of JSON')
    .addHelpText('after', RUN_HELP)
    .action((target: string, options: RunOptions) => run(context, target, options));
  reading(study, context, 'status', 'say how far a study is; also while it runs', showStatus);
  reading(study, context, 'report', 'write the reports of a study again and print the findings', report);
  registerStudyExport(study, context);
  registerCompare(study, context);
};

function reading(study: Command, context: CliContext, name: string, description: string, act: (context: CliContext, study: Study, json: boolean) => void | Promise<void>): void {
  study
    .command(name)
    .description(description)
    .argument('<dir>', 'the directory of a study')
    .option('--json', 'print one JSON object')
    .addHelpText('after', `\nExample:\n  $ plexus study ${name} studies/quick`)
    .action((directory: string, options: JsonOption) => act(context, readStudy(directory), options.json === true));
}

async function run(context: CliContext, target: string, options: RunOptions): Promise<void> {
  const { spec, directory } = locate(target, options.out);
  const reporter = studyReporter(context);
  let study: Study;
  try {
    study = await runStudy({
      spec,
      directory,
      data: { env: context.env, ...(options.dataDir !== undefined && { dataDir: options.dataDir }) },
      retryFailed: options.retryFailed === true,
      signal: context.signal,
      onEvent: (event) => reporter.handle(event),
      note: (line) => reporter.line(line),
      ...(options.workers !== undefined && { workers: options.workers }),
    });
  } finally {
    reporter.finish();
  }
  await report(context, study, options.json === true);
  const failed = study.records.filter((record) => record.status === 'failed');
  if (failed.length > 0) {
    throw new CommandFailed(`${failed.length} of ${study.trials.length} trials failed, the first (${failed[0].graph}, seed ${failed[0].seed}) because: ${failed[0].reason}; run them again with --retry-failed`);
  }
}

/** What to run and where. A directory, or the frozen spec inside one, means the study that lies there. */
function locate(target: string, out: string | undefined): { readonly spec: StudySpec | null; readonly directory: string } {
  if (!existsSync(target)) throw new UserError(`${target} does not exist; give a study spec (YAML) or the directory of a study`);
  const inside = basename(target) === 'study.yaml' && existsSync(join(dirname(target), 'study.json'));
  if (statSync(target).isDirectory() || (inside && out === undefined)) {
    if (out !== undefined) throw new UserError(`--out is for a spec; ${target} is a directory, and its study stays there`);
    return { spec: null, directory: inside ? dirname(target) : target };
  }
  const spec = parseStudySpec(readText(target), target);
  return { spec, directory: out ?? join('studies', spec.name) };
}

async function report(context: CliContext, study: Study, json: boolean): Promise<void> {
  const { spec, records, state, paths } = study;
  const summary = summarise({ spec, records, dataIdentity: state.data });
  // Loaded here only: drawing needs large libraries.
  const { writeReport } = await import('../../figures/index.js');
  const bestGraph = bestGraphOf(context, study, summary);
  // The drawing of what was best when an earlier report was written.
  if (bestGraph === null) withFileErrors('remove', paths.directory, () => rmSync(join(paths.directory, 'figures', 'best-graph.svg'), { force: true }));
  const { report: path } = writeReport(paths.directory, { spec, records, summary, bestGraph });
  if (json) outJson(context, headline(summary, path));
  else context.out(`${terminalReport(summary).trimEnd()}\n\nreport: ${path}`);
}

/** The best graph, to be drawn; null where there is none, or it cannot be made here. */
function bestGraphOf(context: CliContext, { paths }: Study, { best }: StudySummary): Graph | null {
  if (best === null) return null;
  const spec = graphOfStudy(best.spec, paths.directory);
  // A sequence is several graphs: there is no one drawing of it.
  if (graphMembers(spec).per !== 'network') return null;
  try {
    return buildGraph(spec);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.note(`note: the best graph is not drawn: ${error.message}`);
    return null;
  }
}

/** The line that other tools rely on. */
function headline({ study, trials, baseline, best, sweetSpot }: StudySummary, path: string): unknown {
  return {
    study,
    trials: trials.total,
    failed: trials.failed,
    baseline: { error: baseline?.mean ?? null },
    best: { spec: best?.spec ?? null, clustering: best?.clustering ?? null, pathLength: best?.pathLength ?? null, error: best?.mean ?? null },
    sweetSpot: { clustering: sweetSpot.clustering, pathLength: sweetSpot.pathLength },
    report: path,
  };
}

function showStatus(context: CliContext, study: Study, json: boolean): void {
  const { state, spec, records, paths } = study;
  const { trials, failures, baseline, best } = summarise({ spec, records, dataIdentity: state.data });
  const runBy = lockHolder(paths.lock);
  if (json) {
    const result = (graph: typeof best): unknown => graph && { spec: graph.spec, error: graph.mean };
    outJson(context, { study: spec.name, directory: paths.directory, ...trials, running: runBy !== null, data: state.data, backend: state.backend, baseline: result(baseline), best: result(best), failures });
    return;
  }
  const error = (graph: typeof best): string => (graph?.mean == null ? 'none yet' : `${graph.mean.toFixed(2)} % (${graph.spec})`);
  context.out(`${spec.name}: ${trials.complete} of ${trials.total} trials complete, ${trials.failed} failed, ${trials.pending} to do`);
  context.out(runBy === null ? `not running${trials.pending > 0 ? `; continue with: plexus study run ${paths.directory}` : ''}` : `run by ${runBy}`);
  context.out(`data ${state.data}; ${state.backend}`);
  context.out(`best so far ${error(best)}; baseline ${error(baseline)}`);
  for (const failure of failures) context.out(`failed: ${failure.graph}, seed ${failure.seed}: ${failure.reason}`);
}
