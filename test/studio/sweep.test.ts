import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStudy } from '../../src/store/directory.js';
import type { TrialRecord } from '../../src/study/types.js';
import { spreadOver } from '../../studio/train/spread.js';
import { plexus } from '../cli/harness.js';
import { hasBrowser, openPage, openStudio, type Studio } from './browser.js';

/** Presses "Stop" from within the page: the trainings are too short to be caught from outside. */
const STOP_IN_THE_MIDDLE = `new MutationObserver((changes, observer) => {
  const status = document.querySelector('.sweep [role=status]')?.textContent ?? '';
  if (!/[123] of 4 graphs trained/.test(status)) return;
  observer.disconnect();
  for (const button of document.querySelectorAll('.sweep button'))
    if (button.textContent === 'Stop the sweep') button.click();
}).observe(document.body, { subtree: true, childList: true, characterData: true })`;

describe('graphs of a sweep', () => {
  it('begin at the shortest paths, and lie far from each other', () => {
    const places = [0, 0.1, 0.5, 0.9, 1].map((at) => ({
      clustering: at,
      pathLength: Math.exp(at + 1),
    }));
    expect(spreadOver(places, 3)).toEqual([0, 4, 2]);
    expect(spreadOver(places, 9)).toHaveLength(5);
    expect(new Set(spreadOver(places, 9)).size).toBe(5);
  });
});

describe.skipIf(!hasBrowser)('a sweep on the page Train', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(async () => {
    await studio.close();
  });

  it('is saved as a study that the command goes on with, to the same bits', async () => {
    const { page, faults, close } = await openPage(
      studio,
      '#train?v=1&graph=complete:n=8&images=64&tests=40&batch=16&epochs=1&sweep=3',
    );
    const status = page.locator('.sweep [role=status]');
    await page.evaluate(STOP_IN_THE_MIDDLE);
    await page.getByRole('button', { name: 'Sweep the plane' }).click();
    await status.filter({ hasText: /[123] of 4 graphs trained/ }).waitFor();
    await page.getByRole('button', { name: 'Sweep the plane' }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as a study' }).click();
    const archive = unzipSync(readFileSync(await (await download).path()));
    const directory = mkdtempSync(join(tmpdir(), 'plexus-sweep-'));
    for (const [name, bytes] of Object.entries(archive)) {
      const file = join(directory, name);
      if (name.endsWith('/')) continue;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
    const study = join(directory, 'plexus-sweep');
    const begun = readStudy(study);
    const before = begun.records;
    expect(begun.trials).toHaveLength(4);
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(4);
    expect(before.every(({ status: how }) => how === 'complete')).toBe(true);

    const went = await plexus(['study', 'run', study, '--workers', '1']);
    expect([went.status, went.notes]).toEqual([0, expect.not.stringContaining('begun on')]);
    const spec = join(directory, 'spec.yaml');
    writeFileSync(spec, readFileSync(join(study, 'study.yaml')));
    const anew = join(directory, 'anew');
    expect((await plexus(['study', 'run', spec, '--out', anew, '--workers', '1'])).status).toBe(0);
    const plain = (records: readonly TrialRecord[]) =>
      records.map((record) => ({ ...record, seconds: 0 })).sort((a, b) => a.index - b.index);
    const [whole, own] = [readStudy(study), readStudy(anew)];
    expect(plain(whole.records)).toEqual(plain(own.records));
    expect(whole.records).toEqual(expect.arrayContaining([...before]));
    expect(whole.state).toEqual({ ...own.state, plexus: whole.state.plexus });

    // The page goes on too, with what was stopped.
    await page.getByRole('button', { name: 'Sweep the plane' }).click();
    await status.filter({ hasText: '4 of 4 graphs trained' }).waitFor();
    const link = page.locator('.sweep tbody button').filter({ hasText: 'ws-flex' }).first();
    const line = await link.textContent();
    await link.click();
    expect(page.url()).toContain(`graph=${line}`);
    rmSync(directory, { recursive: true });
    expect(faults).toEqual([]);
    await close();
  }, 90_000);
});
