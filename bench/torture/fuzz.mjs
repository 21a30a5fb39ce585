// Inputs that were mutated from good ones: each becomes a result or a UserError, never a bug, a
// crash or a hang. They are made and read by a worker thread, which this one watches.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const WORKER = fileURLToPath(new URL('fuzz-worker.mjs', import.meta.url));

/** What is read, and which part of the inputs it gets. */
const KINDS = { spec: 0.4, graph: 0.3, safetensors: 0.2, yaml: 0.05, npz: 0.05 };

/** Seconds without any progress that count as a hang. */
const PATIENCE = 60;

export async function fuzz({ directory, count, seed, say }) {
  const results = {};
  for (const [kind, part] of Object.entries(KINDS)) {
    results[kind] = await fuzzKind(kind, Math.ceil(part * count), seed, directory);
    const { n, results: good, refused, bugs, hangs } = results[kind];
    say(`fuzz ${kind}: ${n}, results ${good}, refused ${refused}, bugs ${bugs}, hangs ${hangs}`);
    for (const text of results[kind].examples) say(`  ${text}`);
  }
  return results;
}

/** Goes on with a new worker, behind the input that one died of or hung at. */
async function fuzzKind(kind, count, seed, directory) {
  const total = { n: 0, results: 0, refused: 0, bugs: 0, hangs: 0, examples: [] };
  while (total.n < count) {
    const workerData = { kind, from: total.n, count, seed, directory };
    const worker = new Worker(WORKER, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: 2048 },
    });
    let last = { at: total.n, results: 0, refused: 0, bugs: 0 };
    let [heard, hung] = [performance.now(), false];
    worker.on('message', (message) => {
      heard = performance.now();
      if (message.example === undefined) last = message;
      else total.examples.push(message.example);
    });
    worker.on('error', (error) => total.examples.push(`crash: ${String(error)}`));
    const watch = setInterval(() => {
      hung ||= performance.now() - heard > 1000 * PATIENCE;
      if (hung) void worker.terminate();
    }, 1000);
    await once(worker, 'exit');
    clearInterval(watch);
    for (const key of ['results', 'refused', 'bugs']) total[key] += last[key];
    total.n = last.at;
    if (total.n >= count) break;
    // The messages are one for each hundred inputs: the culprit is among the next.
    total[hung ? 'hangs' : 'bugs'] += 1;
    total.examples.push(
      `${hung ? 'hang' : 'crash'} behind input ${total.n} of ${kind}, seed ${seed}`,
    );
    total.n += 100;
  }
  return total;
}
