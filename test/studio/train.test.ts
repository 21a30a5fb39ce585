import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EpochRecord } from '../../src/train/types.js';
import { axisOver, meansOver, smoothed } from '../../studio/train/curve-scale.js';
import { createHold } from '../../studio/train/hold.js';
import { plexus } from '../cli/harness.js';
import { axeFindings } from './axe.js';
import { hasBrowser, openPage, openStudio, type Opened, type Studio } from './browser.js';

describe('axes and curves', () => {
  it.each([
    [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [37.2, 91.4, [20, 40, 60, 80, 100]],
    [2.301, 2.304, [2.301, 2.302, 2.303, 2.304]],
    [5, 5, [5, 6]],
  ])('marks %d to %d roundly', (least, most, ticks) => {
    const axis = axisOver(least, most);
    expect(axis.ticks).toEqual(ticks);
    expect(axis.least).toBeLessThanOrEqual(least);
    expect(axis.most).toBeGreaterThanOrEqual(most);
  });

  it('takes means of stretches, and forgets slowly', () => {
    expect(meansOver([1, 3, 5, 7, 9], 2)).toEqual([2, 6, 9]);
    expect(smoothed([4, 4, 4], 7)).toEqual([4, 4, 4]);
    expect(smoothed([0, 3], 1)).toEqual([0, 3]);
    expect(smoothed([0, 3], 2)[1]).toBeCloseTo(2, 12);
  });
});

describe('a training that is held', () => {
  const run = async (orders: (hold: ReturnType<typeof createHold>) => void): Promise<string[]> => {
    const events: string[] = [];
    const hold = createHold(() => events.push('held'));
    orders(hold);
    void (async () => {
      await hold.start();
      for (let epoch = 1; epoch <= 2; epoch++) {
        for (let step = 1; step <= 2; step++) {
          events.push(`${epoch}.${step}`);
          await hold.step(step === 2);
        }
        events.push(`epoch ${epoch}`);
        await hold.epoch();
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 5));
    return events;
  };

  it('waits before the first update, and goes as far as it is told', async () => {
    expect(await run(() => undefined)).toEqual(['held']);
    expect(await run((hold) => hold.go('step'))).toEqual(['1.1', 'held']);
    expect(await run((hold) => hold.go('epoch'))).toEqual(['1.1', '1.2', 'epoch 1', 'held']);
    expect(await run((hold) => hold.go('end'))).toEqual([
      '1.1',
      '1.2',
      'epoch 1',
      '2.1',
      '2.2',
      'epoch 2',
    ]);
  });

  it('evaluates before it waits where a step ends an epoch', async () => {
    const events = await run((hold) => {
      hold.go('step');
      setTimeout(() => hold.go('step'), 1);
    });
    expect(events).toEqual(['1.1', 'held', '1.2', 'epoch 1', 'held']);
  });
});

/** What a button puts on the clipboard. */
async function copied({ page }: Opened, name: string, at = 0): Promise<string> {
  await page.getByRole('button', { name }).nth(at).click();
  return page.evaluate<string>('navigator.clipboard.readText()');
}

const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };
const SMALL = 'images=128&tests=100&batch=16';

describe.skipIf(!hasBrowser)('the page Train', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(async () => {
    await studio.close();
  });

  it('trains to the bits of the command that is copied', async () => {
    const hash = `#train?v=1&graph=ws-flex:n=16,k=4,p=0.2,seed=1&${SMALL}&epochs=2&play=1`;
    const opened = await openPage(studio, hash, CLIPBOARD);
    const { page, faults, close } = opened;
    const trained = page.locator('.side .progress').filter({ hasText: /trained/ });
    await trained.nth(1).waitFor();
    for (const [at, button] of ['this graph’s', 'those beside it'].entries()) {
      const command = await copied(opened, 'Copy the command that trains', at);
      expect(command).toMatch(/^npx plexus train --graph \S+ .*--backend wasm$/);
      const { status, out } = await plexus([...command.split(' ').slice(2), '--json']);
      expect(status).toBe(0);
      const lines = out.split('\n').map((line) => JSON.parse(line) as EpochRecord);
      const here = await copied(opened, `Copy ${button}`);
      expect(here.split('\n').map((line) => JSON.parse(line) as EpochRecord)).toEqual(
        lines.slice(0, -1),
      );
      expect(lines[1]!.testError).toBeLessThan(100);
    }
    expect(faults).toEqual([]);
    await close();
  });

  it('goes by steps and epochs, pauses, and begins anew with other settings', async () => {
    const { page, faults, close } = await openPage(
      studio,
      `#train?v=1&graph=star:n=8&against=ring-lattice:n=8,k=2&${SMALL}`,
    );
    const both = (text: RegExp) =>
      page.locator('.side .progress').filter({ hasText: text }).nth(1).waitFor();
    await both(/not begun/);
    await page.getByRole('button', { name: 'One step' }).click();
    await both(/paused: epoch 1 of 10, update 1$/);
    await page.getByRole('button', { name: 'One epoch' }).click();
    await both(/paused: epoch 2 of 10, update 8$/);
    expect(await page.locator('.epochs tbody tr').count()).toBe(1);
    await page.getByRole('button', { name: 'Play' }).click();
    await both(/training|trained/);
    expect(page.url()).toContain('play=1');
    await page.getByRole('button', { name: 'Pause' }).click();
    await both(/paused|trained/);
    await page.getByLabel('epochs', { exact: true }).fill('1');
    await page.keyboard.press('Enter');
    await both(/not begun/);
    await page.getByLabel('Spec of the graph beside').fill('complete:n=');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'parameter n must be' }).waitFor();
    await page.getByLabel('Spec of the graph beside').fill('');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Play' }).click();
    await both(/trained/);
    expect(page.url()).not.toContain('against');
    expect(faults).toEqual([]);
    await close();
  });

  it('says why a network is not trained', async () => {
    const { page, close } = await openPage(
      studio,
      '#train?v=1&graph=chordal-cycle:n=601&against=complete:n=8&images=20&batch=32&play=1',
    );
    const card = page.locator('.side .error');
    await card.filter({ hasText: /nodes|budget/ }).waitFor();
    await card
      .filter({ hasText: /must fill at least one batch of 32 images, it has 20/ })
      .waitFor();
    await close();
  });

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)(
    'has nothing that axe finds fault with at %i pixels, %s',
    async (width, colorScheme) => {
      const viewport = { width, height: 844 };
      const hash = `#train?v=1&graph=star:n=8&${SMALL}&epochs=1&play=1`;
      const { page, close } = await openPage(studio, hash, { viewport, colorScheme });
      await page.locator('.epochs tbody tr').first().waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
        width,
      );
      await close();
    },
  );
});
