import { crc32 } from '../core/crc32.js';

/** The last field of a line of JSON: the CRC-32 of the bytes that the line has without it. */
const CHECKSUM = /^,"crc32":"([0-9a-f]{8})"\}$/;
/** Bytes that it has, all of them ASCII. */
const CHECKSUM_BYTES = 20;
/** What stands in its place in the line without it. */
const CLOSING = new Uint8Array([0x7d]);

const text = new TextDecoder();

/** An object's JSON with its checksum as its last field, and a line end. */
export function sealLine(json: string): string {
  const checksum = crc32(new TextEncoder().encode(json)).toString(16);
  return `${json.slice(0, -1)},"crc32":"${checksum.padStart(8, '0')}"}\n`;
}

/**
 * The JSON of a line without its line end, and whether it had a checksum; null where the checksum is
 * not that of the line's bytes.
 */
export function unsealLine(
  line: Uint8Array,
): { readonly json: string; readonly sealed: boolean } | null {
  const end = Math.max(0, line.length - CHECKSUM_BYTES);
  const found = CHECKSUM.exec(text.decode(line.subarray(end)));
  if (found === null) return { json: text.decode(line), sealed: false };
  const content = line.subarray(0, end);
  if (crc32(CLOSING, crc32(content)) !== Number(`0x${found[1]}`)) return null;
  return { json: `${text.decode(content)}}`, sealed: true };
}
