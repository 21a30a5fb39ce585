import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { nativeKernels } from '../../src/engine-native/addon.js';
import { CommandFailed } from '../../src/cli/context.js';
import { COMMANDS, exitStatusOf } from '../../src/cli/run.js';
import { InternalError, Interrupted, UserError } from '../../src/core/errors.js';
import { plexus } from './harness.js';

const root = new URL('../../', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  version: string;
};

/** Names under `Commands:` in a command's help. */
async function subcommands(argv: readonly string[]): Promise<string[]> {
  const list =
    /^Commands:\n((?: {2}.*\n?)*)/m.exec((await plexus([...argv, '--help'])).out)?.[1] ?? '';
  return [...list.matchAll(/^ {2}([a-z][a-z0-9-]*)/gm)]
    .map((match) => match[1])
    .filter((name) => name !== 'help');
}

describe('usage', () => {
  it('prints the version of package.json', async () => {
    expect(await plexus(['--version'])).toEqual({ status: 0, out: manifest.version, notes: '' });
  });

  it('knows each command by the name that it is loaded by', async () => {
    expect(await subcommands([])).toEqual(Object.keys(COMMANDS));
    for (const name of Object.keys(COMMANDS)) {
      const { status, out } = await plexus([name, '--help']);
      expect([status, out.split('\n')[0]]).toEqual([
        0,
        expect.stringMatching(new RegExp(`^Usage: plexus ${name} `)),
      ]);
    }
  });

  it('prints help with an example, on standard output, status 0', async () => {
    for (const argv of [['--help'], ['network', 'show', '--help']]) {
      const { status, out, notes } = await plexus(argv);
      expect([status, notes]).toEqual([0, '']);
      expect(out).toMatch(/Usage: plexus[\s\S]*Example:\n  \$ plexus /);
    }
  });

  it('every command has an example in its help', async () => {
    const leaves: string[][] = [];
    for (const name of await subcommands([])) {
      const verbs = await subcommands([name]);
      leaves.push(...(verbs.length > 0 ? verbs.map((verb) => [name, verb]) : [[name]]));
    }
    expect(leaves).toContainEqual(['network', 'show']);
    for (const argv of leaves)
      expect((await plexus([...argv, '--help'])).out, argv.join(' ')).toContain(
        `$ plexus ${argv.join(' ')}`,
      );
  });

  it.each([
    [['netwrk'], /unknown command 'netwrk'[\s\S]*network/],
    [['--nope'], /unknown option '--nope'/],
    [['network', 'show', 'one', 'extra', '--graph', 'complete:n=4'], /too many arguments/],
  ])('%j ends with status 2 and one message', async (argv, message) => {
    const { status, out, notes } = await plexus(argv);
    expect([status, out]).toEqual([2, '']);
    expect(notes).toMatch(message);
    expect(notes.match(/error:/g)).toHaveLength(1);
  });

  it('nothing to do is bad usage: help on standard error', async () => {
    const { status, out, notes } = await plexus([]);
    expect([status, out]).toEqual([2, '']);
    expect(notes).toContain('Usage: plexus');
  });
});

describe('the exit status of an error', () => {
  const fileError = Object.assign(new Error('write EIO'), { code: 'EIO' });
  const aborted = AbortSignal.abort();
  it.each<[string, unknown, number, string[]]>([
    ['a user error', new UserError('k must be at least 2'), 2, ['error: k must be at least 2']],
    ['a failed outcome', new CommandFailed('3 trials failed'), 1, ['error: 3 trials failed']],
    ['a failed outcome already told', new CommandFailed(''), 1, []],
    [
      'an interruption',
      new Interrupted('12 of 53 trials are done'),
      130,
      ['interrupted: 12 of 53 trials are done'],
    ],
    [
      'an abort',
      new DOMException('This operation was aborted', 'AbortError'),
      130,
      ['interrupted: This operation was aborted'],
    ],
    [
      'our own bug',
      new InternalError('row without a graph'),
      1,
      ['internal: row without a graph (a bug in Plexus; PLEXUS_DEBUG=1 shows where)'],
    ],
    [
      'an unforeseen error',
      new TypeError('x is undefined'),
      1,
      ['internal: x is undefined (a bug in Plexus; PLEXUS_DEBUG=1 shows where)'],
    ],
    ['a system error', fileError, 1, ['error: write EIO']],
    [
      'bad usage, told by commander',
      new CommanderError(1, 'commander.unknownOption', 'unknown option'),
      2,
      [],
    ],
    ['help', new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)'), 0, []],
  ])('%s', (_, error, status, notes) => {
    const noted: string[] = [];
    expect(
      exitStatusOf(error, { env: {}, signal: aborted, note: (line) => noted.push(line) }),
    ).toBe(status);
    expect(noted).toEqual(notes);
  });

  it('shows a stack trace of internal errors with PLEXUS_DEBUG only', () => {
    const noted: string[] = [];
    exitStatusOf(new InternalError('oops'), {
      env: { PLEXUS_DEBUG: '1' },
      signal: aborted,
      note: (line) => noted.push(line),
    });
    expect(noted.join('\n')).toMatch(/internal: oops[\s\S]*\n +at /);
  });
});

describe('the process', () => {
  const start = (argv: readonly string[]) =>
    spawn(process.execPath, ['dist/cli/main.js', ...argv], {
      cwd: fileURLToPath(root),
      stdio: ['pipe', 'pipe', 'pipe'],
    });

  it('writes to standard output and exits with the status', async () => {
    const child = start(['network', 'show', '--graph', 'complete:n=8', '--json']);
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const [status] = (await once(child, 'close')) as [number];
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ arch: 'mlp', widths: [512] });
  });

  it('ends quietly when its reader goes away', async () => {
    const child = start(['graph', 'measure', '-']);
    let notes = '';
    child.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString()));
    child.stdin.on('error', () => undefined);
    child.stdout.once('data', () => child.stdout.destroy());
    const feed = setInterval(() => child.stdin.write('complete:n=4\n'.repeat(200)), 10);
    const [status] = (await once(child, 'close')) as [number];
    clearInterval(feed);
    expect([status, notes]).toEqual([0, '']);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'says so when its results cannot be written; its progress need not be',
    async () => {
      const run = async (line: string): Promise<[number, string]> => {
        const child = spawn('sh', ['-c', `exec "$0" dist/cli/main.js ${line}`, process.execPath], {
          cwd: fileURLToPath(root),
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        let notes = '';
        child.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString()));
        const [status] = (await once(child, 'close')) as [number];
        return [status, notes];
      };
      expect(await run('graph make complete:n=4 > /dev/full')).toEqual([
        1,
        'error: cannot write standard output: the disk is full; free some space or ' +
          'choose another place (ENOSPC)\n',
      ]);
      expect((await run('graph make complete:n=4 --output /dev/null 2> /dev/full'))[0]).toBe(0);
    },
  );

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'is interrupted by %s while it waits for input',
    async (signal) => {
      const child = start(['graph', 'measure', '-']);
      let notes = '';
      child.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString()));
      child.stdin.write('complete:n=4\n');
      await once(child.stdout, 'data');
      child.kill(signal);
      const [status] = (await once(child, 'close')) as [number | null];
      expect([status, notes]).toEqual([130, 'interrupted: stopped while measuring graphs\n']);
    },
  );

  it.skipIf(nativeKernels() === null).each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'is ended by %s in the middle of a computation, which it said would be long',
    async (signal) => {
      const child = start(['graph', 'measure', 'ws-flex:n=6000,k=40,p=0.5', '--measures', 'all']);
      let notes = '';
      child.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString()));
      await once(child.stderr, 'data');
      child.kill(signal);
      const [status] = (await once(child, 'close')) as [number | null];
      expect(status).toBe(130);
      expect(notes).toMatch(/^working: .* \(graph of 6000 nodes\)\n(working: .*\n)*interrupted\n$/);
    },
  );

  it('is ended at once by a second signal, even when nobody reads what it wrote', async () => {
    const child = start(['graph', 'measure', '-', '--edges']);
    // About 20 kB of edges each; a pipe holds 64 kB.
    child.stdin.end('complete:n=64\n'.repeat(100));
    await once(child.stdout, 'readable');
    // Until the pipe is full.
    await sleep(500);
    child.kill('SIGTERM');
    await sleep(500);
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    const [status] = (await once(child, 'exit')) as [number | null];
    expect(status).toBe(130);
    child.stdout.resume();
  });
});
