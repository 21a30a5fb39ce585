// `npm run bench`: every speed that Plexus cares about, on this machine, in one run. Nothing here
// is ever asserted. `--quick` shortens it to some two minutes. Parts can be named: node
// bench/run.mjs kernels wasm inference graphs study scaling peers-mlp peers-cnn
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { shippedRelaxedBackend, shippedWasmBackend } from '../dist/engine-native/index.js';
import { hasRelaxedSimd } from '../dist/engine/backends/cpu/wasm.js';
import { expandGraphSpecs, formatGraphSpec } from '../dist/public/graph.js';
import { densityCases } from '../dist/cli/bench/cases.js';
import { measureOps } from '../dist/cli/bench/ops.js';
import { median } from '../dist/cli/bench/timing.js';
import { benchGraphs } from './graphs.mjs';
import { benchInference } from './inference.mjs';
import { benchScaling } from './scaling.mjs';
import { compareWithTorch } from './peers/torch.mjs';

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const quick = process.argv.includes('--quick');
const MIB = 2 ** 20;

async function kernels() {
  const child = spawn(process.execPath, [CLI, 'bench', ...(quick ? ['--quick'] : [])], {
    stdio: 'inherit',
  });
  const [status] = await once(child, 'exit');
  if (status !== 0) process.exit(status ?? 1);
}

async function wasm() {
  const relaxed = hasRelaxedSimd();
  console.log(
    '\nWebAssembly, message exchange forward, one core (target 25 GFLOP/s)' +
      (relaxed ? ':' : '; no relaxed SIMD here (Node 20: --experimental-wasm-relaxed-simd):'),
  );
  for (const backend of [shippedWasmBackend(), ...(relaxed ? [shippedRelaxedBackend()] : [])]) {
    const results = await measureOps(backend, densityCases, { seconds: quick ? 2 : 8 });
    for (const { density, gflops } of results.filter(({ op }) => op === 'forward'))
      console.log(
        `  ${backend.info.description}, density ${density}: ${gflops.toFixed(1)} GFLOP/s`,
      );
  }
}

/** A small study of the built-in data: every trial trains a network of the full size. */
function studySpec(trials) {
  const specs = expandGraphSpecs('ws-flex:set=52')
    .slice(0, trials - 1)
    .map(formatGraphSpec);
  return [
    'plexus: 1',
    'name: throughput',
    'data: {name: shapes, train: 2560, test: 512}',
    'baseline: complete:n=64',
    'graphs:',
    ...specs.map((spec) => `  - ${spec}`),
    'seeds: [1]',
    'train: {epochs: 3}',
  ].join('\n');
}

/** Peak resident memory of a running process in bytes, where the system tells (Linux); else 0. */
function peakMemory(pid) {
  try {
    return (
      1024 * Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
    );
  } catch {
    return 0;
  }
}

/**
 * Runs the study once; seconds from the first trial's start to the last one's end, and of the whole
 * command.
 */
async function runStudy(spec, workers, trials) {
  const scratch = mkdtempSync(join(tmpdir(), 'plexus-bench-'));
  try {
    writeFileSync(join(scratch, 'throughput.yaml'), spec);
    const begun = performance.now();
    const child = spawn(
      process.execPath,
      [CLI, 'study', 'run', 'throughput.yaml', '--workers', String(workers), '--json'],
      { cwd: scratch, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const marks = { first: null, last: null };
    const lines = [];
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      if (line.startsWith('study ')) marks.first ??= performance.now();
      if (line.includes(`${trials}/${trials} trials`)) marks.last ??= performance.now();
    });
    let memory = 0;
    const poll = setInterval(() => (memory = Math.max(memory, peakMemory(child.pid))), 100);
    const [status] = await once(child, 'close');
    clearInterval(poll);
    if (status !== 0 || marks.first === null || marks.last === null)
      throw new Error(`the study ended with status ${status}:\n${lines.join('\n')}`);
    return {
      trials: (marks.last - marks.first) / 1000,
      command: (performance.now() - begun) / 1000,
      memory,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function study() {
  const trials = quick ? 6 : 16;
  console.log(
    `\nstudy throughput: ${trials} trials (64 nodes, 2560 shapes, batch 128, 3 epochs), ` +
      "from the first trial's start to the last one's end; 1 and 2 workers in turn:",
  );
  const runs = { 1: [], 2: [] };
  for (let i = 0; i < (quick ? 1 : 2); i++)
    for (const workers of [1, 2])
      runs[workers].push(await runStudy(studySpec(trials), workers, trials));
  for (const [workers, list] of Object.entries(runs)) {
    const seconds = median(list.map((run) => run.trials));
    const memory = Math.max(...list.map((run) => run.memory));
    console.log(
      `  ${workers} worker${workers > 1 ? 's' : ''}: ${(trials / seconds).toFixed(2)} ` +
        `trials a second (${seconds.toFixed(1)} s; whole command ` +
        `${median(list.map((run) => run.command)).toFixed(1)} ` +
        `s${memory > 0 ? `; peak memory ${(memory / MIB).toFixed(0)} MiB` : ''})`,
    );
  }
  const ratio = median(runs[1].map((run, i) => run.trials / runs[2][i].trials));
  console.log(
    `  two workers are ${ratio.toFixed(2)} times as fast as one (target 1.95; cores here: ` +
      `${availableParallelism()})`,
  );
}

const PARTS = {
  kernels,
  wasm,
  inference: () => benchInference(quick),
  graphs: () => benchGraphs(quick),
  study,
  scaling: () => benchScaling(quick),
  'peers-mlp': () => compareWithTorch('mlp', quick),
  'peers-cnn': () => compareWithTorch('cnn', quick),
};
const named = process.argv.slice(2).filter((word) => word !== '--quick');
const unknown = named.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) {
  console.error(
    `error: unknown part "${unknown}"; expected one of ${Object.keys(PARTS).join(', ')}`,
  );
  process.exit(2);
}
for (const name of named.length > 0 ? named : Object.keys(PARTS)) await PARTS[name]();
