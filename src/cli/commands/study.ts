import { parseStudySpec } from '../../store/spec-file.js';
import { existsSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { searchSentence } from '../../analysis/sentences.js';
import { summarise } from '../../analysis/summarise.js';
import { terminalReport } from '../../analysis/terminal.js';
import { plural } from '../../analysis/text.js';
import type { StudySummary } from '../../analysis/types.js';
import { UserError } from '../../core/errors.js';
import { FIGURE_FORMATS, type FigureFormat } from '../../figures/files.js';
import { graphMembers } from '../../graph/sequence.js';
import { buildGraph } from '../../graph/spec.js';
import type { Graph } from '../../graph/types.js';
import { readText, withFileErrors } from '../../platform/fs.js';
import {
  confirmationProgress,
  type ConfirmationProgress,
  confirmSeeds,
  missingTrials,
} from '../../study/confirm.js';
import { readStudy, type Study } from '../../store/directory.js';
import { graphOfStudy } from '../../store/graph-files.js';
import { lockHolder } from '../../store/lock.js';
import { runStudy } from '../../runner/run.js';
import type { GivenSearch } from '../../study/schema.js';
import type { StudySpec } from '../../study/types.js';
import { figureFormats, wholeNumber } from '../arguments.js';
import { type CliContext, CommandFailed, outJson, type RegisterCommand } from '../context.js';
import { studyReporter } from '../progress.js';
import { registerCompare } from './study/compare.js';
import { registerStudyExport } from './study/export.js';
import { registerRegister } from './study/register.js';

/** Options of everything that runs a study. */
export interface RunOptions {
  readonly out?: string;
  readonly workers?: number;
  readonly dataDir?: string;
  readonly retryFailed?: boolean;
  readonly json?: boolean;
}

interface ReadingOptions {
  readonly json?: boolean;
  readonly formats?: readonly FigureFormat[];
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
   verdict: {winner: graphs|baseline|open|untold, by: fresh|chosen, graphs, difference, interval,
   seeds},
   region: {clustering: [lo, hi], pathLength: [lo, hi]}, sweetSpot: the region where the baseline is
   beaten,
   fidelity: {graphs, r: {r, interval}, givenDensity: {r, interval}}, report}
with registered predictions also registration: {when, hash} and predictions: [{name, kind, outcome,
value, interval, coverage, n, p, why}], and of a search (see plexus search) also search: {spent,
trainings, ended} and recommended: {spec, clustering, pathLength, error, sd}. Errors are test errors
after the last epoch in %, means over seeds; null where there is none.

Exit status: 0 every trial complete, 1 some failed, 2 bad spec or directory, 130 stopped.

Example:
  $ plexus study run examples/quick.yaml`;

/** `plexus study`: many graphs trained under one budget. */
export const registerStudy: RegisterCommand = (program, context) => {
  const study = program
    .command('study')
    .description('train many graphs under one budget and find the sweet spot');
  runOptions(
    study
      .command('run')
      .description('begin or continue a study')
      .argument('<spec-or-dir>', 'a study spec (YAML) or the directory of a study'),
  )
    .addHelpText('after', RUN_HELP)
    .action((target: string, options: RunOptions) => run(context, target, options));
  reading(study, context, 'status', 'say how far a study is; also while it runs', showStatus);
  reading(
    study,
    context,
    'report',
    'write the reports of a study again and print the findings',
    report,
  )
    .option(
      '--formats <list>',
      'formats of the figures, separated by commas: svg (always written), png, pdf (default: svg)',
      figureFormats,
    )
    .addHelpText('after', '  $ plexus study report studies/quick --formats svg,png,pdf');
  registerStudyExport(study, context);
  registerRegister(study, context);
  registerCompare(study, context);
};

function reading(
  study: Command,
  context: CliContext,
  name: string,
  description: string,
  act: (
    context: CliContext,
    study: Study,
    json: boolean,
    formats?: readonly FigureFormat[],
  ) => void | Promise<void>,
): Command {
  return study
    .command(name)
    .description(description)
    .argument('<dir>', 'the directory of a study')
    .option('--json', 'print one JSON object')
    .addHelpText('after', `\nExample:\n  $ plexus study ${name} studies/quick`)
    .action((directory: string, options: ReadingOptions) =>
      act(context, readStudy(directory), options.json === true, options.formats),
    );
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
      data: {
        env: context.env,
        ...(options.dataDir !== undefined && { dataDir: options.dataDir }),
      },
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
    throw new CommandFailed(
      `${failed.length} of ` +
        String(
          study.records.length +
            (study.spec.search === undefined ? missingTrials(study.spec, study.records) : 0),
        ) +
        ' ' +
        `trials failed, the first (${failed[0].graph}, seed ${failed[0].seed}) because: ` +
        `${failed[0].reason}; run them again with --retry-failed`,
    );
  }
}

/**
 * What to run and where. A directory, or the frozen spec inside one, means the study that lies
 * there.
 */
function locate(
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

async function report(
  context: CliContext,
  study: Study,
  json: boolean,
  formats: readonly FigureFormat[] = [],
): Promise<void> {
  const { spec, records, state, paths, registration } = study;
  const summary = summarise({
    spec,
    records,
    dataIdentity: state.data,
    search: study.search(),
    registration,
  });
  // Loaded here only: drawing needs large libraries.
  const { renderFigures, writeFigures, writeReport } = await import('../../figures/index.js');
  const folder = join(paths.directory, 'figures');
  const bestGraph = bestGraphOf(context, study, summary);
  // The drawing of what was best when an earlier report was written.
  if (bestGraph === null)
    for (const format of FIGURE_FORMATS)
      withFileErrors('remove', paths.directory, () =>
        rmSync(join(folder, `best-graph.${format}`), { force: true }),
      );
  const { report: path } = writeReport(paths.directory, { spec, records, summary, bestGraph });
  // Files of an earlier report would show other numbers: they are written again.
  const more = FIGURE_FORMATS.filter(
    (format) =>
      format !== 'svg' &&
      (formats.includes(format) || existsSync(join(folder, `heat-map.${format}`))),
  );
  if (more.length > 0) await writeFigures(folder, renderFigures({ summary, bestGraph }), more);
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
function headline(
  {
    study,
    trials,
    baseline,
    best,
    verdict,
    sweetSpot,
    fidelity,
    search,
    graphs,
    ...rest
  }: StudySummary,
  path: string,
): unknown {
  const recommended = search?.recommended ?? null;
  const place = graphs.find(({ spec }) => spec === recommended?.graph);
  return {
    study,
    trials: trials.total,
    failed: trials.failed,
    baseline: { error: baseline?.mean ?? null },
    best: {
      spec: best?.spec ?? null,
      clustering: best?.clustering ?? null,
      pathLength: best?.pathLength ?? null,
      error: best?.mean ?? null,
    },
    verdict,
    region: { clustering: sweetSpot.clustering, pathLength: sweetSpot.pathLength },
    sweetSpot: sweetSpot.called
      ? { clustering: sweetSpot.clustering, pathLength: sweetSpot.pathLength }
      : null,
    fidelity: fidelity && {
      graphs: fidelity.graphs,
      r: fidelity.plain,
      givenDensity: fidelity.givenDensity,
    },
    ...(search !== null && {
      search: { spent: search.spent, trainings: search.rules.trainings, ended: search.ended },
      recommended: recommended && {
        spec: recommended.graph,
        clustering: place?.clustering ?? null,
        pathLength: place?.pathLength ?? null,
        error: recommended.mean,
        sd: recommended.sd,
      },
    }),
    ...(rest.registration !== null && {
      registration: rest.registration,
      predictions: outcomesOf(rest),
    }),
    report: path,
  };
}

/** The outcome of each registered prediction, for other tools. */
function outcomesOf({ predictions }: Pick<StudySummary, 'predictions'>): unknown {
  return predictions.map(
    ({ prediction: { name, kind }, outcome, value, interval, coverage, n, p, why }) => ({
      name,
      kind,
      outcome,
      value,
      interval,
      coverage,
      n,
      p,
      why,
    }),
  );
}

/** `confirmed with 5 fresh seeds, beside the baseline: GRAPH; GRAPH; 4 of 15 trials ended`. */
function confirmationLine(
  spec: StudySpec,
  { graphs, total, ended, superseded }: ConfirmationProgress,
): string {
  const seeds = plural(confirmSeeds(spec).length, 'fresh seed');
  const before =
    superseded > 0
      ? `; ${plural(superseded, 'earlier trial')} with fresh seeds of graphs that are not ` +
        'chosen now'
      : '';
  if (graphs === null)
    return `to confirm when all others have ended: ${plural(total, 'trial')} with ${seeds}${before}`;
  if (graphs.length === 0) return `nothing to confirm: no graph has a complete trial${before}`;
  return (
    `confirmed with ${seeds}, beside the baseline: ${graphs.join('; ')}; ${ended} of ` +
    `${total} trials ended${before}`
  );
}

function showStatus(context: CliContext, study: Study, json: boolean): void {
  const { state, spec, records, paths, registration } = study;
  const search = study.search();
  const summary = summarise({ spec, records, dataIdentity: state.data, search, registration });
  const { trials, failures, baseline, best, verdict } = summary;
  const confirm = confirmationProgress(spec, records, search);
  const runBy = lockHolder(paths.lock);
  if (json) {
    const result = (graph: typeof best): unknown =>
      graph && { spec: graph.spec, error: graph.mean };
    outJson(context, {
      study: spec.name,
      directory: paths.directory,
      ...trials,
      running: runBy !== null,
      data: state.data,
      backend: state.backend,
      baseline: result(baseline),
      best: result(best),
      verdict,
      failures,
      ...(search !== null && {
        search: {
          spent: search.spent,
          trainings: search.rules.trainings,
          ended: search.ended,
          recommended: search.recommended,
        },
      }),
      ...(confirm !== null && { confirm }),
      ...(registration !== null && {
        registration: {
          when: registration.when,
          hash: registration.hash,
          predictions: registration.predictions.length,
        },
        predictions: outcomesOf(summary),
      }),
    });
    return;
  }
  const error = (graph: typeof best): string =>
    graph?.mean == null ? 'none yet' : `${graph.mean.toFixed(2)} % (${graph.spec})`;
  context.out(
    `${spec.name}: ${trials.complete} of ${trials.total} trials complete, ` +
      `${trials.failed} ` +
      `failed${trials.stopped > 0 ? `, ${trials.stopped} stopped early` : ''}, ` +
      `${trials.pending} to do`,
  );
  context.out(
    runBy === null
      ? 'not ' +
          `running${trials.pending > 0 ? `; continue with: plexus study run ${paths.directory}` : ''}`
      : `run by ${runBy}`,
  );
  context.out(`data ${state.data}; ${state.backend}`);
  context.out(`best so far ${error(best)}; baseline ${error(baseline)}`);
  const searched = searchSentence(summary);
  if (searched !== null) context.out(searched);
  if (confirm !== null) context.out(confirmationLine(spec, confirm));
  if (registration !== null) {
    context.out(
      `${plural(registration.predictions.length, 'prediction')} registered before the ` +
        `first trial, ${registration.when}, hash ${registration.hash}`,
    );
    for (const { sentence } of summary.predictions) context.out(`predicted: ${sentence}`);
  }
  for (const failure of failures)
    context.out(`failed: ${failure.graph}, seed ${failure.seed}: ${failure.reason}`);
}
