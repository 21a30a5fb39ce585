import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measure } from '../../src/graph/measures/basic.js';
import { buildGraph, parseGraphSpec } from '../../src/graph/spec.js';
import { encodeView } from '../../studio/state/codec.js';
import { LONG } from '../long.js';
import { anyView, graphOf } from './arbitrary.js';
import { faultsInEveryLook } from './axe.js';
import { hasBrowser, openPage, openStudio, type Studio } from './browser.js';

const spec = '[aria-label="The graph"] .spec input';
const number = (name: string): string => `.numbers .${name} .number`;

describe.skipIf(!hasBrowser)('the page Explore', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(async () => {
    await studio.close();
  });

  it('shows a graph with its numbers and follows its parameters; Undo goes back', async () => {
    const { page, faults, close } = await openPage(studio);
    await page.locator(number('clustering')).filter({ hasText: '0.4919' }).waitFor();
    expect(await page.locator(number('pathLength')).textContent()).toBe('2.7346');
    await page.getByRole('spinbutton', { name: 'k' }).fill('16');
    await page.keyboard.press('Tab');
    await page.locator(number('edges')).filter({ hasText: '512' }).waitFor();
    expect(page.url()).toContain('#explore?v=1&graph=ws-flex:n=64,k=16,p=0.1,seed=3');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator(number('edges')).filter({ hasText: '256' }).waitFor();
    await page.goForward();
    await page.locator(number('edges')).filter({ hasText: '512' }).waitFor();
    await page.locator('.measure-list .number').filter({ hasText: /\d/ }).first().waitFor();
    await page.locator(spec).fill('star:n=9');
    await page.keyboard.press('Enter');
    await page.locator(number('edges')).filter({ hasText: /^8$/ }).waitFor();
    await page.locator(spec).fill('star:n=');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('alert').first().textContent()).toMatch(/parameter n must be/);
    await page.getByLabel('Family').selectOption('hypercube');
    await page.locator('.controls .error').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await close();
  });

  it('finds the nearest graph while a point is dragged over the plane', async () => {
    const { page, faults, close } = await openPage(studio);
    await page.locator('.legend').filter({ hasText: '3942 published' }).waitFor();
    const area = (await page.locator('.plane-area').boundingBox())!;
    const at = (c: number, l: number): [number, number] => [
      area.x + 40 + c * (area.width - 54),
      area.y + area.height - 38 - ((l - 1) / 3.6) * (area.height - 50),
    ];
    await page.mouse.move(...at(0.4919, 2.7346));
    await page.mouse.down();
    await page.mouse.move(...at(0.4, 2.4), { steps: 4 });
    await page.waitForURL(({ hash }) => hash.includes('k=') && !hash.includes('k=8,p=0.1'));
    const c = async (): Promise<number> =>
      Number(await page.locator(number('clustering')).textContent());
    expect(Math.abs((await c()) - 0.4)).toBeLessThan(0.02);
    await page.mouse.up();
    await page.locator('.search code').waitFor();
    expect(Math.abs((await c()) - 0.4)).toBeLessThan(0.005);
    expect(await page.locator('.search code').textContent()).toMatch(
      /^npx plexus graph find --clustering 0\.\d+ --path-length 2\.\d+ --nodes 64$/,
    );
    // The whole drag is one step.
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator(number('clustering')).filter({ hasText: '0.4919' }).waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  it('can be walked by the keyboard alone', async () => {
    const { page, close } = await openPage(studio);
    await page.locator('.legend').filter({ hasText: '3942 published' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the page');
    await page.keyboard.press('Enter');
    expect(page.url()).not.toContain('#main');
    const seen = new Set<string>();
    for (let i = 0; i < 60 && !seen.has('handle'); i++) {
      await page.keyboard.press('Tab');
      seen.add((await page.locator(':focus').getAttribute('class')) ?? '');
    }
    expect(seen).toContain('handle');
    const c = async (): Promise<number> =>
      Number(await page.locator(number('clustering')).textContent());
    const [before, length] = [await c(), await page.locator(number('pathLength')).textContent()];
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(({ hash }) => hash.includes('k=') && !hash.includes('k=8,p=0.1'));
    expect(await c()).toBeGreaterThan(before);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Shift+ArrowUp');
    expect(await page.locator('[role=status]').textContent()).toMatch(/^C 0\.\d+, L \d\.\d+$/);
    expect(await page.locator(number('pathLength')).textContent()).not.toBe(length);
    await page.keyboard.press('Control+z');
    // What a number means is told where the keyboard is, and goes with Escape.
    await page.locator('.numbers .clustering .term-word').focus();
    const tip = page.locator('.numbers .clustering [role=tooltip]');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    expect(await tip.isVisible()).toBe(true);
    expect(await tip.textContent()).toMatch(/^Average clustering coefficient C: mean over nodes/);
    await page.keyboard.press('Escape');
    expect(await tip.isVisible()).toBe(false);
    await close();
  });

  it('opens graph files, says what is wrong with others, and keeps the graph in the link', async () => {
    const { page, faults, close } = await openPage(studio);
    const drop = (name: string, text: string | Buffer): Promise<void> =>
      page
        .locator('.open-file input')
        .setInputFiles({ name, mimeType: '', buffer: Buffer.from(text) });
    const said = page.locator('.controls [role=alert]');
    for (const [name, text, problem] of [
      ['bad.graphml', '<graphml><graph', /bad\.graphml, line 1/],
      ['bad.gml', 'graph [ node [ id 0 ]', /bad\.gml, line/],
      ['bad.g6', '\x00\x01', /bad\.g6/],
      ['bad.json', '{"nodes": [', /bad\.json, line/],
      ['bad.npy', 'not numpy', /bad\.npy/],
      ['bad.mtx', '%%MatrixMarket x', /bad\.mtx, line/],
      ['bad.mat', 'MATLAB 5.0', /a browser does not unfold/],
      ['bad.csv', 'a,b\n1,<img src=x onerror=alert(1)>,3,4\n', /bad\.csv/],
      ['weights.csv', 'a,b,0.5\nb,c,0.2\n', /weight/],
    ] as const) {
      await drop(name, text);
      await said.filter({ hasText: problem }).waitFor();
    }
    await page.getByLabel('Take edges of at least this weight').fill('0.3');
    await page.keyboard.press('Enter');
    await page.locator(number('edges')).filter({ hasText: /^1$/ }).waitFor();
    await drop('square.edges', '0 1\n1 2\n2 3\n3 0\n0 0\n');
    await page.locator(number('edges')).filter({ hasText: /^4$/ }).waitFor();
    expect(await page.locator('.controls').textContent()).toContain('left out: 1 self loops');
    expect(page.url()).toMatch(/name=square\.edges&own=/);
    await page.reload();
    await page.locator(number('edges')).filter({ hasText: /^4$/ }).waitFor();
    expect(await page.locator('.own-name').textContent()).toContain('square.edges');
    expect(faults).toEqual([]);
    await close();
  });

  it('exports picture, graph and view', async () => {
    const { page, close } = await openPage(studio, '#explore?v=1&graph=hypercube:d=3');
    for (const [item, name, start] of [
      ['Picture as PNG', 'hypercube_d=3.png', '\x89PNG'],
      ['Picture as SVG', 'hypercube_d=3.svg', '<svg xmlns="http://www.w3.org/2000/svg"'],
      ['Graph as GraphML', 'hypercube_d=3.graphml', '<?xml'],
      ['Spec as text', 'hypercube_d=3.txt', 'hypercube:d=3'],
      ['This view as a file', 'hypercube_d=3.plexus-view.json', '{\n "kind": "plexus-view"'],
    ] as const) {
      await page.getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: item }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(name);
      expect(readFileSync((await download.path())!, 'latin1').slice(0, start.length)).toBe(start);
    }
    await close();
  });

  it('says what it does not understand of a link, and leaves the link as it is', async () => {
    const hash = '#explore?v=1&graph=wss:n=4&layout=matrix';
    const { page, close } = await openPage(studio, hash);
    await page.locator('.problems li').filter({ hasText: 'unknown graph family "wss"' }).waitFor();
    expect(new URL(page.url()).hash).toBe(hash);
    expect(await page.getByRole('radio', { name: 'Matrix' }).isChecked()).toBe(true);
    await page.getByRole('radio', { name: 'Ring' }).check();
    await page.locator('.problems').waitFor({ state: 'detached' });
    await page.goBack();
    await page.locator('.problems').waitFor();
    expect(new URL(page.url()).hash).toBe(hash);
    await close();
  });

  it('takes an expensive measure back when it is told to', async () => {
    const { page, close } = await openPage(studio, '#explore?v=1&graph=gnp:n=700,p=0.5');
    await page.getByRole('button', { name: /^Measure the 8 slow/ }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: /^Measure the 8 slow/ }).waitFor();
    await close();
  });

  it('shows random views as their links say, and says the same when they are opened again', async () => {
    const views = fc.sample(anyView, { numRuns: LONG ? 100 : 6, seed: 5 });
    const { page, faults, close } = await openPage(studio);
    for (const view of views) {
      const hash = encodeView({ ...view, page: 'explore' })!;
      await page.goto(`${studio.server.url}${hash}`);
      const { nodes, edges, clustering } = measure(graphOf(view.graph));
      await page
        .locator(number('edges'))
        .filter({ hasText: new RegExp(`^${edges}$`) })
        .waitFor();
      expect(await page.locator(number('nodes')).textContent()).toBe(String(nodes));
      expect(await page.locator(number('clustering')).textContent()).toBe(clustering.toFixed(4));
      expect(new URL(page.url()).hash).toBe(hash);
      const pixels = `document.querySelector('.picture canvas').toDataURL()`;
      if (view.layout === 'forces' || view.layout === 'communities') continue;
      const before = await page.evaluate(pixels);
      await page.reload();
      await page
        .locator(number('edges'))
        .filter({ hasText: new RegExp(`^${edges}$`) })
        .waitFor();
      expect((await page.evaluate(pixels)) === before).toBe(true);
    }
    expect(faults).toEqual([]);
    await close();
  }, 60_000);

  it('has nothing that axe finds fault with, wide and narrow', { tags: ['long'] }, async () => {
    const { page, close } = await openPage(studio);
    await page.locator('.measures').waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await close();
  });
});

describe('the graph that the studio begins with', () => {
  it('is the one of the README', () => {
    const graph = buildGraph(parseGraphSpec('ws-flex:n=64,k=8,p=0.1,seed=3'));
    expect(measure(graph).clustering.toFixed(4)).toBe('0.4919');
  });
});
