// A thread of bench/scaling.mjs: says `ready`, then for each {kind, seconds} how many times a second
// it did that work.
import { parentPort } from 'node:worker_threads';
import { BATCH, CONV_BATCH, densityCases } from '../dist/cli/bench/cases.js';
import { startedStep, stepCases, wholeStep } from '../dist/cli/bench/steps.js';
import { selectBackend } from '../dist/public/engine.js';

const backend = selectBackend('auto');
const works = new Map([['arithmetic in registers', () => backend.kernels.peak()]]);
for (const { arch, task, batch } of [
  { arch: 'mlp', task: {}, batch: BATCH },
  { arch: 'cnn', task: { stem: 'small' }, batch: CONV_BATCH },
])
  for (const { density, network } of stepCases(densityCases.slice(0, 1), arch, task)) {
    const executable = await startedStep(backend, network, { batch });
    works.set(`${arch} step, ${density === null ? 'dense' : '1/8'}`, wholeStep(executable));
  }
for (const work of works.values()) work();

parentPort.on('message', ({ kind, seconds }) => {
  const work = works.get(kind);
  const begun = performance.now();
  let times = 0;
  do {
    work();
    times++;
  } while (performance.now() < begun + 1000 * seconds);
  parentPort.postMessage((1000 * times) / (performance.now() - begun), []);
});
parentPort.postMessage([...works.keys()], []);
