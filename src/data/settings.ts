import { printable, unknownName, UserError } from '../core/errors.js';
import {
  type DataFormatName,
  dataFormatNames,
  dataFormats,
  type DataSetName,
  dataSetNames,
  dataSets,
} from './registry.js';
import { shapeLimits } from './shapes.js';
import type { DataSpec } from './types.js';

/** The names that a data spec may have besides `auto`. */
export type NamedData = DataSetName | DataFormatName;
export const dataNames = [...dataSetNames, ...dataFormatNames] as const;

/** A key of a data spec besides its name. */
export type DataKey = Exclude<keyof DataSpec, 'name'>;

/** What a key must be, in words that follow `must be`, and whether a value is that. */
interface Rule {
  readonly must: string;
  readonly holds: (value: unknown) => boolean;
}

/** A key: what messages call it, the data sets it is for, its rule. */
interface Setting {
  readonly words: string;
  readonly of: readonly NamedData[];
  readonly rule: (name: NamedData) => Rule;
}

function whole(least: number, most: number): Rule {
  return {
    must: `a whole number from ${least} to ${most}`,
    holds: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  };
}

function real(least: number, most: number): Rule {
  return {
    must: `a number from ${least} to ${most}`,
    holds: (value) => typeof value === 'number' && value >= least && value <= most,
  };
}

function oneOf(...names: readonly string[]): Rule {
  return {
    must: names.join(' or '),
    holds: (value) => typeof value === 'string' && names.includes(value),
  };
}

const YES_OR_NO: Rule = { must: 'true or false', holds: (value) => typeof value === 'boolean' };
const PATH: Rule = {
  must: 'the path of the files',
  holds: (value) => typeof value === 'string' && value !== '',
};

/**
 * Limits of the image's side for pictures in folders, in pixels, and of the number of images of a
 * split.
 */
export const folderLimits = { leastSize: 8, mostSize: 1024 } as const;
export const MOST_IMAGES = 100_000_000;

/** Most images that may be asked of a split. */
const mostImages: Readonly<Record<NamedData, Readonly<Record<'train' | 'test', number>>>> = {
  cifar10: dataSets.cifar10,
  shapes: { train: shapeLimits.images, test: shapeLimits.images },
  folder: { train: MOST_IMAGES, test: MOST_IMAGES },
  idx: { train: MOST_IMAGES, test: MOST_IMAGES },
  npz: { train: MOST_IMAGES, test: MOST_IMAGES },
};

/** Every key of a data spec. */
export const dataSettings: Readonly<Record<DataKey, Setting>> = {
  train: {
    words: 'the number of training images',
    of: dataNames,
    rule: (name) => whole(1, mostImages[name].train),
  },
  test: {
    words: 'the number of test images',
    of: dataNames,
    rule: (name) => whole(1, mostImages[name].test),
  },
  size: {
    words: 'the size (side in pixels)',
    of: ['shapes', 'folder'],
    rule: (name) =>
      name === 'shapes'
        ? whole(shapeLimits.leastSize, shapeLimits.mostSize)
        : whole(folderLimits.leastSize, folderLimits.mostSize),
  },
  seed: { words: 'the seed', of: ['shapes'], rule: () => whole(0, Number.MAX_SAFE_INTEGER) },
  path: { words: 'the path', of: ['folder', 'idx', 'npz'], rule: () => PATH },
  crop: { words: 'the crop', of: ['folder'], rule: () => oneOf('resized', 'shift') },
  flip: { words: 'flip', of: ['folder', 'idx', 'npz'], rule: () => YES_OR_NO },
  jitter: { words: 'the jitter', of: ['folder'], rule: () => real(0, 1) },
  lighting: { words: 'the lighting', of: ['folder'], rule: () => real(0, 10) },
  normalise: { words: 'normalise', of: ['folder'], rule: () => oneOf('imagenet', 'computed') },
};

/** What `auto` may stand for; it takes the keys of both. */
const AUTO: readonly NamedData[] = ['cifar10', 'shapes'];

const allKeys = Object.keys(dataSettings) as DataKey[];

/** The keys that a data set takes. */
export function dataKeysOf(name: DataSpec['name']): DataKey[] {
  const names = name === 'auto' ? AUTO : [name];
  return allKeys.filter((key) => names.some((each) => dataSettings[key].of.includes(each)));
}

/** What is wrong with a data spec, and at which key. */
export interface DataProblem {
  readonly key: keyof DataSpec;
  readonly message: string;
}

/**
 * What is wrong with a data spec as far as that can be told without looking at files: an unknown
 * name, keys that are not for that data set, values, a missing path. Null where nothing is.
 */
export function dataProblem(spec: DataSpec): DataProblem | null {
  const { name } = spec;
  if (name !== 'auto' && !dataNames.includes(name))
    return { key: 'name', message: unknownName('data set', name, ['auto', ...dataNames]).message };
  const taken = dataKeysOf(name);
  for (const key of allKeys.filter((each) => spec[each] !== undefined)) {
    if (!taken.includes(key))
      return {
        key,
        message:
          `${key} is a setting of ${quoted(dataSettings[key].of)} only; leave it out with ` +
          `"${name}"`,
      };
    // What `auto` stands for is not known here; of its keys `shapes` allows the most.
    const message = valueProblem(name === 'auto' ? 'shapes' : name, key, spec[key]);
    if (message !== null) return { key, message };
  }
  const format = dataFormatNames.find((each) => each === name);
  if (format === undefined || spec.path !== undefined) return null;
  return {
    key: 'name',
    message:
      `the data set "${format}" needs a path; set path (--data-path) to ` +
      dataFormats[format].path,
  };
}

/** Throws a `UserError` with what `dataProblem` finds. */
export function checkDataSpec(spec: DataSpec): void {
  const problem = dataProblem(spec);
  if (problem !== null) throw new UserError(problem.message);
}

function valueProblem(name: NamedData, key: DataKey, value: unknown): string | null {
  const { words, rule } = dataSettings[key];
  const { must, holds } = rule(name);
  return holds(value)
    ? null
    : `${words} of ${name} must be ${must}, got ` +
        (typeof value === 'string' ? `"${printable(value)}"` : String(value));
}

function quoted(names: readonly string[]): string {
  const each = names.map((name) => `"${name}"`);
  return (
    `the data set${each.length > 1 ? 's' : ''} ` +
    (each.length > 1 ? `${each.slice(0, -1).join(', ')} and ${each.at(-1)}` : each[0])
  );
}
