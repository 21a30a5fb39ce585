import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphMeasure } from '../../src/graph/measures/registry.js';
import { buildGraph, parseGraphSpec } from '../../src/graph/spec.js';
import { communityPlaces } from '../../studio/explore/community-places.js';
import { faultsInEveryLook } from './axe.js';
import { hasBrowser, openPage, openStudio, type Studio } from './browser.js';
import { plexus } from '../cli/harness.js';

const MODULES =
  'hierarchical:outer=(complete:n=4),inner=(hierarchical:outer=(complete:n=2),' +
  'inner=(complete:n=8),bridge=random,bridges=12),bridge=random,bridges=4';
const RING = 'ws-flex:n=64,k=6,p=0';
const TURNED = `sequence:per=layer,graphs=(${RING})(permuted:of=(${RING}),seed=2)(permuted:of=(${RING}),seed=3)`;

describe('nodes placed by levels of communities', () => {
  it.each([MODULES, 'stochastic-block:sizes=20-20-24,inside=0.6,between=0.03,seed=1', RING])(
    'have as many levels as the measure counts, and each a place of its own: %s',
    (line) => {
      const graph = buildGraph(parseGraphSpec(line));
      const { places, labels, counts } = communityPlaces(graph)!;
      expect(counts).toHaveLength(
        Number(graphMeasure('communityLevels').compute(graph, { seed: 1, references: 10 })),
      );
      expect(new Set(labels).size).toBe(counts[0] ?? 1);
      const spots = [...places.x].map((x, node) => [x, places.y[node]!] as const);
      for (const [x, y] of spots) expect(Math.hypot(x - 0.5, y - 0.5)).toBeLessThanOrEqual(0.5001);
      const apart = spots.flatMap(([x, y], at) =>
        spots.slice(at + 1).map(([u, v]) => Math.hypot(x - u, y - v)),
      );
      expect(Math.min(...apart)).toBeGreaterThan(0.005);
    },
  );

  it('are none of a directed graph', () => {
    const directed = { ...buildGraph(parseGraphSpec(RING)), directed: true };
    expect(communityPlaces(directed)).toBeNull();
  });
});

describe.skipIf(!hasBrowser)('hierarchy in the studio', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it('shows levels of communities in Explore', async () => {
    const { page, faults, close } = await openPage(studio, `#explore?v=1&graph=${MODULES}`);
    await page.getByLabel('Communities').check();
    await page.getByText('2 levels of communities: 4, then 8.').waitFor();
    expect(page.url()).toContain('layout=communities');
    await page.goto(`${studio.server.url}#explore?v=1&graph=star:n=16&layout=communities`);
    await page.getByText('No communities beyond those of random graphs').waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  it('tells of a sequence how far messages get, round by round, as the command does', async () => {
    const { page, faults, close } = await openPage(studio, `#network?v=1&graph=${TURNED}&node=0`);
    const { out } = await plexus(['network', 'show', '--graph', TURNED, '--json']);
    const { temporal } = JSON.parse(out) as { temporal: { reach: number[]; pathLength: number } };
    const numbers = page.locator('.reach .number');
    await numbers.nth(1).waitFor();
    expect(await numbers.allTextContents()).toEqual([
      temporal.reach.map((share) => `${(100 * share).toFixed(1)} %`).join(', '),
      temporal.pathLength.toFixed(2),
    ]);
    await page.getByText('A sequence of 3 graphs, one for each layer').waitFor();
    await page.locator('.follow input[type=range]').fill('3');
    await page
      .locator('.follow [role=status]')
      .filter({ hasText: 'has reached 64 of 64' })
      .waitFor();
    await page.goto(`${studio.server.url}#explore?v=1&graph=${TURNED}`);
    await page.locator('.numbers .clustering .number').filter({ hasText: '0.6000' }).waitFor();
    expect(await page.locator('main [role=alert]').count()).toBe(0);
    expect(faults).toEqual([]);
    await close();
  });
});
