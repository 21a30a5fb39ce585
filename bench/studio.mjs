// The studio's speeds in Debian's Chromium, without a GPU: first view, drag, a table of 20,000 trials,
// training beside the command. Nothing here is ever asserted.
//   node bench/studio.mjs [view] [drag] [table] [training]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { median } from '../dist/cli/bench/timing.js';
import { beginStudy, parseStudySpec, readStudy } from '../dist/public/study.js';
import { PROGRAM, STUDIO_ROOT } from '../dist/server/root.js';
import { serveStudio } from '../dist/server/server.js';
import { formatLine } from '../dist/study/log-line.js';

const TRIALS = 20_000;
const quantile = (values, share) =>
  values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))];
const ms = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

/** What a page's frames took from one to the next, and the main thread's work in between. */
async function framesDuring(page, act) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * metrics.find(({ name }) => name === 'TaskDuration').value;
  };
  await page.evaluate(`(() => {
    window.frames_ = [];
    let last = performance.now();
    const look = (now) => {
      window.frames_.push(now - last);
      last = now;
      window.looking_ = requestAnimationFrame(look);
    };
    window.looking_ = requestAnimationFrame(look);
  })()`);
  const before = await busy();
  await act();
  const work = (await busy()) - before;
  const frames = (
    await page.evaluate(`cancelAnimationFrame(window.looking_), window.frames_`)
  ).slice(1);
  return (
    `${frames.length} frames, from one to the next median ${ms(median(frames))}, p95 ` +
    `${ms(quantile(frames, 0.95))}; work of the main thread ${ms(work / frames.length)} a frame`
  );
}

async function openPage(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function view({ browser, url }) {
  const paints = [];
  for (let i = 0; i < 7; i++) {
    const page = await openPage(browser, url);
    await page.locator('.legend').filter({ hasText: '3942 published' }).waitFor();
    paints.push(
      await page.evaluate(`new Promise((done) => new PerformanceObserver((list) =>
        done(list.getEntries().pop().startTime)).observe(
          { type: 'largest-contentful-paint', buffered: true }))`),
    );
    await page.context().close();
  }
  console.log(
    `first view, largest paint of 7: median ${ms(median(paints))}, best ` +
      `${ms(Math.min(...paints))} (800 asked)`,
  );
}

async function drag({ browser, url }) {
  const page = await openPage(browser, url);
  await page.locator('.legend').filter({ hasText: '3942 published' }).waitFor();
  const area = await page.locator('.plane-area').boundingBox();
  const at = (c, l) => [
    area.x + 40 + c * (area.width - 54),
    area.y + area.height - 38 - ((l - 1) / 3.6) * (area.height - 50),
  ];
  await page.mouse.move(...at(0.4919, 2.7346));
  await page.mouse.down();
  const told = await framesDuring(page, async () => {
    for (let i = 0; i < 120; i++) {
      const turn = (2 * Math.PI * i) / 60;
      await page.mouse.move(...at(0.45 + 0.1 * Math.cos(turn), 2.3 + 0.3 * Math.sin(turn)));
    }
  });
  console.log(`drag over the plane at 64 nodes: ${told} (p95 16.7 asked)`);
  await page.context().close();
}

/** A study of 20,000 made-up records. */
async function largeStudy(directory) {
  const graphs = Array.from(
    { length: 199 },
    (_, i) => `  - ws-flex:n=16,k=${4 + (i % 80) / 10},p=0.${10 + (i % 80)},seed=${i}`,
  );
  const text = [
    'plexus: 1',
    'name: large',
    'data: {name: shapes, size: 16, train: 320, test: 100}',
    'baseline: complete:n=16',
    'width: 32',
    'graphs:',
    ...graphs,
    'seeds: 100',
    'train: {epochs: 1}',
  ].join('\n');
  await beginStudy({ directory, spec: parseStudySpec(text, 'large.yaml'), data: { env: {} } });
  const { trials } = readStudy(directory);
  const facts = { nodes: 16, edges: 32, widths: [32], macs: 1000, params: 100 };
  const epoch = { epoch: 1, learningRate: 0.1, trainLoss: 1, trainError: 50, trainError5: null };
  const lines = trials.slice(0, TRIALS).map(({ index, role, graph, seed }) => {
    const error = 40 + (index % 13);
    return formatLine({
      index,
      role,
      graph,
      seed,
      seconds: 3,
      status: 'complete',
      error,
      facts: { ...facts, clustering: 0.4 + (index % 7) / 20, pathLength: 2 + (index % 5) / 10 },
      epochs: [{ ...epoch, testLoss: 1, testError: error, testError5: null }],
    });
  });
  writeFileSync(join(directory, 'trials.ndjson'), lines.join(''));
}

async function table({ browser, url }) {
  const page = await openPage(browser, `${url}#studies?v=1&study=large`);
  const count = page.locator('.trial-tools [role=status]');
  await count.filter({ hasText: `${TRIALS} trials` }).waitFor({ timeout: 60_000 });
  // Opened again, now that the server has read it.
  const opened = [];
  for (let i = 0; i < 5; i++) {
    await page.evaluate(`location.hash = '#studies?v=1'`);
    await page.locator('.study-list tbody tr').first().waitFor();
    const clicked = performance.now();
    await page.evaluate(`location.hash = '#studies?v=1&study=large'`);
    await count.filter({ hasText: `${TRIALS} trials` }).waitFor();
    opened.push(performance.now() - clicked);
  }
  /** From a change of the view until the next frame after the rows have changed. */
  const change = (query) =>
    page.evaluate(`new Promise((done) => {
      const begun = performance.now();
      const rows = document.querySelector('.trial-rows');
      new MutationObserver((_, observer) => {
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
      }).observe(rows, { subtree: true, childList: true, characterData: true, attributes: true });
      location.hash = '#studies?v=1&study=large${query}';
    })`);
  const sorts = [];
  const filters = [];
  for (let i = 0; i < 5; i++) {
    sorts.push(await change('&sort=error'), await change('&sort=-error'));
    filters.push(await change(`&find=error%3C4${i}`), await change('&find=k%3D5'));
  }
  console.log(
    `${TRIALS} trials: open ${ms(median(opened))} (300 asked), sort ${ms(median(sorts))}, filter ` +
      `${ms(median(filters))} (50 asked; medians)`,
  );
  await change('&sort=trial');
  const box = await page.locator('.trial-scroll').boundingBox();
  await page.mouse.move(box.x + 200, box.y + 200);
  const told = await framesDuring(page, async () => {
    for (let i = 0; i < 120; i++) await page.mouse.wheel(0, 400);
  });
  console.log(`scrolling ${TRIALS} trials: ${told} (p95 16.7 asked)`);
  await page.context().close();
}

const GRAPH = 'ws-flex:n=64,k=8,p=0.1,seed=3';
const IMAGES = 4096;
const EPOCHS = 4;

/** Seconds from Play to the end, in the page. */
async function secondsInPage({ browser, url }, epochs) {
  const settings = `images=${IMAGES}&tests=128&batch=128&epochs=${epochs}`;
  const page = await openPage(browser, `${url}#train?v=1&graph=${GRAPH}&${settings}`);
  const progress = page.locator('.side .progress').first();
  await progress.filter({ hasText: 'not begun' }).waitFor();
  const begun = performance.now();
  await page.getByRole('button', { name: 'Play' }).click();
  await progress.filter({ hasText: /trained/ }).waitFor({ timeout: 120_000 });
  const seconds = (performance.now() - begun) / 1000;
  await page.context().close();
  return seconds;
}

/** Seconds of the command for the same: two at a time, as the page trains a network and the dense one. */
async function secondsOfCommand(epochs) {
  const words = [
    'train',
    '--backend',
    'wasm',
    '--json',
    '--epochs',
    `${epochs}`,
    '--no-augment',
    '--batch',
    '128',
  ];
  const data = [
    '--data',
    'shapes',
    '--size',
    '16',
    '--train-images',
    `${IMAGES}`,
    '--test-images',
    '128',
  ];
  const [name, program] = PROGRAM;
  const begun = performance.now();
  const ends = [GRAPH, 'complete:n=64'].map((graph) =>
    once(spawn(name, [program, ...words, ...data, '--graph', graph], { stdio: 'ignore' }), 'exit'),
  );
  await ends[0];
  const seconds = (performance.now() - begun) / 1000;
  await ends[1];
  return seconds;
}

/** What further epochs take, so that whatever comes before the first does not count. */
async function training(studio) {
  const shares = [];
  for (let i = 0; i < 3; i++) {
    const page = (await secondsInPage(studio, EPOCHS)) - (await secondsInPage(studio, 1));
    shares.push(((await secondsOfCommand(EPOCHS)) - (await secondsOfCommand(1))) / page);
  }
  console.log(
    `training in the page: ${median(shares).toFixed(2)} of the command's wasm backend (0.77 asked)`,
  );
}

const PARTS = { view, drag, table, training };
const asked = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'plexus-bench-'));
await largeStudy(join(directory, 'large'));
const server = await serveStudio({
  root: STUDIO_ROOT,
  host: '127.0.0.1',
  port: 0,
  studies: { directory, program: PROGRAM, env: process.env },
});
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
for (const [name, part] of Object.entries(PARTS))
  if (asked.length === 0 || asked.includes(name)) await part({ browser, url: server.url });
await browser.close();
await server.close();
rmSync(directory, { recursive: true });
