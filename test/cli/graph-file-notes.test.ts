import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plexus } from './harness.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plexus-notes-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const fileOf = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('graph measure and graph make of a file', () => {
  it('tell what was taken for what', async () => {
    const path = fileOf('a.csv', 'foo,bar,size\nA,B,2\nB,C,1\n');
    const told =
      `${path}: line 1 ("foo", "bar", "size") was taken for the names of columns\n` +
      `${path}: column "size" was taken for the weight\n` +
      `left out of ${path}: edges below the threshold 1`;
    const measured = await plexus(['graph', 'measure', `file:${path},threshold=2`, '--json']);
    expect([measured.status, measured.notes]).toEqual([0, told]);
    expect(JSON.parse(measured.out)).toMatchObject({ nodes: 3, edges: 1 });
    const made = await plexus(['graph', 'make', `file:${path},threshold=2`]);
    expect([made.out, made.notes]).toEqual(['0 1\n2', told]);
  });

  it('take columns by name and number', async () => {
    const path = fileOf('a.csv', 'k,a,b,n\n9,A,B,2\n8,B,C,1\n');
    const spec = `file:${path},source=a,target=3,weight=n,threshold=2`;
    expect((await plexus(['graph', 'make', spec])).out).toBe('0 1\n2');
    const { status, notes } = await plexus(['graph', 'make', `file:${path},source=z`]);
    expect(status).toBe(2);
    expect(notes).toContain('there is no column "z"; line 1 names "k", "a", "b", "n"');
  });

  it('refuse a format that is not read with status 2', async () => {
    const path = fileOf('a.txt', 'graph G { a -- b; }\n');
    const { status, notes } = await plexus(['graph', 'measure', path]);
    expect(status).toBe(2);
    expect(notes).toContain('line 1: the file looks like Graphviz DOT, which is not read; convert');
  });

  it('print nothing that a terminal obeys', async () => {
    const path = fileOf('a\u001b[2J\u009b.csv', 'foo\u001b[31m,bar\n1,2\n2,3\n');
    const { status, notes } = await plexus(['graph', 'make', `file:${JSON.stringify(path)}`]);
    expect(status).toBe(0);
    expect(notes).toContain('a\\u001b[2J\\u009b.csv: line 1 ("foo\\u001b[31m", "bar") was taken');
    expect(notes).not.toMatch(/[^\P{Cc}\n]/u);
  });
});
