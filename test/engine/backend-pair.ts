import { RandomStream } from '../../src/core/random/index.js';
import { compile } from '../../src/engine/compile.js';
import type { Backend, Executable, Program } from '../../src/engine/types.js';
import type { Network } from '../../src/network/types.js';
import { expectSameNumbers, expectSameResults, type Tolerance } from './agreement.js';
import { rememberedReference } from './remembered.js';
import { loadBatch, randomBatch, randomise } from './networks.js';

export const HYPER = { learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4 };
export const TOLERANCES: Readonly<Record<'float32' | 'float64', Tolerance>> = {
  float32: { atol: 1e-4, rtol: 1e-3 },
  float64: { atol: 1e-12, rtol: 1e-10 },
};

/** The same random numbers in a program prepared on the backend under test and on the reference. */
export async function pair(
  backend: Backend,
  program: Program,
  random: RandomStream,
): Promise<[actual: Executable, wanted: Executable]> {
  const both: [Executable, Executable] = [
    await backend.prepare(program),
    rememberedReference(program),
  ];
  randomise(both, random, true);
  return both;
}

/** Forward, backward, evaluation and two updates of one network agree with the reference. */
export async function expectAgreement(
  backend: Backend,
  network: Network,
  batch: number,
  count: number,
  seed: number,
): Promise<void> {
  const random = new RandomStream('agreement', seed);
  const program = compile(network, { batch });
  const tolerance = TOLERANCES[backend.info.precision];
  const [actual, wanted] = await pair(backend, program, random);
  const both = [actual, wanted];
  loadBatch(both, randomBatch(program, count, random));
  for (const one of both) one.dispatch('evaluate');
  await expectSameResults(actual, wanted, tolerance);
  for (const one of both) one.dispatch('forward');
  await expectSameResults(actual, wanted, tolerance);
  for (const one of both) one.dispatch('backward');
  await expectSameNumbers(actual, wanted, ['value', 'grad'], tolerance);
  for (const one of both) one.dispatch('update', HYPER);
  loadBatch(both, randomBatch(program, count, random));
  for (const one of both) one.dispatch('step', HYPER);
  await expectSameResults(actual, wanted, tolerance);
  await expectSameNumbers(actual, wanted, ['value', 'momentum'], tolerance);
  for (const one of both) one.dispose();
}
