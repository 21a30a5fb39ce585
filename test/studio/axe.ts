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

/**
 * What is wrong with a page as it stands, by axe and by its width: wide and narrow, light and dark;
 * in the short form wide in light colours and narrow in dark ones.
 */
export async function faultsInEveryLook(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const [width, colorScheme] of LOOKS) {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme });
    // Canvases are drawn, and sizes taken, with the next frame.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');
    const found = await axeFindings(page);
    const wide = Number(await page.evaluate('document.documentElement.scrollWidth'));
    if (wide > width) found.push(`wider than the window: ${wide} pixels`);
    faults.push(...found.map((fault) => `${width} pixels, ${colorScheme}: ${fault}`));
  }
  return faults;
}
