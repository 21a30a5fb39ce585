import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Interrupted, UserError } from '../../../core/errors.js';
import { loadDataset } from '../../../data-files/load.js';
import { selectBackend } from '../../../engine/backends/registry.js';
import { runJob } from '../../../executors/job.js';
import { noteBackend } from '../../../runner/plan.js';
import { checkSameData, type Study } from '../../../store/directory.js';
import { checkGraphFiles } from '../../../store/graph-files.js';
import { movedData } from '../../../store/moved-data.js';
import { portableJob } from '../../../study/executor.js';
import type { Trial } from '../../../study/types.js';
import type { EpochRecord } from '../../../train/types.js';
import { checkTrainable } from '../../../train/begin.js';
import { wholeNumber } from '../../arguments.js';
import { type CliContext, CommandFailed, outJson } from '../../context.js';
import { readStudyWithNotes } from '../../reading.js';

interface TrialFlags {
  readonly until?: number;
  readonly dataDir?: string;
}

const HELP = `
INDEX is the number of the trial in the order of the study, from 0: seed after seed, of each the
baseline first, then the graphs as the spec lists them; the seeds that confirm come last. The column
trial of plexus study export has it of every trial. Any of them can be trained, also one that has
ended, one that a search would not choose, and while the study runs: nothing is read from the log or
written into the directory. The record, one line of JSON on standard output, is that of the log to
the last bit, but for its seconds. With --until it is stopped after so many epochs of the whole
training, as a search stops it.

Exit status: 0 trained, 1 the trial failed (its record gives the reason), 2 no such trial or study,
130 stopped.

Example:
  $ plexus study trial studies/quick 3`;

/** Adds `plexus study trial` to `plexus study`. */
export function registerTrial(study: Command, context: CliContext): void {
  study
    .command('trial')
    .description('Train one trial of a study by itself and print its record.')
    .argument('<dir>', 'the directory of a study')
    .argument('<index>', 'number of the trial, from 0', wholeNumber(0))
    .option('--until <epochs>', 'stop after so many epochs (default: all)', wholeNumber(1))
    .option('--data-dir <dir>', 'where data sets are (default: PLEXUS_DATA, else a user cache)')
    .addHelpText('after', HELP)
    .action((directory: string, index: number, flags: TrialFlags) =>
      trainTrial(context, readStudyWithNotes(context, directory), index, flags),
    );
}

async function trainTrial(
  context: CliContext,
  study: Study,
  index: number,
  { until, dataDir }: TrialFlags,
): Promise<void> {
  const { spec, state, paths } = study;
  const trial = trialAt(study, index);
  const { epochs } = spec.train;
  if (until !== undefined && until > epochs)
    throw new UserError(
      `--until must be at most the epochs of the study, ${epochs}; got ${until}; leave it out ` +
        'for the whole training',
    );
  checkGraphFiles([trial.graph], paths.directory);
  const note = (line: string): void => context.note(line);
  const { env, signal } = context;
  const data = movedData(spec.data, { dataDir, env });
  const dataset = await loadDataset(data, { dataDir, env, signal, note });
  checkSameData(state, dataset.identity, paths);
  checkTrainable(dataset, spec.train);
  const backend = selectBackend(spec.train.backend, note);
  noteBackend(state, backend, note);
  const job = portableJob(spec, {
    trial,
    until: until ?? epochs,
    identity: dataset.identity,
    backend: backend.info.name,
    directory: resolve(paths.directory),
    checkpoint: null,
  });
  const record = await runJob(
    job,
    dataset,
    (message) => {
      if (message.kind === 'note') note(message.text);
      if (message.kind === 'warning') note(`warning: ${message.text}`);
      if (message.kind === 'epoch') note(epochLine(message.record, epochs));
    },
    signal,
  ).catch((error: unknown) => {
    throw error instanceof Interrupted ? new Interrupted('nothing of the trial is kept') : error;
  });
  outJson(context, record);
  if (record.status === 'failed') throw new CommandFailed(`the trial failed: ${record.reason}`);
}

function epochLine({ epoch, validationError, testError }: EpochRecord, epochs: number): string {
  const held = validationError === undefined ? '' : `, validation ${validationError.toFixed(2)} %`;
  return `epoch ${epoch} of ${epochs}: ${testError.toFixed(2)} %${held}`;
}

function trialAt({ trials, paths }: Study, index: number): Trial {
  const trial = trials[index];
  if (trial !== undefined) return trial;
  throw new UserError(
    `the study in ${paths.directory} has ${trials.length} trials, 0 to ${trials.length - 1}; ` +
      `got ${index}; plexus study export lists them`,
  );
}
