import { Command, CommanderError } from 'commander';
import { InternalError, Interrupted, messageOf, UserError } from '../core/errors.js';
import { errorCode } from '../platform/fs.js';
import { packageVersion } from '../platform/version.js';
import { registerBench } from './commands/bench.js';
import { registerData } from './commands/data.js';
import { registerDoctor } from './commands/doctor.js';
import { registerGraph } from './commands/graph.js';
import { registerImport } from './commands/import.js';
import { registerNetwork } from './commands/network.js';
import { registerReproduce } from './commands/reproduce.js';
import { registerSearch } from './commands/search.js';
import { registerStudy } from './commands/study.js';
import { registerTrain } from './commands/train.js';
import { type CliContext, CommandFailed, type RegisterCommand } from './context.js';

/** The exit statuses that scripts may rely on. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Every command, in the order of the help text. */
const commands: readonly RegisterCommand[] = [
  registerGraph,
  registerNetwork,
  registerTrain,
  registerStudy,
  registerSearch,
  registerImport,
  registerReproduce,
  registerData,
  registerBench,
  registerDoctor,
];

/**
 * Runs the command line `plexus ARGV` and resolves to its exit status: 0 done, 1 failed, 2 bad
 * usage or input, 130 interrupted. Never throws; errors are printed through `context.note`.
 *
 * @param argv arguments after the program's name
 */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  try {
    await createProgram(context).parseAsync([...argv], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    return exitStatusOf(error, context);
  }
}

function createProgram(context: CliContext): Command {
  const program = new Command('plexus');
  program
    .description('Design, train and study neural networks through their graph structure.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.out(withoutNewline(text)),
      writeErr: (text) => context.note(withoutNewline(text)),
    })
    .addHelpText(
      'after',
      '\nExample:\n  $ plexus network show --graph ws-flex:n=64,k=8,p=0.1,seed=3\n\nExit ' +
        'status: 0 done, 1 failed, 2 bad usage or input, 130 interrupted.',
    );
  // Settings above are inherited by commands made from here on.
  for (const register of commands) register(program, context);
  return program;
}

function withoutNewline(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

/** Prints what went wrong, in one message, and gives the exit status. */
export function exitStatusOf(
  error: unknown,
  context: Pick<CliContext, 'env' | 'note' | 'signal'>,
): number {
  // Commander has printed its own message or the help already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (
    error instanceof Interrupted ||
    (context.signal.aborted && error instanceof Error && error.name === 'AbortError')
  ) {
    context.note(messageOf(error) === '' ? 'interrupted' : `interrupted: ${messageOf(error)}`);
    return EXIT.interrupted;
  }
  if (error instanceof UserError) {
    context.note(`error: ${error.message}`);
    return EXIT.usage;
  }
  if (error instanceof CommandFailed) {
    if (error.message !== '') context.note(`error: ${error.message}`);
    return EXIT.failed;
  }
  context.note(unexpectedMessage(error));
  if (context.env['PLEXUS_DEBUG'] && error instanceof Error && error.stack !== undefined)
    context.note(error.stack);
  return EXIT.failed;
}

/**
 * The system's errors (no memory, a lost pipe) by their own message; anything else that nobody
 * foresaw is our bug.
 */
function unexpectedMessage(error: unknown): string {
  if (errorCode(error) !== null) return `error: ${messageOf(error)}`;
  const message = error instanceof InternalError ? error.message : `internal: ${messageOf(error)}`;
  return `${message} (a bug in Plexus; PLEXUS_DEBUG=1 shows where)`;
}
