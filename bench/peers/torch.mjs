// The same training step by Plexus (one thread) and PyTorch (torch_step.py; 1 and 2 threads), in turn in one run.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BATCH, densityCases } from '../../dist/cli/bench/cases.js';
import { loadedStep, startedStep, stepCases } from '../../dist/cli/bench/steps.js';
import { median, medianRatio } from '../../dist/cli/bench/timing.js';
import { selectBackend } from '../../dist/engine/index.js';

const SCRIPT = fileURLToPath(new URL('torch_step.py', import.meta.url));
/**
 * How PyTorch may run; the best is compared. Waiting OpenMP threads spin unless told to be passive: faster on an idle
 * machine, far slower where another process wants the core.
 */
const WAYS = [
  { key: '1 thread', threads: 1, policy: null },
  { key: '2 threads', threads: 2, policy: null },
  { key: '2 threads, passive', threads: 2, policy: 'passive' },
];
const STEPS = 5;
const TARGETS = { dense: 1.3, '1/8': 4 };

/** What the Python side needs to build the same network. */
function describe({ classes, layers }) {
  const linear = layers.filter((layer) => layer.kind === 'linear');
  return { classes, layers: linear.map(({ inFeatures, outFeatures, bias, mask }) => ({ in: inFeatures, out: outFeatures, bias, mask: mask && describeMask(mask) })) };
}

function describeMask({ graph, input, output, nonzeros }) {
  const neighbours = Array.from({ length: graph.nodes }, (_, i) => [...graph.targets.subarray(graph.offsets[i], graph.offsets[i + 1])]);
  return { inSizes: [...input.sizes], outSizes: [...output.sizes], neighbours, nonzeros };
}

/** A Python process that answers each line of JSON with one; null where there is no such Python or it lacks PyTorch. */
async function startPeer(python, policy, setup) {
  const env = { ...process.env, ...(policy !== null && { OMP_WAIT_POLICY: policy }) };
  const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'], env });
  // A Python that is not there, or goes away, ends the lines below; that is all that has to be known.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    return done ? null : JSON.parse(value);
  };
  const hello = await ask(setup);
  if (hello?.torch) return { torch: hello.torch, ask, stop: () => child.stdin.end() };
  child.stdin.end();
  return null;
}

/** A process for every waiting policy, of the first Python that has PyTorch; null where none has. */
async function startPeers(setup) {
  for (const python of process.env.PYTHON ? [process.env.PYTHON] : ['python3', '/usr/bin/python3']) {
    const peers = new Map();
    for (const policy of new Set(WAYS.map((way) => way.policy))) peers.set(policy, await startPeer(python, policy, setup));
    if ([...peers.values()].every((peer) => peer !== null)) return peers;
  }
  return null;
}

/** One round: every network by Plexus, then by PyTorch in each way; ms of a step, medians of the round. */
async function round(peers, contestants) {
  const times = {};
  for (const { name, step } of contestants) {
    step.settle();
    const mine = Array.from({ length: STEPS }, () => {
      const begun = performance.now();
      step.run();
      return performance.now() - begun;
    });
    times[name] = { plexus: median(mine) };
    for (const { key, threads, policy } of WAYS) {
      const answer = await peers.get(policy).ask({ network: name, threads, steps: STEPS });
      if (answer === null) throw new Error(`${SCRIPT} ended too early; its own message is above`);
      times[name][key] = median(answer.ms);
      // OpenMP's threads spin for a while after their work.
      await setTimeout(100);
    }
  }
  return times;
}

function report(name, rounds) {
  const of = (key) => rounds.map((times) => times[name][key]);
  const keys = WAYS.map(({ key }) => key);
  const best = keys.reduce((a, b) => (median(of(b)) < median(of(a)) ? b : a));
  const theirs = keys.map((key) => `${median(of(key)).toFixed(2)} (${key})`).join(', ');
  const ratio = medianRatio(of(best), of('plexus'));
  console.log(`  ${name.padEnd(5)}  Plexus ${median(of('plexus')).toFixed(2)} ms (1 thread); PyTorch ${theirs}: Plexus is ${ratio.toFixed(2)} times as fast as its best (target ${TARGETS[name]})`);
}

/** Prints the comparison; where PyTorch is missing, how to get it. */
export async function compareWithTorch(roundCount) {
  console.log(`\nPyTorch, the same training step (batch ${BATCH} loaded; dense weights under a mask, as the official code has them), medians of ${roundCount} rounds in turn:`);
  const networks = stepCases(densityCases.slice(0, 1)).map(({ network }, i) => ({ name: i === 0 ? 'dense' : '1/8', network }));
  const peers = await startPeers({ batch: BATCH, networks: Object.fromEntries(networks.map(({ name, network }) => [name, describe(network)])) });
  if (peers === null) {
    console.log('  not compared: no Python with PyTorch and NumPy here. Install them (Debian: apt install python3-torch; elsewhere: pip install torch numpy) or name one with PYTHON=/path/to/python3.');
    return;
  }
  const backend = selectBackend('auto', console.log);
  console.log(`  PyTorch ${peers.get(null).torch}; Plexus ${backend.info.description}`);
  const contestants = networks.map(({ name, network }) => ({ name, step: loadedStep(startedStep(backend, network)) }));
  const rounds = [];
  for (let i = 0; i < roundCount; i++) rounds.push(await round(peers, contestants));
  for (const peer of peers.values()) peer.stop();
  for (const { name } of networks) report(name, rounds);
}
