import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nullEnsemble } from '../../src/graph/ensemble.js';
import { parseGraphSpec } from '../../src/graph/spec.js';
import type { Graph, GraphSpec } from '../../src/graph/types.js';
import { designNetwork } from '../../src/network/design.js';
import { communityPlaces } from '../../studio/explore/community-places.js';
import { GALLERY } from '../../studio/gallery/links.js';
import { decodeView, encodeView } from '../../studio/state/codec.js';
import type { GraphChoice } from '../../studio/state/types.js';
import { reachOf, roundsOf } from '../../studio/network/rounds.js';
import { PUBLISHED_MLP } from '../../src/analysis/published-mlp.js';
import { graphOf } from './arbitrary.js';
import { faultsInEveryLook } from './axe.js';
import { hasBrowser, openPage, openStudio, type Studio } from './browser.js';

describe('the gallery', () => {
  it('has sixteen links, each understood in full and written as the studio writes it', () => {
    expect(GALLERY).toHaveLength(16);
    for (const { link } of GALLERY) {
      const { view, problems } = decodeView(link);
      expect(problems, link).toEqual([]);
      expect(encodeView(view)).toBe(link);
    }
  });

  it('says what is so', () => {
    const graphIn = (title: string): Graph =>
      graphOf(decodeView(GALLERY.find((entry) => entry.title === title)!.link).view.graph);
    const reached = (title: string): number => {
      const { view } = decodeView(GALLERY.find((entry) => entry.title === title)!.link);
      const rounds = roundsOf(
        designNetwork({ arch: view.arch, graph: sourceOf(view.graph) }).network,
      );
      expect(rounds).toHaveLength(3);
      return reachOf(rounds, view.node!, view.rounds)
        .at(-1)!
        .reduce((sum, is) => sum + is, 0);
    };
    expect(reached('Too sparse to hear')).toBe(7);
    expect(reached('A cube of six dimensions')).toBe(42);
    expect(reached('Shortcuts')).toBe(54);
    expect(reached('Turned in every layer')).toBe(64);
    const ring = decodeView('#network?v=1&graph=ws-flex:n=64,k=6,p=0,seed=1').view.graph;
    const rings = roundsOf(designNetwork({ arch: 'mlp', graph: graphOf(ring) }).network);
    expect(
      reachOf(rings, 0, 3)
        .at(-1)!
        .filter((is) => is === 1),
    ).toHaveLength(19);
    expect(communityPlaces(graphIn('Modules of modules'))?.counts).toEqual([4, 8]);
    const degrees = Array.from({ length: 64 }, (_, node) => {
      const { offsets } = graphIn('Hubs');
      return offsets[node + 1]! - offsets[node]!;
    }).sort((a, b) => b - a);
    expect(degrees.slice(0, 2)).toEqual([19, 17]);
    expect([degrees[31], degrees[63]]).toEqual([3, 2]);
    const nulls = { null: 'degree', count: 20 } as const;
    const small = nullEnsemble(graphIn('A small world against its null'), nulls).smallWorld!;
    expect(small.clustering).toBeCloseTo(4.8, 0);
    expect(small.pathLength).toBeCloseTo(1.25, 1);
    const modules = nullEnsemble(graphIn('A brain against chance'), {
      null: 'degree',
      count: 200,
      measures: ['modularity'],
    }).measures[0]!;
    expect(modules.value).toBeGreaterThan(Math.max(...modules.nulls));
    const best = PUBLISHED_MLP.reduce((least, each) => (each[3] < least[3] ? each : least));
    expect(GALLERY.find(({ title }) => title === 'The sweet spot')!.link).toContain(best[0]);
  });
});

/** What a network is made on: a graph, or the spec of several. */
const sourceOf = (choice: GraphChoice): Graph | GraphSpec =>
  choice.kind === 'own' ? choice.graph : parseGraphSpec(choice.line);

/** What must be on the page of each view. */
const SHOWN = {
  explore: '.plane-area',
  network: '.layers tbody tr',
  train: '.transport',
  brain: '.nulls tbody tr',
} as const;

describe.skipIf(!hasBrowser)('the page Gallery', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it('leads to every view, and back', async () => {
    const { page, faults, close } = await openPage(studio, '#gallery?v=1');
    for (const { title, link } of GALLERY) {
      await page.getByRole('link', { name: title }).click();
      const { page: name } = decodeView(link).view;
      await page
        .locator(SHOWN[name as keyof typeof SHOWN])
        .first()
        .waitFor();
      expect(page.url().split('#')[1]).toBe(link.slice(1));
      expect(await page.locator('.problems, main [role=alert]').count()).toBe(0);
      await page.goBack();
      await page.getByRole('heading', { name: 'Gallery' }).waitFor();
    }
    expect(faults).toEqual([]);
    await close();
  });

  it('has nothing that axe finds fault with, wide and narrow', { tags: ['long'] }, async () => {
    const { page, close } = await openPage(studio, '#gallery?v=1');
    await page.getByRole('link', { name: 'Hubs' }).waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await close();
  });
});
