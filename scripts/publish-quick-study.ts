/**
 * Makes what docs/tour.md and docs/images show of the quick study from its committed log in
 * docs/evidence/quick/study: the terminal's text, the maps, the best graph, and the two
 * blocks of docs/tour.md. Nothing is trained.
 *
 * Run: npx tsx scripts/publish-quick-study.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { quickStudyPictures } from '../test/docs/quick-study.js';

const root = new URL('../', import.meta.url);
const { terminal, status, figures } = quickStudyPictures();
for (const [name, svg] of Object.entries(figures))
  writeFileSync(new URL(`docs/images/${name}.svg`, root), svg);
writeFileSync(new URL('docs/images/terminal.txt', root), terminal);

const tour = new URL('docs/tour.md', root);
const text = readFileSync(tour, 'utf8');
const block = (name: string, body: string, into: string): string => {
  const pattern = new RegExp(`(<!-- ${name} -->\\n\`\`\`\\w+\\n)[\\s\\S]*?(\\n\`\`\`)`);
  if (!pattern.test(into)) throw new Error(`docs/tour.md has no block ${name}`);
  return into.replace(
    pattern,
    (_, open: string, close: string) => `${open}${body.trimEnd()}${close}`,
  );
};
writeFileSync(
  tour,
  block(
    'docs/images/terminal.txt',
    terminal,
    block('quick status', `$ npx plexus study status studies/quick\n${status}`, text),
  ),
);
