import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { rmSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servedFile } from '../../src/server/files.js';
import { LONG } from '../long.js';
import { hasBrowser, openPage, openStudio, type Studio } from './browser.js';
import { makeStudies } from './studies.js';

const SMALL = 'graph=star:n=8&images=64&tests=40&batch=16&epochs=1';

/** A view of every page, and what stands there when it is whole. */
const VIEWS = [
  ['#explore?v=1&graph=star:n=8', '.measures'],
  ['#network?v=1&graph=star:n=8', '.layers tbody tr'],
  [`#train?v=1&${SMALL}`, '.side .progress'],
  ['#studies?v=1', '.study-list .won'],
  ['#studies?v=1&study=quick&cell=6-4', '.cell-graphs li'],
  ['#brain?v=1&graph=ws-flex:n=16,k=4,p=0.3,seed=1', '.nulls tbody tr'],
  ['#paper?v=1', '.spot'],
  ['#gallery?v=1', '.gallery a'],
] as const;

/** What Tab has not come to of all that it should come to, of a group of radio buttons one. */
const UNREACHED = `[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }))
  .filter((one) => one.type !== 'radio' || one.checked)
  .filter((one) => one.dataset.walked === undefined)
  .map((one) => one.outerHTML.slice(0, 200))`;

/** Marks what has the focus: whether it is the first again, and whether one sees that it has it. */
const MARK = `(() => {
  const one = document.activeElement;
  if (one === null || one === document.body) return 'none';
  if (one.dataset.walked === 'first') return 'first';
  one.dataset.walked = document.querySelector('[data-walked]') === null ? 'first' : 'later';
  const { outlineStyle } = getComputedStyle(one);
  const marked = one.firstElementChild?.tagName === 'rect' &&
    getComputedStyle(one.firstElementChild).stroke !== 'none';
  return outlineStyle === 'none' && !marked ? 'unseen: ' + one.outerHTML.slice(0, 200) : 'seen';
})()`;

/** No page has so many places that Tab stops at. */
const MOST_STOPS = 150;

/** Walks a page with Tab until it comes to where it began. */
async function walk(page: Page): Promise<{ ended: boolean; unseen: string[] }> {
  const unseen: string[] = [];
  for (let step = 0; step < MOST_STOPS; step++) {
    await page.keyboard.press('Tab');
    const mark = await page.evaluate<string>(MARK);
    if (mark === 'first') return { ended: true, unseen };
    if (mark.startsWith('unseen')) unseen.push(mark);
  }
  return { ended: false, unseen };
}

describe.skipIf(!hasBrowser)('every page', () => {
  let directory: string;
  let studio: Studio;
  beforeAll(async () => {
    directory = makeStudies();
    studio = await openStudio(directory);
  });
  afterAll(async () => {
    await studio.close();
    rmSync(directory, { recursive: true });
  });

  it.each(LONG ? VIEWS : VIEWS.slice(0, 1))(
    'is walked through with Tab alone, and shows where one is: %s',
    { tags: ['long'] },
    async (hash, ready) => {
      const { page, faults, close } = await openPage(studio, hash);
      await page.locator(ready).first().waitFor();
      expect(await walk(page)).toEqual({ ended: true, unseen: [] });
      expect(await page.evaluate<string[]>(UNREACHED)).toEqual([]);
      expect(faults).toEqual([]);
      await close();
    },
  );

  it('moves nothing by itself for those who asked for that', async () => {
    const { page, close } = await openPage(studio, '#explore?v=1&graph=star:n=8');
    await page.locator('.measures').waitFor();
    const moving = `[...document.querySelectorAll('*')].filter((one) => {
      const { transitionDuration, animationName } = getComputedStyle(one);
      return animationName !== 'none' || transitionDuration.split(', ').some((each) => parseFloat(each) > 0);
    }).length`;
    expect(await page.evaluate(moving)).toBe(0);
    await close();
  });
});

describe.skipIf(!hasBrowser)('the pages on any web host, in a folder of it', () => {
  const ROOT = fileURLToPath(new URL('../../dist/studio/', import.meta.url));
  let host: Server;
  let studio: Studio;
  beforeAll(async () => {
    host = createServer((request, response) => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      const file = path.startsWith('/class/plexus/') ? servedFile(ROOT, path.slice(13)) : null;
      if (file === null) response.writeHead(404, { 'Content-Type': 'text/html' }).end('<p>none');
      else response.writeHead(200, { 'Content-Type': file.type }).end(file.bytes);
    });
    await new Promise<void>((done) => host.listen(0, '127.0.0.1', done));
    const { port } = host.address() as AddressInfo;
    const opened = await openStudio();
    studio = {
      ...opened,
      server: { ...opened.server, url: `http://127.0.0.1:${port}/class/plexus/` },
    };
  });
  afterAll(async () => {
    await studio.close();
    host.close();
    host.closeAllConnections();
  });

  it('show a graph, and train it, with nothing behind them', async () => {
    const { page, faults, close } = await openPage(studio, `#train?v=1&${SMALL}&play=1`);
    const trained = page.locator('.side .progress').filter({ hasText: /trained/ });
    await trained.nth(1).waitFor();
    await page.getByRole('link', { name: 'Studies' }).click();
    await page.getByRole('heading', { name: 'Studies need the local server' }).waitFor();
    await page.getByRole('link', { name: 'Explore' }).click();
    await page.locator('.measures').waitFor();
    // The host says that it has no studies.
    expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
    await close();
  });
});
