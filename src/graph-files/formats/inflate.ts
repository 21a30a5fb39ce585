import { inflateSync } from 'node:zlib';

/**
 * Unfolds a zlib stream (RFC 1950) to at most `limit` bytes. Throws an `Error` where it is damaged
 * or longer.
 */
export function unfoldZlib(bytes: Uint8Array, limit: number): Uint8Array<ArrayBuffer> {
  try {
    // A copy: a Node Buffer is no plain array, its `slice` shares memory.
    return new Uint8Array(inflateSync(bytes, { maxOutputLength: Math.max(1, limit) }));
  } catch (error) {
    if (error instanceof RangeError)
      throw new Error(`it unfolds to more than ${limit} bytes`, { cause: error });
    throw error;
  }
}
