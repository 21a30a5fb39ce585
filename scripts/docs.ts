/**
 * Builds the site from docs/: the reference of the library by TypeDoc, the gallery from the logs in
 * docs/evidence, and all pages by VitePress, into the folder `site`. A dead link fails it.
 *
 * Run: npm run docs [-- --base /plexus/]; `npx vitepress preview docs` shows what was built.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vitepress';
import { writeApi } from './site/api.js';
import { writeGallery } from './site/gallery.js';
import { deadLinks } from './site/links.js';
import { DOCS, MADE } from './site/pages.js';

const { values } = parseArgs({ options: { base: { type: 'string', default: '/' } } });
const site = fileURLToPath(new URL('../site/', import.meta.url));

for (const folder of MADE) rmSync(join(DOCS, folder), { recursive: true, force: true });
await writeApi(join(DOCS, 'api'));
const reports = writeGallery(join(DOCS, 'gallery'));
await build(DOCS, { base: values.base });
mkdirSync(join(site, 'reports'));
for (const [name, html] of reports) writeFileSync(join(site, 'reports', `${name}.html`), html);

const dead = deadLinks(site, values.base);
for (const link of dead) console.error(`dead link: ${link}`);
if (dead.length > 0) process.exit(1);
