#!/usr/bin/env node
import { isatty } from 'node:tty';
import { errorCode } from '../core/fs.js';
import type { CliContext } from './context.js';
import { EXIT, runCli } from './run.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Aborts on the first signal, so that the command can stop in order; the second one ends the process at once. */
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
 * A reader that has seen enough (`| head`) closes the pipe. That is no error: without a reader of its results the command
 * ends; without one of its progress it goes on, as a study should when its terminal is gone.
 */
function endQuietlyOnClosedPipe(): void {
  process.stdout.on('error', (error) => {
    if (errorCode(error) !== 'EPIPE') throw error;
    process.exit(EXIT.done);
  });
  process.stderr.on('error', (error) => {
    if (errorCode(error) !== 'EPIPE') throw error;
  });
}

/** Resolves when everything written so far has left the process (pipes are asynchronous). */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

endQuietlyOnClosedPipe();
const context: CliContext = {
  out: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
  env: process.env,
  signal: abortOnSignals(),
  stdin: process.stdin,
  interactive: isatty(process.stderr.fd),
};
const status = await runCli(process.argv.slice(2), context);
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(status);
