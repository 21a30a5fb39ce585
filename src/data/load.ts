import { resolve } from 'node:path';
import { invariant, UserError } from '../core/errors.js';
import { sha256Hex } from '../platform/hash.js';
import { type DataOptions, dataPlaces, requireNamedPlaces } from '../platform/places.js';
import { arrayDataset } from './arrays/dataset.js';
import { readIdxDirectory } from './arrays/idx.js';
import { readNpzFile } from './arrays/npz.js';
import { cifar10, type Cifar10Found, findCifar10, readCifar10 } from './cifar10.js';
import { type FolderOptions, loadFolder } from './folder/load.js';
import { type DataFormatName, dataSets } from './registry.js';
import { checkDataSpec } from './settings.js';
import {
  drawShapes,
  shapeAugmentation,
  shapeClasses,
  shapeDefaults,
  shapeNormalisation,
} from './shapes.js';
import type { Dataset, DataSpec, ImageSplit, MemoryDataset } from './types.js';

/**
 * A `DataSpec` that means the same tomorrow. What it leaves open of somebody's own files follows
 * from these, and the identity of the data set tells it.
 */
export type ResolvedDataSpec =
  | { readonly name: 'cifar10'; readonly train: number; readonly test: number }
  | {
      readonly name: 'shapes';
      readonly train: number;
      readonly test: number;
      readonly size: number;
      readonly seed: number;
    }
  | OwnData<'folder'>
  | OwnData<'idx'>
  | OwnData<'npz'>;

/** Somebody's own files. The path is absolute. */
type OwnData<Name extends DataFormatName> = Omit<DataSpec, 'name' | 'seed'> & {
  readonly name: Name;
  readonly path: string;
};

/** Where to look for data, and how to load it. */
export interface LoadOptions extends DataOptions, FolderOptions {}

function locateCifar10(options: DataOptions): Cifar10Found | null {
  const places = dataPlaces(options);
  requireNamedPlaces(places);
  return findCifar10(places);
}

function requireCifar10(options: DataOptions): Cifar10Found {
  const found = locateCifar10(options);
  if (found !== null) return found;
  const looked = dataPlaces(options)
    .map(({ path, origin }) => `${path} (${origin})`)
    .join(', ');
  throw new UserError(
    `CIFAR-10 is not in ${looked}; run "plexus data get cifar10", name its directory ` +
      'with --data-dir or PLEXUS_DATA, or use the built-in data set "shapes"',
  );
}

/**
 * The spec with `auto` replaced by what is found here (CIFAR-10, else shapes) and the defaults of
 * these two filled in: what a study pins. Under `auto`, `size` and `seed` hold for shapes only. Of
 * somebody's own files the path becomes absolute; nothing is looked at.
 *
 * Throws a `UserError` for an unknown name, values out of range, more images than there are, and
 * keys of other data sets.
 */
export function resolveDataSpec(spec: DataSpec, options: DataOptions = {}): ResolvedDataSpec {
  checkDataSpec(spec);
  switch (spec.name) {
    case 'auto':
      return resolveDataSpec(
        locateCifar10(options) === null ? { ...spec, name: 'shapes' } : cifar10Of(spec),
        options,
      );
    case 'cifar10':
      return {
        name: 'cifar10',
        train: spec.train ?? dataSets.cifar10.train,
        test: spec.test ?? dataSets.cifar10.test,
      };
    case 'shapes': {
      const { train, test, size, seed } = { ...shapeDefaults, ...withoutGaps(spec) };
      return { name: 'shapes', train, test, size, seed };
    }
    case 'folder':
    case 'idx':
    case 'npz': {
      const { path, ...rest } = withoutGaps(spec);
      invariant(path !== undefined, 'a data spec without the path that was checked');
      return { ...rest, name: spec.name, path: resolve(path) };
    }
    default:
      return spec.name satisfies never;
  }
}

function cifar10Of({ train, test }: DataSpec): DataSpec {
  return withoutGaps({ name: 'cifar10', train, test });
}

/** Without the keys whose value is `undefined`. */
function withoutGaps<T extends object>(spec: T): T {
  return Object.fromEntries(Object.entries(spec).filter((entry) => entry[1] !== undefined)) as T;
}

/**
 * Loads a data set into shared memory, or draws it (shapes); `identity` tells exactly what it is.
 *
 * Throws a `UserError` where the spec is invalid (see `resolveDataSpec`), files are not found,
 * damaged, or do not fit together; `Interrupted` when the signal aborts.
 */
export async function loadDataset(
  spec: DataSpec & { readonly name: Exclude<DataSpec['name'], 'folder'> },
  options?: LoadOptions,
): Promise<MemoryDataset>;
export async function loadDataset(spec: DataSpec, options?: LoadOptions): Promise<Dataset>;
export async function loadDataset(spec: DataSpec, options: LoadOptions = {}): Promise<Dataset> {
  const resolved = resolveDataSpec(spec, options);
  if (resolved.name === 'folder') {
    const { dataset, words, hash } = await loadFolder(resolved, options);
    return { ...dataset, name: resolved.name, identity: identityOf(resolved.name, words, hash) };
  }
  const { dataset, words } = loadInMemory(resolved, options);
  return {
    ...dataset,
    name: resolved.name,
    identity: identityOf(resolved.name, words, bytesHash(dataset.train, dataset.test)),
  };
}

/** What the identity of a data set tells besides its hash. */
type Words = Readonly<Record<string, string | number | boolean>>;

function identityOf(name: string, words: Words, hash: string): string {
  return [
    name,
    ...Object.entries(words).map(([key, value]) => `${key}=${value}`),
    `sha256=${hash}`,
  ].join(' ');
}

type Unnamed = Omit<MemoryDataset, 'name' | 'identity'>;

function loadInMemory(
  spec: Exclude<ResolvedDataSpec, { name: 'folder' }>,
  options: DataOptions,
): { readonly dataset: Unnamed; readonly words: Words } {
  switch (spec.name) {
    case 'cifar10':
      return { dataset: loadCifar10(spec, options), words: { train: spec.train, test: spec.test } };
    case 'shapes': {
      const { name: _, ...words } = spec;
      return { dataset: loadShapes(spec), words };
    }
    case 'idx':
    case 'npz':
      return loadArrays(spec);
    default:
      return spec satisfies never;
  }
}

function loadCifar10(
  spec: Extract<ResolvedDataSpec, { name: 'cifar10' }>,
  options: DataOptions,
): Unnamed {
  const { shape, mean, std, augmentation } = cifar10;
  return {
    ...readCifar10(requireCifar10(options).folder, spec),
    shape,
    mean,
    std,
    augmentation,
    pictures: null,
    warnings: [],
  };
}

function loadShapes(spec: Extract<ResolvedDataSpec, { name: 'shapes' }>): Unnamed {
  return {
    classes: shapeClasses,
    shape: { channels: 3, height: spec.size, width: spec.size },
    train: drawShapes('train', spec.train, spec.size, spec.seed),
    test: drawShapes('test', spec.test, spec.size, spec.seed),
    ...shapeNormalisation,
    augmentation: shapeAugmentation(spec.size),
    pictures: null,
    warnings: [],
  };
}

/** Reads the arrays of each format. */
const arrayReaders = { idx: readIdxDirectory, npz: readNpzFile } as const;

function loadArrays({ name, path, train, test, flip = false }: OwnData<'idx' | 'npz'>): {
  readonly dataset: Unnamed;
  readonly words: Words;
} {
  const read = arrayReaders[name](path);
  const dataset = arrayDataset(read.train, read.test, withoutGaps({ train, test, flip }));
  const { mean, std } = dataset;
  return {
    dataset,
    words: {
      train: dataset.train.count,
      test: dataset.test.count,
      flip,
      mean: mean.join('/'),
      std: std.join('/'),
    },
  };
}

/** The first 16 digits of a SHA-256 over images and labels of both splits. */
function bytesHash(...splits: readonly ImageSplit[]): string {
  const parts = splits.flatMap(({ images, labels }) => [
    sha256Hex(images),
    sha256Hex(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength)),
  ]);
  return sha256Hex(parts.join(' ')).slice(0, 16);
}
