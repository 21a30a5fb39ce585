import { Command, CommanderError } from 'commander';
import { InternalError, Interrupted, messageOf, must, UserError, visible } from '../core/errors.js';
import { errorCode } from '../platform/fs.js';
import { packageVersion } from '../platform/version.js';
import { type CliContext, CommandFailed, guarded, type RegisterCommand } from './context.js';

/** The exit statuses that scripts may rely on. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * Every command, in the order of the help text. Each is loaded when it is needed: what one of them
 * stands on may take a while to load.
 */
export const COMMANDS: Readonly<Record<string, () => Promise<RegisterCommand>>> = {
  graph: async () => (await import('./commands/graph.js')).registerGraph,
  network: async () => (await import('./commands/network.js')).registerNetwork,
  train: async () => (await import('./commands/train.js')).registerTrain,
  evaluate: async () => (await import('./commands/evaluate.js')).registerEvaluate,
  predict: async () => (await import('./commands/predict.js')).registerPredict,
  export: async () => (await import('./commands/export.js')).registerExport,
  spike: async () => (await import('./commands/spike.js')).registerSpike,
  study: async () => (await import('./commands/study.js')).registerStudy,
  search: async () => (await import('./commands/search.js')).registerSearch,
  import: async () => (await import('./commands/import.js')).registerImport,
  reproduce: async () => (await import('./commands/reproduce.js')).registerReproduce,
  data: async () => (await import('./commands/data.js')).registerData,
  bench: async () => (await import('./commands/bench.js')).registerBench,
  doctor: async () => (await import('./commands/doctor.js')).registerDoctor,
  studio: async () => (await import('./commands/studio.js')).registerStudio,
};

/** The commands that these arguments need: the one that they name, else all, for help and advice. */
function commandsFor([first]: readonly string[]): Promise<RegisterCommand[]> {
  if (first === '-V' || first === '--version') return Promise.resolve([]);
  const named = Object.keys(COMMANDS).filter((name) => name === first);
  const needed = named.length > 0 ? named : Object.keys(COMMANDS);
  return Promise.all(needed.map((name) => must(COMMANDS[name])()));
}

/**
 * Runs the command line `plexus ARGV` and resolves to its exit status: 0 done, 1 failed, 2 bad
 * usage or input, 130 interrupted. Never throws; errors are printed through `context.note`.
 *
 * @param argv arguments after the program's name
 * @param given its output goes through a door that lets nothing pass which a terminal would obey
 */
export async function runCli(argv: readonly string[], given: CliContext): Promise<number> {
  const context = guarded(given);
  try {
    const commands = await commandsFor(argv);
    await createProgram(context, commands).parseAsync([...argv], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    return exitStatusOf(error, context);
  }
}

function createProgram(context: CliContext, commands: readonly RegisterCommand[]): Command {
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
    // One line, whatever names are in it.
    context.note(`error: ${visible(error.message)}`);
    return EXIT.usage;
  }
  if (error instanceof CommandFailed) {
    if (error.message !== '') context.note(`error: ${visible(error.message)}`);
    return error.status ?? EXIT.failed;
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
