import * as Plot from '@observablehq/plot';
import { fixed, type Interval } from '../analysis/index.js';
import { BASE_OPTIONS, composeFigure, drawPlot } from './svg.js';
import { COLOURS, LABELS, SCHEME } from './theme.js';

const WIDTH = 780;
const HEIGHT = 540;
const BAR_STEPS = 80;

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
  readonly plane: { readonly clusteringEdges: readonly number[]; readonly pathLengthEdges: readonly number[] };
  readonly cells: readonly MapCell[];
  /** Drawn in red. */
  readonly frame: { readonly clustering: Interval; readonly pathLength: Interval } | null;
  readonly baseline: BaselinePlace | null;
  readonly notes: readonly string[];
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
  const { clustering: [x1, x2], pathLength: [y1, y2] } = frame;
  return [
    Plot.rect([{ x1, x2, y1, y2 }], { ...BOX, fill: 'none', stroke: 'white', strokeWidth: 6, rx: 3 }),
    Plot.rect([{ x1, x2, y1, y2 }], { ...BOX, fill: 'none', className: 'frame', stroke: COLOURS.frame, strokeWidth: 3, rx: 3 }),
  ];
}

/** The baseline where it lies in the plane, filled with its own error's colour. */
function baselineMarks({ baseline, plane }: PlaneView): readonly Plot.Markish[] {
  if (baseline === null || baseline.pathLength > (plane.pathLengthEdges.at(-1) ?? 0)) return [];
  const { clustering, pathLength, mean, title } = baseline;
  return [
    Plot.dot([{ x: clustering, y: pathLength }], {
      className: 'baseline', x: 'x', y: 'y', r: 8, symbol: 'diamond', fill: () => mean,
      stroke: COLOURS.ink, strokeWidth: 1.8, title: () => title,
    }),
  ];
}

function drawnCells({ cells, plane }: PlaneView): Drawn[] {
  const { clusteringEdges: c, pathLengthEdges: l } = plane;
  return cells.map((cell) => ({ ...cell, x1: c[cell.i], x2: c[cell.i + 1], y1: l[cell.j], y2: l[cell.j + 1] }));
}

function cellMarks(drawn: readonly Drawn[]): readonly Plot.Markish[] {
  const sweet = drawn.filter((d) => d.sweet);
  return [
    Plot.rect(drawn, { ...BOX, className: 'cells', inset: 0.75, rx: 2, fill: (d: Drawn) => d.mean, title: (d: Drawn) => d.title }),
    Plot.rect(sweet, { ...BOX, className: 'sweet', inset: 3, rx: 1.5, fill: 'none', stroke: 'white', strokeWidth: 1.25, pointerEvents: 'none' }),
  ];
}

/** Over the rectangle, which may run through cells: a halo of the cell's colour keeps the numbers legible. */
function numberMarks(drawn: readonly Drawn[], [low, high]: readonly [number, number]): readonly Plot.Markish[] {
  // The light end of the scale needs dark letters.
  const light = low + 0.6 * (high - low);
  return [
    Plot.text(drawn, {
      x: (d: Drawn) => (d.x1 + d.x2) / 2,
      y: (d: Drawn) => (d.y1 + d.y2) / 2,
      text: (d: Drawn) => `${d.isBest ? '★' : ''}${fixed(d.mean, 1)}`,
      fill: (d: Drawn) => (d.mean > light ? COLOURS.ink : 'white'),
      stroke: (d: Drawn) => d.mean, strokeWidth: 6,
      // With the star there is less room.
      fontSize: (d: Drawn) => (d.isBest ? 9 : 10.5), pointerEvents: 'none',
    }),
  ];
}

function drawPlane(view: PlaneView, domain: readonly [number, number]): string {
  const { clusteringEdges, pathLengthEdges } = view.plane;
  const low = pathLengthEdges[0] ?? 1;
  const high = pathLengthEdges.at(-1) ?? 4.5;
  const drawn = drawnCells(view);
  const axis = { labelAnchor: 'center', labelArrow: 'none' } as const;
  return drawPlot({
    ...BASE_OPTIONS,
    width: WIDTH - 110, height: HEIGHT, marginLeft: 58, marginBottom: 46, marginTop: 10, marginRight: 16,
    insetBottom: 12, insetRight: 10, insetLeft: 4,
    x: { domain: [0, 1], label: null }, y: { domain: [low, high], label: null },
    color: { type: 'linear', scheme: SCHEME, domain: [...domain], clamp: true },
    marks: [
      Plot.ruleX(clusteringEdges, { stroke: COLOURS.rule }),
      Plot.ruleY(pathLengthEdges, { stroke: COLOURS.rule }),
      ...cellMarks(drawn),
      ...frameMarks(view),
      ...numberMarks(drawn, domain),
      ...baselineMarks(view),
      Plot.axisX({ ...axis, label: LABELS.clustering, labelOffset: 40, ticks: 10 }),
      Plot.axisY({ ...axis, label: LABELS.pathLength, labelOffset: 46, ticks: 8 }),
    ],
  });
}

function drawColourBar(domain: readonly [number, number]): string {
  const [low, high] = domain;
  const step = (high - low) / BAR_STEPS;
  const bands = Array.from({ length: BAR_STEPS }, (_, i) => ({ y1: low + i * step, y2: low + (i + 1) * step }));
  return drawPlot({
    ...BASE_OPTIONS,
    width: 100, height: HEIGHT, marginLeft: 18, marginRight: 62, marginTop: 10, marginBottom: 46,
    x: { axis: null }, y: { domain: [...domain], label: null },
    color: { type: 'linear', scheme: SCHEME, domain: [...domain] },
    marks: [
      // Overlapping by half a pixel, or hairlines show between the bands.
      Plot.rect(bands, { y1: 'y1', y2: 'y2', fill: (d: { y1: number; y2: number }) => (d.y1 + d.y2) / 2, insetTop: -0.5 }),
      Plot.axisY({ anchor: 'right', label: LABELS.meanError, labelAnchor: 'center', labelArrow: 'none', labelOffset: 50, ticks: 6 }),
    ],
  });
}

/** Mean errors over the (C, L) plane, with a rectangle, outlined cells, the best cell and the baseline's place. A standalone SVG. */
export function planeMap(view: PlaneView): string {
  const domain = colourDomain(view);
  return composeFigure({
    title: view.title,
    subtitle: view.subtitle,
    width: WIDTH,
    height: HEIGHT,
    parts: [
      { drawing: drawPlane(view, domain), x: 0, y: 0 },
      { drawing: drawColourBar(domain), x: WIDTH - 108, y: 0 },
    ],
    notes: view.notes,
  });
}
