import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { InternalError } from '../../core/errors.js';
import { isLoopback } from '../../server/guard.js';
import { STUDIO_ROOT } from '../../server/root.js';
import { serveStudio } from '../../server/server.js';
import type { CliContext, RegisterCommand } from '../context.js';

interface StudioCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly open: boolean;
}

const PORT = 8064;

const HELP = `
Opens the studio in the browser: graphs, their place in the plane of C and L, the networks that they
become. It runs until Ctrl-C. The server reads nothing but the studio's own pages, writes nothing,
and answers this machine alone; --host 0.0.0.0 shows them to everybody who can reach it. The same
pages are in dist/studio, and run from any web host with nothing behind them.

Example:
  $ plexus studio --port 9000`;

/** `plexus studio`: the web application on this machine. */
export const registerStudio: RegisterCommand = (program, context) => {
  program
    .command('studio')
    .description('open the studio in the browser: graphs, their place on the map, their networks')
    .option('--port <n>', 'port of the server; 0 takes any that is free', portNumber, PORT)
    .option('--host <address>', 'address that it answers on', '127.0.0.1')
    .option('--no-open', 'do not open a browser')
    .addHelpText('after', HELP)
    .action((options: StudioCommandOptions) => studio(context, options));
};

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('a port is a whole number from 0 to 65535.');
}

async function studio(
  context: CliContext,
  { port, host, open }: StudioCommandOptions,
): Promise<void> {
  if (!existsSync(join(STUDIO_ROOT, 'index.html')))
    throw new InternalError('the studio was not built; run npm run build');
  const server = await serveStudio({ root: STUDIO_ROOT, host, port });
  if (!isLoopback(host))
    context.note(
      `note: ${host} can be reached from other machines; everybody there can see the studio`,
    );
  context.out(`studio at ${server.url} (Ctrl-C ends it)`);
  if (open) openBrowser(server.url);
  await aborted(context.signal);
  await server.close();
  context.note('the studio has ended');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
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
