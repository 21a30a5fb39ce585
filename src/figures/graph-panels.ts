import { must } from '../core/errors.js';
import type { Graph } from '../graph/types.js';
import type { LayoutName } from './graph-layout.js';
import { drawGraph } from './graph-marks.js';
import { escapeText, type Part } from './svg.js';
import { COLOURS } from './theme.js';

/** A graph with what is written under it: the first line stands out. */
export interface Panel {
  readonly graph: Graph;
  readonly headline: string;
  readonly spec: string;
}

export const PANEL = 200;
const GAP = 26;
const LINE = 14;

/** Characters of small text that fit under a panel. */
const FITTING = 34;

/** Height of panels with their captions. */
export const PANEL_HEIGHT = PANEL + 24 + 3 * LINE;

/** Width of so many panels side by side. */
export const panelsWidth = (count: number): number => count * (PANEL + GAP) - GAP;

/** Graphs side by side, each with its caption under it, from `left` on. */
export function panelParts(panels: readonly Panel[], left: number, layout?: LayoutName): Part[] {
  return panels.map((panel, at) => ({
    drawing: drawPanel(panel, layout),
    x: left + at * (PANEL + GAP),
    y: 0,
  }));
}

function drawPanel({ graph, headline, spec }: Panel, layout?: LayoutName): string {
  const lines = captionLines(spec).map(
    (line, at) =>
      `<text x="${PANEL / 2}" y="${PANEL + 36 + at * LINE}" font-size="10.5" ` +
      `fill="${COLOURS.quiet}">${escapeText(line)}</text>`,
  );
  return (
    `${drawGraph(graph, PANEL, layout)}<text x="${PANEL / 2}" y="${PANEL + 20}" ` +
    `font-weight="600">${escapeText(headline)}</text>${lines.join('')}`
  );
}

/** A spec in at most three lines, broken after commas where that is possible. */
function captionLines(spec: string): string[] {
  const pieces = spec
    .split(/(?<=[,:)])/)
    .flatMap((piece) => piece.match(new RegExp(`.{1,${FITTING}}`, 'g')) ?? []);
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + piece.length <= FITTING)
      lines[lines.length - 1] = last + piece;
    else lines.push(piece);
  }
  return lines.length <= 3
    ? lines
    : [...lines.slice(0, 2), `${must(lines[2]).slice(0, FITTING - 1)}…`];
}

/** The spec as captions show it: numbers to four digits, without `seed=1`. */
export function shortSpec(line: string): string {
  const rounded = line.replace(/\d+\.\d{4,}/g, (number) =>
    String(Number(Number(number).toPrecision(4))),
  );
  return rounded.replace(/,seed=1(?=$|,|\))/g, '');
}
