// What a second core is worth: the same work by one thread alone and by two at once, each with a
// model of its own, as the workers of a study; and one model by two threads. All in turn in one run,
// so that what the machine itself does not give can be told from what Plexus loses.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { CONV_BATCH, densityCases } from '../dist/cli/bench/cases.js';
import { startedStep, stepCases, wholeStep } from '../dist/cli/bench/steps.js';
import { median } from '../dist/cli/bench/timing.js';
import { selectBackend } from '../dist/public/engine.js';

async function startWorker() {
  const worker = new Worker(new URL('scaling-worker.mjs', import.meta.url));
  const [kinds] = await once(worker, 'message');
  const ask = async (question) => {
    worker.postMessage(question, []);
    return (await once(worker, 'message'))[0];
  };
  return { kinds, ask, stop: () => worker.terminate() };
}

/** The step of `cnn` with one thread and with two, times a second. */
async function threadSteps(backend) {
  const networks = stepCases(densityCases.slice(0, 1), 'cnn', { stem: 'small' });
  return Promise.all(
    networks.map(async ({ density, network }) => {
      const steps = await Promise.all(
        [1, 2].map((threads) => startedStep(backend, network, { batch: CONV_BATCH, threads })),
      );
      return {
        kind: `cnn step, ${density === null ? 'dense' : '1/8'}, 2 threads in one model`,
        runs: steps.map(wholeStep),
      };
    }),
  );
}

function rate(work, seconds) {
  const begun = performance.now();
  let times = 0;
  do {
    work();
    times++;
  } while (performance.now() < begun + 1000 * seconds);
  return (1000 * times) / (performance.now() - begun);
}

/** Best against best over the rounds, and the median of the rounds. */
function report(kind, one, two) {
  const best = Math.max(...two) / Math.max(...one);
  console.log(
    `  ${kind.padEnd(42)} ${best.toFixed(2)} (median ${median(two.map((x, i) => x / one[i])).toFixed(2)})`,
  );
}

/** Prints how many times as much two threads do as one. */
export async function benchScaling(isQuick) {
  const backend = selectBackend('auto', console.log);
  const workers = await Promise.all([startWorker(), startWorker()]);
  const threaded = backend.info.threads > 1 ? await threadSteps(backend) : [];
  const seconds = isQuick ? 0.3 : 0.7;
  const rates = new Map();
  const add = (kind, one, two) => {
    const list = rates.get(kind) ?? rates.set(kind, { one: [], two: [] }).get(kind);
    list.one.push(one);
    list.two.push(two);
  };
  for (let round = 0; round < (isQuick ? 4 : 9); round++) {
    for (const kind of workers[0].kinds) {
      const alone = await workers[round % 2].ask({ kind, seconds });
      const both = await Promise.all(workers.map(({ ask }) => ask({ kind, seconds })));
      add(kind, alone, both[0] + both[1]);
    }
    for (const { kind, runs } of threaded) add(kind, ...runs.map((run) => rate(run, seconds)));
  }
  for (const worker of workers) await worker.stop();
  console.log(
    '\nwhat a second core is worth: times as much work as one thread alone, best against best ' +
      '(targets: 1.95 for two models, 1.8 for two threads in one; no more than the machine gives, ' +
      'which the first line tells):',
  );
  for (const [kind, { one, two }] of rates) report(kind, one, two);
}
