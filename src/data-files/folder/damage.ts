import { join } from 'node:path';
import { UserError } from '../../core/errors.js';
import type { PictureSplit } from '../../data/types.js';
import { type Decoder, UnreadablePicture } from './decoder.js';
import type { Picture } from './picture.js';
import { fileName } from './listing.js';

/** Images that are named one by one; the rest is counted. */
const NAMED = 5;

/** Collects the images that cannot be read, each once. */
export interface Damage {
  readonly count: number;
  add(path: string, reason: string): void;
  /** A line for each of the first few by name, and one with their number. */
  lines(): readonly string[];
}

export function createDamage(): Damage {
  const found = new Map<string, string>();
  return {
    get count() {
      return found.size;
    },
    add: (path, reason) => void (found.has(path) || found.set(path, reason)),
    lines: () => {
      if (found.size === 0) return [];
      // They were found in any order: several are decoded at a time.
      const named = [...found]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, NAMED)
        .map(([path, reason]) => `${path} cannot be read: ${reason}`);
      const more = found.size > NAMED ? `, ${NAMED} of them named above` : '';
      return [
        ...named,
        `${found.size === 1 ? '1 image' : `${found.size} images`} cannot be read${more}; ` +
          'in place of each stands the next image of its class',
      ];
    },
  };
}

/** What is needed to name a picture and to find others of its class. */
export type NamedPictures = Pick<PictureSplit, 'count' | 'labels' | 'files'>;

export function pathOf({ files }: NamedPictures, index: number): string {
  return join(files.directory, fileName(files, index));
}

/**
 * The pictures that may stand in for one, in order: the next ones of its class, after the last the
 * first. Classes are contiguous.
 */
export function* standInsOf(
  { labels, count }: NamedPictures,
  index: number,
): Generator<number, void> {
  const label = labels[index];
  for (let i = index + 1; i < count && labels[i] === label; i++) yield i;
  let first = index;
  while (first > 0 && labels[first - 1] === label) first--;
  for (let i = first; i < index; i++) yield i;
}

/** Where no picture of a class can be read. */
export function noneReadable(split: NamedPictures, index: number, reason: string): UserError {
  const path = pathOf(split, index);
  return new UserError(
    `no picture of a class can be read, the first of them being ${path} (${reason}); put ` +
      'readable pictures there, or remove the class from both splits',
  );
}

/**
 * Decodes a picture, or the first that can be read of those that may stand in for it. Throws a
 * `UserError` where there is none.
 */
export async function decodeOrStandIn(
  decoder: Decoder,
  split: NamedPictures,
  index: number,
  damage: Pick<Damage, 'add'>,
): Promise<Picture> {
  const first = await tryDecode(decoder, split, index, damage);
  if (!(first instanceof UnreadablePicture)) return first;
  for (const other of standInsOf(split, index)) {
    const found = await tryDecode(decoder, split, other, damage);
    if (!(found instanceof UnreadablePicture)) return found;
  }
  throw noneReadable(split, index, first.message);
}

/** The picture, or why it cannot be read, which is noted as damage. */
export async function tryDecode(
  decoder: Decoder,
  split: NamedPictures,
  index: number,
  damage: Pick<Damage, 'add'>,
  bytes?: Uint8Array,
): Promise<Picture | UnreadablePicture> {
  const path = pathOf(split, index);
  try {
    return await decoder.decode(path, bytes);
  } catch (error) {
    if (!(error instanceof UnreadablePicture)) throw error;
    damage.add(path, error.message);
    return error;
  }
}
