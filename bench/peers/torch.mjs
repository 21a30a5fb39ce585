// The same training steps by Plexus and PyTorch (torch_step.py), one thread and two, in turn in one
// run.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BATCH, CONV_BATCH, densityCases } from '../../dist/cli/bench/cases.js';
import { startedStep, stepCases, wholeStep } from '../../dist/cli/bench/steps.js';
import { median, medianRatio } from '../../dist/cli/bench/timing.js';
import { selectBackend } from '../../dist/public/engine.js';
import { costOf } from '../../dist/network/index.js';

const SCRIPT = fileURLToPath(new URL('torch_step.py', import.meta.url));
/**
 * How PyTorch may run; the best is compared. Waiting OpenMP threads spin unless told to be passive:
 * faster on an idle machine, far slower where another process wants the core. `planes`: for
 * networks of planes only.
 */
const WAYS = [
  { key: '1 thread', threads: 1, policy: null },
  { key: '1 thread, channels last', threads: 1, policy: null, planes: true },
  { key: '2 threads', threads: 2, policy: null },
  { key: '2 threads, channels last', threads: 2, policy: null, planes: true },
  { key: '2 threads, passive', threads: 2, policy: 'passive' },
  { key: '2 threads, passive, channels last', threads: 2, policy: 'passive', planes: true },
];
/**
 * What is compared: the dense baseline and a network of density 1/8 at the same multiply-adds.
 * `targets`: how many times as fast as PyTorch's best Plexus is to be, with its best of `threads`.
 */
const CONTESTS = [
  {
    arch: 'mlp',
    task: {},
    batch: BATCH,
    threads: [1],
    planes: false,
    full: { rounds: 12, steps: 5 },
    quick: { rounds: 5, steps: 5 },
    targets: { dense: 2, '1/8': 7.5 },
  },
  {
    arch: 'cnn',
    task: { stem: 'small' },
    batch: CONV_BATCH,
    threads: [1, 2],
    planes: true,
    full: { rounds: 5, steps: 2 },
    quick: { rounds: 2, steps: 1 },
    targets: { dense: 2.2, '1/8': 8 },
  },
];

/** What the Python side needs to build the same network. */
function describe({ input, classes, layers }) {
  return {
    input,
    classes,
    layers: layers.map((layer) =>
      layer.mask ? { ...layer, mask: describeMask(layer.mask) } : layer,
    ),
  };
}

function describeMask({ graph, input, output, nonzeros }) {
  const neighbours = Array.from({ length: graph.nodes }, (_, i) => [
    ...graph.targets.subarray(graph.offsets[i], graph.offsets[i + 1]),
  ]);
  return { inSizes: [...input.sizes], outSizes: [...output.sizes], neighbours, nonzeros };
}

/**
 * A Python process that answers each line of JSON with one; null where there is no such Python or
 * it lacks PyTorch.
 */
async function startPeer(python, policy, setup) {
  const env = { ...process.env, ...(policy !== null && { OMP_WAIT_POLICY: policy }) };
  const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'], env });
  // A Python that is not there, or goes away, ends the lines below; that is all that has to be
  // known.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    return done ? null : JSON.parse(value);
  };
  const hello = await ask(setup);
  if (hello?.torch) return { ...hello, ask, stop: () => child.stdin.end() };
  child.stdin.end();
  return null;
}

/**
 * A process for every waiting policy, of the first Python that has PyTorch; null where none has.
 */
async function startPeers(setup) {
  for (const python of process.env.PYTHON
    ? [process.env.PYTHON]
    : ['python3', '/usr/bin/python3']) {
    const peers = new Map();
    for (const policy of new Set(WAYS.map((way) => way.policy)))
      peers.set(policy, await startPeer(python, policy, setup));
    if ([...peers.values()].every((peer) => peer !== null)) return peers;
  }
  return null;
}

/**
 * Ways that took so many times as long in the first round as the best with as many threads are left
 * out afterwards.
 */
const HOPELESS = 2;

/** Whether a way may still be the best of a network. */
function isOpen({ key, threads }, ways, first) {
  if (first === undefined) return true;
  const best = Math.min(
    ...ways.filter((way) => way.threads === threads).map((way) => first[way.key]),
  );
  return first[key] <= HOPELESS * best;
}

const ownKey = (threads) => `plexus ${threads}`;

/**
 * One round: every network by Plexus, then by PyTorch in each way left; ms of a step, medians of
 * the round.
 */
async function round(peers, ways, contestants, { steps, first }) {
  const times = {};
  for (const { name, own } of contestants) {
    times[name] = {};
    for (const { threads, step } of own) {
      step();
      const mine = Array.from({ length: steps }, () => {
        const begun = performance.now();
        step();
        return performance.now() - begun;
      });
      times[name][ownKey(threads)] = median(mine);
    }
    for (const { key, threads, policy, planes = false } of ways.filter((way) =>
      isOpen(way, ways, first?.[name]),
    )) {
      const answer = await peers
        .get(policy)
        .ask({ network: name, threads, steps, channelsLast: planes });
      if (answer === null) throw new Error(`${SCRIPT} ended too early; its own message is above`);
      times[name][key] = median(answer.ms);
      // OpenMP's threads spin for a while after their work.
      await setTimeout(100);
    }
  }
  return times;
}

/**
 * How many times as fast as PyTorch in its best way Plexus is in its best way; and with one thread
 * each.
 */
function report(name, rounds, ways, threads, target) {
  const of = (key) => rounds.map((times) => times[name][key]).filter((ms) => ms !== undefined);
  const best = (keys) => keys.reduce((a, b) => (median(of(b)) < median(of(a)) ? b : a));
  const listed = (pairs) =>
    pairs.map(([key, text]) => `${median(of(key)).toFixed(2)} (${text})`).join(', ');
  const mine = best(threads.map(ownKey));
  const theirs = best(ways.map(({ key }) => key));
  const singles = [ownKey(1), best(ways.filter((way) => way.threads === 1).map(({ key }) => key))];
  const threadsText = (count) => `${count} thread${count > 1 ? 's' : ''}`;
  console.log(
    `  ${name.padEnd(5)}  ms: Plexus ` +
      `${listed(threads.map((count) => [ownKey(count), threadsText(count)]))}; PyTorch ` +
      listed(ways.map(({ key }) => [key, key])),
  );
  console.log(
    `         Plexus is ${medianRatio(of(theirs), of(mine)).toFixed(2)} times as fast, ` +
      `best (${threadsText(Number(mine.split(' ')[1]))}) against best (${theirs}; target ` +
      `${target}); ${medianRatio(of(singles[1]), of(singles[0])).toFixed(2)} times, one ` +
      `thread against one (${singles[1]})`,
  );
}

/** A network of other parameters would be another network. */
function checkParams(networks, peers) {
  for (const { name, network } of networks) {
    for (const { params } of peers.values()) {
      if (params[name] === costOf(network).params) continue;
      process.exitCode = 1;
      console.log(
        `  !!! NETWORKS DIFFER: ${name} has ${costOf(network).params} parameters in ` +
          `Plexus, ${params[name]} in PyTorch !!!`,
      );
    }
  }
}

/** One architecture; false where PyTorch is missing. */
async function compare(
  backend,
  { arch, task, batch, threads: wanted, planes, targets, full, quick },
  isQuick,
) {
  const { rounds: roundCount, steps } = isQuick ? quick : full;
  const networks = stepCases(densityCases.slice(0, 1), arch, task).map(({ network }, i) => ({
    name: i === 0 ? 'dense' : '1/8',
    network,
  }));
  const peers = await startPeers({
    batch,
    networks: Object.fromEntries(networks.map(({ name, network }) => [name, describe(network)])),
  });
  if (peers === null) return false;
  console.log(
    `  ${arch}, batch ${batch}, ${costOf(networks[0].network).macs} multiply-adds a ` +
      `sample, ${roundCount} rounds; PyTorch ${peers.get(null).torch}; Plexus ` +
      `${backend.info.description}; cores here: ${availableParallelism()}`,
  );
  checkParams(networks, peers);
  const threads = backend.info.threads > 1 ? wanted : [1];
  // In a short run without the ways that spin, which two cores are rarely free enough for.
  const ways = WAYS.filter(
    (way) => (planes || !way.planes) && !(isQuick && way.threads > 1 && way.policy !== 'passive'),
  );
  const own = async (network, count) => {
    const executable = await startedStep(backend, network, { batch, threads: count });
    return { threads: count, executable, step: wholeStep(executable) };
  };
  const contestants = [];
  for (const { name, network } of networks)
    contestants.push({
      name,
      own: await Promise.all(threads.map((count) => own(network, count))),
    });
  const rounds = [];
  for (let i = 0; i < roundCount; i++)
    rounds.push(await round(peers, ways, contestants, { steps, first: rounds[0] }));
  for (const peer of peers.values()) peer.stop();
  for (const { executable } of contestants.flatMap((contestant) => contestant.own))
    executable.dispose();
  for (const { name } of networks) report(name, rounds, ways, threads, targets[name]);
  return true;
}

/** Prints the comparison of one architecture; where PyTorch is missing, how to get it. */
export async function compareWithTorch(arch, isQuick) {
  console.log(
    '\nPyTorch, the same training step (forward, loss, backward, SGD update; batch loaded; dense ' +
      'weights under a mask, as the official code has them), medians of rounds in turn; N times as ' +
      "fast: PyTorch's time / Plexus's in the same round, median:",
  );
  const contest = CONTESTS.find((one) => one.arch === arch);
  if (await compare(selectBackend('auto', console.log), contest, isQuick)) return;
  console.log(
    '  not compared: no Python with PyTorch and NumPy here. Install them (Debian: apt ' +
      'install python3-torch; elsewhere: pip install torch numpy) or name one with ' +
      'PYTHON=/path/to/python3.',
  );
}
