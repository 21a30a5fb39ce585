import { UserError } from '../../src/core/errors.js';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Bytes in the alphabet of base64 that addresses leave as it is (RFC 4648, section 5), unpadded. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let count = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    for (count += 8; count >= 6; count -= 6) text += DIGITS[(held >> (count - 6)) & 63];
  }
  return count > 0 ? text + DIGITS[(held << (6 - count)) & 63] : text;
}

/** The bytes of such a text. Throws a `UserError` for any other character. */
export function fromBase64(text: string): Uint8Array {
  const bytes: number[] = [];
  let held = 0;
  let count = 0;
  for (const letter of text) {
    const digit = DIGITS.indexOf(letter);
    if (digit < 0)
      throw new UserError(
        'a graph in a link is written in letters, digits, - and _, ' +
          `got ${JSON.stringify(letter)}; copy the link again`,
      );
    held = ((held << 6) | digit) & 0xffff;
    count += 6;
    if (count >= 8) bytes.push((held >> (count -= 8)) & 255);
  }
  return Uint8Array.from(bytes);
}
