import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { InternalError, messageOf, UserError } from '../../core/errors.js';
import { isLoopback } from '../../server/guard.js';
import { PROGRAM, STUDIO_ROOT } from '../../server/root.js';
import { serveStudio } from '../../server/server.js';
import type { CliContext, RegisterCommand } from '../context.js';

interface StudioCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly open: boolean;
  readonly dataDir?: string;
}

const PORT = 8064;

const HELP = `
Opens the studio in the browser: graphs, their place in the plane of C and L, the networks that they
become, and the studies in DIR, also while they run. DIR is a directory of studies, or a study;
default: the folder studies, where there is one, else the current folder. It runs until Ctrl-C, which
also stops the studies that were started from its page: they go on when they are run again.

Nothing outside of DIR is read, nothing of a study is written but by the commands that the page
starts, and nothing leaves this machine. The server answers this machine alone; --host 0.0.0.0 shows
the studio and the studies to everybody who can reach it. Starting and stopping takes the token in
the address that is printed. The same pages without studies are in dist/studio, and run from any web
host with nothing behind them.

Examples:
  $ plexus studio
  $ plexus studio ~/studies --port 9000`;

/** `plexus studio`: the web application on this machine. */
export const registerStudio: RegisterCommand = (program, context) => {
  program
    .command('studio')
    .description('open the studio in the browser: graphs, their networks, studies while they run')
    .argument(
      '[dir]',
      'directory of studies, or a study (default: studies, else the current folder)',
    )
    .option('--port <n>', 'port of the server; 0 takes any that is free', portNumber, PORT)
    .option('--host <address>', 'address that it answers on', '127.0.0.1')
    .option('--no-open', 'do not open a browser')
    .option('--data-dir <dir>', 'where data sets are, for studies that the page starts')
    .addHelpText('after', HELP)
    .action((directory: string | undefined, options: StudioCommandOptions) =>
      studio(context, directory, options),
    );
};

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('a port is a whole number from 0 to 65535.');
}

async function studio(
  context: CliContext,
  given: string | undefined,
  { port, host, open, dataDir }: StudioCommandOptions,
): Promise<void> {
  if (!existsSync(join(STUDIO_ROOT, 'index.html')))
    throw new InternalError('the studio was not built; run npm run build');
  const server = await serveStudio({
    root: STUDIO_ROOT,
    host,
    port,
    studies: {
      directory: studiesAt(given),
      program: PROGRAM,
      runWords: dataDir === undefined ? [] : ['--data-dir', resolve(dataDir)],
      env: context.env,
      // What was started from the page is stopped in order, however long that takes.
      onRuns: (busy) => context.saving?.(busy > 0),
      onFault: (error) => context.note(messageOf(error)),
    },
  });
  if (!isLoopback(host))
    context.note(
      `note: ${host} can be reached from other machines; everybody there can see the studio and ` +
        'the studies, and whoever has the token can start and stop them',
    );
  const address = `${server.url}?token=${server.token}`;
  context.out(`studio at ${address} (Ctrl-C ends it)`);
  if (open) openBrowser(address);
  await aborted(context.signal);
  await server.close();
  context.note('the studio has ended');
}

/** The directory of studies, absolute. Throws a `UserError` where it is given and is none. */
function studiesAt(given: string | undefined): string {
  if (given === undefined) return resolve(existsSync('studies') ? 'studies' : '.');
  if (!existsSync(given) || !statSync(given).isDirectory())
    throw new UserError(
      `${given} must be a directory of studies, or a study; ` +
        (existsSync(given) ? 'it is a file' : 'it does not exist'),
    );
  return resolve(given);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}

/** Asks the desktop to open an address; where there is none, the address on the terminal is enough. */
function openBrowser(url: string): void {
  const [program, ...before] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : ['xdg-open'];
  const child = spawn(program, [...before, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
