import { constants, inflateRawSync, inflateSync } from 'node:zlib';

/** Output is made in one buffer, since several would be joined to another one of all their bytes. */
const MOST_AT_ONCE = 2 ** 30;

/**
 * Unfolds a zlib stream (RFC 1950) to at most `limit` bytes. Throws an `Error` where it is damaged
 * or longer.
 */
export function unfoldZlib(bytes: Uint8Array, limit: number): Uint8Array {
  const most = Math.max(1, limit);
  try {
    return inflateSync(bytes, {
      maxOutputLength: most,
      chunkSize: Math.min(MOST_AT_ONCE, Math.max(64, most + 1)),
    });
  } catch (error) {
    if (error instanceof RangeError)
      throw new Error(`it unfolds to more than ${limit} bytes`, { cause: error });
    throw error;
  }
}

/** Bytes of a stream that are unfolded to see how it begins. */
const BEGINNING = 2048;

/** How a zlib stream begins: enough for the head of an array, and never more than some MiB. */
export function beginningOfZlib(bytes: Uint8Array): Uint8Array {
  return inflateSync(bytes.subarray(0, BEGINNING), { finishFlush: constants.Z_SYNC_FLUSH });
}

/** The same of a raw deflate stream, as in ZIP archives. */
export function beginningOfRaw(bytes: Uint8Array): Uint8Array {
  return inflateRawSync(bytes.subarray(0, BEGINNING), { finishFlush: constants.Z_SYNC_FLUSH });
}
