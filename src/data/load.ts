import { UserError, unknownName } from '../core/errors.js';
import { sha256Hex } from '../core/hash.js';
import { cifar10, findCifar10, readCifar10 } from './cifar10.js';
import type { Cifar10Found } from './cifar10.js';
import { dataPlaces, requireNamedPlaces } from '../core/places.js';
import type { DataOptions } from '../core/places.js';
import { dataSetNames, dataSets } from './registry.js';
import { drawShapes, shapeAugmentation, shapeClasses, shapeDefaults, shapeLimits, shapeNormalisation } from './shapes.js';
import type { DataSpec, Dataset, ImageSplit } from './types.js';

/** A `DataSpec` with nothing left open. */
export type ResolvedDataSpec =
  | { readonly name: 'cifar10'; readonly train: number; readonly test: number }
  | { readonly name: 'shapes'; readonly train: number; readonly test: number; readonly size: number; readonly seed: number };

function checkInteger(what: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UserError(`${what} must be a whole number from ${least} to ${most}, got ${value}`);
}

function locateCifar10(options: DataOptions): Cifar10Found | null {
  const places = dataPlaces(options);
  requireNamedPlaces(places);
  return findCifar10(places);
}

function requireCifar10(options: DataOptions): Cifar10Found {
  const found = locateCifar10(options);
  if (found !== null) return found;
  const looked = dataPlaces(options).map(({ path, origin }) => `${path} (${origin})`).join(', ');
  throw new UserError(`CIFAR-10 is not in ${looked}; run "plexus data get cifar10", name its directory with --data-dir or PLEXUS_DATA, or use the built-in data set "shapes"`);
}

/**
 * The spec with `auto` replaced by what is found here (CIFAR-10, else shapes) and every default filled in: what a
 * study pins, so that it means the same tomorrow. Under `auto`, `size` and `seed` hold for shapes only.
 *
 * Throws a `UserError` for an unknown name, numbers out of range, more images than there are, or `size` or `seed`
 * given with `cifar10`.
 */
export function resolveDataSpec(spec: DataSpec, options: DataOptions = {}): ResolvedDataSpec {
  switch (spec.name) {
    case 'auto':
      return locateCifar10(options) === null ? resolveShapes(spec) : resolveCifar10(spec);
    case 'cifar10':
      if (spec.size !== undefined || spec.seed !== undefined) {
        throw new UserError(`${spec.size !== undefined ? 'size' : 'seed'} is a setting of the data set "shapes" only; leave it out with "cifar10"`);
      }
      return resolveCifar10(spec);
    case 'shapes':
      return resolveShapes(spec);
    default:
      throw unknownName('data set', String(spec.name satisfies never), ['auto', ...dataSetNames]);
  }
}

function resolveCifar10(spec: DataSpec): ResolvedDataSpec {
  const { train, test } = dataSets.cifar10;
  return {
    name: 'cifar10',
    train: checkInteger('the number of training images of cifar10', spec.train ?? train, 1, train),
    test: checkInteger('the number of test images of cifar10', spec.test ?? test, 1, test),
  };
}

function resolveShapes(spec: DataSpec): ResolvedDataSpec {
  return {
    name: 'shapes',
    train: checkInteger('the number of training images of shapes', spec.train ?? shapeDefaults.train, 1, shapeLimits.images),
    test: checkInteger('the number of test images of shapes', spec.test ?? shapeDefaults.test, 1, shapeLimits.images),
    size: checkInteger('the size (side in pixels) of shapes', spec.size ?? shapeDefaults.size, shapeLimits.leastSize, shapeLimits.mostSize),
    seed: checkInteger('the seed of shapes', spec.seed ?? shapeDefaults.seed, 0, Number.MAX_SAFE_INTEGER),
  };
}

/**
 * Loads (CIFAR-10) or draws (shapes) a data set into shared memory; `identity` tells exactly what it is.
 *
 * Throws a `UserError` where the spec is invalid (see `resolveDataSpec`), CIFAR-10 is not found, or its files are damaged.
 */
export async function loadDataset(spec: DataSpec, options: DataOptions = {}): Promise<Dataset> {
  const resolved = resolveDataSpec(spec, options);
  const dataset = resolved.name === 'cifar10' ? loadCifar10(resolved, options) : loadShapes(resolved);
  const { name, ...settings } = resolved;
  const words = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  return { ...dataset, name, identity: [name, ...words, `sha256=${bytesHash(dataset.train, dataset.test)}`].join(' ') };
}

type Unnamed = Omit<Dataset, 'name' | 'identity'>;

function loadCifar10(spec: ResolvedDataSpec, options: DataOptions): Unnamed {
  const { shape, mean, std, augmentation } = cifar10;
  return { ...readCifar10(requireCifar10(options).folder, spec), shape, mean, std, augmentation };
}

function loadShapes(spec: Extract<ResolvedDataSpec, { name: 'shapes' }>): Unnamed {
  return {
    classes: shapeClasses,
    shape: { channels: 3, height: spec.size, width: spec.size },
    train: drawShapes('train', spec.train, spec.size, spec.seed),
    test: drawShapes('test', spec.test, spec.size, spec.seed),
    ...shapeNormalisation,
    augmentation: shapeAugmentation(spec.size),
  };
}

/** The first 16 digits of a SHA-256 over images and labels of both splits. */
function bytesHash(...splits: readonly ImageSplit[]): string {
  const parts = splits.flatMap(({ images, labels }) => [sha256Hex(images), sha256Hex(labels)]);
  return sha256Hex(parts.join(' ')).slice(0, 16);
}
