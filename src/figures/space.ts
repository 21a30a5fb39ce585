import * as Plot from '@observablehq/plot';
import { fixed, plural } from '../analysis/text.js';
import type { SpaceBins } from '../graph/space/bins.js';
import type { SpaceGrid } from '../graph/space/grid.js';
import { cellsPath, type PlaneFrame } from './space-cells.js';
import { BASE_OPTIONS, composeFigure, drawPlot } from './svg.js';
import { COLOURS, LABELS, SCHEME } from './theme.js';

/** A graph of a set, at its place. */
export interface PlacedSpec {
  readonly spec: string;
  readonly clustering: number;
  readonly pathLength: number;
}

/** What the figure of a space shows. */
export interface SpaceFigureInput {
  readonly grid: SpaceGrid;
  readonly bins: SpaceBins;
  /** How many graphs were generated. */
  readonly candidates: number;
  readonly unconnected: number;
  readonly outside: number;
  /** Cells that hold candidates, with the average degree of the first. */
  readonly cells: readonly { readonly row: number; readonly column: number; readonly k: number }[];
  /** Sizes of all sets, from the finest to the coarsest. */
  readonly counts: readonly number[];
  /** The coarsest set. */
  readonly coarse: readonly PlacedSpec[];
}

const WIDTH = 780;
const HEIGHT = 560;
const MARGINS = { marginLeft: 58, marginBottom: 46, marginTop: 10, marginRight: 16 } as const;
const PLANE_WIDTH = WIDTH - 100;
const FRAME: PlaneFrame = {
  left: MARGINS.marginLeft,
  top: MARGINS.marginTop,
  width: PLANE_WIDTH - MARGINS.marginLeft - MARGINS.marginRight,
  height: HEIGHT - MARGINS.marginTop - MARGINS.marginBottom,
};
const CLASSES = 9;

/** Edges of the classes of degree: each so many times the one before. */
function degreeEdges({ degrees }: SpaceGrid): readonly number[] {
  return Array.from(
    { length: CLASSES + 1 },
    (_, i) => degrees.from * (degrees.to / degrees.from) ** (i / CLASSES),
  );
}

function colourOf(index: number): string {
  const scale = Plot.scale({ color: { type: 'linear', scheme: SCHEME, domain: [0, CLASSES - 1] } });
  return String(scale?.apply(index));
}

/** The cells, one path for each class of degree. */
function drawCells({ grid, bins, cells }: SpaceFigureInput): string {
  const edges = degreeEdges(grid);
  const classOf = (k: number): number =>
    Math.min(
      CLASSES - 1,
      Math.max(
        0,
        edges.findLastIndex((edge) => edge <= k),
      ),
    );
  return Array.from({ length: CLASSES }, (_, index) => {
    const path = cellsPath(
      cells.filter(({ k }) => classOf(k) === index),
      bins,
      FRAME,
      0,
    );
    return path === '' ? '' : `<path fill="${colourOf(index)}" d="${path}"/>`;
  }).join('');
}

function drawAxes({ bins, coarse }: SpaceFigureInput): string {
  return drawPlot({
    ...BASE_OPTIONS,
    ...MARGINS,
    width: PLANE_WIDTH,
    height: HEIGHT,
    x: { domain: [...bins.clustering], label: null },
    y: { domain: [...bins.pathLength], label: null },
    marks: [
      Plot.dot(coarse, {
        className: 'coarse',
        x: 'clustering',
        y: 'pathLength',
        r: 4.2,
        fill: 'white',
        stroke: COLOURS.ink,
        strokeWidth: 1.4,
        title: (graph: PlacedSpec) =>
          `${graph.spec}\nC ${fixed(graph.clustering, 3)}, L ${fixed(graph.pathLength, 3)}`,
      }),
      Plot.axisX({
        label: LABELS.clustering,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 40,
        ticks: 10,
      }),
      Plot.axisY({
        label: LABELS.pathLength,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 46,
        ticks: 8,
      }),
    ],
  });
}

/** The ground of the plane with faint lines at the ticks, under the cells. */
function drawGround({ bins }: SpaceFigureInput): string {
  return drawPlot({
    ...BASE_OPTIONS,
    ...MARGINS,
    width: PLANE_WIDTH,
    height: HEIGHT,
    x: { domain: [...bins.clustering], axis: null },
    y: { domain: [...bins.pathLength], axis: null },
    marks: [
      Plot.gridX({ ticks: 10, stroke: COLOURS.rule, strokeOpacity: 1 }),
      Plot.gridY({ ticks: 8, stroke: COLOURS.rule, strokeOpacity: 1 }),
    ],
  });
}

/** The classes of degree, as a bar. */
function drawBar({ grid }: SpaceFigureInput): string {
  const edges = degreeEdges(grid);
  const bands = Array.from({ length: CLASSES }, (_, index) => ({
    y1: index,
    y2: index + 1,
    colour: colourOf(index),
  }));
  return drawPlot({
    ...BASE_OPTIONS,
    width: 96,
    height: HEIGHT,
    marginLeft: 14,
    marginRight: 62,
    marginTop: 10,
    marginBottom: 46,
    x: { axis: null },
    y: { domain: [0, CLASSES], label: null },
    color: { type: 'identity' },
    marks: [
      Plot.rect(bands, { y1: 'y1', y2: 'y2', fill: 'colour' }),
      Plot.axisY(
        edges.map((_, index) => index),
        {
          anchor: 'right',
          tickFormat: (index: number) =>
            fixed(edges[index] ?? 0, Number.isInteger(edges[index]) ? 0 : 1),
          label: 'Average degree k',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 48,
        },
      ),
    ],
  });
}

const listed = (counts: readonly number[]): string =>
  counts.length < 2 ? counts.join('') : `${counts.slice(0, -1).join(', ')} and ${counts.at(-1)}`;

/**
 * The plane of C and L with every cell that WS-flex graphs of a grid reach, coloured by the average
 * degree of its first graph, and the graphs of the coarsest set. A standalone SVG.
 */
export function spaceFigure(input: SpaceFigureInput): string {
  const { grid, bins, cells, counts, coarse, candidates } = input;
  const number = (value: number): string => value.toLocaleString('en-US');
  const notes = [
    'C: mean over nodes of the share of pairs of neighbours that are joined. L: mean ' +
      'over ordered pairs of nodes of the edges on a shortest path.',
    `Cells: ${bins.bins} x ${bins.bins}; one graph of each is kept, the first in ` +
      `shuffled order. Sets of ${listed(counts)} graphs.`,
    ...(input.unconnected > 0
      ? [
          `${number(input.unconnected)} ` +
            `${input.unconnected === 1 ? 'candidate' : 'candidates'} without a connected ` +
            'graph left out.',
        ]
      : []),
    ...(input.outside > 0
      ? [
          `${number(input.outside)} ${input.outside === 1 ? 'candidate' : 'candidates'} ` +
            'outside these ranges left out.',
        ]
      : []),
  ];
  return composeFigure({
    title:
      `The space of graphs: ${number(cells.length)} places that WS-flex graphs of ` +
      `${grid.nodes} nodes reach`,
    subtitle:
      `${number(candidates)} graphs: ${plural(grid.degrees.count, 'degree')} x ` +
      `${grid.probabilities} rewiring probabilities x ${plural(grid.seeds, 'seed')}, each ` +
      "generated and measured. Colour: average degree k of the cell's graph. Circles: the " +
      `set of ${coarse.length}.`,
    width: WIDTH,
    height: HEIGHT,
    parts: [
      { drawing: drawGround(input), x: 0, y: 0 },
      { drawing: drawCells(input), x: 0, y: 0 },
      { drawing: drawAxes(input), x: 0, y: 0 },
      { drawing: drawBar(input), x: WIDTH - 100, y: 0 },
    ],
    notes,
  });
}
