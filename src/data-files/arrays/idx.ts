import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { messageOf, printable, UserError } from '../../core/errors.js';
import { sizeText } from '../../core/sizes.js';
import type { ArraySplit } from '../../data-formats/dataset.js';
import { findIdxFile, idxSplit, type IdxFile, type IdxSplit } from '../../data-formats/idx.js';
import { mostUnfolded } from '../../data-formats/unfolded.js';
import { readBytes, withFileErrors } from '../../platform/fs.js';

/**
 * The training and test split in a directory of IDX files.
 *
 * Throws a `UserError` naming file and place where one is missing, there twice, damaged, or holds
 * something else.
 */
export function readIdxDirectory(directory: string): {
  readonly train: ArraySplit;
  readonly test: ArraySplit;
} {
  const files = withFileErrors('read', directory, () => readdirSync(directory)).sort();
  return { train: readSplit(directory, files, 'train'), test: readSplit(directory, files, 'test') };
}

function readSplit(directory: string, files: readonly string[], split: IdxSplit): ArraySplit {
  const read = (what: 'images' | 'labels'): IdxFile => {
    const path = join(directory, findIdxFile(directory, files, split, what));
    return { path, bytes: unpacked(path) };
  };
  return idxSplit(read('images'), read('labels'));
}

/** What Node unfolds at most, in bytes. */
const MOST_AT_ONCE = 2 ** 32;

function unpacked(path: string): Uint8Array {
  const bytes = readBytes(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const most = Math.min(MOST_AT_ONCE, mostUnfolded(bytes.length));
  try {
    return gunzipSync(bytes, { maxOutputLength: most });
  } catch (error) {
    if (error instanceof RangeError)
      throw new UserError(
        `${path}: a compressed file of ${sizeText(bytes.length)} may unfold to at most ` +
          `${sizeText(most)}, this one to more; unpack it with gunzip if it holds images`,
      );
    throw new UserError(
      `${path} cannot be unfolded: ${printable(messageOf(error))}; copy or download the file again`,
    );
  }
}
