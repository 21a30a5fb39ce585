/** The polynomial of CRC-32, lowest bit first. */
const POLYNOMIAL = 0xedb88320;

/** Remainders of a byte by the polynomial. */
const FIRST = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});
/** Those of a byte with one, two and three bytes of zeros behind it: four bytes are done at once. */
const SECOND = withZeros(FIRST);
const THIRD = withZeros(SECOND);
const FOURTH = withZeros(THIRD);

// Remainders are as many as bytes have values, here and below.
function withZeros(table: Int32Array): Int32Array {
  return table.map((remainder) => (remainder >>> 8) ^ FIRST[remainder & 255]!);
}

/**
 * CRC-32 as ZIP, gzip and PNG have it.
 *
 * @param before that of the bytes before these; default: there are none
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  let at = 0;
  for (const end = bytes.length - 3; at < end; at += 4) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc =
      FOURTH[crc & 255]! ^
      THIRD[(crc >>> 8) & 255]! ^
      SECOND[(crc >>> 16) & 255]! ^
      FIRST[crc >>> 24]!;
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ FIRST[(crc ^ bytes[at]!) & 255]!;
  return ~crc >>> 0;
}
