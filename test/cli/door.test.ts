import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { guarded } from '../../src/cli/context.js';
import { plexus } from './harness.js';

const folder = mkdtempSync(join(tmpdir(), 'plexus-door-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const EVIL = 'a\u001b[31m\u009b2J\u202eb\r\u0007';
/** Nothing that a terminal obeys but line ends and tabs. */
const OBEYED = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const obeys = (text: string): boolean => OBEYED.test(text.replaceAll(/[\n\t]/g, ''));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('the door of all output', () => {
  it.each([
    ['a command', [EVIL]],
    ['an option', ['graph', 'measure', `--${EVIL}`]],
    ["an option's value", ['graph', 'find', '--clustering', EVIL]],
    ['a graph family', ['graph', 'measure', `${EVIL}:n=4`]],
    ['a parameter', ['graph', 'measure', `ws-flex:${EVIL}=4`]],
    ['a value', ['graph', 'measure', `ws-flex:n=${EVIL},k=2,p=0`]],
    ['a graph file', ['graph', 'measure', `file:${JSON.stringify(join(folder, `${EVIL}.csv`))}`]],
    ['a spec that is not there', ['study', 'run', join(folder, `${EVIL}.yaml`)]],
    ['a study that is not there', ['study', 'status', join(folder, EVIL)]],
    ['a data set', ['train', '--data', EVIL]],
    ['a path of data', ['train', '--data', `folder:${join(folder, EVIL)}`]],
    ['an output', ['graph', 'make', 'complete:n=4', '-o', join(folder, 'no', EVIL)]],
    [
      'a key of YAML',
      ['study', 'run', file('key.yaml', `plexus: 1\n${JSON.stringify(EVIL)}: 2\n`)],
    ],
    [
      'a name in YAML',
      ['study', 'run', file('name.yaml', `plexus: 1\nname: ${JSON.stringify(EVIL)}\n`)],
    ],
    ['a line of YAML', ['study', 'run', file('line.yaml', `plexus: 1\nname: [\u001b[31m\n`)]],
    [
      'a file of another name',
      ['study', 'run', file(`x${EVIL.replace('\r', '')}.yaml`, 'plexus: 2\n')],
    ],
  ])('lets nothing through that came with %s', async (_, argv) => {
    const { status, out, notes } = await plexus(argv);
    expect(status).toBe(2);
    expect(notes).not.toBe('');
    expect(obeys(out + notes), JSON.stringify(out + notes)).toBe(false);
  });

  it('shows what it held back, and leaves values of JSON as they are', () => {
    const lines: string[] = [];
    const context = guarded({
      out: (line) => lines.push(line),
      note: (line) => lines.push(line),
      env: {},
      signal: new AbortController().signal,
      stdin: process.stdin,
      interactive: false,
    });
    context.out(JSON.stringify({ name: EVIL }));
    context.note('a\u001b[2Jb\n\tc');
    expect(JSON.parse(lines[0])).toEqual({ name: EVIL });
    expect(obeys(lines[0])).toBe(false);
    expect(lines[1]).toBe('a\\u001b[2Jb\n\tc');
  });
});
