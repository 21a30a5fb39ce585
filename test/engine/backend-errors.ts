import { beforeEach, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { compile } from '../../src/engine/compile.js';
import type { Backend, Executable } from '../../src/engine/types.js';
import { expectClose } from './agreement.js';
import { chain, vector } from './networks.js';

const HYPER = { learningRate: 0.1, momentum: 0.9, weightDecay: 0 };

/**
 * Mistakes of a caller are UserErrors with rule, value and remedy, and the same on every backend.
 */
export function backendErrors(backend: Backend): void {
  let executable: Executable;
  beforeEach(async () => {
    executable = await backend.prepare(
      compile(chain(vector(3), [{ linear: 2, bias: true }, 'bn']), { batch: 4 }),
    );
  });
  const mistake = async (act: () => unknown, message: string): Promise<void> => {
    const acting = (async () => act())();
    await expect(acting).rejects.toThrow(UserError);
    await expect(acting).rejects.toThrow(message);
  };

  it('an unknown parameter lists the valid ones', async () => {
    const all =
      'linear0.weight, linear0.bias, bn1.weight, bn1.bias, bn1.running_mean, bn1.running_var';
    await mistake(
      () => executable.upload('linear0.wieght', []),
      `unknown parameter "linear0.wieght"; expected one of ${all}`,
    );
    await mistake(() => executable.read('x'), `expected one of ${all}`);
    await mistake(
      () => executable.read('bn1.running_mean', 'grad'),
      'unknown learnable parameter "bn1.running_mean"; expected one of linear0.weight, ' +
        'linear0.bias, bn1.weight, bn1.bias',
    );
    await mistake(
      () => executable.uploadMomentum('bn1.running_var', [0, 0]),
      'unknown learnable parameter',
    );
  });

  it.each([0, -1, 1.5, 65, NaN])('%s threads', async (threads) => {
    await mistake(
      () => backend.prepare(executable.program, { threads }),
      `a model runs on 1 to 64 threads, got ${threads}`,
    );
  });

  it('a wrong number of values', async () => {
    await mistake(
      () => executable.upload('linear0.weight', [1, 2, 3]),
      'parameter "linear0.weight" of shape [2, 3] takes 6 numbers, got 3',
    );
    await mistake(
      () => executable.uploadMomentum('linear0.bias', [1, 2, 3]),
      'takes 2 numbers, got 3',
    );
  });

  it('a batch that does not fit', async () => {
    await mistake(
      () => executable.input(new Float32Array(15), [0, 0, 0, 0, 0], 5),
      'takes 1 to 4 samples at a time, got 5',
    );
    await mistake(() => executable.input([], [], 0), 'takes 1 to 4 samples at a time, got 0');
    await mistake(
      () => executable.input([1, 2], [0], 1),
      '1 samples of 3 features are 3 numbers, got 2',
    );
    await mistake(() => executable.input([1, 2, 3], [0, 1], 1), '1 samples need 1 labels, got 2');
    await mistake(
      () => executable.input([1, 2, 3], [2], 1),
      'a label must be a whole number from 0 to 1, got 2',
    );
  });

  it('a phase that cannot run', async () => {
    await mistake(() => executable.dispatch('evaluate'), '"evaluate" needs a batch');
    await mistake(() => executable.metrics(), 'exist after a batch has run');
    executable.input([1, 2, 3, 4, 5, 6], [0, 1], 2);
    await mistake(() => executable.logits(), 'exist after a batch has run');
    await mistake(
      () => executable.dispatch('backward'),
      '"backward" needs the activations of "forward"',
    );
    await mistake(() => executable.dispatch('update', HYPER), '"update" needs gradients');
    await mistake(() => executable.dispatch('step'), '"step" needs a learning rate');
    await mistake(
      () => executable.dispatch('step', { ...HYPER, learningRate: NaN }),
      'the learning rate must be a number of at least 0, got NaN',
    );
    executable.dispatch('forward');
    executable.dispatch('evaluate');
    await mistake(() => executable.dispatch('backward'), 'and again after an evaluation');
  });

  it('training batch norm on one sample, while evaluating one is fine', async () => {
    executable.input([1, 2, 3], [0], 1);
    await mistake(() => executable.dispatch('step', HYPER), 'batches of at least 2 samples, got 1');
    await mistake(() => executable.dispatch('forward'), 'batches of at least 2 samples, got 1');
    executable.dispatch('evaluate');
    expect((await executable.logits()).length).toBe(2);
  });

  it('training batch norm on one sample with a plane of several pixels is fine', async () => {
    const plane = { channels: 2, height: 2, width: 2 };
    const onPlanes = await backend.prepare(
      compile(chain(plane, [{ conv: 3, kernel: 1 }, 'bn', 'globalPool', { linear: 2 }]), {
        batch: 4,
      }),
    );
    onPlanes.upload('bn1.running_var', [1, 1, 1]);
    onPlanes.upload('conv0.weight', [1, 0, 0, 1, 1, 1]);
    onPlanes.input([1, 2, 3, 4, 0, 0, 0, 8], [0], 1);
    onPlanes.dispatch('step', HYPER);
    expectClose(
      [...(await onPlanes.read('bn1.running_mean'))],
      [0.25, 0.2, 0.45],
      { atol: 1e-6, rtol: 0 },
      'mean',
    );
    // 0.9 and a tenth of the unbiased variances 5 / 3, 16 and 77 / 3.
    expectClose(
      [...(await onPlanes.read('bn1.running_var'))],
      [0.9 + 1 / 6, 2.5, 0.9 + 7.7 / 3],
      { atol: 1e-5, rtol: 0 },
      'variance',
    );
  });

  it('gradients added up where there are none', async () => {
    const accumulate = { accumulate: true };
    executable.input([1, 2, 3, 4, 5, 6], [0, 1], 2);
    await mistake(
      () => executable.dispatch('forward', undefined, accumulate),
      'got accumulate with "forward"',
    );
    await mistake(
      () => executable.dispatch('step', HYPER, accumulate),
      'got accumulate with "step"',
    );
    await mistake(
      () => executable.dispatch('statistics', undefined, accumulate),
      'got accumulate with the first one',
    );
    executable.dispatch('forward');
    await mistake(
      () => executable.dispatch('backward', undefined, accumulate),
      'got accumulate with the first one',
    );
    executable.dispatch('backward');
    executable.dispatch('forward');
    executable.dispatch('backward', undefined, accumulate);
    await mistake(
      () => executable.dispatch('update', { ...HYPER, gradientScale: NaN }),
      'the scale of gradients must be a number of at least 0, got NaN',
    );
    // A step leaves no gradients that could be added to.
    executable.dispatch('step', HYPER);
    executable.dispatch('forward');
    await mistake(
      () => executable.dispatch('backward', undefined, accumulate),
      'got accumulate with the first one',
    );
  });

  it('use after dispose', async () => {
    executable.dispose();
    executable.dispose();
    await mistake(() => executable.read('linear0.weight'), 'cannot be used after dispose()');
    await mistake(() => executable.dispatch('evaluate'), 'cannot be used after dispose()');
  });
}
