import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spikeFigure } from '../../src/figures/spikes.js';
import { formatLine } from '../../src/study/log-line.js';
import { faultsInEveryLook } from './axe.js';
import { hasBrowser, openPage, openStudio, serveStudies, type Studio } from './browser.js';
import { begin, madeUp } from './studies.js';

const POINT = {
  graph: 'g',
  baseline: false,
  pathLength: 2,
  error: 10,
  floatError: 10,
  nanojoules: 50,
  packets: 100,
  hops: 200,
};
const GRAPH = 'ws-flex:n=16,k=4.0,p=0.1,seed=1';
const SPEC = `plexus: 1
name: moved
data: {name: shapes, size: 16, train: 320, test: 100}
baseline: complete:n=16
width: 32
graphs:
  - ${GRAPH}
  - evolving:rule=set,every=1,of=(${GRAPH})
seeds: 2
train: {epochs: 2}
`;

/** A study in which one graph stayed and one was rewired, in three layers. */
async function makeMoved(directory: string): Promise<void> {
  const place = join(directory, 'moved');
  await begin(place, SPEC);
  const record = madeUp(place);
  const lines = [0, 1, 2, 3, 4, 5].map((trial) => {
    const made = record(trial);
    const graphs = [0, 0.05, 0.1].map((more) => ({
      clustering: 0.2 + more,
      pathLength: 1.8 + 4 * more,
    }));
    const epochs = made.epochs.map((epoch) => (trial % 3 === 2 ? { ...epoch, graphs } : epoch));
    return formatLine({ ...made, epochs });
  });
  writeFileSync(join(place, 'trials.ndjson'), lines.join(''));
}

describe.skipIf(!hasBrowser)('graphs that were rewired, on the page of a study', () => {
  let directory: string;
  let studio: Studio;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'plexus-moved-'));
    await makeMoved(directory);
    const events = join(directory, 'moved', 'spikes');
    mkdirSync(events);
    writeFileSync(join(events, 'settings.json'), '{"study":"moved"}');
    const points = [0, 1, 2].map((at) => ({ ...POINT, graph: `g${at}`, error: 10 + at }));
    const svg = spikeFigure(points, { study: 'moved', code: 'qcfs:16', failed: 0 });
    for (const name of ['qcfs-16.svg', 'qcfs-4.svg', 'other.txt'])
      writeFileSync(join(events, name), svg);
    studio = await openStudio(directory);
  });
  afterAll(async () => {
    await studio.close();
    rmSync(directory, { recursive: true });
  });

  it('shows the report’s courses, and those of the trials that are ticked', async () => {
    const { page, faults, close } = await openPage(studio, '#studies?v=1&study=moved&trials=1');
    await page.locator('.curve-legend li').first().waitFor();
    // A graph that stayed has no course.
    expect(await page.locator('.courses').count()).toBe(0);
    await page.getByLabel('Curve of trial 2').check();
    const course = page.getByRole('img', { name: /^Trial 2: layer 1 from C, L/ });
    await course.waitFor();
    expect(await course.locator('polyline').count()).toBe(3);
    expect(await course.locator('.begins').count()).toBe(3);
    await page.locator('summary', { hasText: 'Epoch by epoch' }).click();
    await page.getByRole('row', { name: /^1 0.200, 1.800 0.250, 2.000/ }).waitFor();
    await page.locator('summary', { hasText: 'Where training took the graphs' }).click();
    await expect
      .poll(() => page.evaluate(`document.querySelector('.report-figures img')?.naturalWidth`), {
        timeout: 20_000,
      })
      .toBeGreaterThan(100);
    await page.locator('summary', { hasText: 'What else can be said' }).click();
    await page.getByText('Rewired by set: mean C').waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  it('shows a directory that is a study itself', async () => {
    const server = await serveStudies(join(directory, 'moved'));
    const { page, faults, close } = await openPage({ ...studio, server }, '#studies?v=1');
    await page.getByRole('button', { name: 'moved' }).click();
    await page.locator('.trial-tools [role=status]', { hasText: '6 trials' }).waitFor();
    await page.locator('.study-numbers').waitFor();
    const spikes = page.locator('summary', { hasText: 'As events' });
    await spikes.nth(1).waitFor();
    expect(await spikes.allTextContents()).toEqual(
      [4, 16].map((steps) => `As events, qcfs:${steps}: error against energy and hops`),
    );
    await spikes.first().click();
    await expect
      .poll(() => page.evaluate(`document.querySelector('.report-figures img')?.naturalWidth`))
      .toBeGreaterThan(100);
    for (const file of ['..%2fstudy.json', 'settings.json', 'qcfs-9.svg', 'other.txt'])
      expect((await fetch(`${server.url}api/studies/.%2F./spikes/${file}`)).status).toBe(404);
    expect(faults).toEqual([]);
    await close();
    await server.close();
  });
});
