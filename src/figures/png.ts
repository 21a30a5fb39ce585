import sharp from 'sharp';
import { outlineAllText } from './outline-text.js';
import { formatSvg, parseSvg } from './svg-tree.js';

/** Dots an inch. */
const DENSITY = 300;

/** For sharp a pixel is 1/72 inch, for figures, as in CSS, 1/96. */
const SHARP_DENSITY = (DENSITY * 72) / 96;

/**
 * A figure as a PNG of 300 dots an inch, which the file says itself: one of 780 pixels is 2438 dots
 * and 8.1 inches wide.
 */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const picture = Buffer.from(formatSvg(outlineAllText(parseSvg(svg))));
  return sharp(picture, { density: SHARP_DENSITY, limitInputPixels: false, unlimited: true })
    .flatten({ background: 'white' })
    .png({ compressionLevel: 9 })
    .withMetadata({ density: DENSITY })
    .toBuffer();
}
