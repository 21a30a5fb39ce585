/**
 * Makes the pictures of docs/studio.md from the built studio, in Debian's Chromium:
 * `npx tsx scripts/make-studio-pictures.ts`, or with the names of those that are to be made.
 */
import { writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { openPage, openStudio } from '../test/studio/browser.js';

interface Shot {
  readonly file: string;
  readonly hash: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** The part of the page that is taken; left out: what the window shows. */
  readonly part?: string;
  /** What must be there before the picture is taken. */
  readonly ready: string;
}

const SHOTS: readonly Shot[] = [
  {
    file: 'studio-explore',
    hash: '#explore?v=1&graph=ws-flex:n=64,k=8.84375,p=0.128376,seed=0',
    height: 850,
    ready: '.legend li:has-text("published graphs")',
  },
  {
    file: 'studio-matrix',
    hash:
      '#explore?v=1&graph=stochastic-block:sizes=16-16-32,inside=0.5,between=0.04,seed=1' +
      '&layout=matrix&node=20',
    colorScheme: 'dark',
    height: 790,
    ready: '.legend li:has-text("published graphs")',
  },
  {
    file: 'studio-communities',
    hash:
      '#explore?v=1&graph=hierarchical:outer=(complete:n=4),inner=(hierarchical:outer=(complete:n=2),' +
      'inner=(complete:n=8),bridge=random,bridges=12),bridge=random,bridges=4&layout=communities',
    part: '.picture',
    ready: '.node-line:has-text("levels of communities")',
  },
  {
    file: 'studio-network',
    hash: '#network?v=1&graph=ws-flex:n=32,k=4,p=0.2,seed=2&node=9&rounds=2',
    part: '.network .panel',
    ready: '.layers tbody tr',
  },
  {
    file: 'studio-brain',
    hash:
      '#brain?v=1&graph=stochastic-block:sizes=20-20-24,inside=0.6,between=0.03,seed=1' +
      '&layout=matrix',
    height: 1530,
    ready: '.nulls tbody tr',
  },
  {
    file: 'studio-studies',
    hash: '#studies?v=1&study=quick/study&sort=error&cell=7-4',
    height: 1300,
    ready: '.report-figures',
  },
  {
    file: 'studio-train',
    hash: '#train?v=1&graph=ws-flex:n=64,k=8,p=0.1,seed=3&node=5&play=1',
    height: 1640,
    ready:
      '.sides:has(.shown .progress:has-text("trained")):has(.beside .progress:has-text("trained"))',
  },
  {
    file: 'studio-events',
    hash: '#train?v=1&graph=ws-flex:n=64,k=8,p=0.1,seed=3&epochs=5&tests=200&play=1&events=1',
    part: '.events',
    ready: '.events:not(:has([role=status])) .mesh',
  },
];

/** The studies that pictures are made of. */
const STUDIES = 'docs/evidence';

/** Colours of the pictures: few enough that they are small. */
const COLOURS = 64;

async function main(): Promise<void> {
  const only = process.argv.slice(2);
  const studio = await openStudio(STUDIES);
  for (const {
    file,
    hash,
    colorScheme = 'light',
    width = 1280,
    height = 900,
    part,
    ready,
  } of SHOTS.filter((shot) => only.length === 0 || only.includes(shot.file))) {
    const options = { viewport: { width, height }, colorScheme };
    const { page, close } = await openPage(studio, hash, options);
    await page.locator(ready).first().waitFor({ timeout: 120_000 });
    // A frame for what follows the data.
    await page.waitForTimeout(500);
    const picture = await sharp(
      await (part === undefined ? page : page.locator(part).first()).screenshot(),
    )
      .png({ palette: true, colours: COLOURS, dither: 0, effort: 10 })
      .toBuffer();
    writeFileSync(`docs/images/${file}.png`, picture);
    process.stdout.write(`docs/images/${file}.png: ${Math.ceil(picture.length / 1024)} KB\n`);
    await close();
  }
  await studio.close();
}

await main();
