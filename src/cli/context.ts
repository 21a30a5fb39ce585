import type { Command } from 'commander';
import { visible } from '../core/errors.js';

/** What a command needs of the process; tests pass their own. */
export interface CliContext {
  /** Writes a line to standard output. */
  out(line: string): void;
  /**
   * Writes a line to standard error: progress, notes, warnings.
   *
   * @param over of a terminal: lines written before that it takes the place of; default 0
   */
  note(line: string, over?: number): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted on SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /**
   * Whether there is something to save after a signal, however long that takes. Else the process
   * ends a moment after it, also in the middle of a computation.
   */
  saving?(on: boolean): void;
  readonly stdin: NodeJS.ReadableStream;
  /** Standard error is a terminal: progress may be redrawn in place. */
  readonly interactive: boolean;
}

/** One file in `commands/` exports one of these; `main.ts` registers them all. */
export type RegisterCommand = (program: Command, context: CliContext) => void;

/**
 * Thrown by a command that ran as asked but whose outcome is a failure (trials failed, a check did
 * not pass): exit status 1. The message goes to standard error; an empty one prints nothing.
 */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  /** Exit status, where it is not that of a failure. */
  readonly status: number | undefined;

  constructor(message: string, options: ErrorOptions & { readonly status?: number } = {}) {
    super(message, options);
    this.status = options.status;
  }
}

/**
 * The context with its door: nothing that a terminal would obey gets through, whatever it came from
 * (names, paths, contents of files, messages of other programs). Line ends and tabs stay, which
 * commands write themselves; escaped like this, text inside of JSON is still the same.
 */
export function guarded(context: CliContext): CliContext {
  const plain = (text: string): string => text.replace(/[^\n\t]+/g, visible);
  return {
    ...context,
    out: (line) => context.out(plain(line)),
    note: (line, over) => context.note(plain(line), over),
  };
}

/** Prints `value` as one line of JSON. */
export function outJson(context: CliContext, value: unknown): void {
  context.out(JSON.stringify(value));
}
