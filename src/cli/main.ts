#!/usr/bin/env node
import { isatty } from 'node:tty';
import { endWithin } from '../engine-native/addon.js';
import type { CliContext } from './context.js';
import { runCli } from './run.js';
import { abortOnSignals, endProcess } from './signals.js';
import { standardOutput } from './standard-output.js';

/** Seconds that a command without anything to save has after a signal. */
const GRACE = 1;

const signal = abortOnSignals();
endWithin(GRACE);
const output = standardOutput((status) => endProcess(status));
// Progress that cannot be written (its reader is gone, its disk full) stops nothing.
process.stderr.on('error', () => undefined);

/** Resolves when everything written so far has left the process (pipes are asynchronous). */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

const context: CliContext = {
  out: (line) => output.write(`${line}\n`),
  // Up so many lines, and all below cleared.
  note: (line, over = 0) =>
    void process.stderr.write(`${over > 0 ? `\x1b[${over}A\x1b[0J` : ''}${line}\n`),
  env: process.env,
  signal,
  saving: (on) => endWithin(on ? 0 : GRACE),
  stdin: process.stdin,
  interactive: isatty(process.stderr.fd),
};
const status = await runCli(process.argv.slice(2), context);
await Promise.all([output.flushed(), flushed(process.stderr)]);
endProcess(status);
