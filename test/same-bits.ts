import { expect } from 'vitest';

/**
 * Typed arrays of one kind are equal where they hold the same bits, which is found out at once:
 * number by number, as `toEqual` does it, a network's weights take seconds. Where bits differ,
 * `toEqual` decides and shows where.
 */
function sameBits(a: unknown, b: unknown): true | undefined {
  if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b)) return undefined;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return undefined;
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0 ? true : undefined;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

let known = false;

/** Lets `toEqual` compare typed arrays by their bits, from the first call in a process on. */
export function compareByBits(): void {
  if (!known) expect.addEqualityTesters([sameBits]);
  known = true;
}
