import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DataSpec } from '../data/types.js';
import { type DataOptions, dataPlaces } from '../platform/places.js';

/**
 * The data of a study that was begun, where they lie now: files that are no longer at the path that
 * its spec names are looked for by their name in the data directories that the user named, and as
 * one of these. Whether they are the same, their identity tells afterwards.
 */
export function movedData(data: DataSpec, options: DataOptions): DataSpec {
  const { path } = data;
  if (path === undefined || existsSync(path)) return data;
  const named = dataPlaces(options).filter(({ origin }) => origin !== 'user cache');
  const found = named
    .flatMap((place) => [join(place.path, basename(path)), place.path])
    .find((candidate) => existsSync(candidate));
  return found === undefined ? data : { ...data, path: found };
}
