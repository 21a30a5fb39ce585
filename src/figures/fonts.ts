import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';
import { InternalError, must } from '../core/errors.js';

/**
 * The typeface of figures that are not left to a browser: DejaVu Sans (free, may be embedded),
 * which has every sign that they use (−, ±, ², ★, ≤, subscripts, Greek, accents). A file then looks
 * the same on a machine without any font.
 */
export interface FigureFace {
  /** The font's own file. */
  readonly data: Buffer;
  readonly font: Font;
}

export interface FigureFonts {
  readonly regular: FigureFace;
  readonly bold: FigureFace;
}

let loaded: FigureFonts | null = null;

function load(file: string): FigureFace {
  const data = readFileSync(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`));
  const font = create(data);
  if (!('layout' in font)) throw new InternalError(`${file} holds more than one font`);
  return { data, font };
}

/** Both faces, read once. */
export function figureFonts(): FigureFonts {
  loaded ??= { regular: load('DejaVuSans.ttf'), bold: load('DejaVuSans-Bold.ttf') };
  return loaded;
}

/** Whether a face has a glyph for every character of a text. */
export function hasGlyphs({ font }: FigureFace, text: string): boolean {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0).every((code) =>
    font.hasGlyphForCodePoint(code),
  );
}

const short = (value: number): string => String(Math.round(value * 1000) / 1000);

/** The advance of a line of text in pixels, kerned. `size` in pixels per em. */
export function textWidth({ font }: FigureFace, text: string, size: number): number {
  return (font.layout(text).advanceWidth * size) / font.unitsPerEm;
}

/**
 * A line of text as the outlines of its glyphs: data of one SVG path, the baseline from (x, y) to
 * the right.
 */
export function outlineOf(
  { font }: FigureFace,
  text: string,
  size: number,
  x: number,
  y: number,
): string {
  const scale = size / font.unitsPerEm;
  const { glyphs, positions } = font.layout(text);
  let pen = x;
  return glyphs
    .map((glyph, i) => {
      const { xAdvance, xOffset, yOffset } = must(positions[i]);
      const [left, base] = [pen + xOffset * scale, y - yOffset * scale];
      pen += xAdvance * scale;
      return glyph.path.commands
        .map(
          ({ command, args }) =>
            LETTERS[command] +
            args
              .map((value, at) => short(at % 2 === 0 ? left + value * scale : base - value * scale))
              .join(' '),
        )
        .join('');
    })
    .join('');
}

const LETTERS = {
  moveTo: 'M',
  lineTo: 'L',
  quadraticCurveTo: 'Q',
  bezierCurveTo: 'C',
  closePath: 'Z',
} as const;
