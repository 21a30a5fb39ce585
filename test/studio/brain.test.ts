import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpError } from '../../src/server/answers.js';
import { connectomeAnswer } from '../../src/server/connectomes.js';
import { nullEnsemble } from '../../src/graph/ensemble.js';
import { graphMeasure } from '../../src/graph/measures/registry.js';
import { buildGraph, parseGraphSpec } from '../../src/graph/spec.js';
import { fixed } from '../../src/analysis/text.js';
import { faultsInEveryLook } from './axe.js';
import { hasBrowser, openPage, openStudio, type Studio } from './browser.js';

let empty: string;
beforeAll(() => {
  empty = mkdtempSync(join(tmpdir(), 'plexus-brain-'));
});
afterAll(() => rmSync(empty, { recursive: true }));

describe('connectomes of the server', () => {
  it('are refused by name, form, or where the file is not there', () => {
    const env = { PLEXUS_DATA: empty, XDG_CACHE_HOME: empty, HOME: empty };
    expect(() => connectomeAnswer('dog', null, env)).toThrow(HttpError);
    expect(() => connectomeAnswer('../cat', null, env)).toThrow(HttpError);
    expect(() => connectomeAnswer('cat', 'maybe', env)).toThrow('directed must be true or false');
    expect(() => connectomeAnswer('cat', 'true', env)).toThrow('plexus data get connectomes');
  });
});

const LINE = 'ws-flex:n=32,k=6,p=0.1,seed=2';
const VIEW = `#brain?v=1&graph=${LINE}&nulls=30`;

describe.skipIf(!hasBrowser)('the page Brain', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it('sets a graph beside its random graphs, as the command does', async () => {
    const { page, faults, close } = await openPage(studio, VIEW);
    const rows = page.locator('.nulls tbody tr');
    await rows.first().waitFor();
    const { measures } = nullEnsemble(buildGraph(parseGraphSpec(LINE)), {
      null: 'degree',
      count: 30,
    });
    const told = await rows.allTextContents();
    expect(told).toHaveLength(measures.length);
    for (const [at, { name, value, mean, std, z }] of measures.entries()) {
      expect(told[at]).toContain(graphMeasure(name).title);
      for (const number of [fixed(value, 4), `${fixed(mean, 4)} ± ${fixed(std, 4)}`, fixed(z, 1)])
        expect(told[at]).toContain(number);
    }
    expect(await page.locator('.nulls code').textContent()).toBe(
      `npx plexus graph nulls ${LINE} --null degree --count 30`,
    );
    await page.getByLabel('Edges', { exact: true }).check();
    await page.locator('.nulls').getByText('Given its nodes and edges').waitFor();
    expect(page.url()).toContain('null=edges');
    await page.goBack();
    await page.locator('.nulls').getByText('Given its degrees').waitFor();
    // Not for a graph without directions.
    await page.getByLabel('Degrees, mutual').check();
    await page
      .locator('.nulls [role=alert]')
      .filter({ hasText: /directed/ })
      .waitFor();
    await page.getByRole('button', { name: 'Take this graph' }).click();
    expect(page.url()).toContain('seed=12');
    expect(faults).toEqual([]);
    await close();
  });

  it('says how connectomes are come by where there are none', async () => {
    const { page, close } = await openPage(studio, VIEW);
    await page.getByRole('button', { name: 'cat', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'npx plexus data get connectomes' }).waitFor();
    expect(page.url()).toContain('ws-flex');
    await close();
  });

  it('has nothing that axe finds fault with, wide and narrow', { tags: ['long'] }, async () => {
    const { page, close } = await openPage(studio, VIEW);
    await page.locator('.nulls tbody tr').first().waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await close();
  });
});
