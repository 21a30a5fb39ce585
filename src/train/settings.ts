import { z } from 'zod';
import type { TrainSettings } from './types.js';

const BACKENDS = ['auto', 'reference', 'cpu', 'wasm'] as const satisfies readonly TrainSettings['backend'][];
const SCHEDULES = ['cosine', 'constant'] as const satisfies readonly TrainSettings['schedule'][];

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

/**
 * How a network is trained. The defaults are those of the paper's MLP on CIFAR-10 (You et al., ICML 2020, with the
 * settings of its published code). Errors are rules in words, meant to follow `NAME must be`.
 */
export const trainSettings = z.strictObject({
  epochs: wholeNumber(1, 100_000).default(200),
  batch: wholeNumber(2, 65_536).default(128),
  learningRate: z.number({ error: 'a number above 0' }).positive({ error: 'a number above 0' }).default(0.1),
  momentum: realNumber(0, 1, 'a number from 0 to 1').default(0.9),
  weightDecay: realNumber(0, Number.MAX_VALUE, 'a number of at least 0').default(5e-4),
  schedule: oneOf(SCHEDULES).default('cosine'),
  augment: z.boolean({ error: 'true or false' }).default(true),
  backend: oneOf(BACKENDS).default('auto'),
}) satisfies z.ZodType<TrainSettings>;

/** The names a `train` section may hold, in the order of documentation. */
export const trainSettingNames: readonly string[] = Object.keys(trainSettings.shape);

/** The settings of the paper's MLP. */
export const defaultTrainSettings: TrainSettings = trainSettings.parse({});
