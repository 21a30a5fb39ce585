import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Interrupted, must } from '../../core/errors.js';
import { fileError, withFileErrors } from '../../platform/fs.js';
import { readWhole } from './decoder.js';
import { jpegComponents } from './jpeg-head.js';
import type { ListedSplit } from './listing.js';

/** Splits whose files take no more bytes in all have the bytes of the files in their hash. */
const HASHED_BYTES = 2 ** 28;

/** Components of a picture of cyan, magenta, yellow and black. */
const INKS = 4;

/** Files that are read at a time. */
const AT_A_TIME = 16;

/** What `hashPictures` found. */
export interface HashedPictures {
  /** The first 16 digits of a SHA-256. */
  readonly hash: string;
  /** The bytes of every file of each split, where they were read; null for a large set. */
  readonly contents: readonly (readonly Uint8Array[])[] | null;
}

/**
 * A hash over the names of all pictures and the sizes of their files, and where these take at most
 * 256 MiB in all, over their bytes. The same wherever the folder lies.
 *
 * Throws a `UserError` where a file cannot be read, `Interrupted` when the signal aborts.
 */
export async function hashPictures(
  splits: readonly ListedSplit[],
  signal?: AbortSignal,
): Promise<HashedPictures> {
  const hash = createHash('sha256');
  let total = 0;
  for (const { directory, names } of splits) {
    hash.update(`${names.length}\n`);
    for (const name of names) {
      const path = join(directory, name);
      const { size } = withFileErrors('read', path, () => statSync(path));
      total += size;
      hash.update(`${name}\0${size}\n`);
    }
  }
  if (total > HASHED_BYTES) return { hash: hash.digest('hex').slice(0, 16), contents: null };
  const contents: Uint8Array[][] = [];
  for (const split of splits) contents.push(await readAll(split, signal));
  for (const bytes of contents.flat()) hash.update(bytes);
  // Pictures of inks came to other pixels in earlier versions: studies of the two are not mixed.
  if (contents.flat().some((bytes) => jpegComponents(bytes) === INKS)) hash.update('inks\n');
  return { hash: hash.digest('hex').slice(0, 16), contents };
}

/** Reads all files of a split, some at a time. */
async function readAll(
  { directory, names }: ListedSplit,
  signal: AbortSignal | undefined,
): Promise<Uint8Array[]> {
  const contents: Uint8Array[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < names.length) {
      const index = next++;
      const path = join(directory, must(names[index]));
      if (signal?.aborted) throw new Interrupted('stopped while pictures were read');
      try {
        contents[index] = await readWhole(path);
      } catch (error) {
        next = names.length;
        throw fileError('read', path, error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  return contents;
}
