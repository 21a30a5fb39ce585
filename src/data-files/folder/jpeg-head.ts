import { must } from '../../core/errors.js';

const SEGMENT = 0xff;
const START_OF_IMAGE = 0xd8;
const START_OF_SCAN = 0xda;
/** Start of frame is 0xc0 to 0xcf but for these, which are of tables. */
const TABLES: ReadonlySet<number> = new Set([0xc4, 0xc8, 0xcc]);
/** Precision, height and width, before the number of components. */
const BEFORE_COMPONENTS = 5;

/**
 * Components of a JPEG file's pixels: 1 of grey, 3 of colours, 4 of inks (CMYK or YCCK). Reads the
 * segments up to the pixels (ITU-T T.81, annex B); 0 of another file, or of one that is cut off
 * before it tells.
 */
export function jpegComponents(bytes: Uint8Array): number {
  if (bytes[0] !== SEGMENT || bytes[1] !== START_OF_IMAGE) return 0;
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === SEGMENT;) {
    const kind = must(bytes[at + 1]);
    if (kind === SEGMENT) {
      // A byte that fills up.
      at++;
      continue;
    }
    if (kind === START_OF_SCAN) return 0;
    if (kind >> 4 === 0xc && !TABLES.has(kind)) return bytes[at + 4 + BEFORE_COMPONENTS] ?? 0;
    at += 2 + 256 * must(bytes[at + 2]) + must(bytes[at + 3]);
  }
  return 0;
}

/**
 * RGB of four inks. Paper is white, and an ink takes its share of what black leaves: Pillow's
 * formula with its rounding, no colour profile.
 *
 * @param inks cyan, magenta, yellow, black of each pixel, 0 without ink
 */
export function rgbOfInks(inks: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((inks.length / 4) * 3);
  // A pixel is four inks.
  for (let from = 0, to = 0; from < inks.length; from += 4) {
    const light = 255 - inks[from + 3]!;
    for (let ink = 0; ink < 3; ink++, to++) rgb[to] = light - divided255(inks[from + ink]! * light);
  }
  return rgb;
}

/** The nearest whole number to a 255th. */
function divided255(product: number): number {
  const moved = product + 128;
  return ((moved >> 8) + moved) >> 8;
}
