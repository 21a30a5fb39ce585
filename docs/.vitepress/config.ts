import { cpSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { entryPoints } from '../../scripts/site/entry-points.js';
import { anchorOf, siteLink, writeLinked } from '../../scripts/site/links.js';
import { madeSections, type Section, sections } from '../../scripts/site/pages.js';

const linkOf = (file: string): string => `/${file.replace(/README\.md$/, 'index.md')}`;

const [guide, reference, ...others] = sections;
const [gallery, api] = madeSections([...entryPoints().keys()]);

/** A section of the sidebar; long ones are folded. */
const folded = (section: Section) => ({
  text: section.text,
  collapsed: section.pages.length > 8,
  items: section.pages.map(({ file, text }) => ({ text, link: linkOf(file) })),
});
const top = (section: Section) => ({ text: section.text, link: linkOf(section.pages[0]!.file) });

const COVER = 'images/heat-map.svg';
const linked = new Set<string>();

export default defineConfig({
  title: 'Plexus',
  description: 'Design, train and study neural networks through their graph structure',
  lang: 'en-GB',
  outDir: '../site',
  cacheDir: '../node_modules/.cache/vitepress',
  rewrites: (file) => file.replace(/README\.md$/, 'index.md'),
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: {
    anchor: { slugify: anchorOf },
    config: (md) => {
      // Indented code looks as fenced code does, and scrolls by itself.
      md.renderer.rules.code_block = (...args) => md.renderer.rules.fence!(...args);
      md.core.ruler.push('plexus-links', ({ tokens, env }) => {
        const page = (env as { relativePath: string }).relativePath;
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.type === 'link_open' ? token.attrGet('href') : null;
          if (href !== null) token.attrSet('href', siteLink(page, decodeURI(href), linked));
        }
      });
    },
  },
  // The index of the search is one large file, read when somebody searches.
  vite: { build: { chunkSizeWarningLimit: 5000 } },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [guide!, gallery!, reference!, api!].map(top),
    sidebar: [guide!, gallery!, reference!, api!, ...others].map(folded),
  },
  buildEnd: ({ outDir, srcDir }) => {
    writeLinked(linked, outDir);
    // The picture of the first page, which is no part of its text.
    cpSync(`${srcDir}/${COVER}`, `${outDir}/${COVER}`);
  },
});
