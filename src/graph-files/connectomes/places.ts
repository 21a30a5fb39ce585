import { basename, join } from 'node:path';
import type { DataPlace } from '../../core/data-places.js';
import { UserError } from '../../core/errors.js';
import type { Connectome } from '../../graph/connectomes.js';
import { isFile, readBytes } from '../../platform/fs.js';
import { sha256Hex } from '../../platform/hash.js';

/** The folder of a data directory that holds the files of connectomes. */
const CONNECTOME_FOLDER = 'connectomes';

/** Where the files of connectomes go in a data directory, which may be that folder itself. */
export function connectomeFolder(directory: string): string {
  return basename(directory) === CONNECTOME_FOLDER ? directory : join(directory, CONNECTOME_FOLDER);
}

/**
 * The file of a connectome in the first place that has one, whether or not it is undamaged; null
 * where none has.
 */
export function findConnectome(
  known: Connectome,
  places: readonly DataPlace[],
): { readonly path: string; readonly origin: DataPlace['origin'] } | null {
  for (const { path: directory, origin } of places) {
    const path = join(connectomeFolder(directory), known.file);
    if (isFile(path)) return { path, origin };
  }
  return null;
}

/** What is wrong with bytes that should be a connectome's file; null where nothing is. */
export function connectomeProblem(
  { bytes: expected, sha256 }: Connectome,
  bytes: Uint8Array,
): string | null {
  const grouped = (value: number): string => value.toLocaleString('en-US');
  if (bytes.length !== expected)
    return `has ${grouped(bytes.length)} bytes, expected ${grouped(expected)}`;
  const found = sha256Hex(bytes);
  return found === sha256 ? null : `has the SHA-256 checksum ${found}, expected ${sha256}`;
}

/**
 * The bytes of a connectome's file from the first place that has it. Throws a `UserError` where
 * none has, naming the places, or where the file is not the published one.
 */
export function readConnectomeFile(
  known: Connectome,
  places: readonly [DataPlace, ...DataPlace[]],
): Uint8Array {
  const found = findConnectome(known, places);
  if (found === null) {
    const looked = places
      .map(({ path, origin }) => `${connectomeFolder(path)} (${origin})`)
      .join(', ');
    const target = join(connectomeFolder(places[0].path), known.file);
    throw new UserError(
      `the connectome ${known.name} is not in ${looked}; run "plexus data get ` +
        `connectomes", or put ${known.url} at ${target}; PLEXUS_DATA names another data ` +
        'directory',
    );
  }
  const bytes = readBytes(found.path);
  const problem = connectomeProblem(known, bytes);
  if (problem !== null)
    throw new UserError(
      `${found.path} is not the published connectome ${known.name}: it ${problem}; run ` +
        '"plexus data get connectomes" to replace it',
    );
  return bytes;
}
