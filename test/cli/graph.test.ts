import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { Command } from 'commander';
import { afterEach, describe, expect, it } from 'vitest';
import { registerGraph } from '../../src/cli/commands/graph.js';
import { Interrupted, UserError } from '../../src/core/errors.js';
import { graphFamilies, parseGraphSpec } from '../../src/graph/index.js';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

function temporaryFolder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'plexus-graph-')));
  return folders.at(-1)!;
}

/** Runs `plexus graph ...`; what was printed before an error is in `printed` all the same. */
async function plexus(
  args: readonly string[],
  input: string | Readable = '',
  printed: string[] = [],
  signal = new AbortController().signal,
): Promise<{ out: string[]; notes: string[] }> {
  const notes: string[] = [];
  const program = new Command().exitOverride().configureOutput({
    writeOut: (text) => printed.push(text),
    writeErr: (text) => notes.push(text),
  });
  registerGraph(program, {
    out: (line) => printed.push(line),
    note: (line) => notes.push(line),
    env: {},
    signal,
    stdin: typeof input === 'string' ? Readable.from([input]) : input,
    interactive: false,
  });
  await program.parseAsync(['graph', ...args], { from: 'user' });
  return { out: printed, notes };
}

describe('plexus graph measure -', () => {
  it('answers every spec with one JSON line', async () => {
    const { out } = await plexus(
      ['measure', '-'],
      '# the baseline\n\ncomplete:n=4\r\nws-flex:n=64,seed=3,k=8,p=0.1\nws-flex:n=5,k=2',
    );
    const rows: unknown[] = out.map((line) => JSON.parse(line));
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({
      spec: 'complete:n=4',
      nodes: 4,
      edges: 6,
      directed: false,
      clustering: 1,
      pathLength: 1,
    });
    expect(rows[1]).toMatchObject({ spec: 'ws-flex:n=64,k=8,p=0.1,seed=3', nodes: 64, edges: 256 });
    expect(rows[2]).toMatchObject({
      spec: 'ws-flex:n=5,k=2,p=0,seed=1',
      edges: 5,
      clustering: 0,
      pathLength: 1.5,
    });
    expect(out.every((line) => !line.includes('\n') && !line.includes('edgeList'))).toBe(true);
  });

  it('adds sorted edge lists with --edges', async () => {
    const { out } = await plexus(['measure', '-', '--edges'], 'ws-flex:n=5,k=2\n');
    expect(JSON.parse(out[0])).toMatchObject({
      edges: 5,
      edgeList: [
        [0, 1],
        [0, 4],
        [1, 2],
        [2, 3],
        [3, 4],
      ],
    });
  });

  it('names the line that is wrong, after the answers before it', async () => {
    const printed: string[] = [];
    const failed = plexus(
      ['measure', '-'],
      'complete:n=4\n# note\nwss:n=4\ncomplete:n=5\n',
      printed,
    );
    await expect(failed).rejects.toThrow(UserError);
    await expect(failed).rejects.toThrow(
      'line 3: unknown graph family "wss"; expected one of ws-flex, complete',
    );
    expect(printed).toHaveLength(1);
  });

  it('prints nothing for no input', async () => {
    expect((await plexus(['measure', '-'], '')).out).toEqual([]);
  });

  it('stops when it is interrupted, even while it waits for a line', async () => {
    const controller = new AbortController();
    const open = new PassThrough();
    open.write('complete:n=4\n');
    const printed: string[] = [];
    const running = plexus(['measure', '-'], open, printed, controller.signal);
    setTimeout(() => controller.abort(), 30);
    await expect(running).rejects.toThrow(Interrupted);
    expect(printed).toHaveLength(1);
  });

  it('does not mix with specs in arguments', async () => {
    await expect(plexus(['measure', '-', 'complete:n=4'])).rejects.toThrow(/specs or -, not both/);
  });
});

describe('plexus graph measure SPEC...', () => {
  it('draws a table', async () => {
    const text = (await plexus(['measure', 'complete:n=64', 'ws-flex:n=64,k=8'])).out.join('\n');
    expect(text).toMatch(/graph.*nodes.*edges.*degree.*density.*C.*L/);
    expect(text).toMatch(/complete:n=64 .* 64 .* 2016 .* 63\.00 .* 1\.0000 .* 1\.0000 .* 1\.0000/);
    expect(text).toMatch(
      /ws-flex:n=64,k=8,p=0,seed=1 .* 256 .* 8\.00 .* 0\.1270 .* 0\.6429 .* 4\.4444/,
    );
  });

  it('prints one JSON line a spec with --json', async () => {
    const { out } = await plexus(['measure', 'complete:n=3', 'complete:n=4', '--json', '--edges']);
    const rows: { edgeList: unknown }[] = out.map((line) => JSON.parse(line));
    expect(rows.map((row) => row.edgeList)).toEqual([
      [
        [0, 1],
        [0, 2],
        [1, 2],
      ],
      [
        [0, 1],
        [0, 2],
        [0, 3],
        [1, 2],
        [1, 3],
        [2, 3],
      ],
    ]);
  });

  it('explains bad specs and options before printing anything', async () => {
    const printed: string[] = [];
    await expect(
      plexus(['measure', 'complete:n=3', 'ws-flex:n=64,k=1', '--json'], '', printed),
    ).rejects.toThrow(/k must be from 2 to n/);
    await expect(plexus(['measure', 'complete:n=3', '--edges'], '', printed)).rejects.toThrow(
      /add --json/,
    );
    await expect(plexus(['make', 'complete:n=3200'], '', printed)).rejects.toThrow(
      'at most 5000000 edges can be listed; complete:n=3200 has 5118400; choose a smaller graph',
    );
    expect(printed).toEqual([]);
  });
});

describe('plexus graph make', () => {
  it('prints the edges', async () => {
    expect((await plexus(['make', 'complete:n=3'])).out).toEqual(['0 1\n0 2\n1 2']);
    const { out } = await plexus(['make', 'complete:n=3', '--json']);
    expect(JSON.parse(out[0])).toEqual({
      spec: 'complete:n=3',
      nodes: 3,
      edges: 3,
      directed: false,
      edgeList: [
        [0, 1],
        [0, 2],
        [1, 2],
      ],
    });
  });

  it('writes them to a file', async () => {
    const file = join(temporaryFolder(), 'graph.txt');
    const { out, notes } = await plexus(['make', 'complete:n=3', '--output', file]);
    expect(readFileSync(file, 'utf8')).toBe('0 1\n0 2\n1 2\n');
    expect(out).toEqual([]);
    expect(notes).toEqual([`wrote 3 edges to ${file}`]);
  });

  it('says why a file cannot be written, and leaves none when the spec is bad', async () => {
    const folder = temporaryFolder();
    await expect(
      plexus(['make', 'complete:n=3', '-o', join(folder, 'missing', 'graph.txt')]),
    ).rejects.toThrow(/cannot write .*missing.*graph\.txt: no such file or directory/);
    await expect(plexus(['make', 'complete:n=1', '-o', join(folder, 'graph.txt')])).rejects.toThrow(
      UserError,
    );
    expect(existsSync(join(folder, 'graph.txt'))).toBe(false);
  });
});

describe('plexus graph families', () => {
  it('lists families and parameters', async () => {
    const text = (await plexus(['families'])).out.join('\n');
    expect(text).toContain(
      'k     average degree; k = n is the complete graph (real, 2 <= k <= n; required)',
    );
    expect(text).toContain("seed  seed of CPython's random.Random (integer, seed >= 0; default 1)");
    const { out } = await plexus(['families', '--json']);
    const families = JSON.parse(out[0]) as { name: string; meaning: string; example: string }[];
    expect(families.map(({ name }) => name)).toEqual(graphFamilies.map(({ name }) => name));
    for (const { name, meaning } of families) expect(text).toContain(`${name}: ${meaning}\n`);
  });

  it('shows an example of every family that can be read', async () => {
    const { out } = await plexus(['families']);
    const examples = [...out.join('\n').matchAll(/^ {2}for example (.*)$/gm)].map(
      ([, line]) => line,
    );
    expect(examples.map((line) => line.split(':', 1)[0])).toEqual(
      graphFamilies.map(({ name }) => name),
    );
    // A file is looked at when its spec is read.
    for (const line of examples.filter((text) => !text.startsWith('file:')))
      expect(() => parseGraphSpec(line), line).not.toThrow();
  });
});

describe('plexus graph --help', () => {
  it.each([
    [['--help'], 'family:name=value'],
    [['make', '--help'], 'plexus graph make complete:n=4'],
    [['measure', '--help'], 'Average path length L'],
  ])('%j', async (args, text) => {
    const printed: string[] = [];
    await expect(plexus(args, '', printed)).rejects.toThrow('(outputHelp)');
    expect(printed.join('')).toContain(text);
  });
});
