import { type ChildProcess, spawn } from 'node:child_process';
import type { StudioRun } from '../../analysis/study-entry.js';
import { UserError, visible } from '../../core/errors.js';
import { lockProcess } from '../../store/lock.js';
import { studyPaths } from '../../store/paths.js';

/** Lines of a run that are kept, and the most characters of one. */
const MOST_LINES = 12;
const MOST_CHARACTERS = 400;
/** Runs that the studio has at the same time. */
const MOST_RUNS = 4;
/** Milliseconds after which a run that was asked to stop is stopped at once. */
const PATIENCE = 60_000;

/** Commands that the studio runs on behalf of the page, one at a time for each study. */
export interface Runs {
  /** The present or last run of a study. */
  of(directory: string): StudioRun | null;
  /**
   * Runs `plexus study WORDS`. Throws a `UserError` where one is under way for the study, or too
   * many are.
   */
  start(directory: string, words: readonly string[]): void;
  /** Asks whoever runs the study to stop. Throws a `UserError` where that cannot be done from here. */
  stop(directory: string): void;
  /** How many are under way. */
  readonly busy: number;
  /** Stops all of them as Ctrl-C would, and waits until they have ended. */
  close(): Promise<void>;
}

interface Running {
  readonly child: ChildProcess;
  readonly command: string;
  readonly lines: string[];
  exit: number | null;
  readonly ended: Promise<void>;
}

/**
 * @param program the words of a command line that call Plexus
 * @param env of the commands
 * @param onChange called when a run begins or ends
 */
export function commandRuns(
  program: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  onChange: (busy: number) => void = () => undefined,
): Runs {
  const runs = new Map<string, Running>();
  const living = (): Running[] => [...runs.values()].filter(({ exit }) => exit === null);
  return {
    get busy() {
      return living().length;
    },
    of: (directory) => {
      const run = runs.get(directory);
      return run === undefined
        ? null
        : { command: run.command, lines: [...run.lines], exit: run.exit };
    },
    start: (directory, words) => {
      if (runs.get(directory)?.exit === null)
        throw new UserError('the studio runs this study already; stop it first');
      if (living().length >= MOST_RUNS)
        throw new UserError(
          `the studio runs at most ${MOST_RUNS} studies at a time, got one more; stop one, or run ` +
            'it on the command line',
        );
      const run = launch(program, ['study', ...words], env);
      runs.set(directory, run);
      onChange(living().length);
      void run.ended.then(() => onChange(living().length));
    },
    stop: (directory) => {
      const run = runs.get(directory);
      if (run?.exit === null) {
        run.child.kill('SIGINT');
        return;
      }
      // Begun on the command line, or by a studio that has ended.
      const pid = lockProcess(studyPaths(directory).lock);
      if (pid === null || pid === process.pid)
        throw new UserError(
          'no process of this machine that could be stopped from here runs this study; ' +
            'stop it where it was begun',
        );
      process.kill(pid, 'SIGINT');
    },
    close: async () => {
      await Promise.all(
        living().map(async ({ child, ended }) => {
          child.kill('SIGINT');
          const timer = setTimeout(() => child.kill('SIGINT'), PATIENCE);
          await ended;
          clearTimeout(timer);
        }),
      );
    },
  };
}

function launch(
  [name = '', ...before]: readonly string[],
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Running {
  // A group of its own: Ctrl-C on the studio's terminal reaches it once, by way of the studio.
  const child = spawn(name, [...before, ...words], {
    env: { ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const lines: string[] = [];
  let rest = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const all = (rest + text).split(/[\r\n]+/);
    rest = (all.pop() ?? '').slice(-MOST_CHARACTERS);
    lines.push(...all.filter((line) => line !== '').map(shown));
    lines.splice(0, Math.max(0, lines.length - MOST_LINES));
  });
  const { promise: ended, resolve } = ending();
  const run: Running = {
    child,
    command: ['plexus', ...words].join(' '),
    lines,
    exit: null,
    ended,
  };
  child.on('error', (error) => {
    lines.push(shown(error.message));
    run.exit = -1;
    resolve();
  });
  child.on('close', (code) => {
    if (rest !== '') lines.push(shown(rest));
    run.exit = code ?? -1;
    resolve();
  });
  return run;
}

function shown(line: string): string {
  return visible(line).slice(0, MOST_CHARACTERS);
}

function ending(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let done: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (done = resolve));
  return { promise, resolve: () => done() };
}
