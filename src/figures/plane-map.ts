import * as Plot from '@observablehq/plot';
import { binRange } from '../analysis/bins.js';
import type { Interval } from '../analysis/paired.js';
import type { Rectangle } from '../analysis/findings/types.js';
import { CLUSTERING_RANGE, PATH_LENGTH_RANGE } from '../analysis/settings.js';
import { fixed } from '../analysis/text.js';
import { BASE_OPTIONS, composeFigure, drawPlot, escapeText, type Part } from './svg.js';
import { COLOURS, LABELS, SCHEME } from './theme.js';

const WIDTH = 780;
const HEIGHT = 540;
const BAR_STEPS = 80;
/** What rails above the plane and to its right need. */
const RAIL_SPACE = 40;

/** A cell with its number; `sweet` cells are outlined, the best one has a star. */
export interface MapCell {
  readonly i: number;
  readonly j: number;
  readonly mean: number;
  readonly isBest: boolean;
  readonly sweet: boolean;
  /** What hovering shows. */
  readonly title: string;
}

/** Where the baseline lies, and its error in %. */
export interface BaselinePlace {
  readonly clustering: number;
  readonly pathLength: number;
  readonly mean: number;
  readonly title: string;
}

/** Errors over the plane of C and L, ready to be drawn. */
export interface PlaneView {
  readonly title: string;
  readonly subtitle: string;
  readonly plane: {
    readonly clusteringEdges: readonly number[];
    readonly pathLengthEdges: readonly number[];
  };
  readonly cells: readonly MapCell[];
  /** Drawn in red. */
  readonly frame: Rectangle | null;
  /**
   * Intervals of the edges of a rectangle, drawn on rails beside the plane, so that no cell is
   * covered.
   */
  readonly rails?: Rails | null;
  readonly baseline: BaselinePlace | null;
  /** Decimals of the numbers in cells; default 1. */
  readonly digits?: 1 | 2;
  readonly notes: readonly string[];
}

/** Of each axis the intervals of the lower and of the upper edge, and where these edges are. */
interface Rails {
  readonly intervals: { readonly [Axis in keyof Rectangle]: readonly [Interval, Interval] };
  readonly edges: Rectangle;
}

interface Box {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

type Drawn = MapCell & Box;

const BOX = { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2' } as const;

/** Range of the colours: every cell and the baseline; widened where all are equal. */
function colourDomain({ cells, baseline }: PlaneView): readonly [number, number] {
  const values = [...cells.map((cell) => cell.mean), ...(baseline === null ? [] : [baseline.mean])];
  if (values.length === 0) return [0, 100];
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

function frameMarks({ frame }: PlaneView): readonly Plot.Markish[] {
  if (frame === null) return [];
  const {
    clustering: [x1, x2],
    pathLength: [y1, y2],
  } = frame;
  return [
    Plot.rect([{ x1, x2, y1, y2 }], {
      ...BOX,
      fill: 'none',
      stroke: 'white',
      strokeWidth: 6,
      rx: 3,
    }),
    Plot.rect([{ x1, x2, y1, y2 }], {
      ...BOX,
      fill: 'none',
      className: 'frame',
      stroke: COLOURS.frame,
      strokeWidth: 3,
      rx: 3,
    }),
  ];
}

/** The baseline where it lies in the plane, filled with its own error's colour. */
function baselineMarks({ baseline, plane }: PlaneView): readonly Plot.Markish[] {
  if (baseline === null || baseline.pathLength > (plane.pathLengthEdges.at(-1) ?? 0)) return [];
  const { clustering, pathLength, mean, title } = baseline;
  return [
    Plot.dot([{ x: clustering, y: pathLength }], {
      className: 'baseline',
      x: 'x',
      y: 'y',
      r: 8,
      symbol: 'diamond',
      fill: () => mean,
      stroke: COLOURS.ink,
      strokeWidth: 1.8,
      title: () => title,
    }),
  ];
}

function drawnCells({ cells, plane }: PlaneView): Drawn[] {
  const { clusteringEdges: c, pathLengthEdges: l } = plane;
  return cells.map((cell) => {
    const [[x1, x2], [y1, y2]] = [binRange(c, cell.i), binRange(l, cell.j)];
    return { ...cell, x1, x2, y1, y2 };
  });
}

function cellMarks(drawn: readonly Drawn[]): readonly Plot.Markish[] {
  const sweet = drawn.filter((d) => d.sweet);
  return [
    Plot.rect(drawn, {
      ...BOX,
      className: 'cells',
      inset: 0.75,
      rx: 2,
      fill: (d: Drawn) => d.mean,
      title: (d: Drawn) => d.title,
    }),
    Plot.rect(sweet, {
      ...BOX,
      className: 'sweet',
      inset: 3,
      rx: 1.5,
      fill: 'none',
      stroke: 'white',
      strokeWidth: 1.25,
      pointerEvents: 'none',
    }),
  ];
}

/**
 * Over the rectangle, which may run through cells: a halo of the cell's colour keeps the numbers
 * legible.
 */
function numberMarks(
  drawn: readonly Drawn[],
  domain: readonly [number, number],
  digits: number,
): readonly Plot.Markish[] {
  // The light end of the scale needs dark letters.
  const light = domain[0] + 0.6 * (domain[1] - domain[0]);
  const centre = { x: (d: Drawn) => (d.x1 + d.x2) / 2, y: (d: Drawn) => (d.y1 + d.y2) / 2 };
  return [
    Plot.text(drawn, {
      ...centre,
      // The star has a line of its own: beside the number there is no room for readable letters.
      text: (d: Drawn) => `${d.isBest ? '★\n' : ''}${fixed(d.mean, digits)}`,
      lineHeight: 0.95,
      fill: (d: Drawn) => (d.mean > light ? COLOURS.ink : 'white'),
      fontSize: 11,
      pointerEvents: 'none',
      stroke: (d: Drawn) => d.mean,
      strokeWidth: 6,
    }),
  ];
}

const RAIL = {
  stroke: COLOURS.frame,
  strokeWidth: 4,
  strokeLinecap: 'round',
  className: 'rail',
} as const;
const RING = { r: 4, fill: 'white', stroke: COLOURS.frame, strokeWidth: 2 } as const;

function railMarks({ rails = null }: PlaneView): readonly Plot.Markish[] {
  if (rails === null) return [];
  const { intervals, edges } = rails;
  const [top, right] = [PATH_LENGTH_RANGE[1], CLUSTERING_RANGE[1]];
  // Two levels: the intervals of both edges may overlap.
  return ([0, 1] as const).flatMap((which) => {
    const away = 12 + 11 * which;
    const [c, l] = [intervals.clustering[which], intervals.pathLength[which]];
    const beyond = ([low, high]: Interval): number => (low === high ? low + 1e-9 : high);
    return [
      Plot.link([c], { x1: c[0], x2: beyond(c), y1: () => top, y2: () => top, dy: -away, ...RAIL }),
      Plot.dot([edges.clustering[which]], {
        x: (d: number) => d,
        y: () => top,
        dy: -away,
        ...RING,
      }),
      Plot.link([l], {
        y1: l[0],
        y2: beyond(l),
        x1: () => right,
        x2: () => right,
        dx: away,
        ...RAIL,
      }),
      Plot.dot([edges.pathLength[which]], {
        y: (d: number) => d,
        x: () => right,
        dx: away,
        ...RING,
      }),
    ];
  });
}

function drawPlane(view: PlaneView, domain: readonly [number, number]): string {
  const { clusteringEdges, pathLengthEdges } = view.plane;
  const low = pathLengthEdges[0] ?? 1;
  const high = pathLengthEdges.at(-1) ?? 4.5;
  const axis = { labelAnchor: 'center', labelArrow: 'none' } as const;
  const space = railSpace(view);
  const drawn = drawnCells(view);
  const inset = space === 0 ? { insetBottom: 12, insetRight: 10, insetLeft: 4 } : {};
  return drawPlot({
    ...BASE_OPTIONS,
    width: WIDTH - 110 + space,
    height: HEIGHT + space,
    marginLeft: 58,
    marginBottom: 46,
    marginTop: 10 + space,
    marginRight: 16 + space,
    ...inset,
    x: { domain: [0, 1], label: null },
    y: { domain: [low, high], label: null },
    color: { type: 'linear', scheme: SCHEME, domain: [...domain], clamp: true },
    marks: [
      Plot.ruleX(clusteringEdges, { stroke: COLOURS.rule }),
      Plot.ruleY(pathLengthEdges, { stroke: COLOURS.rule }),
      ...cellMarks(drawn),
      ...frameMarks(view),
      ...numberMarks(drawn, domain, view.digits ?? 1),
      ...railMarks(view),
      ...baselineMarks(view),
      Plot.axisX({ ...axis, label: LABELS.clustering, labelOffset: 40, ticks: 10 }),
      Plot.axisY({ ...axis, label: LABELS.pathLength, labelOffset: 46, ticks: 8 }),
    ],
  });
}

const railSpace = ({ rails = null }: PlaneView): number => (rails === null ? 0 : RAIL_SPACE);

function drawColourBar(domain: readonly [number, number], space: number): string {
  const [low, high] = domain;
  const step = (high - low) / BAR_STEPS;
  const bands = Array.from({ length: BAR_STEPS }, (_, i) => ({
    y1: low + i * step,
    y2: low + (i + 1) * step,
  }));
  return drawPlot({
    ...BASE_OPTIONS,
    width: 100,
    height: HEIGHT + space,
    marginLeft: 18,
    marginRight: 62,
    marginTop: 10 + space,
    marginBottom: 46,
    x: { axis: null },
    y: { domain: [...domain], label: null },
    color: { type: 'linear', scheme: SCHEME, domain: [...domain] },
    marks: [
      // Overlapping by half a pixel, or hairlines show between the bands.
      Plot.rect(bands, {
        y1: 'y1',
        y2: 'y2',
        fill: (d: { y1: number; y2: number }) => (d.y1 + d.y2) / 2,
        insetTop: -0.5,
      }),
      Plot.axisY({
        anchor: 'right',
        label: LABELS.meanError,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 50,
        ticks: 6,
      }),
    ],
  });
}

function railHeading(): string {
  return (
    `<text text-anchor="start" fill="${COLOURS.frame}" ` +
    `font-size="11">${escapeText('95 % intervals of the edges')}</text>`
  );
}

/**
 * Mean errors over the (C, L) plane, with a rectangle, outlined cells, the best cell and the
 * baseline's place. A standalone SVG.
 */
export function planeMap(view: PlaneView): string {
  const domain = colourDomain(view);
  const space = railSpace(view);
  const heading: Part[] = space === 0 ? [] : [{ drawing: railHeading(), x: 58, y: 12 }];
  return composeFigure({
    title: view.title,
    subtitle: view.subtitle,
    width: WIDTH + space,
    height: HEIGHT + space,
    parts: [
      { drawing: drawPlane(view, domain), x: 0, y: 0 },
      ...heading,
      { drawing: drawColourBar(domain, space), x: WIDTH + space - 108, y: 0 },
    ],
    notes: view.notes,
  });
}
