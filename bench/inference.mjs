// One layer, 3072 -> 3072, over a few samples: dense and with a tenth of its weights, by the kernels
// of programs that train and of those that only evaluate, and as a CSR product by SciPy
// (peers/csr_product.py), in turn in one run.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compile, initialise, selectBackend } from '../dist/public/engine.js';
import { buildGraph, parseGraphSpec } from '../dist/public/graph.js';
import { blockMask } from '../dist/network/index.js';

const SCRIPT = fileURLToPath(new URL('peers/csr_product.py', import.meta.url));
const WIDTH = 3072;
const GRAPH = 'ws-flex:n=128,k=12,p=0.2,seed=1';
const BATCHES = [1, 2, 4, 8];
const REPEATS = 5;

function layerOf(mask) {
  const output = { channels: WIDTH, height: 1, width: 1 };
  return {
    arch: 'bench',
    graph: null,
    input: output,
    classes: WIDTH,
    widths: [],
    layers: [
      { kind: 'input', id: 'input', inputs: [], output },
      {
        kind: 'linear',
        id: 'layer',
        inputs: ['input'],
        output,
        inFeatures: WIDTH,
        outFeatures: WIDTH,
        bias: false,
        mask,
      },
    ],
  };
}

/** The product of one layer, its batch lying ready. */
async function contestant(backend, mask, batch, inference) {
  const executable = await backend.prepare(compile(layerOf(mask), { batch, inference }));
  initialise(executable, 1);
  const samples = Float32Array.from({ length: WIDTH * batch }, (_, i) => Math.sin(i));
  executable.input(samples, new Uint8Array(batch), batch);
  const [product] = executable.parts('evaluate');
  return { run: product.run, best: Infinity, dispose: () => executable.dispose() };
}

/** Python with SciPy, one thread; null where there is none. */
async function startPeer(python, setup) {
  const child = spawn(python, [SCRIPT], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    return done ? null : JSON.parse(value);
  };
  const hello = await ask(setup);
  if (hello?.scipy) return { ...hello, ask, best: new Map(), stop: () => child.stdin.end() };
  child.stdin.end();
  return null;
}

async function startPeers({ graph, output, nonzeros }) {
  const neighbours = Array.from({ length: graph.nodes }, (_, i) =>
    [...graph.targets.subarray(graph.offsets[i], graph.offsets[i + 1]), i].sort((a, b) => a - b),
  );
  const setup = { sizes: [...output.sizes], neighbours, batches: BATCHES };
  for (const python of process.env.PYTHON
    ? [process.env.PYTHON]
    : ['python3', '/usr/bin/python3']) {
    const peer = await startPeer(python, setup);
    if (peer === null) continue;
    if (peer.nonzeros !== nonzeros) throw new Error('the CSR matrix is another one');
    return peer;
  }
  return null;
}

/** Each one's best of a few products, right after one that is not timed. */
async function round(cases, peer) {
  for (const { batch, ...ways } of cases) {
    for (const way of Object.values(ways)) {
      way.run();
      for (let i = 0; i < REPEATS; i++) {
        const begun = performance.now();
        way.run();
        way.best = Math.min(way.best, performance.now() - begun);
      }
    }
    if (peer === null) continue;
    const { ms } = await peer.ask({ batch, rounds: REPEATS });
    peer.best.set(batch, Math.min(peer.best.get(batch) ?? Infinity, ...ms));
  }
}

function report({ batch, denseBefore, dense, sparseBefore, sparse }, peer) {
  const us = ({ best }) => `${(1000 * best).toFixed(0)} us`;
  const times = (a, b) => `${(a / b).toFixed(1)} x`;
  const csr = peer?.best.get(batch);
  console.log(
    `  batch ${batch}: dense ${us(dense)} (kernels of training ${us(denseBefore)}), sparse ` +
      `${us(sparse)} (${us(sparseBefore)}): ${times(dense.best, sparse.best)} as fast as dense` +
      (csr === undefined
        ? ''
        : `; CSR ${us({ best: csr })}: ${times(csr, sparse.best)} as fast as that`),
  );
}

/** Prints the comparison. */
export async function benchInference(isQuick) {
  const backend = selectBackend('auto', console.log);
  const graph = buildGraph(parseGraphSpec(GRAPH));
  const mask = blockMask(graph, WIDTH, WIDTH);
  const peer = await startPeers(mask);
  console.log(
    `\nfew samples: one layer ${WIDTH} -> ${WIDTH}, dense and on ${GRAPH} ` +
      `(${((100 * mask.nonzeros) / WIDTH ** 2).toFixed(1)} % of the weights), one thread, ` +
      `${backend.info.description}, best of many in turn; CSR: ` +
      `${peer === null ? 'not compared, no Python with SciPy here' : `SciPy ${peer.scipy}`} ` +
      '(targets: 5 x dense, 2 x CSR, at batch 1):',
  );
  const cases = [];
  for (const batch of BATCHES)
    cases.push({
      batch,
      denseBefore: await contestant(backend, null, batch, false),
      dense: await contestant(backend, null, batch, true),
      sparseBefore: await contestant(backend, mask, batch, false),
      sparse: await contestant(backend, mask, batch, true),
    });
  for (let i = 0; i < (isQuick ? 3 : 20); i++) await round(cases, peer);
  peer?.stop();
  for (const one of cases) report(one, peer);
  for (const { batch: _batch, ...ways } of cases)
    for (const way of Object.values(ways)) way.dispose();
}
