import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { architecture, architectures } from '../../src/network/index.js';
import {
  checkSettings,
  defaultTrainSettings,
  givenTrainSettings,
  settingProblem,
  trainSettingNames,
  trainSettingsFor,
} from '../../src/train/index.js';

describe('trainSettingsFor', () => {
  it("is the paper's MLP by default", () => {
    expect(defaultTrainSettings).toEqual({
      epochs: 200,
      batch: 128,
      learningRate: 0.1,
      momentum: 0.9,
      weightDecay: 5e-4,
      schedule: 'cosine',
      start: 'published',
      warmupEpochs: 0,
      labelSmoothing: 0,
      augment: true,
      accumulate: 1,
      preciseBatchNorm: 0,
      precision: 'float32',
      backend: 'auto',
      threads: 1,
    });
    expect(trainSettingsFor('mlp')).toEqual(defaultTrainSettings);
  });

  it.each(architectures.map(({ name }) => name))(
    'has the published settings of %s, and what is given instead of them',
    (name) => {
      const settings = trainSettingsFor(name);
      expect(settings).toMatchObject(architecture(name).training);
      // Rewiring is asked for or not: it has no default.
      const given = trainSettingNames.filter((each) => each !== 'rewire');
      expect(Object.keys(settings).toSorted()).toEqual(given.toSorted());
      expect(settingProblem(settings)).toBeNull();
      expect(
        trainSettingsFor(name, { epochs: 3, preciseBatchNorm: 7, schedule: undefined }),
      ).toEqual({ ...settings, epochs: 3, preciseBatchNorm: 7 });
    },
  );

  it('measures batch norms before an evaluation where the official code does: those of planes', () => {
    const samples = Object.fromEntries(
      architectures.map(({ name }) => [name, trainSettingsFor(name).preciseBatchNorm]),
    );
    expect(samples).toEqual({
      mlp: 0,
      cnn: 1024,
      resnet34: 1024,
      'resnet34-sep': 1024,
      resnet50: 1024,
      'efficientnet-b0': 1024,
      'patch-transformer': 0,
    });
  });
});

describe('docs/studies.md', () => {
  const page = readFileSync(new URL('../../docs/studies.md', import.meta.url), 'utf8');

  it("has every architecture's own settings", () => {
    const rows = [...page.matchAll(/^\| \[([\w-]+)\]\(architectures\/\S+\) \| (.*) \|$/gm)].map(
      ([, name, cells]) => [name, ...cells.split(' | ').map(Number)],
    );
    expect(rows).toEqual(
      architectures.map(({ name }) => {
        const { epochs, batch, learningRate, weightDecay, preciseBatchNorm } =
          trainSettingsFor(name);
        return [name, epochs, batch, learningRate, weightDecay, preciseBatchNorm];
      }),
    );
  });
});

describe('the rules of settings', () => {
  it.each([
    [{ epochs: 0 }, 'a whole number from 1 to 100000'],
    [{ epochs: 1.5 }, 'a whole number from 1 to 100000'],
    [{ batch: 1 }, 'a whole number from 2 to 65536'],
    [{ learningRate: 0 }, 'a number above 0'],
    [{ momentum: 1.1 }, 'a number from 0 to 1'],
    [{ weightDecay: -1 }, 'a number of at least 0'],
    [{ schedule: 'linear' }, 'one of cosine, cosine-steps, constant'],
    [{ start: 'he' }, 'one of published, fan-in'],
    [{ warmupEpochs: -1 }, 'a whole number from 0 to 100000'],
    [{ labelSmoothing: 1 }, 'a number from 0 to below 1'],
    [{ labelSmoothing: -0.1 }, 'a number from 0 to below 1'],
    [{ accumulate: 0 }, 'a whole number from 1 to 32768'],
    [{ preciseBatchNorm: 0.5 }, 'a whole number from 0 to 10000000'],
    [{ threads: 0 }, 'a whole number from 1 to 64'],
    [{ backend: 'cuda' }, 'one of auto, reference, cpu, wasm-relaxed, wasm'],
    [{ augment: 1 }, 'true or false'],
  ])('refuse %j with the rule', (settings, rule) => {
    expect(
      givenTrainSettings.safeParse(settings).error?.issues.map((issue) => issue.message),
    ).toEqual([rule]);
  });

  it(
    'hold between settings: a batch is cut into equal parts of at least two, and a warm-up ' +
      'is no longer than the training',
    () => {
      expect(settingProblem({ ...defaultTrainSettings, batch: 10, accumulate: 4 })).toEqual({
        name: 'accumulate',
        rule: 'a whole number that cuts the batch of 10 into equal parts of at least 2 images',
      });
      expect(settingProblem({ ...defaultTrainSettings, epochs: 3, warmupEpochs: 4 })).toEqual({
        name: 'warmupEpochs',
        rule: 'at most the number of epochs, 3',
      });
      fc.assert(
        fc.property(
          fc.integer({ min: 2, max: 600 }),
          fc.integer({ min: 1, max: 600 }),
          (batch, accumulate) => {
            const parts = batch / accumulate;
            expect(settingProblem({ ...defaultTrainSettings, batch, accumulate }) === null).toBe(
              Number.isInteger(parts) && parts >= 2,
            );
          },
        ),
      );
    },
  );

  it('are told to programs that break them, with the value', () => {
    expect(() => checkSettings({ ...defaultTrainSettings, epochs: 0 })).toThrow(UserError);
    expect(() => checkSettings({ ...defaultTrainSettings, epochs: 0 })).toThrow(
      'the setting epochs must be a whole number from 1 to 100000; got 0',
    );
    expect(() => checkSettings({ ...defaultTrainSettings, accumulate: 3 })).toThrow(
      'the setting accumulate must be a whole number that cuts the batch of 128 into ' +
        'equal parts of at least 2 images; got 3',
    );
    expect(() => checkSettings(defaultTrainSettings)).not.toThrow();
  });
});
