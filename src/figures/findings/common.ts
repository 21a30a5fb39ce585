import * as Plot from '@observablehq/plot';
import type { Findings } from '../../analysis/findings/findings.js';
import { lastTable, type TaskTables } from '../../analysis/findings/input.js';
import type { Rectangle } from '../../analysis/findings/types.js';
import { CLUSTERING_RANGE, PATH_LENGTH_RANGE } from '../../analysis/settings.js';
import { must } from '../../core/errors.js';
import { composeFigure, escapeText, type Part } from '../svg.js';
import { COLOURS, LABELS } from '../theme.js';

/** Colours of architectures (Okabe & Ito 2008), told apart by a symbol and a dash as well. */
const SERIES = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  COLOURS.ink,
] as const;
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross', 'wye'] as const;
const DASHES = ['', '7,3', '2,3', '9,3,2,3', '4,2', '12,4', '1,2'] as const;

export interface Series {
  readonly colour: string;
  readonly symbol: (typeof SYMBOLS)[number];
  readonly dash: string;
}

/** How the task at a place in the list is drawn in every figure. */
export function seriesOf(at: number): Series {
  const turn = Math.floor(at / SERIES.length);
  return {
    colour: must(SERIES[at % SERIES.length]),
    symbol: must(SYMBOLS[(at + turn) % SYMBOLS.length]),
    dash: must(DASHES[(at + turn) % DASHES.length]),
  };
}

/** A text of at most `most` characters; of a longer one the end, which tells directories apart. */
function shorten(text: string, most: number): string {
  return text.length <= most ? text : `…${text.slice(text.length - most + 1)}`;
}

/** What a task is called in a figure. */
export function nameIn(task: TaskTables, { presenter }: Findings, most = 28): string {
  return shorten(presenter.nameOf(task), most);
}

export interface TextLook {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly colour?: string;
  readonly weight?: number;
  readonly size?: number;
}

/** A line of text as a part of a figure. */
export function textPart(
  text: string,
  x: number,
  y: number,
  { anchor = 'start', colour = COLOURS.ink, weight = 400, size = 12 }: TextLook = {},
): Part {
  return {
    drawing:
      `<text text-anchor="${anchor}" fill="${colour}" font-weight="${weight}" ` +
      `font-size="${size}">${escapeText(text)}</text>`,
    x,
    y,
  };
}

/** A figure that says why there is nothing to draw. */
export function emptyFigure(title: string, reason: string, notes: readonly string[] = []): string {
  return composeFigure({ title, subtitle: reason, width: 780, height: 8, parts: [], notes });
}

/** Axis, label and limits of the plane of C and L. */
export const PLANE = {
  x: { domain: [...CLUSTERING_RANGE], label: null },
  y: { domain: [...PATH_LENGTH_RANGE], label: null },
} as const satisfies Plot.PlotOptions;

/** Options of an axis whose label is centred along it, so many pixels away. */
export function axisLabel(
  label: string | null,
  offset: number,
): Plot.AxisXOptions & Plot.AxisYOptions {
  return { label, labelAnchor: 'center', labelArrow: 'none', labelOffset: offset };
}

export function planeAxes(): Plot.Markish[] {
  return [
    Plot.axisX({ ...axisLabel(LABELS.clustering, 40), ticks: 10 }),
    Plot.axisY({ ...axisLabel(LABELS.pathLength, 46), ticks: 8 }),
  ];
}

export interface Box {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

export const BOX = { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2' } as const;

export function boxOf({ clustering, pathLength }: Rectangle): Box {
  return { x1: clustering[0], x2: clustering[1], y1: pathLength[0], y2: pathLength[1] };
}

/** Seeds, graphs and task of a table in a sentence. */
export function sampleOf(task: TaskTables): string {
  const { graphs, seeds, epoch } = lastTable(task);
  return (
    `${graphs.length} graph${graphs.length === 1 ? '' : 's'}, ${seeds.length} ` +
    `seed${seeds.length === 1 ? '' : 's'}, after epoch ${epoch}.`
  );
}

/**
 * A key: symbols drawn by `draw` at (0, 0), 12 pixels wide, each with its text; one after the other
 * from (x, y).
 */
export function keyParts(
  entries: readonly { readonly symbol: string; readonly text: string }[],
  x: number,
  y: number,
): Part[] {
  let at = x;
  return entries.flatMap(({ symbol, text }) => {
    const parts = [
      { drawing: symbol, x: at, y },
      textPart(text, at + 24, y + 4, { colour: COLOURS.quiet }),
    ];
    at += 24 + text.length * 6.6 + 22;
    return parts;
  });
}

/** Symbols for keys, around y = 0, from x = 0 to 18. */
export const keyLine = (colour: string, dash = '', width = 2): string =>
  `<line x1="0" x2="18" y1="0" y2="0" stroke="${colour}" ` +
  `stroke-width="${width}"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}/>`;
export const keyBand = (colour: string, opacity = 0.2): string =>
  `<rect x="0" y="-6" width="18" height="12" fill="${colour}" fill-opacity="${opacity}"/>`;
export const keyDot = (colour: string, hollow = false): string =>
  `<circle cx="9" cy="0" r="5" fill="${hollow ? 'white' : colour}" stroke="${colour}" ` +
  'stroke-width="1.8"/>';
