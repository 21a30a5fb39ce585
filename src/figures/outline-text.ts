import { type FigureFace, figureFonts, hasGlyphs, outlineOf, textWidth } from './fonts.js';
import type { SvgElement, SvgNode } from './svg-tree.js';

/** What a text takes over from the elements around it. */
interface Inherited {
  /** Pixels. */
  readonly size: number;
  readonly bold: boolean;
  readonly anchor: string;
  /** Whether the outline is painted first, so that it is a halo around the letters. */
  readonly halo: boolean;
  readonly stroke: string;
}

const START: Inherited = { size: 16, bold: false, anchor: 'start', halo: false, stroke: 'none' };

/** What belongs to setting text; paths have no use for it. */
const TEXT_ATTRIBUTES = new Set([
  'x',
  'y',
  'dx',
  'dy',
  'text-anchor',
  'font-size',
  'font-weight',
  'font-family',
  'font-variant',
  'font-style',
]);

/** A length in pixels: a number, with `px` or `em` after it or nothing. */
function pixels(text: string | undefined, size: number): number | null {
  const match = /^\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*(px|em)?\s*$/i.exec(text ?? '');
  return match === null ? null : Number(match[1]) * (match[2] === 'em' ? size : 1);
}

function isBold(weight: string): boolean {
  return weight === 'bold' || weight === 'bolder' || Number(weight) >= 600;
}

function inherit({ attributes }: SvgElement, outer: Inherited): Inherited {
  return {
    size: pixels(attributes['font-size'], outer.size) ?? outer.size,
    bold: attributes['font-weight'] === undefined ? outer.bold : isBold(attributes['font-weight']),
    anchor: attributes['text-anchor'] ?? outer.anchor,
    halo:
      attributes['paint-order'] === undefined
        ? outer.halo
        : attributes['paint-order'].trim().startsWith('stroke'),
    stroke: attributes['stroke'] ?? outer.stroke,
  };
}

/** One line of text, or the rest of it, at its place. */
interface Run {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly style: Inherited;
  /** Of the tspan that holds it. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Nothing, or the line ends and indents between the elements of a file. */
const isLayout = (text: string): boolean => /^\s*\n\s*$|^$/.test(text);

/**
 * The runs of a text element: its own characters, and its tspans. A run that names no x goes on
 * where the last one ended.
 */
function runsOf(element: SvgElement, style: Inherited): readonly Run[] {
  const pen = { x: 0, y: 0 };
  const runs: Run[] = [];
  const enter = (one: SvgElement, own: Inherited, attributes: Run['attributes']): void => {
    pen.x =
      (pixels(one.attributes['x'], own.size) ?? pen.x) +
      (pixels(one.attributes['dx'], own.size) ?? 0);
    pen.y =
      (pixels(one.attributes['y'], own.size) ?? pen.y) +
      (pixels(one.attributes['dy'], own.size) ?? 0);
    for (const child of one.children) {
      if (typeof child !== 'string') {
        if (child.name === 'tspan') enter(child, inherit(child, own), child.attributes);
      } else if (!isLayout(child)) {
        runs.push({ text: child, x: pen.x, y: pen.y, style: own, attributes });
        pen.x += textWidth(faceOf(own), child, own.size);
      }
    }
  };
  enter(element, style, {});
  return runs;
}

function faceOf({ bold }: Inherited): FigureFace {
  const { regular, bold: heavy } = figureFonts();
  return bold ? heavy : regular;
}

const without = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !TEXT_ATTRIBUTES.has(name)));

function pathOf({ text, x, y, style, attributes }: Run): SvgElement {
  const face = faceOf(style);
  const share = style.anchor === 'middle' ? 0.5 : style.anchor === 'end' ? 1 : 0;
  const left = share === 0 ? x : x - share * textWidth(face, text, style.size);
  return {
    name: 'path',
    attributes: { ...without(attributes), d: outlineOf(face, text, style.size, left, y) },
    children: [],
  };
}

/** A text's letters as paths. */
function outlines(
  element: SvgElement,
  runs: readonly Run[],
  more: Readonly<Record<string, string>> = {},
): SvgElement {
  return {
    name: 'g',
    attributes: { ...without(element.attributes), ...more },
    children: runs.map(pathOf),
  };
}

/** What becomes of one text. */
type Replace = (element: SvgElement, style: Inherited) => readonly SvgNode[];

function replaceTexts(element: SvgElement, outer: Inherited, replace: Replace): readonly SvgNode[] {
  // Hover texts are for browsers.
  if (element.name === 'title') return [];
  const style = inherit(element, outer);
  if (element.name === 'text') return replace(element, style);
  return [
    {
      ...element,
      children: element.children.flatMap((child) =>
        typeof child === 'string' ? [child] : replaceTexts(child, style, replace),
      ),
    },
  ];
}

function rootOf(nodes: readonly SvgNode[]): SvgElement {
  const [root] = nodes;
  if (root === undefined || typeof root === 'string')
    throw new TypeError('a picture must not be a text');
  return root;
}

/**
 * A picture whose letters are paths, so that it looks the same whatever fonts there are. Texts with
 * characters that the typeface of figures lacks stay texts, for the fonts of the machine.
 */
export function outlineAllText(picture: SvgElement): SvgElement {
  return rootOf(
    replaceTexts(picture, START, (element, style) => {
      const runs = runsOf(element, style);
      return runs.every((run) => hasGlyphs(faceOf(run.style), run.text))
        ? [outlines(element, runs)]
        : [element];
    }),
  );
}

/**
 * A picture without `paint-order`, which not every reader knows: a text with a halo becomes two
 * things, the halo as paths and over it the text without outline.
 */
export function separateHalos(picture: SvgElement): SvgElement {
  return rootOf(
    replaceTexts(picture, START, (element, style) => {
      if (!style.halo || style.stroke === 'none') return [element];
      const bare = { ...element, attributes: { ...element.attributes, stroke: 'none' } };
      return [outlines(element, runsOf(element, style), { fill: 'none' }), bare];
    }),
  );
}
