import * as Plot from '@observablehq/plot';
import type { Findings } from '../analysis/findings/findings.js';
import { lastTable, type TaskTables } from '../analysis/findings/input.js';
import type { MinimumRegion } from '../analysis/findings/surface-region.js';
import type { SurfaceFit } from '../analysis/findings/surface.js';
import { fixed } from '../analysis/text.js';
import { emptyFigure, nameIn, sampleOf, textPart } from './findings/common.js';
import { BASE_OPTIONS, composeFigure, drawPlot } from './svg.js';
import { COLOURS, LABELS, SCHEME } from './theme.js';

const WIDTH = 1104;
const MAIN = {
  width: 590,
  height: 520,
  marginLeft: 58,
  marginRight: 12,
  marginTop: 10,
  marginBottom: 46,
} as const;
const SIDE = {
  width: 330,
  height: 300,
  marginLeft: 46,
  marginRight: 10,
  marginTop: 10,
  marginBottom: 42,
} as const;
const BAR_WIDTH = 84;
/** Points of the drawn surface along each axis. */
const RASTER = 81;
const STEPS = 12;
const BANDS = 60;
/** From so many graphs on their dots would hide the surface. */
const MANY = 300;

type Interval = readonly [number, number];

/** The surface on a raster over the graphs' bounding box, NaN where there are no graphs. */
interface Raster {
  readonly x: Interval;
  readonly y: Interval;
  readonly mean: readonly number[];
  readonly sd: readonly number[];
}

function rasterOf({ ground, predict }: SurfaceFit): Raster {
  const { lattice, step } = ground;
  const around = (values: readonly number[], pad: number): Interval => [
    Math.min(...values) - pad,
    Math.max(...values) + pad,
  ];
  const [x, y] = [
    around(
      lattice.map((place) => place.clustering),
      step.clustering,
    ),
    around(
      lattice.map((place) => place.pathLength),
      step.pathLength,
    ),
  ];
  const at = ([low, high]: Interval, i: number): number =>
    low + ((high - low) * (i + 0.5)) / RASTER;
  const cells = Array.from({ length: RASTER * RASTER }, (_, i) => {
    const [clustering, pathLength] = [at(x, i % RASTER), at(y, Math.floor(i / RASTER))];
    return ground.inside({ clustering, pathLength })
      ? predict(clustering, pathLength)
      : { mean: NaN, sd: NaN };
  });
  return { x, y, mean: cells.map((cell) => cell.mean), sd: cells.map((cell) => cell.sd) };
}

function domainOf(values: readonly number[]): Interval {
  const known = values.filter((value) => !Number.isNaN(value));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return low < high ? [low, high] : [low - 0.5, low + 0.5];
}

/** Filled steps from the lowest value on, and their lines. */
function contourMarks(
  { x, y }: Raster,
  values: readonly number[],
  [low, high]: Interval,
  stroke: string,
): Plot.Markish[] {
  const thresholds = Array.from({ length: STEPS }, (_, i) => low + ((high - low) * i) / STEPS);
  const grid = {
    width: RASTER,
    height: RASTER,
    x1: x[0],
    x2: x[1],
    y1: y[0],
    y2: y[1],
    thresholds,
    interpolate: 'none',
  } as const;
  return [
    Plot.contour(values, {
      ...grid,
      className: 'surface',
      fill: Plot.identity,
      stroke,
      strokeWidth: 0.7,
      strokeOpacity: 0.6,
    }),
  ];
}

/**
 * The border of the places that the region holds: sides of their cells that no other of them
 * shares.
 */
function borderOf(
  { places }: MinimumRegion,
  step: SurfaceFit['ground']['step'],
): { readonly x1: number; readonly x2: number; readonly y1: number; readonly y2: number }[] {
  const held = new Set(places.map(({ column, row }) => `${column} ${row}`));
  const [dx, dy] = [step.clustering / 2, step.pathLength / 2];
  return places.flatMap(({ clustering: c, pathLength: l, column, row }) => {
    const free = (i: number, j: number): boolean => !held.has(`${column + i} ${row + j}`);
    return [
      ...(free(-1, 0) ? [{ x1: c - dx, x2: c - dx, y1: l - dy, y2: l + dy }] : []),
      ...(free(1, 0) ? [{ x1: c + dx, x2: c + dx, y1: l - dy, y2: l + dy }] : []),
      ...(free(0, -1) ? [{ x1: c - dx, x2: c + dx, y1: l - dy, y2: l - dy }] : []),
      ...(free(0, 1) ? [{ x1: c - dx, x2: c + dx, y1: l + dy, y2: l + dy }] : []),
    ];
  });
}

const ENDS = { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2' } as const;

function minimumMarks({ minimum, ground }: SurfaceFit): Plot.Markish[] {
  const border = borderOf(minimum.region, ground.step);
  return [
    Plot.link(border, { ...ENDS, stroke: 'white', strokeWidth: 4, strokeLinecap: 'round' }),
    Plot.link(border, {
      ...ENDS,
      className: 'region',
      stroke: COLOURS.frame,
      strokeWidth: 2,
      strokeLinecap: 'round',
    }),
    Plot.dot([minimum], {
      className: 'minimum',
      x: 'clustering',
      y: 'pathLength',
      r: 6,
      fill: COLOURS.frame,
      stroke: 'white',
      strokeWidth: 1.8,
      title: () => `lowest: ${fixed(minimum.value, 2)} ± ${fixed(minimum.sd, 2)} %`,
    }),
  ];
}

function graphMarks({ data }: SurfaceFit): Plot.Markish[] {
  const look =
    data.rows.length < MANY ? { r: 2.6, fillOpacity: 0.75 } : { r: 0.9, fillOpacity: 0.35 };
  return [
    Plot.dot(data.rows, {
      className: 'graphs',
      x: 'clustering',
      y: 'pathLength',
      fill: 'white',
      ...look,
      ...(data.rows.length < MANY ? { stroke: COLOURS.ink, strokeWidth: 0.6 } : {}),
    }),
  ];
}

function drawMain(fit: SurfaceFit, raster: Raster, domain: Interval): string {
  return drawPlot({
    ...BASE_OPTIONS,
    ...MAIN,
    x: { domain: [...raster.x], label: null },
    y: { domain: [...raster.y], label: null },
    color: { type: 'linear', scheme: SCHEME, domain: [...domain], clamp: true },
    marks: [
      Plot.frame({ fill: COLOURS.rule, stroke: 'none' }),
      ...contourMarks(raster, raster.mean, domain, 'white'),
      ...graphMarks(fit),
      ...minimumMarks(fit),
      Plot.axisX({
        label: LABELS.clustering,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 40,
      }),
      Plot.axisY({
        label: LABELS.pathLength,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 46,
      }),
    ],
  });
}

function drawSide(raster: Raster, domain: Interval): string {
  return drawPlot({
    ...BASE_OPTIONS,
    ...SIDE,
    x: { domain: [...raster.x], label: null },
    y: { domain: [...raster.y], label: null },
    color: { type: 'linear', scheme: 'greys', domain: [0, domain[1]], clamp: true },
    marks: [
      Plot.frame({ fill: COLOURS.rule, stroke: 'none' }),
      ...contourMarks(raster, raster.sd, domain, COLOURS.quiet),
      Plot.axisX({
        label: 'C',
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 36,
        ticks: 5,
      }),
      Plot.axisY({
        label: 'L',
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 36,
        ticks: 5,
      }),
    ],
  });
}

function drawBar(
  [low, high]: Interval,
  options: {
    readonly height: number;
    readonly marginBottom: number;
    readonly scheme: typeof SCHEME | 'greys';
    readonly from: number;
    readonly label: string;
  },
): string {
  const step = (high - low) / BANDS;
  const bands = Array.from({ length: BANDS }, (_, i) => ({
    y1: low + i * step,
    y2: low + (i + 1) * step,
  }));
  return drawPlot({
    ...BASE_OPTIONS,
    width: BAR_WIDTH,
    height: options.height,
    marginLeft: 4,
    marginRight: 62,
    marginTop: 10,
    marginBottom: options.marginBottom,
    x: { axis: null },
    y: { domain: [low, high], label: null },
    color: { type: 'linear', scheme: options.scheme, domain: [options.from, high] },
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
        label: options.label,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 54,
        ticks: 6,
      }),
    ],
  });
}

function factsOf({ process, quadratic, ceiling, minimum, graphs }: SurfaceFit): string[] {
  const { region } = minimum;
  const range = ([low, high]: Interval): string => `${fixed(low, 2)} to ${fixed(high, 2)}`;
  return [
    `R² of left-out graphs ${fixed(process.crossValidatedR2, 2)}, of the quadratic ` +
      fixed(quadratic.crossValidatedR2, 2),
    ceiling === null
      ? 'One seed: no ceiling known'
      : `Seed noise lets a perfect surface reach ${fixed(ceiling, 2)}`,
    `Lowest: C ${fixed(minimum.clustering, 2)}, L ${fixed(minimum.pathLength, 2)}, ` +
      `${fixed(minimum.value, 2)} ± ${fixed(minimum.sd, 2)} %`,
    `95 %: C ${range(region.clustering)}, L ${range(region.pathLength)}`,
    `At the edge of the graphs in ${fixed(100 * region.edgeShare, 0)} % of draws`,
    `Inside their 95 % interval: ${fixed(100 * process.coverage, 0)} % of ${graphs} left-out means`,
  ];
}

/**
 * The error of a task as a Gaussian process over C and L: posterior mean in colours with its
 * contour lines where there are graphs (grey elsewhere), the graphs, the lowest place with the
 * places that hold 95 % of its draws, and beside it the posterior standard deviation. With too few
 * graphs the figure says so. A standalone SVG.
 */
export function surfaceFigure(task: TaskTables, findings: Findings): string {
  const name = nameIn(task, findings);
  const fit = findings.surfaces().find((each) => each.task === task)?.surface;
  if (fit === undefined)
    return emptyFigure(
      `${name}: no surface`,
      'A surface needs 20 graphs whose errors differ and that spread over C and L; there ' +
        `are ${lastTable(task).graphs.length} graphs.`,
    );
  const raster = rasterOf(fit);
  const [domain, spread] = [domainOf(raster.mean), domainOf(raster.sd)];
  const side = MAIN.width + BAR_WIDTH + 10;
  return composeFigure({
    title:
      `${name}: error over C and L, R² = ${fixed(fit.process.r2, 2)} (left out: ` +
      `${fixed(fit.process.crossValidatedR2, 2)})`,
    subtitle:
      `${sampleOf(task)} Colours: posterior mean of a Gaussian process over the graphs’ ` +
      'mean errors; dots: graphs; grey: no graphs near. Red: the lowest place, and the ' +
      `fewest places that hold 95 % of the lowest places of ${fit.minimum.region.draws} ` +
      'surfaces drawn from the posterior.',
    width: WIDTH,
    height: MAIN.height,
    parts: [
      { drawing: drawMain(fit, raster, domain), x: 0, y: 0 },
      {
        drawing: drawBar(domain, {
          height: MAIN.height,
          marginBottom: MAIN.marginBottom,
          scheme: SCHEME,
          from: domain[0],
          label: LABELS.meanError,
        }),
        x: MAIN.width,
        y: 0,
      },
      textPart('Standard deviation of the surface (points)', side + SIDE.marginLeft, 24, {
        weight: 600,
      }),
      { drawing: drawSide(raster, spread), x: side, y: 30 },
      {
        drawing: drawBar(spread, {
          height: SIDE.height,
          marginBottom: SIDE.marginBottom,
          scheme: 'greys',
          from: 0,
          label: '',
        }),
        x: side + SIDE.width,
        y: 30,
      },
      ...factsOf(fit).map((text, i) =>
        textPart(text, side + SIDE.marginLeft, 30 + SIDE.height + 24 + 20 * i, {
          colour: i === 0 ? COLOURS.ink : COLOURS.quiet,
        }),
      ),
    ],
    notes: [],
  });
}
