import * as Plot from '@observablehq/plot';
import {
  binEdges,
  cellsOf,
  CLUSTERING_RANGE,
  fixed,
  isTested,
  lastTable,
  meanError,
  PATH_LENGTH_RANGE,
  PLANE_BINS,
  plural,
  span,
  type Cell,
  type Findings,
  type Rectangle,
  type RectangleIntervals,
  type SweetSpotFact,
  type TaskTables,
} from '../../analysis/index.js';
import { BASE_OPTIONS, composeFigure, drawPlot, type Part } from '../svg.js';
import { COLOURS, LABELS, SCHEME } from '../theme.js';
import {
  axisLabel,
  BOX,
  boxOf,
  emptyFigure,
  nameIn,
  PLANE,
  planeAxes,
  sampleOf,
  textPart,
  type Box,
} from './common.js';

const WIDTH = 780;
/** The plane's outer size; its margins leave room for the rails of the edges above and to the right. */
const PLANE_WIDTH = 700;
const HEIGHT = 580;
const MARGINS = { marginLeft: 58, marginBottom: 46, marginTop: 54, marginRight: 50 } as const;
const STEPS = 80;

type Drawn = Box & { readonly cell: Cell; readonly mean: number };

/** Mean over all errors of a cell: what the rule of cells compares. */
function meanOf(cell: Cell): number {
  const errors = cell.rows.flatMap((row) => row.errors.filter((error): error is number => error !== null));
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

/** Cells where they lie in the plane; others (C = 0, L above 4.5) have no place in it. */
function drawnCells(cells: readonly Cell[]): Drawn[] {
  const c = binEdges(CLUSTERING_RANGE, PLANE_BINS);
  const l = binEdges(PATH_LENGTH_RANGE, PLANE_BINS);
  return cells.flatMap((cell) => {
    const [j, i] = cell.key.split(' ').map(Number);
    return i < 1 || j < 1 || i > PLANE_BINS || j > PLANE_BINS
      ? []
      : [{ cell, mean: meanOf(cell), x1: c[i - 1], x2: c[i], y1: l[j - 1], y2: l[j] }];
  });
}

function cellMarks(drawn: readonly Drawn[]): Plot.Markish[] {
  const title = ({ cell, mean, x1, x2, y1, y2 }: Drawn): string =>
    `C ${span([x1, x2])}, L ${span([y1, y2])}\n${fixed(mean, 2)} %, ${plural(cell.rows.length, 'graph')}`;
  return [Plot.rect(drawn, { ...BOX, className: 'cells', inset: 0.75, rx: 2, fill: 'mean', title })];
}

/** Over the rectangle, whose edges run through the middles of cells: the halo keeps the numbers legible. */
function numberMarks(drawn: readonly Drawn[], [low, high]: readonly [number, number]): Plot.Markish[] {
  return [
    Plot.text(drawn, {
      x: (d: Drawn) => (d.x1 + d.x2) / 2,
      y: (d: Drawn) => (d.y1 + d.y2) / 2,
      text: (d: Drawn) => fixed(d.mean, 2),
      fontSize: 9.5,
      pointerEvents: 'none',
      stroke: 'mean',
      strokeWidth: 5,
      // The light end of the scale needs dark letters.
      fill: (d: Drawn) => (d.mean > low + 0.6 * (high - low) ? COLOURS.ink : 'white'),
    }),
  ];
}

/** The rectangle and its edges' intervals on rails outside the plane, so that no cell is covered. */
function sweetMarks(fact: SweetSpotFact): Plot.Markish[] {
  if (!isTested(fact)) return [];
  const { rectangle, cells, intervals } = fact;
  const frame = [boxOf(rectangle)];
  return [
    Plot.rect(frame, { ...BOX, fill: 'none', stroke: 'white', strokeWidth: 6, rx: 3 }),
    Plot.rect(frame, {
      ...BOX,
      className: 'frame',
      fill: 'none',
      stroke: COLOURS.frame,
      strokeWidth: 3,
      rx: 3,
    }),
    ...(intervals === null
      ? []
      : [...railMarks(intervals, cells, 'clustering'), ...railMarks(intervals, cells, 'pathLength')]),
  ];
}

function railMarks(
  intervals: RectangleIntervals,
  cells: Rectangle,
  axis: 'clustering' | 'pathLength',
): Plot.Markish[] {
  // Two levels: the intervals of both edges may overlap.
  return intervals[axis].flatMap(([low, high], which) => {
    const away = 12 + 11 * which;
    const bar = { stroke: COLOURS.frame, strokeWidth: 4, strokeLinecap: 'round', className: 'rail' } as const;
    const ends = [{ low, high: low === high ? low + 1e-9 : high }];
    const edge = { r: 4, fill: 'white', stroke: COLOURS.frame, strokeWidth: 2 } as const;
    return axis === 'clustering'
      ? [
          Plot.link(ends, {
            x1: 'low',
            x2: 'high',
            y1: () => PATH_LENGTH_RANGE[1],
            y2: () => PATH_LENGTH_RANGE[1],
            dy: -away,
            ...bar,
          }),
          Plot.dot([cells.clustering[which]], {
            x: (d: number) => d,
            y: () => PATH_LENGTH_RANGE[1],
            dy: -away,
            ...edge,
          }),
        ]
      : [
          Plot.link(ends, {
            y1: 'low',
            y2: 'high',
            x1: () => CLUSTERING_RANGE[1],
            x2: () => CLUSTERING_RANGE[1],
            dx: away,
            ...bar,
          }),
          Plot.dot([cells.pathLength[which]], {
            y: (d: number) => d,
            x: () => CLUSTERING_RANGE[1],
            dx: away,
            ...edge,
          }),
        ];
  });
}

function baselineMarks(task: TaskTables): Plot.Markish[] {
  const { baseline } = lastTable(task);
  if (baseline === null || meanError(baseline) === null || baseline.pathLength > PATH_LENGTH_RANGE[1])
    return [];
  return [
    Plot.dot([baseline], {
      className: 'baseline',
      x: 'clustering',
      y: 'pathLength',
      r: 8,
      symbol: 'diamond',
      fill: COLOURS.baseline,
      stroke: 'white',
      strokeWidth: 1.5,
    }),
  ];
}

function colourBar([low, high]: readonly [number, number]): string {
  const step = (high - low) / STEPS;
  const bands = Array.from({ length: STEPS }, (_, i) => ({ y1: low + i * step, y2: low + (i + 1) * step }));
  return drawPlot({
    ...BASE_OPTIONS,
    width: 96,
    height: HEIGHT,
    marginLeft: 18,
    marginRight: 60,
    marginTop: MARGINS.marginTop,
    marginBottom: MARGINS.marginBottom,
    x: { axis: null },
    y: { domain: [low, high], label: null },
    color: { type: 'linear', scheme: SCHEME, domain: [low, high] },
    marks: [
      // Overlapping by half a pixel, or hairlines show between the bands.
      Plot.rect(bands, {
        y1: 'y1',
        y2: 'y2',
        fill: (d: { y1: number; y2: number }) => (d.y1 + d.y2) / 2,
        insetTop: -0.5,
      }),
      Plot.axisY({ anchor: 'right', ...axisLabel(LABELS.meanError, 50), ticks: 6 }),
    ],
  });
}

function titleOf(name: string, fact: SweetSpotFact): string {
  if (!isTested(fact)) return `${name}: one seed, so no sweet spot can be told`;
  const { clustering, pathLength } = fact.rectangle;
  return `${name}: the sweet spot spans C ${span(clustering)}, L ${span(pathLength)}`;
}

const NO_SEEDS =
  'No graph has two seeds: what is not worse than the best cannot be tested, and no rectangle is drawn.';

/**
 * Mean test error of a task over the plane in the paper's 15 x 15 cells, its sweet spot by the presenter's
 * rule with the bootstrap intervals of the edges, the baseline. Where no graph has two seeds nothing can be
 * tested, and the figure says so. A standalone SVG.
 */
export function mapFigure(task: TaskTables, findings: Findings): string {
  const name = nameIn(task, findings);
  const fact = findings.sweetSpots().find((each) => each.task === task);
  if (fact === undefined)
    return emptyFigure(`${name}: no map`, 'No graph was measured: there is nothing to draw.');
  const table = lastTable(task);
  const cells = cellsOf(table, true);
  const drawn = drawnCells(cells);
  const means = drawn.map((cell) => cell.mean);
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const domain: [number, number] = least === most ? [least - 0.5, most + 0.5] : [least, most];
  const drawing = drawPlot({
    ...BASE_OPTIONS,
    ...PLANE,
    ...MARGINS,
    width: PLANE_WIDTH,
    height: HEIGHT,
    color: { type: 'linear', scheme: SCHEME, domain, clamp: true },
    marks: [
      Plot.ruleX(binEdges(CLUSTERING_RANGE, PLANE_BINS), { stroke: COLOURS.rule }),
      Plot.ruleY(binEdges(PATH_LENGTH_RANGE, PLANE_BINS), { stroke: COLOURS.rule }),
      ...cellMarks(drawn),
      ...sweetMarks(fact),
      ...numberMarks(drawn, domain),
      ...baselineMarks(task),
      ...planeAxes(),
    ],
  });
  const { best: bestOf, words } = findings.presenter.rule;
  const best = bestOf(table);
  const baseline = best?.baseline
    ? ` Diamond: the dense baseline, ${fixed(best.baseline.mean, 2)} %.`
    : ' There is no baseline.';
  const rails: Part[] =
    fact.intervals === null
      ? []
      : [textPart('95 % intervals of the edges', 58, 12, { colour: COLOURS.frame, size: 11 })];
  return composeFigure({
    title: titleOf(name, fact),
    subtitle:
      `${sampleOf(task)} Numbers and colours: mean test error of a cell, %.` +
      `${baseline} ${fact.draws === null ? NO_SEEDS : `Red: ${words.sweetSpotOf(task.arch)}.`}`,
    width: WIDTH,
    height: HEIGHT,
    parts: [{ drawing, x: 0, y: 0 }, ...rails, { drawing: colourBar(domain), x: WIDTH - 98, y: 0 }],
    notes: [
      ...(fact.intervals === null
        ? []
        : [
            'One-sided t-test, 5 %. Bars above and to the right: 95 % bootstrap intervals of the ' +
              'edges of the rectangle of cells (rings: where these edges are), the lower edge’s ' +
              'nearer; graphs drawn anew within cells.',
          ]),
      ...(drawn.length < cells.length
        ? [`${plural(cells.length - drawn.length, 'cell')} outside C 0–1, L 1–4.5 not shown.`]
        : []),
    ],
  });
}
