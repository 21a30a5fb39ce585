import { Interrupted, must } from '../../core/errors.js';
import { features } from '../../core/shape.js';
import type { CropKind, DecodedPictures } from '../../data/types.js';
import { cutForEvaluation } from './crop.js';
import { type Damage, type NamedPictures, noneReadable, standInsOf, tryDecode } from './damage.js';
import { type Decoder, UnreadablePicture } from './decoder.js';
import type { Picture } from './picture.js';
import { createResampler } from './resample.js';

/**
 * Pictures that are being decoded at a time; a few more than there are threads, so that none waits.
 */
export const IN_FLIGHT = 8;

/** Bytes of a piece of memory for decoded pictures; a larger picture has a piece of its own. */
const CHUNK = 2 ** 26;

/** What decoding a whole split needs. */
export interface DecodeJob {
  readonly decoder: Decoder;
  readonly damage: Damage;
  /** Called after every picture. */
  readonly onPicture: () => void;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of all files of a split; null where they are not known. */
export type Contents = readonly Uint8Array[] | null;

/** Decodes pictures side by side and hands them over in order; null for one that cannot be read. */
async function decodeInOrder(
  split: NamedPictures,
  contents: Contents,
  { decoder, damage, onPicture, signal }: DecodeJob,
  use: (index: number, picture: Picture | null) => boolean,
): Promise<ReadonlyMap<number, string>> {
  const unreadable = new Map<number, string>();
  const started: Promise<Picture | UnreadablePicture>[] = [];
  for (let index = 0, next = 0; index < split.count; index++) {
    for (; next < Math.min(split.count, index + IN_FLIGHT); next++) {
      const begun = tryDecode(decoder, split, next, damage, contents?.[next]);
      // Awaited in its turn; a rejection in the meantime is not unhandled.
      begun.catch(() => undefined);
      started.push(begun);
    }
    const found = await started.shift()!;
    if (signal?.aborted)
      throw await afterAll(started, new Interrupted('stopped while pictures were decoded'));
    if (found instanceof UnreadablePicture) unreadable.set(index, found.message);
    if (!use(index, found instanceof UnreadablePicture ? null : found)) break;
    onPicture();
  }
  await Promise.allSettled(started);
  return unreadable;
}

async function afterAll(started: readonly Promise<unknown>[], error: Error): Promise<Error> {
  await Promise.allSettled(started);
  return error;
}

/**
 * Calls `place` with every unreadable picture and the one that stands in for it. Throws a
 * `UserError` where there is none.
 */
function replaceUnreadable(
  split: NamedPictures,
  unreadable: ReadonlyMap<number, string>,
  place: (index: number, standIn: number) => void,
): void {
  for (const [index, reason] of unreadable) {
    let standIn: number | null = null;
    for (const other of standInsOf(split, index)) {
      if (unreadable.has(other)) continue;
      standIn = other;
      break;
    }
    if (standIn === null) throw noneReadable(split, index, reason);
    place(index, standIn);
  }
}

/**
 * Decodes every picture of a split to the network's size: `count * 3 * size * size` bytes of shared
 * memory, planar.
 *
 * Throws a `UserError` where no picture of a class can be read, `Interrupted` when the signal
 * aborts.
 */
export async function decodeSquares(
  split: NamedPictures,
  contents: Contents,
  { crop, size }: { readonly crop: CropKind; readonly size: number },
  job: DecodeJob,
): Promise<Uint8Array> {
  const bytes = features({ channels: 3, height: size, width: size });
  const images = new Uint8Array(new SharedArrayBuffer(split.count * bytes));
  const at = (index: number): Uint8Array => images.subarray(index * bytes, (index + 1) * bytes);
  const resampler = createResampler();
  const unreadable = await decodeInOrder(split, contents, job, (index, picture) => {
    if (picture === null) return true;
    const { view, target } = cutForEvaluation(picture, crop, size);
    resampler.resample(view, target, at(index));
    return true;
  });
  replaceUnreadable(split, unreadable, (index, standIn) => at(index).set(at(standIn)));
  return images;
}

/**
 * Decodes every picture of a split at its own size. Null when they take more than `budget` bytes.
 *
 * Throws as `decodeSquares` does.
 */
export async function decodePictures(
  split: NamedPictures,
  contents: Contents,
  budget: number,
  job: DecodeJob,
): Promise<DecodedPictures | null> {
  const { count } = split;
  const chunks: Uint8Array[] = [];
  const decoded = {
    chunks,
    chunk: new Uint16Array(new SharedArrayBuffer(2 * count)),
    offset: new Float64Array(new SharedArrayBuffer(8 * count)),
    width: new Uint32Array(new SharedArrayBuffer(4 * count)),
    height: new Uint32Array(new SharedArrayBuffer(4 * count)),
  };
  let [used, total] = [0, 0];
  const unreadable = await decodeInOrder(split, contents, job, (index, picture) => {
    if (picture === null) return true;
    const { bytes, width, height } = picture;
    total += bytes.length;
    if (total > budget) return false;
    let last = chunks.at(-1);
    if (last === undefined || used + bytes.length > last.length) {
      last = new Uint8Array(new SharedArrayBuffer(Math.max(CHUNK, bytes.length)));
      chunks.push(last);
      used = 0;
    }
    last.set(bytes, used);
    decoded.chunk[index] = chunks.length - 1;
    decoded.offset[index] = used;
    decoded.width[index] = width;
    decoded.height[index] = height;
    used += bytes.length;
    return true;
  });
  if (total > budget) return null;
  const places = [decoded.chunk, decoded.offset, decoded.width, decoded.height];
  replaceUnreadable(split, unreadable, (index, standIn) =>
    places.forEach((place) => (place[index] = must(place[standIn]))),
  );
  return decoded;
}

/** A decoded picture, without a copy of its bytes. */
export function decodedPicture(
  { chunks, chunk, offset, width, height }: DecodedPictures,
  index: number,
): Picture {
  const [w, h, start] = [must(width[index]), must(height[index]), must(offset[index])];
  const bytes = must(chunks[must(chunk[index])]).subarray(start, start + 3 * w * h);
  return { width: w, height: h, bytes };
}
