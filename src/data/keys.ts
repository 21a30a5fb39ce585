import { z } from 'zod';
import type { DataSpec } from './types.js';

/** A key of a data spec besides its name. */
export type DataKey = Exclude<keyof DataSpec, 'name'>;

/** What a value must be, in words that follow `must be`, and whether it is that. */
export interface KeyRule {
  readonly must: string;
  readonly holds: (value: unknown) => boolean;
}

export function wholeNumbers(least: number, most: number): KeyRule {
  return {
    must: `a whole number from ${least} to ${most}`,
    holds: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  };
}

export function realNumbers(least: number, most: number): KeyRule {
  return {
    must: `a number from ${least} to ${most}`,
    holds: (value) => typeof value === 'number' && value >= least && value <= most,
  };
}

export function oneOf(...names: readonly string[]): KeyRule {
  return {
    must: names.join(' or '),
    holds: (value) => typeof value === 'string' && names.includes(value),
  };
}

export const yesOrNo: KeyRule = {
  must: 'true or false',
  holds: (value) => typeof value === 'boolean',
};

export const filePath: KeyRule = {
  must: 'the path of the files',
  holds: (value) => typeof value === 'string' && value !== '',
};

const images = wholeNumbers(0, 10_000_000);

/** The keys that every data set takes: they are about what is made of it. */
export const commonKeys: Readonly<Partial<Record<DataKey, KeyRule>>> = {
  validation: {
    must: `${images.must}, or auto`,
    holds: (value) => value === 'auto' || images.holds(value),
  },
};

/** What messages call the keys. */
export const keyWords: Readonly<Record<DataKey, string>> = {
  train: 'the number of training images',
  test: 'the number of test images',
  size: 'the size (side in pixels)',
  seed: 'the seed',
  path: 'the path',
  crop: 'the crop',
  flip: 'flip',
  jitter: 'the jitter',
  lighting: 'the lighting',
  normalise: 'normalise',
  validation: 'the number of validation images',
};

/** Every key, in the order of lists. */
export const dataKeys = Object.keys(keyWords) as DataKey[];

const COUNT_RULE = { error: 'a whole number' };
const NUMBER_RULE = { error: 'a number' };

/** The types of the keys; their ranges are the data sets' own. */
export const dataKeyTypes = {
  train: z.number(COUNT_RULE).optional(),
  test: z.number(COUNT_RULE).optional(),
  size: z.number(COUNT_RULE).optional(),
  seed: z.number(COUNT_RULE).optional(),
  path: z.string({ error: 'the path of a directory or file' }).optional(),
  crop: z.enum(['resized', 'shift'], { error: 'resized or shift' }).optional(),
  flip: z.boolean({ error: 'true or false' }).optional(),
  jitter: z.number(NUMBER_RULE).optional(),
  lighting: z.number(NUMBER_RULE).optional(),
  normalise: z.enum(['imagenet', 'computed'], { error: 'imagenet or computed' }).optional(),
  validation: z
    .union([z.number(), z.literal('auto')], { error: 'a whole number of images, or auto' })
    .optional(),
} as const satisfies Readonly<Record<DataKey, z.ZodType>>;
