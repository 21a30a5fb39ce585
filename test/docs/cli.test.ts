import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plexus } from '../cli/harness.js';

const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

interface Help {
  readonly path: readonly string[];
  readonly commands: readonly string[];
  readonly options: readonly string[];
}

/** The section of a help text under a heading, up to the next blank line. */
function sectionOf(help: string, heading: string): string {
  return new RegExp(`^${heading}:\\n((?:.+\\n?)*)`, 'm').exec(help)?.[1] ?? '';
}

async function helpOf(path: readonly string[]): Promise<Help> {
  const { status, out } = await plexus([...path, '--help']);
  expect(status, path.join(' ')).toBe(0);
  const commands = [...sectionOf(out, 'Commands').matchAll(/^ {2}([a-z][a-z0-9-]*)/gm)].map(
    (match) => match[1],
  );
  const options = [...sectionOf(out, 'Options').matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(
    (match) => match[1],
  );
  return { path, commands: commands.filter((name) => name !== 'help'), options };
}

/** Commands are at most this deep: a help text that lists its own command would go on for ever. */
const DEEPEST = 4;

async function leavesOf(path: readonly string[] = []): Promise<Help[]> {
  expect(path.length, path.join(' ')).toBeLessThanOrEqual(DEEPEST);
  const help = await helpOf(path);
  const below = await Promise.all(help.commands.map((name) => leavesOf([...path, name])));
  // What has options of its own is a command, also where others are below it.
  const isOwn = path.length > 0 && help.options.some((option) => option !== '--help');
  return [...(isOwn || below.length === 0 ? [help] : []), ...below.flat()];
}

/** The part of the page about one command. */
function pageSection(command: string): string {
  return (
    page
      .split(/^## /m)
      .find((section) => section.startsWith(`${command} `) || section.startsWith(`${command}\n`)) ??
    ''
  );
}

describe('docs/cli.md', () => {
  it('has a section for every command, with every option', async () => {
    const leaves = await leavesOf();
    expect(leaves.length).toBeGreaterThan(10);
    for (const { path, options } of leaves) {
      const command = ['plexus', ...path].join(' ');
      const section = pageSection(command);
      expect(section, `a section "${command}"`).not.toBe('');
      for (const option of options)
        expect(option === '--help' ? page : section, `${command} ${option}`).toContain(option);
    }
  });

  it('names no option or command that does not exist', async () => {
    const leaves = await leavesOf();
    for (const section of page.split(/^## /m).filter((text) => text.startsWith('plexus '))) {
      const command = section.split('\n')[0].replace(/ [A-Z].*$/, '');
      const leaf = leaves.find(({ path }) => ['plexus', ...path].join(' ') === command);
      expect(leaf, command).toBeDefined();
      const rows = [...section.matchAll(/^\| `(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1]);
      expect(leaf!.options, command).toEqual(expect.arrayContaining(rows));
    }
  });

  it('shows real output', async () => {
    const [, expected] =
      /\$ echo complete:n=4 \| plexus graph measure - --edges\n {4}(\{.*\})\n/.exec(page)!;
    const { out } = await plexus(['graph', 'measure', '-', '--edges'], { input: 'complete:n=4\n' });
    expect(out).toBe(expected);
  });
});
