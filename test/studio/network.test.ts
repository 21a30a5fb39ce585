import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGraph, parseGraphSpec } from '../../src/graph/spec.js';
import { architectures } from '../../src/network/architectures/registry.js';
import { designNetwork } from '../../src/network/design.js';
import { reachOf, type Round, roundsOf, spansOf } from '../../studio/network/rounds.js';
import { LONG } from '../long.js';
import { faultsInEveryLook } from './axe.js';
import { hasBrowser, openPage, openStudio, type Studio } from './browser.js';

const LINE = 'ws-flex:n=16,k=4,p=0.2,seed=1';

function rounds(arch: string, line = LINE): Round[] {
  const { baselineWidths } = architectures.find(({ name }) => name === arch)!;
  return roundsOf(
    designNetwork({ arch, graph: parseGraphSpec(line), widths: baselineWidths }).network,
  );
}

describe('rounds of a network', () => {
  it.each(architectures.map((arch) => [arch.name, arch.relationalStages] as const))(
    '%s: as many as the architecture says, stage by stage',
    (name, stages) => {
      const all = rounds(name);
      expect(all.length).toBe(stages.reduce((sum, count) => sum + count, 0));
      const folded = spansOf(all, []);
      expect(folded.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
      if (all.length > 12) expect(folded.map(({ count }) => count)).toEqual([...stages]);
      expect(spansOf(all, [1, 2, 3, 4, 5, 6, 7, 8, 9])).toHaveLength(all.length);
    },
  );

  it('reach what lies so many steps away', () => {
    const all = rounds('resnet34');
    const { offsets, targets } = buildGraph(parseGraphSpec(LINE));
    let reached = new Set([3]);
    for (const set of reachOf(all, 3, 5)) {
      expect([...set.keys()].filter((node) => set[node] === 1)).toEqual(
        [...reached].sort((a, b) => a - b),
      );
      const near = [...reached].flatMap((node) => [
        ...targets.subarray(offsets[node], offsets[node + 1]),
      ]);
      reached = new Set([...reached, ...near]);
    }
  });

  it('follow directions: who listens is reached', () => {
    const graph = { ...buildGraph(parseGraphSpec('empty:n=3')) };
    const network = designNetwork({ arch: 'mlp', graph, widths: [512] }).network;
    expect(reachOf(roundsOf(network), 1, 3).at(-1)).toEqual(Uint8Array.of(0, 1, 0));
  });

  it('go over to other nodes by the channels that they hold', () => {
    const line = `sequence:per=layer,graphs=(complete:n=4)(empty:n=8)(empty:n=2)`;
    const reached = reachOf(rounds('mlp', line), 0, 3);
    expect(reached.map((set) => set.reduce((sum, is) => sum + is, 0))).toEqual([1, 4, 8, 2]);
  });
});

describe.skipIf(!hasBrowser)('the page Network', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(async () => {
    await studio.close();
  });

  it('shows rounds, budget and layers as the command prints them, and follows a message', async () => {
    const { page, faults, close } = await openPage(studio);
    const link = page.getByRole('link', { name: 'Network' });
    const [beside] = await Promise.all([
      page.context().waitForEvent('page'),
      link.click({ modifiers: ['Control'] }),
    ]);
    await beside.locator('.facts').filter({ hasText: '1539' }).waitFor();
    await beside.close();
    await link.click();
    await page.locator('.facts').filter({ hasText: '1539' }).waitFor();
    expect(await page.locator('.budget').textContent()).toContain('2,365,320 MACs');
    expect(await page.locator('.budget').textContent()).toContain('+0.04 %');
    expect(await page.locator('.layers tbody tr').count()).toBe(14);
    expect(await page.locator('.budget code').textContent()).toBe(
      'npx plexus network show --arch mlp --graph ws-flex:n=64,k=8,p=0.1,seed=3',
    );
    await page.getByRole('spinbutton', { name: 'Node' }).fill('5');
    const { offsets } = buildGraph(parseGraphSpec('ws-flex:n=64,k=8,p=0.1,seed=3'));
    const heard = String(1 + offsets[6]! - offsets[5]!);
    await page.locator('.follow strong').filter({ hasText: heard }).waitFor();
    await page.getByLabel('after').fill('2');
    await page.locator('.follow strong').filter({ hasText: '30' }).waitFor();
    await page.getByLabel('Architecture').selectOption('resnet34');
    await page.locator('.panel h2').filter({ hasText: '32 rounds' }).waitFor();
    await page.getByLabel('s3 (8)').check();
    expect(page.url()).toContain('arch=resnet34&unfolded=2');
    await page.goBack();
    await page.goBack();
    await page.locator('.panel h2').filter({ hasText: '3 rounds' }).waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  it('lays out every architecture', async () => {
    const { page, faults, close } = await openPage(studio, '#network?v=1&graph=gnp:n=16,p=0.3');
    for (const { name, relationalStages } of LONG ? architectures : architectures.slice(0, 2)) {
      const count = relationalStages.reduce((sum, each) => sum + each, 0);
      await page.getByLabel('Architecture').selectOption(name);
      await page
        .locator('.panel h2')
        .filter({ hasText: `${count} rounds` })
        .waitFor();
    }
    expect(faults).toEqual([]);
    await close();
  });

  it('says why a graph makes no network', async () => {
    const { page, close } = await openPage(studio, '#network?v=1&graph=chordal-cycle:n=601');
    await page
      .getByRole('alert')
      .filter({ hasText: /nodes|budget/ })
      .waitFor();
    await close();
  });

  it('has nothing that axe finds fault with, wide and narrow', { tags: ['long'] }, async () => {
    const { page, close } = await openPage(studio, '#network?v=1&node=5&rounds=2&arch=resnet34');
    await page.locator('.layers tbody tr').first().waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await close();
  });
});
