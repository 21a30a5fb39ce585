import * as Plot from '@observablehq/plot';
import type { StrataFact } from '../analysis/findings/facts/surface.js';
import type { Findings } from '../analysis/findings/findings.js';
import { lastTable, type TaskTables } from '../analysis/findings/input.js';
import { meanError, measuredRows } from '../analysis/findings/rows.js';
import type { Band } from '../analysis/findings/strata.js';
import type { ErrorRow } from '../analysis/result-table.js';
import { fixed, pValue } from '../analysis/text.js';
import { fitParabola } from '../stats/parabola.js';
import { emptyFigure, nameIn, sampleOf, textPart } from './findings/common.js';
import { BASE_OPTIONS, composeFigure, drawPlot, type Part } from './svg.js';
import { COLOURS, LABELS, SCHEME } from './theme.js';

const WIDTH = 1084;
const MARGIN = 8;
const COLUMNS = 4;
const PANEL = { width: 246, height: 216 } as const;
const HEAD = 44;
/** A panel's left margin. */
const LEFT = 54;
const BAR = 84;
const BANDS = 60;
/** From so many graphs in a band on they are small and pale. */
const MANY = 60;
const SAMPLES = 60;

interface Point {
  readonly row: ErrorRow;
  readonly error: number;
}

interface Domains {
  readonly error: readonly [number, number];
  readonly pathLength: readonly [number, number];
}

const range = (values: readonly number[]): [number, number] =>
  values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );

/** The parabola over C of a band, within its graphs and the errors drawn. */
function parabolaMarks(
  points: readonly Point[],
  [least, most]: readonly [number, number],
): Plot.Markish[] {
  const at = points.map(({ row }) => row.clustering);
  const fit = fitParabola(
    at,
    points.map(({ error }) => error),
  );
  if (fit === null) return [];
  const [a, b, c] = fit.coefficients;
  const [low, high] = range(at);
  const curve = Array.from({ length: SAMPLES + 1 }, (_, i) => low + ((high - low) * i) / SAMPLES)
    .map((x) => ({ x, y: a + b * x + c * x * x }))
    .filter(({ y }) => y >= least && y <= most);
  return [
    Plot.line(curve, {
      className: 'parabola',
      x: 'x',
      y: 'y',
      stroke: COLOURS.ink,
      strokeWidth: 1.8,
      strokeOpacity: 0.8,
    }),
  ];
}

function drawBand(
  points: readonly Point[],
  { error, pathLength }: Domains,
  first: boolean,
  last: boolean,
): string {
  const look =
    points.length < MANY
      ? { r: 3.6, stroke: COLOURS.ink, strokeWidth: 0.5 }
      : { r: 1.7, fillOpacity: 0.7 };
  return drawPlot({
    ...BASE_OPTIONS,
    ...PANEL,
    marginLeft: LEFT,
    marginRight: 8,
    marginTop: 6,
    marginBottom: 42,
    x: { domain: [0, 1], label: null },
    y: { domain: [...error], nice: true, label: null, grid: true },
    color: { type: 'linear', scheme: SCHEME, domain: [...pathLength] },
    marks: [
      Plot.dot(points, {
        className: 'graphs',
        x: (d: Point) => d.row.clustering,
        y: 'error',
        fill: (d: Point) => d.row.pathLength,
        ...look,
      }),
      ...parabolaMarks(points, error),
      Plot.axisX({
        label: last ? 'C' : null,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 36,
        ticks: 5,
      }),
      Plot.axisY({
        label: first ? LABELS.meanError : null,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 48,
        ticks: 5,
      }),
    ],
  });
}

function drawBar([low, high]: readonly [number, number]): string {
  const step = (high - low) / BANDS || 1;
  const bands = Array.from({ length: BANDS }, (_, i) => ({
    y1: low + i * step,
    y2: low + (i + 1) * step,
  }));
  return drawPlot({
    ...BASE_OPTIONS,
    width: BAR,
    height: PANEL.height,
    marginLeft: 4,
    marginRight: 62,
    marginTop: 6,
    marginBottom: 42,
    x: { axis: null },
    y: { domain: [low, low + BANDS * step], label: null },
    color: { type: 'linear', scheme: SCHEME, domain: [low, low + BANDS * step] },
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
        label: 'L',
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 44,
        ticks: 5,
      }),
    ],
  });
}

function bandParts(
  band: Band,
  points: readonly Point[],
  domains: Domains,
  at: number,
  count: number,
): Part[] {
  const [x, y] = [
    MARGIN + (at % COLUMNS) * PANEL.width,
    Math.floor(at / COLUMNS) * (PANEL.height + HEAD),
  ];
  return [
    textPart(
      `density ${fixed(band.density[0], 3)} to ${fixed(band.density[1], 3)}`,
      x + LEFT,
      y + 16,
      { weight: 600 },
    ),
    textPart(
      `${band.graphs} graphs, rank r of C ${fixed(band.rankClustering, 2)}, of L ` +
        fixed(band.rankPathLength, 2),
      x + LEFT,
      y + 32,
      { colour: COLOURS.quiet, size: 11 },
    ),
    {
      drawing: drawBand(points, domains, at % COLUMNS === 0, at + COLUMNS >= count),
      x,
      y: y + HEAD - 6,
    },
  ];
}

function notesOf({ pairs }: StrataFact): string[] {
  if (pairs === null)
    return ['There are fewer than ten pairs of graphs of equal density to compare.'];
  return [
    `${pairs.pairs} pairs of equal density: the graph that the surface over C and L ` +
      `expects to be worse is worse in ${pairs.wins} of ${pairs.unequal} (sign test, p ` +
      `${pValue(pairs.p)}), by ${fixed(pairs.difference, 2)} points on average (expected: ` +
      `${fixed(pairs.expected, 2)}).`,
  ];
}

/**
 * Mean errors of a task's graphs over C in bands of density, coloured by L, with the parabola over
 * C of each band. With too few graphs the figure says so. A standalone SVG.
 */
export function strataFigure(task: TaskTables, findings: Findings): string {
  const name = nameIn(task, findings);
  const fact = findings.strata().find((each) => each.task === task);
  const table = lastTable(task);
  if (fact === undefined)
    return emptyFigure(
      `${name}: no bands of density`,
      'Bands of density need 20 graphs whose errors differ, with C and L that density ' +
        `does not fix; there are ${table.graphs.length} graphs.`,
    );
  const points = measuredRows(table).map((row) => ({ row, error: meanError(row)! }));
  const domains = {
    error: range(points.map(({ error }) => error)),
    pathLength: range(points.map(({ row }) => row.pathLength)),
  };
  const { bands, effect, permutation } = fact.strata;
  const rows = Math.ceil(bands.length / COLUMNS);
  const columns = Math.min(COLUMNS, bands.length);
  // Equal densities are in one band, so the bands' ranges hold their graphs and no others.
  const parts = bands.flatMap((band, at) =>
    bandParts(
      band,
      points.filter(({ row }) => row.density >= band.density[0] && row.density <= band.density[1]),
      domains,
      at,
      bands.length,
    ),
  );
  return composeFigure({
    title:
      `${name}: at equal density C and L take ${fixed(100 * effect.partialR2, 0)} % of the ` +
      'error’s variance that is left',
    subtitle:
      `${sampleOf(task)} Bands of density (k / n) by quantiles. Line: least-squares ` +
      'parabola over C. F test of C, L, C², L², C L beside the bands and a line in ln ' +
      `density within each: p ${pValue(effect.p)}; by relabelling within bands ` +
      `(${permutation.count} times) p ${pValue(permutation.p)}.`,
    width: WIDTH,
    height: rows * (PANEL.height + HEAD),
    parts: [
      ...parts,
      { drawing: drawBar(domains.pathLength), x: MARGIN + columns * PANEL.width, y: HEAD - 6 },
    ],
    notes: notesOf(fact),
  });
}
