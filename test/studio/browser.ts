import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { PROGRAM } from '../../src/server/root.js';
import { serveStudio, type StudioServer } from '../../src/server/server.js';

const ROOT = fileURLToPath(new URL('../../dist/studio/', import.meta.url));

/** Where Linux distributions have Chromium. The one without windows takes half as long. */
export const CHROMIUM = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => existsSync(path));

export const hasBrowser = CHROMIUM !== undefined;
if (!hasBrowser)
  console.warn(
    'NO CHROMIUM: every test of the studio in a browser is SKIPPED; ' +
      'apt-get install chromium-headless-shell, or chromium',
  );

export interface Studio {
  readonly browser: Browser;
  readonly server: StudioServer;
  readonly close: () => Promise<void>;
}

/** The studio's server over a directory of studies. */
export function serveStudies(directory: string, port = 0): Promise<StudioServer> {
  const studies = { directory, program: PROGRAM, env: process.env };
  return serveStudio({ root: ROOT, host: '127.0.0.1', port, studies });
}

/**
 * A browser and the studio's server, for a file of tests.
 *
 * @param studies the directory of studies; left out: the pages alone, as from any web host
 */
export async function openStudio(studies?: string): Promise<Studio> {
  const server =
    studies === undefined
      ? await serveStudio({ root: ROOT, host: '127.0.0.1', port: 0 })
      : await serveStudies(studies);
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox'] });
  return {
    browser,
    server,
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

export interface Opened {
  readonly page: Page;
  /** What the page said on its console that it should not have, and requests off its origin. */
  readonly faults: string[];
  readonly close: () => Promise<void>;
}

/** A page of the studio, at an address from its `#` on. */
export async function openPage(
  { browser, server }: Studio,
  hash = '',
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(server.url) && !url.startsWith('data:') && !url.startsWith('blob:'))
      faults.push(`request to ${url}`);
  });
  await page.goto(`${server.url}${hash}`);
  return { page, faults, close: () => context.close() };
}
