import type { Command } from 'commander';
import { UserError } from '../../../core/errors.js';
import type { Study } from '../../../store/directory.js';
import type { Trial } from '../../../study/types.js';
import { wholeNumber } from '../../arguments.js';
import { type CliContext, CommandFailed, outJson } from '../../context.js';
import { readStudyWithNotes } from '../../reading.js';
import { trainAgain } from './train-again.js';

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
  const { epochs } = study.spec.train;
  if (until !== undefined && until > epochs)
    throw new UserError(
      `--until must be at most the epochs of the study, ${epochs}; got ${until}; leave it out ` +
        'for the whole training',
    );
  const record = await trainAgain(context, study, trialAt(study, index), { until, dataDir });
  outJson(context, record);
  if (record.status === 'failed') throw new CommandFailed(`the trial failed: ${record.reason}`);
}

/** The trial of that number. Throws a `UserError` where the study has none. */
export function trialAt({ trials, paths }: Study, index: number): Trial {
  const trial = trials[index];
  if (trial !== undefined) return trial;
  throw new UserError(
    `the study in ${paths.directory} has ${trials.length} trials, 0 to ${trials.length - 1}; ` +
      `got ${index}; plexus study export lists them`,
  );
}
