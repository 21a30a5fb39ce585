import { Inflate } from 'fflate';

/** Compressed bytes handed over at a time: they unfold to 1032 times as many at most. */
const PIECE = 4096;

/** Unfolds a zlib stream (RFC 1950) to at most `limit` bytes. Throws an `Error` where it is damaged or longer. */
export function unfoldZlib(bytes: Uint8Array, limit: number): Uint8Array {
  if (!startsLikeZlib(bytes)) throw new Error('it is not a zlib stream');
  const pieces: Uint8Array[] = [];
  let length = 0;
  const inflate = new Inflate((piece) => {
    length += piece.length;
    if (length > limit) throw new Error(`it unfolds to more than ${limit} bytes`);
    pieces.push(piece);
  });
  const stream = bytes.subarray(2, -4);
  for (let at = 0; at < stream.length; at += PIECE) inflate.push(stream.subarray(at, at + PIECE), at + PIECE >= stream.length);
  const unfolded = new Uint8Array(length);
  let filled = 0;
  for (const piece of pieces) {
    unfolded.set(piece, filled);
    filled += piece.length;
  }
  const stated = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0);
  if (adler32(unfolded) !== stated) throw new Error('its checksum is wrong');
  return unfolded;
}

/** Method 8, a window of at most 32 KiB, no dictionary, the two bytes a multiple of 31. */
function startsLikeZlib(bytes: Uint8Array): boolean {
  const [method, flags] = bytes;
  return bytes.length >= 8 && (method & 15) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0 && (flags & 32) === 0;
}

/** Checksum of a zlib stream (RFC 1950); sums of 3800 bytes stay exact. */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let from = 0; from < bytes.length; from += 3800) {
    const to = Math.min(bytes.length, from + 3800);
    for (let at = from; at < to; at++) {
      a += bytes[at];
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return b * 65536 + a;
}
