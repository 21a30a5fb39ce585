import type { Command } from 'commander';
import { UserError } from '../../../core/errors.js';
import { errorCode } from '../../../platform/fs.js';
import { LEASE } from '../../../runner/beside.js';
import { type WorkEnd, workStudy } from '../../../runner/work.js';
import { duration, wholeNumber } from '../../arguments.js';
import { type CliContext, CommandFailed } from '../../context.js';
import { studyReporter } from '../../progress.js';
import { sharedWarnings } from '../../reading.js';

/** The exit statuses of a worker: what whoever started it should do. */
const WORK_EXIT = { nothingLeft: 0, host: 1, never: 42, again: 85 } as const;

interface WorkFlags {
  readonly workers?: number;
  readonly for?: number;
  readonly lease?: number;
  readonly host?: string;
  readonly task?: string;
  readonly dataDir?: string;
}

const HELP = `
Any number of these may run at once, on any machines that see the directory, and beside plexus study
run: each takes a trial that nobody else has, trains it and writes its record into a log of its own,
DIR/log/HOST-PID-NAME.ndjson. No server, no lock, no clock: a trial of a worker that shows no sign of
life for --lease seconds is taken over, and one that was trained twice has the same record twice, to
the last bit. Begin the study first: plexus study submit SPEC.yaml, or plexus study run.

With --for a training is begun only where 1.5 times the time that one takes is left; one under way is
kept when the time is over, or when any signal comes (SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2), and
whoever takes it next goes on from there.

With --task an attempt that follows on one that ended without a word (killed for its memory, as a rule)
trains half as many trials at a time; when one at a time is too many as well it ends with 42 and says
what memory a training takes.

Exit status, for schedulers: 0 every trial of the study has ended; 85 start me again (stopped, out of
time, the disk full or away); 42 never start me again (no study, other data, a bad option); 1 this
machine is left out, or a fault of Plexus.

Example:
  $ plexus study work studies/quick --for 55m`;

/** Adds `plexus study work` to `plexus study`. */
export function registerWork(study: Command, context: CliContext): void {
  study
    .command('work')
    .description('train open trials of a study beside other machines, until none is left')
    .argument('<dir>', 'the directory of a study that was begun')
    .option(
      '--workers <count>',
      'trials trained at the same time (default: one for each core)',
      wholeNumber(1, 1024),
    )
    .option('--for <time>', 'time that it has: 90s, 55m, 2.5h (default: all it takes)', duration)
    .option(
      '--lease <seconds>',
      `seconds without a sign of life after which others take over (default: ${LEASE})`,
      wholeNumber(1, 86_400),
    )
    .option('--host <name>', 'name of this machine (default: what the system calls it)')
    .option(
      '--task <name>',
      'name of this task in all its attempts: after one that was killed, half as many at a time',
    )
    .option('--data-dir <dir>', 'where data sets are (default: PLEXUS_DATA, else a user cache)')
    .addHelpText('after', HELP)
    .action((directory: string, flags: WorkFlags) => work(context, directory, flags));
}

async function work(context: CliContext, directory: string, flags: WorkFlags): Promise<void> {
  const reporter = studyReporter(context);
  try {
    const { why, recorded, study } = await workStudy({
      directory,
      data: { env: context.env, dataDir: flags.dataDir },
      workers: flags.workers,
      seconds: flags.for,
      lease: flags.lease,
      host: flags.host,
      task: flags.task,
      signal: context.signal,
      onEvent: (event) => {
        if (event.kind === 'begin') context.saving?.(true);
        reporter.handle(event);
      },
      note: (line) => reporter.line(line),
    });
    reporter.finish();
    context.note(`recorded ${recorded} trials; ${ENDS[why]}`);
    for (const line of sharedWarnings(study)) context.note(line);
    if (why !== 'nothing left')
      throw new CommandFailed('', { status: why === 'host' ? WORK_EXIT.host : WORK_EXIT.again });
  } catch (error) {
    throw error instanceof UserError
      ? new CommandFailed(error.message, { cause: error, status: statusOf(error) })
      : error;
  } finally {
    context.saving?.(false);
    reporter.finish();
  }
}

const ENDS: Readonly<Record<WorkEnd, string>> = {
  'nothing left': 'nothing is left to do',
  time: 'the time is over; start it again',
  signal: 'stopped; start it again',
  host: 'this machine is left out',
};

/** What the disk did may be over the next time; what was asked for will be the same. */
function statusOf(error: UserError): number {
  return errorCode(error.cause) === null ? WORK_EXIT.never : WORK_EXIT.again;
}
