import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { graphPages, graphPictures } from '../../scripts/graph-pages.js';
import { graphFamilies, graphMeasures } from '../../src/graph/index.js';

const DOCS = new URL('../../docs/', import.meta.url);
const committed = (path: string): string => readFileSync(new URL(path, DOCS), 'utf8');

const NUMBER = /-?\d+(?:\.\d+)?/g;

/**
 * The text between numbers must be the same; drawn numbers may differ by what rounding to a tenth
 * of a pixel does.
 */
function requireSamePicture(path: string, picture: string): void {
  const before = committed(path);
  expect(picture.replace(NUMBER, '#'), path).toBe(before.replace(NUMBER, '#'));
  const [mine, theirs] = [picture, before].map((text) => (text.match(NUMBER) ?? []).map(Number));
  const apart = mine.filter((value, at) => Math.abs(value - theirs[at]) > 0.21);
  expect(apart, path).toEqual([]);
}

describe('docs/families and docs/measures (npx tsx scripts/make-graph-pages.ts makes them anew)', () => {
  it('have a page and a picture for every family and measure, and nothing else', () => {
    const expected = (names: readonly string[]): string[] =>
      ['README.md', ...names.flatMap((name) => [`${name}.md`, `${name}.svg`])].sort();
    expect(readdirSync(new URL('families/', DOCS)).sort()).toEqual(
      expected(graphFamilies.map(({ name }) => name)),
    );
    expect(readdirSync(new URL('measures/', DOCS)).sort()).toEqual(
      expected(graphMeasures.map(({ name }) => name)),
    );
  });

  it('say what the code says and measures', () => {
    for (const [path, page] of graphPages()) expect(page, path).toBe(committed(path));
  });

  it('show what the code draws', () => {
    for (const [path, picture] of graphPictures()) requireSamePicture(path, picture);
  });
});
