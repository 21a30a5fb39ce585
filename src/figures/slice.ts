import * as Plot from '@observablehq/plot';
import { isMeasured, type MeasuredGraph } from '../analysis/graph-results.js';
import { slicePoints } from '../analysis/summarise.js';
import { fixed } from '../analysis/text.js';
import type { Fit, FitAxis, StudySummary } from '../analysis/types.js';
import { describeGraph, describeSample, sampleNotes } from './describe.js';
import { BASE_OPTIONS, composeFigure, drawPlot } from './svg.js';
import { COLOURS, LABELS } from './theme.js';

const WIDTH = 490;
const HEIGHT = 340;
const SAMPLES = 120;

/**
 * From so many graphs on their bars would cover each other: points only, small, and the parabola
 * over them.
 */
const MANY = 300;

const AXES = { x: 'x', y: 'y' } as const;

type Point = ReturnType<typeof slicePoints>[number];

/**
 * One standard error of a graph's mean with the seeds' common shifts taken out; null where it is
 * not known.
 */
function errorOf({ errors }: MeasuredGraph, { signal }: StudySummary): number | null {
  return signal === null ? null : signal.noiseStd / Math.sqrt(errors.length);
}

/** The parabola over the range of the data it was fitted to, and no further. */
function fitMarks(fit: Fit | null): readonly Plot.Markish[] {
  if (fit === null) return [];
  const [a, b, c] = fit.coefficients;
  const [low, high] = fit.range;
  const logarithmic = fit.x === 'density';
  const curve = Array.from({ length: SAMPLES + 1 }, (_, i) => {
    const share = i / SAMPLES;
    const x = logarithmic ? low * (high / low) ** share : low + (high - low) * share;
    const at = logarithmic ? Math.log(x) : x;
    return { x, y: a + b * at + c * at * at };
  });
  return [Plot.line(curve, { ...AXES, className: 'fit', stroke: COLOURS.ink, strokeWidth: 2 })];
}

function baselineMarks(baseline: MeasuredGraph | null, x: FitAxis): readonly Plot.Markish[] {
  if (baseline === null) return [];
  const place = baseline[x];
  const diamond =
    place === null
      ? []
      : [
          Plot.dot([place], {
            x: (d: number) => d,
            y: () => baseline.mean,
            r: 6.5,
            symbol: 'diamond',
            fill: COLOURS.baseline,
            stroke: 'white',
            title: () => `baseline\n${describeGraph(baseline)}`,
          }),
        ];
  return [
    Plot.ruleY([baseline.mean], {
      className: 'baseline',
      stroke: COLOURS.baseline,
      strokeWidth: 1.5,
      strokeDasharray: '5,4',
    }),
    ...diamond,
  ];
}

/** Drawn last, or thousands of points would cover it. */
function baselineLabel(baseline: MeasuredGraph | null, x: FitAxis): readonly Plot.Markish[] {
  if (baseline === null) return [];
  const right = x === 'pathLength';
  return [
    Plot.text([baseline.mean], {
      y: (d: number) => d,
      frameAnchor: right ? 'right' : 'left',
      text: () => `baseline ${fixed(baseline.mean, 2)} %`,
      dy: -9,
      dx: right ? -4 : 4,
      textAnchor: right ? 'end' : 'start',
      fill: COLOURS.baseline,
      fontWeight: 600,
      stroke: 'white',
      strokeWidth: 3,
    }),
  ];
}

function pointMarks(points: readonly Point[], summary: StudySummary): readonly Plot.Markish[] {
  const best = points.filter((point) => point.graph.spec === summary.best?.spec);
  const half = ({ graph }: Point): number => errorOf(graph, summary) ?? 0;
  const bars = summary.signal === null || points.length >= MANY ? [] : points;
  const place = {
    x: (d: Point) => d.x,
    y: (d: Point) => d.y,
    title: (d: Point) => describeGraph(d.graph),
  };
  const look =
    points.length < MANY
      ? { r: 3.8, fillOpacity: 0.75, stroke: 'white', strokeWidth: 0.75 }
      : { r: 1.8, fillOpacity: 0.45 };
  return [
    Plot.ruleX(bars, {
      x: (d: Point) => d.x,
      y1: (d: Point) => d.y - half(d),
      y2: (d: Point) => d.y + half(d),
      stroke: COLOURS.faint,
      strokeOpacity: 0.75,
    }),
    Plot.dot(points, { ...place, className: 'graphs', fill: COLOURS.best, ...look }),
    Plot.dot(best, { ...place, className: 'best', r: 7.5, stroke: COLOURS.best, strokeWidth: 2 }),
    Plot.text(best, {
      x: place.x,
      y: place.y,
      text: () => 'best',
      dy: 16,
      fill: COLOURS.best,
      fontWeight: 600,
      stroke: 'white',
      strokeWidth: 3,
    }),
  ];
}

function fitTitle(fit: Fit | null, name: string): string {
  if (fit === null) return `Error over ${name}: too few graphs for a fit`;
  const explained = fit.r2 === null ? 'the means do not vary' : `R² = ${fixed(fit.r2, 2)}`;
  return (
    `Error over ${name}: ` +
    `${explained}${fit.minimum === null ? '' : `, lowest at ${fixed(fit.minimum, 2)}`}`
  );
}

const NAMES: Readonly<Record<FitAxis, string>> = {
  clustering: 'C',
  pathLength: 'L',
  density: 'density',
};

type Scale = Plot.ScaleOptions;

function scaleOf(x: FitAxis, empty: boolean): Scale {
  // Without the inset the sparsest graph would lie on the axis.
  if (x === 'density')
    return {
      type: 'log',
      inset: 8,
      ...(empty ? { domain: [0.1, 1] } : { nice: false }),
      label: null,
    };
  if (x === 'clustering') return { domain: [0, 1], label: null };
  return { ...(empty ? { domain: [1, 4.5] } : { nice: true }), label: null };
}

/**
 * Mean test error of every graph over C, L or density, ± its standard error, with the quadratic
 * fit. A standalone SVG.
 */
export function slice(summary: StudySummary, x: FitAxis): string {
  const points = slicePoints(summary.graphs.filter(isMeasured), x);
  const fit = summary.fits[x];
  const baseline =
    summary.baseline !== null && isMeasured(summary.baseline) ? summary.baseline : null;
  const empty = points.length === 0 && baseline === null;
  const marks = pointMarks(points, summary);
  const drawing = drawPlot({
    ...BASE_OPTIONS,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 62,
    marginRight: 18,
    marginTop: 14,
    marginBottom: 46,
    x: scaleOf(x, empty),
    y: { ...(empty ? { domain: [0, 100] } : { nice: true }), label: null, grid: true },
    marks: [
      ...baselineMarks(baseline, x),
      ...(points.length < MANY ? [...fitMarks(fit), ...marks] : [...marks, ...fitMarks(fit)]),
      ...baselineLabel(baseline, x),
      Plot.axisX({
        label: LABELS[x],
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 40,
        ...(x === 'density' && { ticks: 6, tickFormat: '~g' }),
      }),
      Plot.axisY({
        label: LABELS.meanError,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 52,
      }),
    ],
  });
  const bars =
    summary.signal !== null && points.length < MANY
      ? ' Bars: ± one standard error, seeds as blocks.'
      : '';
  return composeFigure({
    title: fitTitle(fit, NAMES[x]),
    subtitle:
      `${describeSample(summary)}${bars} Line: least-squares ` +
      `parabola${x === 'density' ? ' in log density' : ''} over the graphs’ means, ` +
      'baseline left out.',
    width: WIDTH,
    height: HEIGHT,
    parts: [{ drawing, x: 0, y: 0 }],
    notes: sampleNotes(summary),
  });
}
