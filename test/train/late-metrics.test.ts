import { describe, expect, it } from 'vitest';
import { selectBackend } from '../../src/engine/backends/registry.js';
import type { Backend, Executable } from '../../src/engine/types.js';
import { createLateMetrics } from '../../src/train/late-metrics.js';
import { defaultTrainSettings, train, type TrainSettings } from '../../src/public/train.js';
import { chain } from '../engine/networks.js';
import { outcomeOf, toyDataset } from './toy.js';

const dataset = toyDataset();
const network = chain(dataset.shape, [{ linear: 9 }, 'bn', 'relu', { linear: 7, bias: true }]);
const settings: TrainSettings = {
  ...defaultTrainSettings,
  epochs: 2,
  batch: 8,
  backend: 'reference',
  preciseBatchNorm: 16,
};

/** The reference as a backend that works behind its caller: results come some time later. */
function lateBackend(log: string[]): Backend {
  const reference = selectBackend('reference');
  const later = async <T>(result: Promise<T>, what: string): Promise<T> => {
    const value = await result;
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    log.push(what);
    return value;
  };
  return {
    info: { ...reference.info, name: 'late' },
    async prepare(program, options) {
      const executable = await reference.prepare(program, options);
      return {
        ...executable,
        read: (...args) => later(executable.read(...args), 'read'),
        metrics: () => later(executable.metrics(), 'metrics'),
        logits: () => later(executable.logits(), 'logits'),
        dispatch(...args) {
          log.push(args[0]);
          executable.dispatch(...args);
        },
      } satisfies Executable;
    },
  };
}

describe('a backend whose results come late', () => {
  it('trains to the same numbers, and is given the next step before the last loss is known', async () => {
    const log: string[] = [];
    const options = { network, dataset, settings, seed: 1 };
    const late = await outcomeOf({ ...options, backend: lateBackend(log) });
    expect(late).toEqual(await outcomeOf(options));
    expect(log.slice(0, 3)).toEqual(['step', 'step', 'step']);
    expect(log.filter((what) => what === 'metrics').length).toBe(2 * (5 + 3));
  });

  it('stops where the loss diverged, with the same words', async () => {
    const options = {
      network,
      dataset,
      settings: { ...settings, learningRate: 1e200 },
      seed: 1,
    };
    const reasons = await Promise.all(
      [undefined, lateBackend([])].map((backend) =>
        train({ ...options, ...(backend && { backend }) }).then(
          () => 'trained',
          (error: Error) => `${error.name}: ${error.message}`,
        ),
      ),
    );
    expect(reasons[0]).toMatch(/^TrainingFailed: diverged: the training loss is NaN in epoch 1/);
    expect(reasons[1]).toBe(reasons[0]);
  });
});

describe('late metrics', () => {
  const of = (loss: number) => ({ loss, correct: 0, correct5: 0 });

  it('are taken in the order in which they were asked for, however they come', async () => {
    const late = createLateMetrics();
    const taken: number[] = [];
    const slow = new Promise<void>((resolve) => setTimeout(resolve, 5));
    late.expect(
      slow.then(() => of(1)),
      ({ loss }) => taken.push(loss),
    );
    late.expect(Promise.resolve(of(2)), ({ loss }) => taken.push(loss));
    late.expect(Promise.resolve(of(3)), ({ loss }) => taken.push(loss));
    await late.settle(3);
    expect(taken).toEqual([]);
    await late.settle(1);
    expect(taken).toEqual([1, 2]);
    await late.settle(0);
    expect(taken).toEqual([1, 2, 3]);
  });

  it('tell of a failure when they are waited for, not before', async () => {
    const late = createLateMetrics();
    late.expect(Promise.reject(new Error('lost')), () => expect.unreachable());
    await new Promise(setImmediate);
    await expect(late.settle(0)).rejects.toThrow('lost');
  });
});
