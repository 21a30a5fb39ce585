import { InternalError } from '../core/errors.js';
import { sha256Hex } from '../platform/hash.js';
import { type DataOptions, dataPlaces, requireNamedPlaces } from '../platform/places.js';
import type { LoadContext, LoadedData } from '../data/descriptor.js';
import { identityBytes, identityWords } from '../data/identity.js';
import { dataSource, dataSources } from '../data/registry.js';
import { heldOut, withValidation } from '../data/validation.js';
import { checkDataSpec, specFor, withoutGaps } from '../data/spec.js';
import type { Dataset, DataSpec, KindOfData } from '../data/types.js';
import './register.js';

/** Where to look for data, and how to load it. */
export interface LoadOptions extends DataOptions, Omit<LoadContext, 'places'> {}

/**
 * The spec with `auto` replaced by what is found here (CIFAR-10, else shapes), defaults filled in
 * and paths absolute: what a study pins. What it leaves open of somebody's own files follows from
 * these, and the identity of the data set tells it. Under `auto`, `size` and `seed` hold for shapes
 * only.
 *
 * Throws a `UserError` for an unknown name, values out of range, more images than there are, and
 * keys of other data sets.
 */
export function resolveDataSpec(spec: DataSpec, options: DataOptions = {}): DataSpec {
  checkDataSpec(spec);
  const named = spec.name === 'auto' ? specFor(automaticName(options), spec) : withoutGaps(spec);
  const { validation, ...rest } = named;
  return settledValidation(dataSource(named.name).settle(rest), validation);
}

/** The settled spec with the number of images held out, as far as it can be told without files. */
function settledValidation(settled: DataSpec, validation: DataSpec['validation']): DataSpec {
  if (validation === undefined || validation === 0) return settled;
  if (settled.train === undefined) return { ...settled, validation };
  const count = heldOut({ validation }, settled.train);
  return count === 0 ? settled : { ...settled, validation: count };
}

/** What `auto` stands for here. */
function automaticName(options: DataOptions): string {
  const places = dataPlaces(options);
  requireNamedPlaces(places);
  const found = dataSources.find(({ auto, find }) => auto === true && find?.(places) != null);
  return found?.name ?? 'shapes';
}

/**
 * Loads a data set into shared memory, or draws it (shapes); `identity` tells exactly what it is.
 *
 * Throws a `UserError` where the spec is invalid (see `resolveDataSpec`), files are not found,
 * damaged, or do not fit together; `Interrupted` when the signal aborts.
 */
export async function loadDataset<Name extends keyof KindOfData>(
  spec: DataSpec & { readonly name: Name },
  options?: LoadOptions,
): Promise<KindOfData[Name]>;
export async function loadDataset(spec: DataSpec, options?: LoadOptions): Promise<Dataset>;
export async function loadDataset(spec: DataSpec, options: LoadOptions = {}): Promise<Dataset> {
  const resolved = resolveDataSpec(spec, options);
  const { memory, signal, note } = options;
  const places = dataPlaces(options);
  const { validation, ...rest } = resolved;
  const { name, load } = dataSource(resolved.name);
  const loaded = await load(rest, { places, memory, signal, note });
  const count = heldOut({ validation }, loaded.dataset.train.count);
  return {
    ...withValidation(loaded.dataset, count, resolved),
    name,
    identity: identityOf(name, loaded, count),
  };
}

function identityOf(
  name: string,
  { dataset, words, hash }: LoadedData,
  validation: number,
): string {
  return identityWords(name, words, validation, hash ?? bytesHash(dataset));
}

/** The first 16 digits of a SHA-256 over images and labels of both splits. */
function bytesHash(dataset: LoadedData['dataset']): string {
  if (dataset.pictures !== null) throw new InternalError('pictures that tell no hash of their own');
  return sha256Hex(identityBytes(dataset).map(sha256Hex).join(' ')).slice(0, 16);
}
