import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { furtherFamilies } from '../../src/graph/generators/further.js';
import { graphFamilies } from '../../src/graph/registry.js';
import { hasBrowser, openPage, openStudio, type Studio } from './browser.js';

const ROOT = fileURLToPath(new URL('../../dist/studio/', import.meta.url));
const FURTHER = '**/assets/further-*.js';

/** The scripts that a browser has to have before it can show anything. */
function firstScripts(): string[] {
  const html = readFileSync(`${ROOT}index.html`, 'utf8');
  const found = new Set<string>();
  const take = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    const text = readFileSync(`${ROOT}assets/${file}`, 'utf8');
    for (const [, next] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/gu)) take(next!);
  };
  for (const [, file] of html.matchAll(/(?:src|href)="\.\/assets\/([^"]+\.js)"/gu)) take(file!);
  return [...found];
}

describe('the first view', () => {
  it('needs at most 60 KB of script, compressed', () => {
    const sizes = firstScripts().map(
      (file) => brotliCompressSync(readFileSync(`${ROOT}assets/${file}`)).length,
    );
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(60 * 1024);
  });
});

describe.skipIf(!hasBrowser)('families that come after the first view', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(async () => {
    await studio.close();
  });

  const edges = (page: Page, count: string): Promise<void> =>
    page.locator('.numbers .edges .number').filter({ hasText: count }).waitFor();
  const families = (page: Page): Promise<string[]> =>
    page.getByLabel('Family').locator('option').allTextContents();

  /** A page whose further families come as `answer` has it. */
  async function openWith(hash: string, answer: (route: Route) => void): Promise<Page> {
    const page = await studio.browser.newPage({ reducedMotion: 'reduce' });
    await page.route(FURTHER, answer);
    await page.goto(`${studio.server.url}${hash}`);
    return page;
  }

  it('are all there a moment later, in the order of the program', async () => {
    const { page, faults, close } = await openPage(studio);
    await page.getByLabel('Family').locator('option', { hasText: 'hierarchical' }).waitFor({
      state: 'attached',
    });
    expect(await families(page)).toEqual(
      graphFamilies
        .filter(({ name, reads }) => reads !== true && !['sequence', 'wired'].includes(name))
        .map(({ name }) => name),
    );
    expect(faults).toEqual([]);
    await close();
  });

  it('are waited for by a link and by a spec that names one, and by no other', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const hold = (route: Route): void => void held.then(() => route.continue());
    const plain = await openWith('', hold);
    await edges(plain, '256');
    const first = await families(plain);
    expect(first).toContain('hypercube');
    for (const { name } of furtherFamilies) expect(first).not.toContain(name);
    const spec = plain.locator('[aria-label="The graph"] .spec input');
    await spec.fill('product:kind=cartesian,outer=(complete:n=2),inner=(star:n=5)');
    await plain.keyboard.press('Enter');
    const linked = await openWith(
      '#explore?v=1&graph=permuted:of=(ws-flex:n=32,k=4,p=0,seed=1),order=random,seed=2',
      hold,
    );
    await edges(plain, '256');
    expect(await linked.locator('.numbers').count()).toBe(0);
    release();
    await Promise.all([edges(linked, '64'), edges(plain, '13')]);
    await linked.close();
    await plain.close();
  });

  it('are missed and said where they cannot be fetched', async () => {
    const page = await openWith('', (route) => void route.abort());
    await edges(page, '256');
    await page
      .locator('[aria-label="The graph"] .spec input')
      .fill('product:outer=(complete:n=2),inner=(star:n=5)');
    await page.keyboard.press('Enter');
    const alert = page.getByRole('alert').filter({ hasText: 'could not be fetched' });
    await alert.waitFor();
    const link = '#explore?v=1&graph=permuted:of=(ws-flex:n=32,k=4,p=0,seed=1),order=random,seed=2';
    await page.goto(`${studio.server.url}${link}`);
    await page.locator('.problems').filter({ hasText: 'could not be fetched' }).waitFor();
    expect(page.url()).toContain(link);
    await page.close();
  });
});
