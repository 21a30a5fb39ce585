// What a large study on many machines costs besides its trainings: node bench/many.mjs
// [--trials 20000] [--workers 64] [--epochs 1] [--records 200] [--keep DIR]. The logs of all workers
// but the last are made up; the last one is a real worker whose trainings take no time, and which
// records `records` of the last trials while the others are alive and each has just taken one of those
// that it would take next. Prints the
// time that a record costs it, flushed, and that of `plexus study status`; asserts nothing.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { beginStudy, parseStudySpec, readStudy, workStudy } from '../dist/public/study.js';
import { formatWorkerLine } from '../dist/store/worker-log.js';

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '20000' },
    workers: { type: 'string', default: '64' },
    epochs: { type: 'string', default: '1' },
    records: { type: 'string', default: '200' },
    keep: { type: 'string' },
  },
});
const [trials, workers, epochs, records] = ['trials', 'workers', 'epochs', 'records'].map((name) =>
  Number(values[name]),
);
const SEEDS = 10;

const graphOf = (i) => {
  const [k, p] = [4 + (i % 80) / 10, 0.01 + Math.floor(i / 80) / 500];
  return `  - ws-flex:n=16,k=${k.toFixed(1)},p=${p.toFixed(3)},seed=${i}`;
};
const text = `plexus: 1
name: many
data: {name: shapes, size: 16, train: 320, test: 100}
baseline: complete:n=16
graphs:
${Array.from({ length: trials / SEEDS - 1 }, (_, i) => graphOf(i)).join('\n')}
seeds: ${SEEDS}
width: 32
train: {epochs: ${epochs}, batch: 32}
`;

/** The record of a trial that took no time. */
function recordOf({ index, role, graph, seed }) {
  const error = 20 + (index % 13) + (index % 7) / 7;
  const last = { trainLoss: 1 / 3, trainError: 100 / 7, trainError5: null };
  const measured = { ...last, testLoss: 2 / 3, testError: error, testError5: null };
  return {
    index,
    role,
    graph,
    seed,
    status: 'complete',
    facts: {
      nodes: 16,
      edges: 32 + (index % 60),
      clustering: 0.4 + (Math.floor(index / 7) % 70) / 200,
      pathLength: 1.8 + (Math.floor(index / 5) % 50) / 70,
      widths: [32, 32],
      macs: 102_400,
      params: 9000,
    },
    epochs: Array.from({ length: epochs }, (_, at) => ({
      epoch: at + 1,
      learningRate: 0.1 / (at + 1),
      ...measured,
    })),
    error,
    seconds: 3.25,
  };
}

/** Writes what `workers - 1` workers that are at work left in the directory. */
function makeUp(directory, all) {
  for (const name of ['log', 'alive', 'claims']) mkdirSync(join(directory, name));
  for (let worker = 0; worker < workers - 1; worker++) {
    const name = `n${worker}-1-made`;
    let [lines, line] = ['', 0];
    const say = (said) => {
      const about = { worker: name, line, clock: line + 1, at: new Date().toISOString() };
      lines += formatWorkerLine({ ...about, ...said });
      line += 1;
    };
    const begin = { host: `n${worker}`, pid: 1, plexus: '0.1.0', backend: 'cpu', workers: 1 };
    say({ kind: 'begin', ...begin });
    for (let i = worker; i < trials - records - workers; i += workers - 1)
      say({ kind: 'record', record: recordOf(all[i]) });
    writeFileSync(join(directory, 'log', `${name}.ndjson`), lines);
    writeFileSync(join(directory, 'alive', name), JSON.stringify({ host: name, pid: 1 }));
  }
}

/** The others take the first trials of the list that a worker has. */
function claimFirst(directory, jobs) {
  for (let worker = 0; worker < workers - 1; worker++)
    mkdirSync(join(directory, 'claims', `${jobs[worker].trial.index}.1`, `n${worker}-1-made`), {
      recursive: true,
    });
}

/** An executor that gives records at once, and stops after so many of them, each timed. */
function instant(directory, stop, times) {
  let done = 0;
  let last = 0;
  return {
    workers: 1,
    run: async (jobs, { take, onEnd, more }) => {
      claimFirst(directory, jobs);
      last = performance.now();
      for (let next = jobs; next.length > 0; next = await more())
        for (const job of next) {
          if (!(await take(job))) continue;
          await onEnd(recordOf(job.trial), job);
          done += 1;
          times.push(performance.now() - last);
          last = performance.now();
          if (done === records) {
            stop.abort();
            return false;
          }
        }
      return true;
    },
  };
}

const root = values.keep ?? mkdtempSync(join(tmpdir(), 'plexus-many-'));
const directory = join(root, 'study');
try {
  await beginStudy({ directory, spec: parseStudySpec(text, 'many.yaml'), data: { env: {} } });
  makeUp(directory, readStudy(directory).trials);
  const stop = new AbortController();
  const times = [];
  await workStudy({
    directory,
    data: { env: {} },
    executor: instant(directory, stop, times),
    signal: stop.signal,
  });
  times.sort((a, b) => a - b);
  const cost = times.reduce((sum, time) => sum + time, 0) / times.length;
  const most = times[Math.floor(0.95 * times.length)];
  const files = readdirSync(directory, { recursive: true, withFileTypes: true });
  const bytes = readdirSync(join(directory, 'log')).reduce(
    (sum, name) => sum + statSync(join(directory, 'log', name)).size,
    0,
  );
  const before = performance.now();
  execFileSync(process.execPath, [CLI, 'study', 'status', directory]);
  const status = (performance.now() - before) / 1000;
  console.log(
    `${trials} trials, ${workers} workers, ${(bytes / 2 ** 20).toFixed(1)} MiB of logs, ` +
      `${files.filter((entry) => entry.isFile()).length} files: ${cost.toFixed(2)} ms a record, ` +
      `flushed (95 % in ${most.toFixed(2)}); study status ${status.toFixed(2)} s`,
  );
} finally {
  if (values.keep === undefined) rmSync(root, { recursive: true });
}
