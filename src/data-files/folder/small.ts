import { inflateSync } from 'node:zlib';
import { crc32 } from '../../core/crc32.js';
import type { Picture } from './picture.js';

/** Decodes a JPEG file to RGBA. Throws where it cannot. */
export type JpegDecoder = (bytes: Uint8Array) => {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
};

/**
 * Files of at most so many bytes are tried here first: sharp takes about a millisecond for any of
 * them, this a tenth of that.
 */
export const SMALL_BYTES = 8192;

/**
 * Decodes a small file of the usual kinds: JPEG, and PNG of 8 bits that is grey or RGB, with or
 * without alpha, not interlaced. The bytes are the ones that sharp gives. Null for every other
 * file, unusual, damaged or turned by EXIF data: sharp decides about it.
 */
export function decodeSmall(bytes: Uint8Array, decodeJpeg: JpegDecoder): Picture | null {
  try {
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return smallJpeg(bytes, decodeJpeg);
    return PNG.every((byte, at) => bytes[at] === byte) ? smallPng(bytes) : null;
  } catch {
    // Whatever it was, sharp says it better.
    return null;
  }
}

function smallJpeg(bytes: Uint8Array, decodeJpeg: JpegDecoder): Picture | null {
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('Exif\0')) return null;
  const { width, height, data } = decodeJpeg(bytes);
  const rgb = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = data[from];
    rgb[to + 1] = data[from + 1];
    rgb[to + 2] = data[from + 2];
  }
  return { width, height, bytes: rgb };
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Bytes of a pixel by the kind of PNG: grey, RGB, grey and alpha, RGBA. */
const pixelBytes: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

/**
 * The chunks of a PNG file in order; null where one is cut off or its checksum is wrong, or the
 * last is not IEND.
 */
function chunksOf(
  bytes: Uint8Array,
): { readonly type: string; readonly data: Uint8Array }[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = [];
  for (let at = PNG.length; at + 12 <= bytes.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length || crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end))
      return null;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    chunks.push({ type, data: bytes.subarray(at + 8, end) });
    if (type === 'IEND') return chunks;
    at = end + 4;
  }
  return null;
}

function smallPng(bytes: Uint8Array): Picture | null {
  const chunks = chunksOf(bytes);
  const head = chunks?.[0];
  if (
    !chunks ||
    head?.type !== 'IHDR' ||
    head.data.length !== 13 ||
    chunks.some(({ type }) => type === 'eXIf')
  )
    return null;
  const view = new DataView(head.data.buffer, head.data.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, kind, compression, filter, interlace] = head.data.subarray(8);
  const step = pixelBytes[kind];
  if (
    depth !== 8 ||
    step === undefined ||
    compression + filter + interlace !== 0 ||
    width * height === 0 ||
    width * height > 2 ** 20
  )
    return null;
  const packed = Buffer.concat(
    chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data),
  );
  const rows = inflateSync(packed, { maxOutputLength: height * (1 + width * step) });
  if (rows.length !== height * (1 + width * step) || !unfilter(rows, height, width * step, step))
    return null;
  return { width, height, bytes: rgbOf(rows, width, height, step) };
}

/**
 * Undoes the filters of a PNG's rows in place (PNG specification, 9); false for an unknown filter.
 */
function unfilter(rows: Uint8Array, height: number, length: number, step: number): boolean {
  for (let y = 0; y < height; y++) {
    const row = y * (length + 1) + 1;
    const above = y === 0 ? -1 : row - length - 1;
    const filter = rows[row - 1];
    if (filter > 4) return false;
    for (let i = 0; i < length; i++) {
      const left = i < step ? 0 : rows[row + i - step];
      const up = above < 0 ? 0 : rows[above + i];
      const corner = i < step || above < 0 ? 0 : rows[above + i - step];
      rows[row + i] += predicted(filter, left, up, corner);
    }
  }
  return true;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, corner);
    default:
      return 0;
  }
}

/** Whichever of the three is nearest to left + up - corner, the first of equals. */
function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [
    Math.abs(estimate - left),
    Math.abs(estimate - up),
    Math.abs(estimate - corner),
  ];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

function rgbOf(rows: Uint8Array, width: number, height: number, step: number): Uint8Array {
  const rgb = new Uint8Array(3 * width * height);
  const [green, blue] = step < 3 ? [0, 0] : [1, 2];
  for (let y = 0, to = 0; y < height; y++) {
    let from = y * (1 + width * step) + 1;
    for (let x = 0; x < width; x++, from += step, to += 3) {
      rgb[to] = rows[from];
      rgb[to + 1] = rows[from + green];
      rgb[to + 2] = rows[from + blue];
    }
  }
  return rgb;
}
