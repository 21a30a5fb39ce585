import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { PRECISIONS } from '../engine/bf16.js';
import { REWIRE_DEFAULTS, REWIRE_GRAPHS, REWIRE_RULES } from '../graph/rewire-settings.js';
import { backendNames } from '../engine/backends/registry.js';
import type { TrainSettings } from './types.js';

const SCHEDULES = [
  'cosine',
  'cosine-steps',
  'constant',
] as const satisfies readonly TrainSettings['schedule'][];
const STARTS = ['published', 'fan-in'] as const satisfies readonly TrainSettings['start'][];

/** A whole number of a closed range; the error is the rule in words, for `must be ...`. */
export function wholeNumber(min: number, max: number): z.ZodNumber {
  const rule = { error: `a whole number from ${min} to ${max}` };
  return z.number(rule).int(rule).min(min, rule).max(max, rule);
}

function realNumber(min: number, max: number, rule: string): z.ZodNumber {
  const error = { error: rule };
  return z.number(error).min(min, error).max(max, error);
}

function oneOf<const T extends readonly [string, ...string[]]>(names: T) {
  return z.enum(names, { error: `one of ${names.join(', ')}` });
}

/** Backends may be registered at any time, so the names are looked up when one is given. */
const backendName = z
  .string({ error: () => backendRule() })
  .refine((name) => backendNames().includes(name), { error: () => backendRule() });

function backendRule(): string {
  return `one of ${backendNames().join(', ')}`;
}

const SMOOTHING_RULE = { error: 'a number from 0 to below 1' };

const SHARE_RULE = { error: 'a number above 0 and at most 1' };
const share = z.number(SHARE_RULE).positive(SHARE_RULE).max(1, SHARE_RULE);

/** What `rewire` holds, with its rules. */
export const rewireSchema = z.strictObject(
  {
    rule: oneOf(REWIRE_RULES),
    every: wholeNumber(1, 10_000_000).default(REWIRE_DEFAULTS.every),
    fraction: share.default(REWIRE_DEFAULTS.fraction),
    until: share.default(REWIRE_DEFAULTS.until),
    graphs: oneOf(REWIRE_GRAPHS).default(REWIRE_DEFAULTS.graphs),
  },
  { error: 'a mapping such as {rule: rigl}' },
);

/** Every setting's own rule. Errors are rules in words, meant to follow `NAME must be`. */
const RULES = {
  epochs: wholeNumber(1, 100_000),
  batch: wholeNumber(2, 65_536),
  learningRate: z.number({ error: 'a number above 0' }).positive({ error: 'a number above 0' }),
  momentum: realNumber(0, 1, 'a number from 0 to 1'),
  weightDecay: realNumber(0, Number.MAX_VALUE, 'a number of at least 0'),
  schedule: oneOf(SCHEDULES),
  start: oneOf(STARTS),
  warmupEpochs: wholeNumber(0, 100_000),
  labelSmoothing: z.number(SMOOTHING_RULE).min(0, SMOOTHING_RULE).lt(1, SMOOTHING_RULE),
  augment: z.boolean({ error: 'true or false' }),
  accumulate: wholeNumber(1, 32_768),
  preciseBatchNorm: wholeNumber(0, 10_000_000),
  precision: oneOf(PRECISIONS),
  backend: backendName,
  threads: wholeNumber(1, 64),
  rewire: rewireSchema.optional(),
};

/** The settings that are given; the rest are the architecture's (`trainSettingsFor`). */
export const givenTrainSettings = z.strictObject(RULES).partial();

/** Some of the settings. */
export type GivenTrainSettings = {
  readonly [K in keyof TrainSettings]?: TrainSettings[K] | undefined;
};

/** The names a `train` section may hold, in the order of documentation. */
export const trainSettingNames: readonly string[] = Object.keys(RULES);

/** A setting that breaks a rule: its name, and the rule in words to follow `NAME must be`. */
export interface SettingProblem {
  readonly name: 'warmupEpochs' | 'accumulate';
  readonly rule: string;
}

/**
 * The first rule between settings that is broken; null when all is well. Each setting's own rule
 * holds already.
 */
export function settingProblem({
  epochs,
  batch,
  warmupEpochs,
  accumulate,
}: TrainSettings): SettingProblem | null {
  if (warmupEpochs > epochs)
    return { name: 'warmupEpochs', rule: `at most the number of epochs, ${epochs}` };
  if (batch % accumulate !== 0 || batch / accumulate < 2)
    return {
      name: 'accumulate',
      rule: `a whole number that cuts the batch of ${batch} into equal parts of at least 2 images`,
    };
  return null;
}

/**
 * Throws a `UserError` when settings that did not come through a schema break a rule: a program's
 * own.
 */
export function checkSettings(settings: TrainSettings): void {
  const issue = z.object(RULES).safeParse(settings).error?.issues[0];
  const problem = issue
    ? { name: String(issue.path[0]), rule: issue.message }
    : settingProblem(settings);
  if (problem)
    throw new UserError(
      `the setting ${problem.name} must be ${problem.rule}; got ` +
        String(Reflect.get(settings, problem.name)),
    );
}
