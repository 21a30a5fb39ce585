import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { LONG } from '../long.js';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong on a page, a line each. */
async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(source);
  return page.evaluate<string[]>(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html)))`,
  );
}

const WIDE_LIGHT = [1280, 'light'] as const;
const NARROW_DARK = [390, 'dark'] as const;
const LOOKS = LONG
  ? [WIDE_LIGHT, [1280, 'dark'] as const, [390, 'light'] as const, NARROW_DARK]
  : [WIDE_LIGHT, NARROW_DARK];

/** Milliseconds that one look may take: on two busy cores it is 2,500. */
const LOOK_LIMIT = 15_000;

/**
 * What is wrong with a page as it stands, by axe and by its width: wide and narrow, light and dark;
 * in the short form wide in light colours and narrow in dark ones.
 */
export async function faultsInEveryLook(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const [width, colorScheme] of LOOKS) {
    const look = (): Promise<string[]> => faultsInLook(page, width, colorScheme);
    // One in some hundred looks never ends on a busy machine: Chromium owes an answer. The next does.
    const found = (await inTime(look())) ?? (await look());
    faults.push(...found.map((fault) => `${width} pixels, ${colorScheme}: ${fault}`));
  }
  return faults;
}

async function faultsInLook(
  page: Page,
  width: number,
  colorScheme: 'light' | 'dark',
): Promise<string[]> {
  await page.setViewportSize({ width, height: 844 });
  await page.emulateMedia({ colorScheme });
  // Canvases are drawn, and sizes taken, with the next frame.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');
  const found = await axeFindings(page);
  const wide = Number(await page.evaluate('document.documentElement.scrollWidth'));
  return wide > width ? [...found, `wider than the window: ${wide} pixels`] : found;
}

/** What a look found; null, with a line on the console, where it did not end in time. */
async function inTime(look: Promise<string[]>): Promise<string[] | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((done) => {
    timer = setTimeout(() => {
      console.warn(`a look at a page did not end in ${LOOK_LIMIT / 1000} s; looking again`);
      // The page may be closed before it ends after all.
      look.catch(() => undefined);
      done(null);
    }, LOOK_LIMIT);
  });
  try {
    return await Promise.race([look, late]);
  } finally {
    clearTimeout(timer);
  }
}
