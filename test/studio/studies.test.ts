import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatLine } from '../../src/study/log-line.js';
import { readStudy } from '../../src/store/directory.js';
import { faultsInEveryLook } from './axe.js';
import { hasBrowser, openPage, openStudio, serveStudies, type Studio } from './browser.js';
import { begin, madeUp, makeStudies, smallSpec } from './studies.js';

const rows = '.trial-rows .trial-row';
const count = '.trial-tools [role=status]';

describe.skipIf(!hasBrowser)('the page Studies', () => {
  let directory: string;
  let studio: Studio;
  beforeAll(async () => {
    directory = makeStudies();
    await begin(join(directory, 'live'), smallSpec('live', 3, 1, 3));
    cpSync(join(directory, 'quick'), join(directory, 'more', 'other'), { recursive: true });
    studio = await openStudio(directory);
  });
  afterAll(async () => {
    await studio.close();
    rmSync(directory, { recursive: true });
  });

  it('lists studies, and shows one with its plane, a cell’s graphs, curves and trials', async () => {
    const { page, faults, close } = await openPage(studio, '#studies?v=1');
    await page.locator('.study-list .won').filter({ hasText: '−1.67' }).last().waitFor();
    await page.getByRole('button', { name: 'quick', exact: true }).last().click();
    await page.locator('.sentences').filter({ hasText: 'Sparse beats dense' }).waitFor();
    expect(page.url()).toContain('#studies?v=1&graph=');
    expect(page.url()).toContain('study=quick');
    await page.locator('.heat .region').filter({ hasText: 'sweet spot' }).waitFor();
    const best = page.locator('.cell').filter({ hasText: '★' });
    await best.focus();
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/cell=\d+-\d+/);
    await page.locator('.cell-graphs li canvas').first().waitFor();
    await page.locator(count).filter({ hasText: '121 trials' }).waitFor();
    await page.getByRole('button', { name: 'Error %' }).click();
    await page.locator('.find input').fill('ws-flex seed=1 error<18');
    await page
      .locator(count)
      .filter({ hasText: /^\d\d? trials/ })
      .waitFor();
    const first = await page.locator(rows).first().textContent();
    await page.getByRole('button', { name: /^Error %/ }).click();
    await expect.poll(() => page.locator(rows).first().textContent()).not.toBe(first);
    await page.getByRole('checkbox').first().check();
    await page.locator('.curve-legend li').filter({ hasText: 'seed 1' }).waitFor();
    // The whole view is in the address: whoever opens it sees the same.
    const again = await openPage(studio, new URL(page.url()).hash);
    await again.page.locator('.curve-legend li').filter({ hasText: 'seed 1' }).waitFor();
    expect(await again.page.locator('.find input').inputValue()).toBe('ws-flex seed=1 error<18');
    expect(await again.page.locator('[aria-sort=descending]').textContent()).toContain('Error');
    await again.close();
    await page.getByLabel('Compare with').selectOption('more/other');
    await page.locator('.compared tbody tr').first().waitFor();
    expect(page.url()).toContain('with=more/other');
    await page.locator('summary', { hasText: 'Error over C' }).click();
    await expect
      .poll(() => page.evaluate(`document.querySelector('.report-figures img')?.naturalWidth`), {
        timeout: 20_000,
      })
      .toBeGreaterThan(100);
    await page.locator('.cell-graphs .link').first().click();
    await page.locator('.numbers .clustering .number').waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  it('starts a study and shows it while it runs; the token is not in links', async () => {
    const { page, faults, close } = await openPage(
      studio,
      `?token=${studio.server.token}#studies?v=1&study=live`,
    );
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(page.url()).not.toContain(studio.server.token);
    await page.locator('.state-running').waitFor();
    await page.locator(count).filter({ hasText: '4 trials' }).waitFor({ timeout: 40_000 });
    await page.locator('.state-complete').waitFor();
    await page.locator('.study-numbers').filter({ hasText: '4 of 4' }).waitFor();
    await page.locator('.curve-legend li').nth(1).waitFor();
    await expect
      .poll(() => existsSync(join(directory, 'live', 'report.html')), { timeout: 20_000 })
      .toBe(true);
    expect(existsSync(join(directory, 'live', 'lock'))).toBe(false);
    expect(faults).toEqual([]);
    await close();
  });

  it('draws the paper’s questions, asked of one study', async () => {
    const { page, faults, close } = await openPage(studio, '#studies?v=1&study=quick');
    await page.locator('summary', { hasText: 'The surface of errors' }).click();
    await page.getByRole('status').filter({ hasText: 'Drawing' }).waitFor();
    await page.getByRole('img', { name: 'The surface of errors' }).waitFor({ timeout: 40_000 });
    await page.locator('summary', { hasText: 'At equal density' }).click();
    const wide = `[...document.querySelectorAll('.report-figures img')].map((one) => one.naturalWidth)`;
    await expect
      .poll(async () => (await page.evaluate<number[]>(wide)).filter((width) => width > 100))
      .toHaveLength(2);
    expect(faults).toEqual([]);
    await close();
  });

  it('begins a study that was written on the page, once', async () => {
    const { page, faults, close } = await openPage(
      studio,
      `?token=${studio.server.token}#studies?v=1&graph=star:n=16`,
    );
    const spec = page.getByLabel('Its spec');
    const start = page.getByRole('button', { name: 'Start' });
    const problem = page.locator('.new-study [role=alert]');
    await page.locator('summary', { hasText: 'New study' }).click();
    expect(await spec.inputValue()).toContain('ws-flex:set=52');
    await page.getByRole('button', { name: 'the graph of Explore against dense' }).click();
    const one = await spec.inputValue();
    expect(one).toMatch(/baseline: complete:n=16\ngraphs:\n  - star:n=16\n/);
    await spec.fill(one.replace('epochs: 1', 'epochs: often'));
    await start.click();
    await problem.filter({ hasText: 'epochs must be' }).waitFor();
    const small = smallSpec('written', 1, 1);
    await spec.fill(small.replace(/data: .*/, 'data: {name: npz, path: none.npz}'));
    await start.click();
    await problem.filter({ hasText: 'none.npz' }).waitFor();
    expect(existsSync(join(directory, 'written.yaml'))).toBe(false);
    await spec.fill(small);
    await start.click();
    await page.getByRole('heading', { name: 'written' }).waitFor();
    await page.locator('.state-complete').waitFor();
    expect(page.url()).toContain('study=written');
    expect(readStudy(join(directory, 'written')).records).toHaveLength(2);
    await page.getByRole('button', { name: 'All studies' }).click();
    await page.locator('summary', { hasText: 'New study' }).click();
    await spec.fill(small);
    await start.click();
    await problem.filter({ hasText: 'is there already; give the study another name' }).waitFor();
    expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);
    await close();
  });

  it('stops a study from the page and when the server ends; it can be continued', async () => {
    const place = join(directory, 'long');
    await begin(place, smallSpec('long', 3, 1, 5000));
    const server = await serveStudies(directory);
    const { page, close } = await openPage(
      { ...studio, server },
      `?token=${server.token}#studies?v=1&study=long`,
    );
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.locator('.state-running').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('.state-stopped').waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.locator('.state-running').waitFor();
    // A browser that closes ends nothing; a server that ends stops what it has begun, in order.
    await close();
    expect(existsSync(join(place, 'lock'))).toBe(true);
    await server.close();
    expect(existsSync(join(place, 'lock'))).toBe(false);
    expect(readStudy(place).tornBytes).toBe(0);
  });

  it('says that the server is away, and catches up when it is back', async () => {
    const place = join(directory, 'away');
    await begin(place, smallSpec('away', 3, 2));
    const record = madeUp(place);
    const log = join(place, 'trials.ndjson');
    writeFileSync(log, formatLine(record(0)));
    const server = await serveStudies(directory);
    const { page, close } = await openPage({ ...studio, server }, '#studies?v=1&study=away');
    await page.locator(count).filter({ hasText: '1 trial' }).waitFor();
    await server.close();
    await page.locator('.banner').filter({ hasText: 'does not answer since' }).waitFor();
    expect(await page.locator(rows).count()).toBe(1);
    appendFileSync(log, formatLine(record(1)) + formatLine(record(6)));
    const back = await serveStudies(directory, server.port);
    await page.locator(count).filter({ hasText: '3 trials' }).waitFor({ timeout: 20_000 });
    await page.locator('.banner').waitFor({ state: 'detached' });
    // What stands in a log is text, never a part of the page.
    const reason = page.locator(`${rows}.failed`);
    expect(await reason.textContent()).toContain('the loss is <b>NaN</b> 6');
    expect(await page.locator(`${rows} b`).count()).toBe(0);
    await close();
    await back.close();
  });

  it('has nothing that axe finds fault with, wide and narrow', { tags: ['long'] }, async () => {
    const { page, close } = await openPage(studio, '#studies?v=1');
    await page.locator('.study-list .won').first().waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await page.goto(`${studio.server.url}#studies?v=1&study=quick&cell=6-4`);
    await page.locator('.heat .region').waitFor();
    await page.locator(rows).first().waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await close();
  });

  it(
    'shows the paper, and its results as a study where they were imported',
    { tags: ['long'] },
    async () => {
      const { page, faults, close } = await openPage(studio, '#paper?v=1');
      await page.getByRole('row', { name: /^mlp 33.34 %/ }).waitFor();
      await page.getByText('import graph2nn graph2nn/analysis').waitFor();
      const place = join(directory, 'published');
      await begin(place, smallSpec('mlp_published', 3, 1));
      const record = madeUp(place);
      writeFileSync(
        join(place, 'trials.ndjson'),
        [0, 1].map((trial) => formatLine({ ...record(trial), published: [40] })).join(''),
      );
      await page.reload();
      await page.getByRole('button', { name: /^mlp_published: 41.00 % against 40.00 %/ }).click();
      await page.locator(count).filter({ hasText: '2 trials' }).waitFor();
      // Results of others are not trained on.
      expect(await page.getByRole('button', { name: 'Continue' }).count()).toBe(0);
      await page.goto(`${studio.server.url}#paper?v=1&arch=cnn`);
      await page.locator('.spot.chosen').waitFor();
      expect(await faultsInEveryLook(page)).toEqual([]);
      expect(faults).toEqual([]);
      await close();
    },
  );

  it('says what it needs where no server is behind it', async () => {
    const pages = await openStudio();
    const { page, close } = await openPage(pages, '#studies?v=1&study=quick');
    await page.getByRole('heading', { name: 'Studies need the local server' }).waitFor();
    expect(await page.locator('.absent code').textContent()).toBe('npx plexus studio');
    await close();
    await pages.close();
  });
});

describe.skipIf(!hasBrowser)('a large study', () => {
  it('shows 20,000 trials: sorted, filtered, to the last', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'plexus-large-'));
    const place = join(directory, 'large');
    await begin(place, smallSpec('large', 199, 100));
    const record = madeUp(place);
    writeFileSync(
      join(place, 'trials.ndjson'),
      Array.from({ length: 20_000 }, (_, trial) => formatLine(record(trial))).join(''),
    );
    const studio = await openStudio(directory);
    const { page, faults, close } = await openPage(studio, '#studies?v=1&study=large&sort=-trial');
    await page.locator(count).filter({ hasText: '20000 trials' }).waitFor();
    await page.locator(rows).first().filter({ hasText: '19999' }).waitFor();
    // By the keyboard: one stop for Tab, and from it to any trial.
    const here = page.locator(`${rows} input:focus`);
    await page.locator(`${rows} input[tabindex="0"]`).focus();
    for (const [key, trial] of [
      ['ArrowDown', 19998],
      ['End', 0],
      ['PageUp', 10],
      ['Home', 19999],
    ] as const) {
      await page.keyboard.press(key);
      await here.and(page.getByLabel(`Curve of trial ${trial}`, { exact: true })).waitFor();
    }
    expect(await page.locator(`${rows} input[tabindex="0"]`).count()).toBe(1);
    expect(await page.locator(rows).count()).toBeLessThan(60);
    await page.locator('.trial-scroll').evaluate((box) => (box.scrollTop = box.scrollHeight));
    await page.locator(rows).filter({ hasText: 'complete:n=161complete' }).waitFor();
    await page.getByRole('button', { name: '2857 failed' }).click();
    await page.locator(count).filter({ hasText: '2857 trials' }).waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Time s' }).click();
    await page.getByRole('columnheader', { name: 'Time s' }).waitFor();
    expect(page.url()).toContain('columns=graph-seed-state-error-difference-time-C-L-reason');
    expect(faults).toEqual([]);
    await close();
    await studio.close();
    rmSync(directory, { recursive: true });
  }, 120_000);
});
