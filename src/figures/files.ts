import { join } from 'node:path';
import { makeDirectory, writeFileAtomic } from '../platform/fs.js';

/**
 * The formats of figure files: SVG as composed, PNG of 300 dots an inch, PDF with vectors and
 * selectable text.
 */
export const FIGURE_FORMATS = ['svg', 'png', 'pdf'] as const;
/** A format that figures are written in. */
export type FigureFormat = (typeof FIGURE_FORMATS)[number];

/** The content of a figure's file: SVG as text, the others as bytes. */
export async function figureContent(
  svg: string,
  format: FigureFormat,
): Promise<string | Uint8Array> {
  // The others are loaded where they are wanted: their libraries are large.
  switch (format) {
    case 'svg':
      return `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`;
    case 'png':
      return (await import('./png.js')).pngOf(svg);
    case 'pdf':
      return (await import('./pdf.js')).pdfOf(svg);
    default:
      return format satisfies never;
  }
}

/**
 * Writes figures into a folder, which is made where it is missing: `NAME.FORMAT` for each figure
 * and each format, every file whole or not at all. The bytes depend on the figures alone, not on
 * the machine's fonts or clock. Returns the paths, figure by figure. Throws a `UserError` where it
 * cannot write.
 *
 * @param figures standalone SVGs by name, as `renderFigures` returns them
 */
export async function writeFigures(
  folder: string,
  figures: Readonly<Record<string, string>>,
  formats: readonly FigureFormat[],
): Promise<string[]> {
  makeDirectory(folder);
  const paths: string[] = [];
  for (const [name, svg] of Object.entries(figures)) {
    for (const format of formats) {
      const path = join(folder, `${name}.${format}`);
      writeFileAtomic(path, await figureContent(svg, format));
      paths.push(path);
    }
  }
  return paths;
}
