import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memorySource } from '../../src/data/memory-source.js';
import { shapesDataset } from '../../src/data/shapes.js';
import { shippedWasmBackend } from '../../src/engine-native/backends.js';
import { compile } from '../../src/engine/compile.js';
import { initialise } from '../../src/engine/initialise.js';
import { readWeights } from '../../src/engine/weights.js';
import { parseGraphSpec } from '../../src/graph/spec.js';
import { designNetwork } from '../../src/network/design.js';
import { evaluateSplit } from '../../src/train-files/evaluate.js';
import type { EpochRecord } from '../../src/train/types.js';
import { axisOver, meansOver, smoothed } from '../../studio/train/curve-scale.js';
import { createHold } from '../../studio/train/hold.js';
import { lookAt } from '../../studio/train/look.js';
import { plexus } from '../cli/harness.js';
import { faultsInEveryLook } from './axe.js';
import { hasBrowser, openPage, openStudio, type Opened, type Studio } from './browser.js';

describe('axes and curves', () => {
  it.each([
    [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [37.2, 91.4, [20, 40, 60, 80, 100]],
    [1.101, 1.104, [1.101, 1.102, 1.103, 1.104]],
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

describe('a look at nodes', () => {
  const train = async (arch: string) => {
    const dataset = {
      ...shapesDataset({ train: 32, test: 40, size: 16, seed: 1 }),
      name: 'shapes',
      identity: '',
    };
    const graph = parseGraphSpec('ws-flex:n=8,k=4,p=0.2,seed=1');
    const { shape: input } = dataset;
    const widths = arch === 'mlp' ? [27] : [9, 12, 10];
    const { network } = designNetwork({ arch, graph, input, classes: 10, widths });
    const executable = await shippedWasmBackend().prepare(compile(network, { batch: 16 }));
    initialise(executable, 1, 'published');
    const source = memorySource(dataset, { batch: 16, seed: 1, augment: true });
    for await (const batch of source.train(0)) {
      executable.inputImages(batch);
      executable.dispatch('step', { learningRate: 0.1, momentum: 0.9, weightDecay: 0 });
    }
    return { executable, source, dataset, network };
  };

  it.each(['mlp', 'cnn'])('%s: sees what an independent evaluation sees', async (arch) => {
    const { executable, source, dataset, network } = await train(arch);
    const before = await readWeights(executable);
    const look = await lookAt(executable, source, { epoch: 1, update: 2 });
    expect(await readWeights(executable)).toEqual(before);
    const evaluated = await evaluateSplit(executable, dataset, 'test');
    expect(look.confusion).toEqual(evaluated.confusion);
    const right = look.predicted.filter((taken, i) => taken === dataset.test.labels[i]).length;
    expect(100 * (1 - right / 40)).toBeCloseTo(evaluated.error, 10);
    expect(Math.min(...look.sureness)).toBeGreaterThan(0.1 - 1e-6);

    const { rounds } = look;
    const masked = network.layers.filter((layer) => 'mask' in layer && layer.mask !== null);
    expect(rounds.map(({ id }) => id)).toEqual(masked.map(({ id }) => id));
    for (const { id, norm, activation } of rounds) {
      const { data } = before.get(`${id}.weight`)!;
      const all = Math.hypot(...data);
      expect(Math.hypot(...norm)).toBeCloseTo(all, 4);
      expect(norm.length).toBe(8);
      expect(Math.min(...activation)).toBeGreaterThan(0);
    }
  });

  it('reads buffers in the order channel, pixel, sample', async () => {
    const { executable, source } = await train('cnn');
    const { program } = executable;
    for await (const batch of source.test()) {
      executable.inputImages({ ...batch, count: 5 });
      break;
    }
    executable.dispatch('evaluate');
    const pool = program.evaluate.find((call) => call.op === 'globalPool')!;
    const planes = executable.readBuffer(pool.x);
    const means = executable.readBuffer(pool.y);
    expect(means.length).toBe(5 * pool.channels);
    for (const [at, mean] of means.entries()) {
      const [channel, sample] = [Math.floor(at / 5), at % 5];
      let sum = 0;
      for (let pixel = 0; pixel < pool.plane; pixel++)
        sum += planes[(channel * pool.plane + pixel) * 5 + sample]!;
      expect(mean).toBeCloseTo(sum / pool.plane, 5);
    }
    const logits = await executable.logits();
    const raw = executable.readBuffer(program.logits);
    expect(logits.map((_, i) => raw[(i % 10) * 5 + Math.floor(i / 10)]!)).toEqual(logits);
  });
});

describe('a training that is held', () => {
  const run = async (orders: (hold: ReturnType<typeof createHold>) => void): Promise<string[]> => {
    const events: string[] = [];
    const hold = createHold(() => {
      events.push('held');
    });
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
    expect(await run(() => {})).toEqual(['held']);
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

  it('shows the confusion that the copied commands print, its pictures and the nodes', async () => {
    const hash = `#train?v=1&graph=star:n=8&${SMALL}&epochs=1&play=1`;
    const opened = await openPage(studio, hash, CLIPBOARD);
    const { page, faults, close } = opened;
    await page
      .locator('.side .progress')
      .filter({ hasText: /trained/ })
      .nth(1)
      .waitFor();
    const [train = '', evaluate = ''] = (await copied(opened, 'Copy the commands')).split(' && ');
    const directory = mkdtempSync(join(tmpdir(), 'plexus-train-'));
    const file = join(directory, 'trained.safetensors');
    const run = async (command: string) =>
      plexus(command.replaceAll('trained.safetensors', file).split(' ').slice(2));
    expect((await run(train)).status).toBe(0);
    const { out } = await run(`${evaluate} --json`);
    rmSync(directory, { recursive: true });
    const { confusion } = JSON.parse(out) as { confusion: number[][] };
    const shown = await page.locator('.confusion td button').allTextContents();
    expect(shown.map(Number)).toEqual(confusion.flat());

    const at = confusion.flat().findIndex((count, i) => count > 0 && i % 11 !== 0);
    await page.locator('.confusion td button').nth(at).click();
    expect(page.url()).toContain(`confused=${Math.floor(at / 10)}-${at % 10}`);
    expect(await page.locator('.examples canvas').count()).toBe(
      Math.min(11, confusion.flat()[at]!),
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(page.url()).toContain(`confused=${(Math.floor(at / 10) + 1) % 10}-${at % 10}`);
    await page.getByRole('button', { name: 'All pictures' }).click();
    await page.getByText('wrong, the surest first').waitFor();

    await page.locator('.node-words input').fill('0');
    const words = page.locator('.node-words strong');
    await words.nth(1).waitFor();
    const activation = await words.first().textContent();
    await page.getByLabel('Weight norms').check();
    await page.locator('.round-choice input').fill('2');
    await page.locator('.round-choice').filter({ hasText: '2 of 3' }).waitFor();
    expect(await words.first().textContent()).not.toBe(activation);
    await page.getByRole('radio', { name: 'Beside' }).check();
    expect(page.url()).toMatch(/node=0.*look=beside.*sight=norm&layer=2/);
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

  it('has nothing that axe finds fault with, wide and narrow', { tags: ['long'] }, async () => {
    const hash = `#train?v=1&graph=star:n=8&${SMALL}&epochs=1&play=1&node=0&confused=0-0`;
    const { page, close } = await openPage(studio, hash);
    await page
      .locator('.side .progress')
      .filter({ hasText: /trained/ })
      .nth(1)
      .waitFor();
    await page.locator('.nodes canvas').waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await close();
  });
});
