import { isatty } from 'node:tty';
import { EXIT } from './run.js';

/** The last two are what batch systems send before they end a job. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

/** Milliseconds in which a signal counts as the same once more: npm, say, passes Ctrl-C on. */
const ECHO_MS = 250;

/** Standard streams that were a terminal when the process began. */
const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));

/**
 * Aborts on the first signal, so that the command can stop in order; the second one ends the
 * process at once. A closed terminal is told more than once, by the kernel and by the shell.
 */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (!controller.signal.aborted) {
        first = performance.now();
        controller.abort();
      } else if (signal !== 'SIGHUP' && performance.now() - first > ECHO_MS)
        endProcess(EXIT.interrupted);
    });
  }
  return controller.signal;
}

/**
 * Ends the process. Node restores the settings of terminals when it exits, and crashes where the
 * terminal has been closed: such a process ends by the signal that says so.
 */
export function endProcess(status: number): never {
  if (terminals.some((descriptor) => !isatty(descriptor))) {
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  }
  process.exit(status);
}
