import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { COLOURS, FONT, FONT_SIZE } from './theme.js';

const { document } = parseHTML('<!doctype html><html><body></body></html>');

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text as it may stand in HTML or XML, between tags or in a quoted attribute. Characters that XML
 * forbids become spaces.
 */
export function escapeText(text: string): string {
  const allowed = text.replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, (character) =>
    '\t\n\r'.includes(character) ? character : ' ',
  );
  return allowed.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/**
 * What is read of the element that Plot returns; the browser's own types are not part of this
 * project.
 */
interface PlotElement {
  readonly childNodes: Iterable<{ readonly nodeName: string; toString(): string }>;
}

/** A plot's drawing without its outer element, ready to be placed in a figure. */
export function drawPlot(options: Plot.PlotOptions): string {
  const element: PlotElement = Plot.plot({ ...options, document });
  const children = [...element.childNodes].filter(
    (child) => child.nodeName.toLowerCase() !== 'style',
  );
  return roundPlaces(children.map((child) => child.toString()).join(''));
}

/**
 * Places and sizes to hundredths of a pixel: what is finer is noise of sums of floats, and makes
 * files larger.
 */
function roundPlaces(drawing: string): string {
  const round = (number: string): string => String(Number(Number(number).toFixed(2)));
  return drawing.replace(/<[a-z][^<>]*>/g, (tag) =>
    tag.replace(/ (?:[xy][12]?|c[xy]|r|d|width|height|transform)="[^"]*"/g, (attribute) =>
      attribute.replace(/-?\d+\.\d{3,}(?:e-?\d+)?|-?\d+(?:\.\d+)?e-\d+/g, round),
    ),
  );
}

/** A drawing at a place in its figure, pixels from the top left. */
export interface Part {
  readonly drawing: string;
  readonly x: number;
  readonly y: number;
}

export interface Figure {
  readonly title: string;
  /** One or more sentences under the title. */
  readonly subtitle: string;
  readonly width: number;
  /** Of the parts; the title's and the notes' heights are added. */
  readonly height: number;
  readonly parts: readonly Part[];
  /** Sentences under the drawing: what limits its reading. */
  readonly notes: readonly string[];
}

const MARGIN = 16;
const LINE = 16;

/**
 * Breaks a text into lines of about `width` pixels; sans-serif characters at 12 px are 6 px wide,
 * in the widest usual fonts 6.6.
 */
function wrapText(text: string, width: number): readonly string[] {
  const limit = Math.floor(width / 6.6);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    if (line !== '' && line.length + 1 + word.length > limit) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

function textLines(lines: readonly string[], y: number, attributes: string): string {
  return lines
    .map(
      (line, i) =>
        `<text x="${MARGIN}" y="${y + i * LINE}" ${attributes}>${escapeText(line)}</text>`,
    )
    .join('');
}

/**
 * A complete standalone SVG: white ground, title, subtitle, the parts, notes. No reference to
 * anything outside.
 */
export function composeFigure(figure: Figure): string {
  const inner = figure.width - 2 * MARGIN;
  const subtitle = wrapText(figure.subtitle, inner);
  const notes = figure.notes.flatMap((note) => wrapText(note, inner));
  const top = 50 + subtitle.length * LINE;
  const height = top + figure.height + (notes.length === 0 ? 0 : 12 + notes.length * LINE) + 8;
  const placed = figure.parts.map(
    (part) =>
      `<g transform="translate(${part.x},${top + part.y})" fill="currentColor" ` +
      `text-anchor="middle">${part.drawing}</g>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${figure.width} ${height}" ` +
      `width="${figure.width}" height="${height}" `,
    `font-family="${FONT}" font-size="${FONT_SIZE}" color="${COLOURS.ink}" role="img" ` +
      `aria-label="${escapeText(figure.title)}">`,
    `<rect width="${figure.width}" height="${height}" fill="white"/>`,
    textLines([figure.title], 28, `font-size="16" font-weight="600" fill="${COLOURS.ink}"`),
    textLines(subtitle, 50, `fill="${COLOURS.quiet}"`),
    ...placed,
    textLines(notes, top + figure.height + 20, `fill="${COLOURS.quiet}"`),
    '</svg>',
  ].join('');
}

/** Options that every plot here shares. */
export const BASE_OPTIONS = {
  style: { fontFamily: FONT, fontSize: `${FONT_SIZE}px`, color: COLOURS.ink },
} as const satisfies Plot.PlotOptions;
