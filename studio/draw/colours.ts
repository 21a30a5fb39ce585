/** A colour's red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Colours of canvases, by the names of the style sheet's variables. */
const NAMES = ['paper', 'ink', 'quiet', 'edge', 'accent', 'warm', 'cloud'] as const;
type ColourName = (typeof NAMES)[number];
export type Palette = Readonly<Record<ColourName, Rgb>>;

/** The colours that the style sheet has at present: light or dark. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    NAMES.map((name) => [name, rgbOf(style.getPropertyValue(`--${name}`).trim())]),
  ) as unknown as Palette;
}

/** The colour of `#rrggbb`, or of `#rgb`, which the build makes of it where it can. */
function rgbOf(hex: string): Rgb {
  const digits = hex.length === 4 ? hex.replace(/[^#]/g, '$&$&') : hex;
  const number = Number.parseInt(digits.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

export function cssOf([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}

/** Viridis at nine even places (S. van der Walt, N. Smith 2015): evenly perceived. */
const VIRIDIS = [
  '#440154',
  '#472d7b',
  '#3b528b',
  '#2c728e',
  '#21918c',
  '#28ae80',
  '#5ec962',
  '#addc30',
  '#fde725',
].map(rgbOf);

/** Viridis from 0 (dark) to 1 (light). */
export function viridis(share: number): Rgb {
  const place = Math.min(1, Math.max(0, share)) * (VIRIDIS.length - 1);
  const below = Math.min(VIRIDIS.length - 2, Math.floor(place));
  const [low, high] = [VIRIDIS[below]!, VIRIDIS[below + 1]!];
  const part = place - below;
  const mix = (at: 0 | 1 | 2): number => Math.round(low[at] + part * (high[at] - low[at]));
  return [mix(0), mix(1), mix(2)];
}
