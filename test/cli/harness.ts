import { Readable } from 'node:stream';
import type { CliContext } from '../../src/cli/context.js';
import { runCli } from '../../src/cli/run.js';

export interface CliResult {
  readonly status: number;
  readonly out: string;
  readonly notes: string;
}

/** Runs `plexus ARGV` in this process. */
export async function plexus(
  argv: readonly string[],
  given: Partial<CliContext> & { readonly input?: string } = {},
): Promise<CliResult> {
  const out: string[] = [];
  const notes: string[] = [];
  const status = await runCli(argv, {
    out: (line) => out.push(line),
    note: (line) => notes.push(line),
    env: {},
    signal: new AbortController().signal,
    stdin: Readable.from(given.input === undefined ? [] : [given.input]),
    interactive: false,
    ...given,
  });
  return { status, out: out.join('\n'), notes: notes.join('\n') };
}
