import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { preview, type PreviewServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryPoints } from '../../scripts/site/entry-points.js';
import { LONG } from '../long.js';
import { CHROMIUM, hasBrowser } from '../studio/browser.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Some of every kind, among them those with the widest tables and code. */
const PAGES = [
  'index.html',
  'tour.html',
  'cli.html',
  'studies.html',
  'findings.html',
  'gallery/index.html',
  'families/ws-flex.html',
  'measures/index.html',
  ...[...entryPoints().keys()].map((name) => `api/${name}.html`),
];

// Only in the long run: it builds all pages, and fails itself where a link is dead.
describe.skipIf(!LONG)('npm run docs', { tags: ['long'] }, () => {
  let server: PreviewServer | undefined;
  let browser: Browser | undefined;

  beforeAll(async () => {
    execFileSync(process.execPath, ['--import', 'tsx', 'scripts/docs.ts'], { cwd: ROOT });
    server = await preview({
      root: ROOT,
      configFile: false,
      appType: 'mpa',
      logLevel: 'silent',
      build: { outDir: 'site' },
      preview: { port: 0, host: '127.0.0.1' },
    });
    if (hasBrowser)
      browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox'] });
  }, 600_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const address = (page: string): string => new URL(page, server!.resolvedUrls!.local[0]).href;

  it('builds pages with their pictures, reports and texts beside them', async () => {
    const files = [
      ...PAGES,
      'images/heat-map.svg',
      'reports/quick.html',
      'source/examples/quick.yaml.txt',
    ];
    for (const file of files) expect((await fetch(address(file))).status, file).toBe(200);
    expect((await fetch(address('none.html'))).status).toBe(404);
  });

  const sizes = [390, 1280].flatMap((width) =>
    (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
  );
  it.skipIf(!hasBrowser).each(sizes)(
    'fits a page of $width pixels, $scheme, without a fault',
    async ({ width, scheme }) => {
      const viewport = { width, height: 900 };
      const context = await browser!.newContext({ viewport, colorScheme: scheme });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(`${page.url()}: ${message.text()}`);
      });
      page.on('pageerror', (error) => faults.push(`${page.url()}: ${error}`));
      for (const each of PAGES) {
        await page.goto(address(each));
        await page.waitForSelector('.VPNav');
        const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        if (Number(over) > 0) faults.push(`${each} is ${String(over)} pixels too wide`);
      }
      await context.close();
      expect(faults).toEqual([]);
    },
  );

  it.skipIf(!hasBrowser)('is searched by words of its pages', async () => {
    const page = await browser!.newPage();
    await page.goto(address('tour.html'));
    await page.keyboard.press('Control+k');
    await page.fill('#localsearch-input', 'assortativity');
    await page.waitForSelector('#localsearch-list a[href*="measures/assortativity"]');
    await page.click('#localsearch-list a[href*="measures/assortativity"]');
    await page.waitForURL(/measures\/assortativity/);
    await page.close();
  });
});
