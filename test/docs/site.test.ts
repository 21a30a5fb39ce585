import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { entryPoints } from '../../scripts/site/entry-points.js';
import { anchorOf, deadLinks, siteLink } from '../../scripts/site/links.js';
import { DOCS, MADE, madeSections, sections } from '../../scripts/site/pages.js';

const inNavigation = sections.flatMap(({ pages }) => pages.map(({ file }) => file));

/** The pages of docs that git has, with forward slashes. */
const pages = readdirSync(DOCS, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(sep).join('/'))
  .filter((file) => file.endsWith('.md') && !MADE.some((made) => file.startsWith(`${made}/`)));

describe('the navigation of the site', () => {
  it('has every page of docs once, and no other', () => {
    // The first page is where the navigation starts.
    expect(inNavigation.toSorted()).toEqual(pages.filter((file) => file !== 'index.md').sort());
  });

  it('has the gallery and every entry point of the library', () => {
    const names = [...entryPoints().keys()];
    expect(names.length).toBeGreaterThan(9);
    const made = madeSections(names).flatMap((section) => section.pages.map(({ file }) => file));
    for (const name of names) expect(made).toContain(`api/${name}.md`);
    for (const file of made)
      expect(MADE.some((folder) => file.startsWith(`${folder}/`))).toBe(true);
  });
});

describe('links of the site', () => {
  it('lead to pages, or to text beside them', () => {
    const linked = new Set<string>();
    expect(siteLink('families/ws-flex.md', '../cli.md#graph-specs', linked)).toBe(
      '../cli.md#graph-specs',
    );
    expect(siteLink('tour.md', 'families/README.md', linked)).toBe('families/index.md');
    expect(siteLink('tour.md', 'https://example.org/a.md', linked)).toBe(
      'https://example.org/a.md',
    );
    expect(linked.size).toBe(0);
    expect(siteLink('evidence/README.md', '../../src/graph', linked)).toBe(
      '../source/src/graph.txt',
    );
    expect(siteLink('cli.md', '../examples/quick.yaml', linked)).toBe(
      'source/examples/quick.yaml.txt',
    );
    expect([...linked]).toEqual(['src/graph', 'examples/quick.yaml']);
    expect(() => siteLink('cli.md', '../examples/none.yaml', linked)).toThrow(
      'docs/cli.md links to ../examples/none.yaml, which is not there',
    );
  });

  it('have the anchors that GitHub has', () => {
    expect(anchorOf('`plexus study run` SPEC-OR-DIR')).toBe('plexus-study-run-spec-or-dir');
    expect(anchorOf('What & how: C, L')).toBe('what--how-c-l');
  });
});

describe('deadLinks', () => {
  const site = mkdtempSync(join(tmpdir(), 'plexus-site-'));
  afterAll(() => rmSync(site, { recursive: true, force: true }));

  it('finds links to no file, to no heading and pictures that are not there', () => {
    const links = [
      '<a href="/base/b.html#here">',
      '<a href="./b.html#nowhere">',
      '<a href="/base/">',
      '<a href="c.html">',
      '<img src="/base/none.svg">',
      '<a href="#top">',
      '<a href="#bottom">',
      '<a href="https://example.org/none">',
    ];
    writeFileSync(join(site, 'index.html'), `<h1 id="top"></h1>${links.join('\n')}`);
    writeFileSync(join(site, 'b.html'), '<h2 id="here"></h2>');
    expect(deadLinks(site, '/base/')).toEqual([
      'index.html: #bottom',
      'index.html: ./b.html#nowhere',
      'index.html: /base/none.svg',
      'index.html: c.html',
    ]);
  });
});
