import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plexus } from '../cli/harness.js';
import { faultsInEveryLook } from './axe.js';
import { hasBrowser, openPage, openStudio, type Studio } from './browser.js';

const SMALL = 'images=32&tests=20&batch=16';
const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };

interface Printed {
  readonly codes: readonly {
    readonly error: number;
    readonly figures: { readonly effectiveMacs: number; readonly effectiveAcs: number };
    readonly energy: Readonly<Record<string, number>>;
    readonly traffic: {
      readonly packets: number;
      readonly hops: number;
      readonly unicastHops: number;
    };
  }[];
}

describe.skipIf(!hasBrowser)('a trained network, run event by event', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it('comes to the numbers of `spike run`, on its mesh', async () => {
    const graph = 'ws-flex:n=16,k=4,p=0.2,seed=1';
    const hash = `#train?v=1&graph=${graph}&${SMALL}&epochs=1&play=1&events=1`;
    const { page, faults, close } = await openPage(studio, hash, CLIPBOARD);
    const rows = page.locator('.events .scroll tbody tr');
    await rows.nth(4).waitFor({ timeout: 40_000 });
    await page.locator('.events [role=status]').waitFor({ state: 'detached' });
    const shown = await Promise.all(
      (await rows.all()).map(async (row) => (await row.locator('td').allTextContents()).slice(0)),
    );

    await page.getByRole('button', { name: 'Copy the commands that print this' }).click();
    const command = await page.evaluate<string>('navigator.clipboard.readText()');
    const directory = mkdtempSync(join(tmpdir(), 'plexus-events-'));
    const file = join(directory, 'trained.safetensors');
    let out = '';
    for (const line of command.replaceAll('trained.safetensors', file).split(' && ')) {
      const spike = line.includes('spike run') ? ['--json', '--workers', '1'] : [];
      const ran = await plexus([...line.split(' ').slice(2), ...spike]);
      expect(ran.status).toBe(0);
      ({ out } = ran);
    }
    rmSync(directory, { recursive: true });
    const { codes } = JSON.parse(out) as Printed;
    const whole = (value: number): string =>
      String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
    expect(shown).toHaveLength(codes.length);
    for (const [at, { error, figures, energy, traffic }] of codes.entries()) {
      const [said, , , operations, nanojoules, packets, hops, unicast] = shown[at]!;
      expect(said).toBe(error.toFixed(2));
      expect([operations, nanojoules, packets, hops, unicast]).toEqual(
        [
          figures.effectiveMacs + figures.effectiveAcs,
          energy['45 nm CMOS']!,
          traffic.packets,
          traffic.hops,
          traffic.unicastHops,
        ].map(whole),
      );
    }

    expect(await page.locator('.mesh text').count()).toBe(16);
    await page.getByRole('button', { name: 'rate:16' }).click();
    await page.getByRole('img', { name: /^rate:16: 16 nodes on 8 x 8 cores; node/ }).waitFor();
    await page.getByText('estimates for comparison only').waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await page.getByRole('button', { name: 'Put away' }).click();
    expect(page.url()).not.toContain('events=1');
    expect(await rows.count()).toBe(0);
    expect(faults).toEqual([]);
    await close();
  });
});
