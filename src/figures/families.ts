import * as Plot from '@observablehq/plot';
import { fixed, plural } from '../analysis/text.js';
import type { SpaceBins } from '../graph/space/bins.js';
import type { FamilyPlaces } from '../graph/space/families.js';
import type { GraphLandmark } from '../graph/types.js';
import { cellsPath, type PlaneFrame } from './space-cells.js';
import { BASE_OPTIONS, composeFigure, drawPlot, escapeText, type Part } from './svg.js';
import { COLOURS, LABELS } from './theme.js';

/** What the figure of families shows. */
export interface FamiliesFigureInput {
  /** Of the WS-flex space. */
  readonly nodes: number;
  readonly bins: SpaceBins;
  /** Cells that WS-flex graphs reach. */
  readonly cells: readonly { readonly row: number; readonly column: number }[];
  readonly families: readonly FamilyPlaces[];
}

const WIDTH = 780;
const COLUMNS = 6;
const LEFT = 46;
const PANEL = { width: 122, height: 118 } as const;
const TITLE = 20;
/** Of the drawing inside its panel. */
const FRAME: PlaneFrame = {
  left: 4,
  top: TITLE,
  width: PANEL.width - 18,
  height: PANEL.height - TITLE - 8,
};
const BOTTOM = 40;

/** The plane that the panels show: that of the cells, all of C, and a little more of L. */
function domainOf({ clustering, pathLength }: SpaceBins): {
  readonly x: [number, number];
  readonly y: [number, number];
} {
  return {
    x: [Math.min(0, clustering[0]), Math.max(1, clustering[1])],
    y: [1, pathLength[1] + 0.12 * (pathLength[1] - 1)],
  };
}

/** The part of the frame that the cells' own ranges take up. */
function cellsFrame(bins: SpaceBins): PlaneFrame {
  const { x, y } = domainOf(bins);
  const [scaleX, scaleY] = [FRAME.width / (x[1] - x[0]), FRAME.height / (y[1] - y[0])];
  const [c, l] = [bins.clustering, bins.pathLength];
  return {
    left: FRAME.left + (c[0] - x[0]) * scaleX,
    top: FRAME.top + (y[1] - l[1]) * scaleY,
    width: (c[1] - c[0]) * scaleX,
    height: (l[1] - l[0]) * scaleY,
  };
}

function describe(graph: GraphLandmark): string {
  return (
    `${graph.spec}\n${plural(graph.nodes, 'node')}, C ${fixed(graph.clustering, 3)}, L ` +
    fixed(graph.pathLength, 3)
  );
}

function drawPanel(
  { family, graphs }: FamilyPlaces,
  bins: SpaceBins,
  axes: { readonly x: boolean; readonly y: boolean },
): string {
  const { x, y } = domainOf(bins);
  const inside = graphs.filter(({ pathLength }) => pathLength <= y[1]);
  const above = graphs.filter(({ pathLength }) => pathLength > y[1]);
  const points = drawPlot({
    ...BASE_OPTIONS,
    width: PANEL.width,
    height: PANEL.height + (axes.x ? 22 : 0),
    marginLeft: FRAME.left,
    marginTop: FRAME.top,
    marginRight: PANEL.width - FRAME.left - FRAME.width,
    marginBottom: PANEL.height - FRAME.top - FRAME.height + (axes.x ? 22 : 0),
    x: { domain: x, axis: null },
    y: { domain: y, axis: null },
    marks: [
      Plot.frame({ stroke: COLOURS.faint, strokeOpacity: 0.7 }),
      ...(axes.x
        ? [
            Plot.axisX([x[0], (x[0] + x[1]) / 2, x[1]], {
              label: null,
              tickSize: 3,
              tickPadding: 2,
              fontSize: 10,
              tickFormat: String,
            }),
          ]
        : []),
      Plot.dot(inside, {
        x: 'clustering',
        y: 'pathLength',
        r: 2.7,
        fill: COLOURS.best,
        stroke: 'white',
        strokeWidth: 0.7,
        title: describe,
      }),
      Plot.dot(above, {
        x: 'clustering',
        y: () => y[1],
        r: 2.9,
        dy: 4,
        symbol: 'triangle',
        fill: COLOURS.baseline,
        stroke: 'white',
        strokeWidth: 0.7,
        title: describe,
      }),
    ],
  });
  const ticks = axes.y ? drawTicks(y) : '';
  return (
    `<use href="#ws-flex-cells"/>${ticks}${points}<text x="${FRAME.left}" y="${TITLE - 6}" ` +
    'text-anchor="start" font-size="11" font-weight="600" ' +
    `fill="${COLOURS.ink}">${escapeText(family)}</text>`
  );
}

/** Ticks of L left of a panel of the first column, at most seven of them. */
function drawTicks([low, high]: readonly [number, number]): string {
  const step =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((each) => (high - low) / each < 7) ?? 5000;
  const first = Math.ceil(low / step);
  const ticks = Array.from(
    { length: Math.floor(high / step) - first + 1 },
    (_, i) => (first + i) * step,
  );
  return ticks
    .map((tick) => {
      const at = (FRAME.top + (FRAME.height * (high - tick)) / (high - low)).toFixed(1);
      return (
        `<path d="M${FRAME.left - 4} ${at}h4" stroke="${COLOURS.ink}"/><text ` +
        `x="${FRAME.left - 7}" y="${at}" dy="0.32em" text-anchor="end" ` +
        `font-size="10">${tick}</text>`
      );
    })
    .join('');
}

function drawLabels(height: number): string {
  return [
    `<text x="${(LEFT + WIDTH) / 2}" y="${height - 6}">${LABELS.clustering}</text>`,
    `<text transform="translate(16,${(height - BOTTOM) / 2}) ` +
      `rotate(-90)">${LABELS.pathLength}</text>`,
  ].join('');
}

/** Sentences on what is not in the panels. */
function leftOut(families: readonly FamilyPlaces[]): string[] {
  const unconnected = families
    .filter((family) => family.unconnected > 0)
    .map((family) => `${family.family} ${family.unconnected}`);
  return unconnected.length > 0
    ? [`Left out because they are not connected: ${unconnected.join(', ')}.`]
    : [];
}

/**
 * Other families' sample graphs over the region of the plane that WS-flex graphs reach, a panel for
 * each family. A standalone SVG.
 */
export function familiesFigure({ nodes, bins, cells, families }: FamiliesFigureInput): string {
  const shown = families.filter(({ graphs }) => graphs.length > 0);
  const graphs = shown.reduce((sum, family) => sum + family.graphs.length, 0);
  const height = Math.max(1, Math.ceil(shown.length / COLUMNS)) * PANEL.height + BOTTOM;
  const panels = shown.map((family, at): Part => {
    const isLast = at + COLUMNS >= shown.length;
    return {
      drawing: drawPanel(family, bins, { x: isLast, y: at % COLUMNS === 0 }),
      x: LEFT + (at % COLUMNS) * PANEL.width,
      y: Math.floor(at / COLUMNS) * PANEL.height,
    };
  });
  const region =
    `<defs><path id="ws-flex-cells" fill="${COLOURS.region}" ` +
    `d="${cellsPath(cells, bins, cellsFrame(bins), 1)}"/></defs>`;
  return composeFigure({
    title: `Other families in the space of graphs: ${shown.length} of them`,
    subtitle:
      `Grey: what WS-flex graphs of ${nodes} nodes reach. Each dot is one of ${graphs} ` +
      `sample graphs of about ${nodes} nodes; triangles lie above the panel, at larger L.`,
    width: WIDTH,
    height,
    parts: [
      { drawing: region, x: 0, y: 0 },
      ...panels,
      { drawing: drawLabels(height), x: 0, y: 0 },
    ],
    notes: [
      ...leftOut(families),
      'C and L as in the figure of the space; connectomes have their own numbers of ' +
        'nodes and are taken without directions.',
    ],
  });
}
