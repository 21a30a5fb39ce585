import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DataPlace } from '../core/data-places.js';
import { messageOf, UserError } from '../core/errors.js';
import type { FoundData } from '../data/descriptor.js';
import { withFileErrors } from '../platform/fs.js';
import { requireNamedPlaces } from '../platform/places.js';

/** A file of a published data set. */
interface PublishedFile {
  readonly name: string;
  readonly bytes: number;
  /** What that many bytes are, for messages: `10,000 records of 3,073`. */
  readonly what: string;
}

/** What is to be fetched, and what it must be. */
export interface Download {
  readonly url: string;
  /** Its file name, also for a copy that was placed by hand. */
  readonly file: string;
  readonly bytes: number;
  readonly md5: string;
}

/** A data set that somebody published: files of known size in a folder of its own. */
export interface PublishedSet {
  /** In specs and commands. */
  readonly name: string;
  /** In messages. */
  readonly title: string;
  readonly folder: string;
  readonly files: readonly PublishedFile[];
  /**
   * Whether the names of the files tell the data set; else they are looked for only in a folder of
   * the right name.
   */
  readonly telling: boolean;
  /** One archive (.tar.gz) of the files and `extras`, or each of the files by itself. */
  readonly fetch: { readonly archive: Download } | { readonly each: readonly Download[] };
  /** Files of the archive that are kept as well, and may be missing. */
  readonly extras: readonly string[];
}

/** A number as messages show it: `10,000`. */
export const grouped = (value: number): string => value.toLocaleString('en-US');

/** What is to be done about a file that is not right. */
export function remedyOf({ name }: Pick<PublishedSet, 'name'>): string {
  return `remove it and run "plexus data get ${name}", or put an undamaged copy there`;
}

/**
 * Looks for a data set in places, in order. A place may be the folder of the files or its parent. A
 * folder with any of the files counts, so that a damaged copy is reported, not passed over.
 */
export function findPublished(set: PublishedSet, places: readonly DataPlace[]): FoundData | null {
  for (const { path, origin } of places) {
    const folders = [path, join(path, set.folder)].filter(
      (folder) => set.telling || basename(folder) === set.folder,
    );
    const folder = folders.find((each) =>
      set.files.some(({ name }) => existsSync(join(each, name))),
    );
    if (folder !== undefined) return { folder, origin, problem: problemIn(set, folder) };
  }
  return null;
}

/** The folder of a data set that is to be loaded; throws a `UserError` where it is not found. */
export function requirePublished(set: PublishedSet, places: readonly DataPlace[]): string {
  requireNamedPlaces(places);
  const found = findPublished(set, places);
  if (found !== null) return found.folder;
  const looked = places.map(({ path, origin }) => `${path} (${origin})`).join(', ');
  throw new UserError(
    `${set.title} is not in ${looked}; run "plexus data get ${set.name}", name its directory ` +
      'with --data-dir or PLEXUS_DATA, or use the built-in data set "shapes"',
  );
}

/** What is wrong with the files in a folder; null where all are there with their sizes. */
export function problemIn(set: PublishedSet, folder: string): string | null {
  try {
    checkPublished(set, folder);
    return null;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return messageOf(error);
  }
}

/**
 * Checks that the files are there and have their size. Throws a `UserError` that names the first
 * that has not.
 */
export function checkPublished(set: PublishedSet, folder: string): void {
  for (const { name, bytes, what } of set.files) {
    const path = join(folder, name);
    if (!existsSync(path)) {
      throw new UserError(
        `${path} is missing: ${set.title} is ${set.files.length} files, this one of ` +
          `${grouped(bytes)} bytes; run "plexus data get ${set.name}", or put the file there`,
      );
    }
    const found = withFileErrors('read', path, () => statSync(path)).size;
    if (found !== bytes) {
      throw new UserError(
        `${path} has ${grouped(found)} bytes, expected ${grouped(bytes)} (${what}); ` +
          remedyOf(set),
      );
    }
  }
}
