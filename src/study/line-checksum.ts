import { crc32 } from '../core/crc32.js';

/** The last field of a line of JSON: the CRC-32 of the bytes that the line has without it. */
const CHECKSUM = /,"crc32":"([0-9a-f]{8})"\}$/;

/** An object's JSON with its checksum as its last field, and a line end. */
export function sealLine(json: string): string {
  return `${json.slice(0, -1)},"crc32":"${checksumOf(json)}"}\n`;
}

/**
 * The JSON of a line without its line end, and whether it had a checksum; null where the checksum is
 * not that of the line.
 */
export function unsealLine(
  line: Uint8Array,
): { readonly json: string; readonly sealed: boolean } | null {
  const text = new TextDecoder().decode(line);
  const found = CHECKSUM.exec(text);
  if (found === null) return { json: text, sealed: false };
  const json = `${text.slice(0, found.index)}}`;
  // Bytes that are no UTF-8 have been replaced, and have another checksum then.
  return checksumOf(json) === found[1] ? { json, sealed: true } : null;
}

function checksumOf(text: string): string {
  return crc32(new TextEncoder().encode(text)).toString(16).padStart(8, '0');
}
