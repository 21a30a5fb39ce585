import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { entryPoints } from '../../scripts/site/entry-points.js';
import { docstringsOf, exportsOf } from './exports.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');
const examples = [...page.matchAll(/^```ts runnable[^\n]*\n([\s\S]*?)^```/gm)].map(
  ([, code]) => code!,
);

describe.each([...entryPoints()])('plexus-nn/%s', (name, file) => {
  const exported = exportsOf(join(ROOT, file));

  it('says of every export what it is, in a sentence', () => {
    expect(exported.length).toBeGreaterThan(3);
    const silent = exported.filter(
      ({ declarations }) => !declarations.some((node) => /\w{2}.*\w/.test(docstringsOf(node))),
    );
    expect(silent.map((each) => `${each.name} in ${each.file.slice(ROOT.length)}`)).toEqual([]);
  });

  it('gives no name to two things', () => {
    const places = new Map(exported.map((each) => [each.name, each.file]));
    for (const each of exported) expect(places.get(each.name), each.name).toBe(each.file);
  });

  it('has an example in docs/library.md, which is run', () => {
    expect(examples.filter((code) => code.includes(`'plexus-nn/${name}'`))).not.toEqual([]);
  });
});
