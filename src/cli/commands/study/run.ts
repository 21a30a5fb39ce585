import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../../../core/errors.js';
import { readText } from '../../../platform/fs.js';
import { StudyLost } from '../../../runner/recorder.js';
import { runStudy } from '../../../runner/run.js';
import { readStudy, type Study } from '../../../store/directory.js';
import { parseStudySpec } from '../../../store/spec-file.js';
import { missingTrials } from '../../../study/confirm.js';
import { graphLabel, graphNames } from '../../../study/names.js';
import type { GivenSearch } from '../../../study/schema.js';
import type { StudySpec } from '../../../study/types.js';
import { wholeNumber } from '../../arguments.js';
import { type CliContext, CommandFailed } from '../../context.js';
import { studyReporter } from '../../progress.js';
import { writeReports } from './report.js';

/** Options of everything that runs a study. */
export interface RunOptions {
  readonly out?: string;
  readonly workers?: number;
  readonly dataDir?: string;
  readonly retryFailed?: boolean;
  readonly json?: boolean;
}

/** Adds the options of everything that runs a study. */
export function runOptions(command: Command): Command {
  return command
    .option('--out <dir>', 'directory of the study (default: studies/NAME)')
    .option(
      '--workers <count>',
      'trials trained at the same time (default: one for each core)',
      wholeNumber(1, 1024),
    )
    .option('--data-dir <dir>', 'where data sets are (default: PLEXUS_DATA, else a user cache)')
    .option('--retry-failed', 'run the trials again that failed before')
    .option('--json', 'end with one line of JSON');
}

const RUN_HELP = `
SPEC.yaml begins the study that it describes, in the directory studies/NAME, or continues it; DIR
continues the study that lies there. A run can be stopped by any signal, or killed, at any time: the
same command goes on with the trials that are missing, and the results do not depend on it, nor on
the number of workers.

With --json the last line on standard output is one JSON object:
  {study, trials, failed, baseline: {error}, best: {spec, clustering, pathLength, error},
   expected: {graph, graphs, measured, difference, interval},
   verdict: {winner: graphs|baseline|open|untold, by: fresh|chosen, graphs, difference, interval,
   seeds},
   region: {clustering: [lo, hi], pathLength: [lo, hi]}, sweetSpot: the region where the baseline is
   beaten,
   fidelity: {graphs, r: {r, interval}, givenDensity: {r, interval}}, report}
with nulls also nulls: [{of, name, count, counted, asGood, p, mean, nullMean, difference, interval,
seeds}], of a graph with a name best.name, with registered predictions also registration: {when,
hash} and predictions: [{name, kind, outcome, value, interval, coverage, n, p, why}], and of a
search (see plexus search) also search: {spent, trainings, ended} and recommended: {spec,
clustering, pathLength, error, sd}. Errors are test errors after the last epoch in %, means over
seeds; null where there is none.

Exit status: 0 every trial complete, 1 some failed or the directory went away, 2 bad spec or directory,
130 stopped.

Example:
  $ plexus study run examples/quick.yaml`;

/** Adds `plexus study run` to `plexus study`. */
export function registerRun(study: Command, context: CliContext): void {
  runOptions(
    study
      .command('run')
      .description('begin or continue a study')
      .argument('<spec-or-dir>', 'a study spec (YAML) or the directory of a study'),
  )
    .addHelpText('after', RUN_HELP)
    .action((target: string, options: RunOptions) => run(context, target, options));
}

/**
 * Begins or continues the study at `target` and prints what it found.
 *
 * @param search makes a search of it, with these keys over those of the spec
 */
export async function run(
  context: CliContext,
  target: string,
  options: RunOptions,
  search?: GivenSearch,
): Promise<void> {
  const { spec, directory } = locate(target, options.out, search);
  const reporter = studyReporter(context);
  let study: Study;
  try {
    study = await runStudy({
      spec,
      directory,
      data: { env: context.env, dataDir: options.dataDir },
      retryFailed: options.retryFailed === true,
      signal: context.signal,
      onEvent: (event) => {
        // Before, nothing is trained that could be kept.
        if (event.kind === 'begin') context.saving?.(true);
        reporter.handle(event);
      },
      note: (line) => reporter.line(line),
      workers: options.workers,
    });
  } catch (error) {
    throw error instanceof StudyLost ? new CommandFailed(error.message, { cause: error }) : error;
  } finally {
    context.saving?.(false);
    reporter.finish();
  }
  await writeReports(context, study, options.json === true);
  const failed = study.records.filter((record) => record.status === 'failed');
  const [first] = failed;
  if (first !== undefined) {
    throw new CommandFailed(
      `${failed.length} of ` +
        String(
          study.records.length +
            (study.spec.search === undefined ? missingTrials(study.spec, study.records) : 0),
        ) +
        ' ' +
        `trials failed, the first (${graphLabel(graphNames(study.spec), first.graph)}, seed ` +
        `${first.seed}) because: ${first.reason}; run them again with --retry-failed`,
    );
  }
}

/**
 * What to run and where. A directory, or the frozen spec inside one, means the study that lies
 * there.
 */
export function locate(
  target: string,
  out: string | undefined,
  search: GivenSearch | undefined,
): { readonly spec: StudySpec | null; readonly directory: string } {
  if (!existsSync(target))
    throw new UserError(
      `${target} does not exist; give a study spec (YAML) or the directory of a study`,
    );
  const inside =
    basename(target) === 'study.yaml' && existsSync(join(dirname(target), 'study.json'));
  if (statSync(target).isDirectory() || (inside && out === undefined)) {
    if (out !== undefined)
      throw new UserError(
        `--out is for a spec; ${target} is a directory, and its study stays there`,
      );
    const directory = inside ? dirname(target) : target;
    if (search !== undefined) checkSearch(directory, search);
    return { spec: null, directory };
  }
  const spec = parseStudySpec(readText(target), target, { search });
  return { spec, directory: out ?? join('studies', spec.name) };
}

/** A study that was begun goes on as it was begun. */
function checkSearch(directory: string, given: GivenSearch): void {
  const [name] = Object.keys(given);
  if (name !== undefined)
    throw new UserError(
      `--${name} is for a spec; ${directory} is a directory, and its search goes on as ` +
        'it was begun',
    );
  if (readStudy(directory).spec.search === undefined)
    throw new UserError(
      `${directory} must hold a search, but its study trains every graph; continue it ` +
        `with: plexus study run ${directory}`,
    );
}
