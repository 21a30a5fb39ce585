import { describe, expect, it } from 'vitest';
import { crc32 } from '../../src/core/crc32.js';

/** By the definition, bit by bit. */
function slowly(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit++) {
      const low = (crc ^ (byte >> bit)) & 1;
      crc = (crc >>> 1) ^ (low ? 0xedb88320 : 0);
    }
  return (crc ^ 0xffffffff) >>> 0;
}

describe('crc32', () => {
  const bytes = Uint8Array.from({ length: 61 }, (_, i) => (i * 89 + 7 * i * i) & 255);

  it('has the check value of its definition', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });

  it('is that of the definition for every length, in one part or in two', () => {
    for (let length = 0; length <= bytes.length; length++) {
      const all = bytes.subarray(0, length);
      expect(crc32(all)).toBe(slowly(all));
      const cut = length >> 1;
      expect(crc32(all.subarray(cut), crc32(all.subarray(0, cut)))).toBe(slowly(all));
    }
  });
});
