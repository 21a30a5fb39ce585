// A small study that the benches of this folder run, kill, damage and continue.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const specOf = (epochs) => `plexus: 1
name: torture
data: {name: shapes, size: 16, train: 320, test: 100}
baseline: complete:n=8
graphs:
  - ws-flex:n=8,k=4,p=0,seed=1
  - ws-flex:n=8,k=4,p=0.5,seed=1
  - ws-flex:n=8,k=2,p=0.5,seed=1
seeds: 2
width: 32
train: {epochs: ${epochs}, batch: 32, learningRate: 0.05}
predictions:
  - {name: words, kind: text, text: sparse graphs are better}
`;

export function writeSpec(directory, epochs = 8) {
  const path = join(directory, 'torture.yaml');
  writeFileSync(path, specOf(epochs));
  return path;
}

/** Starts the built command line. */
export function start(...args) {
  return spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Waits for the end of a process: its status, signal, and what it noted. */
export async function ended(child) {
  let notes = '';
  child.stderr.on('data', (chunk) => (notes += chunk));
  const [status, signal] = await once(child, 'close');
  return { status, signal, notes };
}

/** Begins a study, or continues the one that is there. */
export function startStudy(spec, out, ...more) {
  const target = existsSync(join(out, 'study.json')) ? [out] : [spec, '--out', out];
  return start('study', 'run', ...target, ...more);
}

let whole;

/**
 * The records of a run from start to end that nobody disturbs, and its milliseconds. It runs once:
 * all parts of a torture that ask for it study the same spec.
 */
export function wholeStudy(directory) {
  whole ??= runWhole(directory);
  return whole;
}

async function runWhole(directory) {
  const out = join(directory, 'whole');
  const begun = performance.now();
  const { status, notes } = await ended(startStudy(writeSpec(directory), out));
  if (status !== 0) throw new Error(`the unbroken run failed: ${notes}`);
  return { records: recordsOf(out), milliseconds: performance.now() - begun };
}

/** The records of a log by their trials, without what may differ: the seconds, hence checksums. */
export function recordsOf(out) {
  const lines = readFileSync(join(out, 'trials.ndjson'), 'utf8').trimEnd().split('\n');
  const records = lines.map((line) => {
    const { seconds: _, crc32: __, ...record } = JSON.parse(line);
    return record;
  });
  return JSON.stringify(records.sort((a, b) => a.index - b.index));
}

/** Numbers by a seed, so that a run can be repeated: mulberry32. */
export function randomBy(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
