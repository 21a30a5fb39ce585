import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFilmed } from '../../studio/train/film.js';
import { plexus } from '../cli/harness.js';
import { faultsInEveryLook } from './axe.js';
import { hasBrowser, openPage, openStudio, type Studio } from './browser.js';

const SMALL = 'images=128&tests=100&batch=16';

it('films every epoch of a short training, and of a long one a hundred with the last', () => {
  const filmed = (epochs: number): number[] =>
    Array.from({ length: epochs + 1 }, (_, epoch) => epoch).filter((epoch) =>
      isFilmed(epoch, epochs),
    );
  expect(filmed(3)).toEqual([0, 1, 2, 3]);
  expect(filmed(250).slice(0, 3)).toEqual([0, 3, 6]);
  expect(filmed(250).at(-1)).toBe(250);
  expect(filmed(1000).length).toBeLessThanOrEqual(102);
});

describe.skipIf(!hasBrowser)('the weights of a training as a graph, epoch by epoch', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it('are drawn with the measures that `graph of-weights` prints', async () => {
    // Rewired on the way: the command and the page must move it to the same places.
    const graph = 'evolving:rule=set,every=3,of=(ws-flex:n=16,k=4,p=0.2,seed=1)';
    const hash = `#train?v=1&graph=${graph}&${SMALL}&epochs=2&play=1&sight=blocks`;
    const { page, faults, close } = await openPage(studio, hash);
    const slider = page.locator('.nodes .round-choice input');
    const numbers = page.locator('.film-measures .number');
    await page
      .locator('.side .progress')
      .filter({ hasText: /trained/ })
      .nth(1)
      .waitFor();
    await page.locator('.nodes .round-choice').filter({ hasText: '2' }).waitFor();
    await expect.poll(() => numbers.first().textContent()).toMatch(/^0\.\d{4}$/);
    const shown = (await numbers.allTextContents()).map(Number);

    const directory = mkdtempSync(join(tmpdir(), 'plexus-film-'));
    const file = join(directory, 'trained.safetensors');
    const words = `train --graph ${graph} --data shapes --train-images 128 --test-images 100 --size 16`;
    const more = '--batch 16 --epochs 2 --rate 0.05 --seed 1 --backend wasm --save';
    expect((await plexus([...words.split(' '), ...more.split(' '), file])).status).toBe(0);
    const { out } = await plexus(
      `graph of-weights ${file} --view all --null none --json`.split(' '),
    );
    rmSync(directory, { recursive: true });
    const printed = JSON.parse(out) as Record<string, number>;
    for (const [at, name] of [
      'weightedClustering',
      'weightedPathLength',
      'weightedModularity',
      'nCut',
    ].entries())
      expect(shown[at], name).toBeCloseTo(printed[name]!, 3);

    // Back to the beginning, by the keyboard; the address has it.
    await slider.focus();
    await page.keyboard.press('Home');
    await page.locator('.nodes .round-choice').filter({ hasText: 'before training' }).waitFor();
    expect(page.url()).toContain('sight=blocks&frame=0');
    expect((await numbers.allTextContents()).map(Number)).not.toEqual(shown);
    await page.locator('.node-words input').fill('3');
    await page.locator('.node-words').filter({ hasText: 'sum of its norms' }).waitFor();
    await page.getByRole('radio', { name: 'Beside' }).check();
    await expect.poll(() => numbers.first().textContent()).toMatch(/^0\.\d{4}$/);
    expect(await faultsInEveryLook(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });
});
