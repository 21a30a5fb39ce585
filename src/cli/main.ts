#!/usr/bin/env node
import { isatty } from 'node:tty';
import { errorCode, fileError } from '../platform/fs.js';
import type { CliContext } from './context.js';
import { EXIT, exitStatusOf, runCli } from './run.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Aborts on the first signal, so that the command can stop in order; the second one ends the
 * process at once.
 */
function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT.interrupted);
      controller.abort();
    });
  }
  return controller.signal;
}

/**
 * A reader that has seen enough (`| head`) closes the pipe. That is no error, but without a reader
 * of its results the command ends. Progress that cannot be written (its reader is gone, its disk
 * full) stops nothing: a study goes on.
 */
function handleLostOutput(context: CliContext): void {
  process.stdout.on('error', (error) => {
    process.exit(
      errorCode(error) === 'EPIPE'
        ? EXIT.done
        : exitStatusOf(fileError('write', 'standard output', error), context),
    );
  });
  process.stderr.on('error', () => undefined);
}

/** Resolves when everything written so far has left the process (pipes are asynchronous). */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

const context: CliContext = {
  out: (line) => void process.stdout.write(`${line}\n`),
  // Up so many lines, and all below cleared.
  note: (line, over = 0) =>
    void process.stderr.write(`${over > 0 ? `\x1b[${over}A\x1b[0J` : ''}${line}\n`),
  env: process.env,
  signal: abortOnSignals(),
  stdin: process.stdin,
  interactive: isatty(process.stderr.fd),
};
handleLostOutput(context);
const status = await runCli(process.argv.slice(2), context);
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(status);
