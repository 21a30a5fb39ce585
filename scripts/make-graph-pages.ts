/**
 * Makes the pages and pictures in docs/families and docs/measures from what the code says of its
 * families and measures.
 *
 * Run: npx tsx scripts/make-graph-pages.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { graphPages, graphPictures } from './graph-pages.js';

const DOCS = new URL('../docs/', import.meta.url);
for (const folder of ['families', 'measures'])
  mkdirSync(new URL(folder, DOCS), { recursive: true });
for (const pages of [graphPages(), graphPictures()]) {
  for (const [path, text] of pages) writeFileSync(new URL(path, DOCS), text);
  process.stderr.write(`wrote ${pages.size} files\n`);
}
