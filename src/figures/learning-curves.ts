import * as Plot from '@observablehq/plot';
import { fixed } from '../analysis/text.js';
import type { GraphResult, StudySummary } from '../analysis/types.js';
import { describeGraph, describeSample, sampleNotes } from './describe.js';
import { type CurveEnd, endLabels } from './end-labels.js';
import { BASE_OPTIONS, composeFigure, drawPlot } from './svg.js';
import { COLOURS, LABELS } from './theme.js';

const WIDTH = 780;
const HEIGHT = 380;
const INNER = HEIGHT - 60;

interface CurvePoint {
  readonly epoch: number;
  readonly error: number;
  readonly graph: GraphResult;
}

interface Highlight {
  readonly graph: GraphResult;
  readonly name: string;
  readonly colour: string;
  readonly dash: string;
}

function pointsOf(graph: GraphResult): readonly CurvePoint[] {
  return graph.curve.map((error, e) => ({ epoch: e + 1, error, graph }));
}

const AXES = { x: 'epoch', y: 'error' } as const;

function highlightMarks({ graph, colour, dash }: Highlight): readonly Plot.Markish[] {
  const points = pointsOf(graph);
  return [
    Plot.line(points, { ...AXES, stroke: 'white', strokeWidth: 5 }),
    Plot.line(points, { ...AXES, stroke: colour, strokeWidth: 2.4, strokeDasharray: dash }),
    Plot.dot(points.length > 40 ? points.slice(-1) : points, {
      ...AXES,
      r: 3.4,
      fill: colour,
      stroke: 'white',
      title: (d: CurvePoint) => `epoch ${d.epoch}: ${fixed(d.error, 2)} %\n${describeGraph(graph)}`,
    }),
  ];
}

/** All other graphs, faint: a line each, or after a single epoch a dot. */
function otherMarks(others: readonly GraphResult[], epochs: number): readonly Plot.Markish[] {
  const points = others.flatMap(pointsOf);
  const options = {
    ...AXES,
    className: 'others',
    title: (d: CurvePoint) => describeGraph(d.graph),
  };
  if (epochs === 1) return [Plot.dot(points, { ...options, r: 2.5, fill: COLOURS.faint })];
  return [
    Plot.line(points, {
      ...options,
      z: (d: CurvePoint) => d.graph.spec,
      stroke: COLOURS.faint,
      strokeOpacity: 0.45,
      strokeWidth: 1,
    }),
  ];
}

function endsOf(highlights: readonly Highlight[]): readonly CurveEnd[] {
  return highlights.flatMap(({ graph, name, colour }) => {
    const end = pointsOf(graph).at(-1);
    return end === undefined ? [] : [{ epoch: end.epoch, error: end.error, name, colour }];
  });
}

/** The graphs that stand out: the baseline and the best, where they have curves. */
function highlightsOf({ baseline, best }: StudySummary): readonly Highlight[] {
  return [
    ...(baseline === null || baseline.curve.length === 0
      ? []
      : [{ graph: baseline, name: 'baseline', colour: COLOURS.baseline, dash: '6,3' }]),
    ...(best === null || best.curve.length === 0
      ? []
      : [{ graph: best, name: 'best graph', colour: COLOURS.best, dash: '0' }]),
  ];
}

/**
 * Test error after each epoch, mean over seeds: the baseline, the best graph, all others faint. A
 * standalone SVG.
 */
export function learningCurves(summary: StudySummary): string {
  const { best, graphs } = summary;
  const others = graphs.filter((graph) => graph.curve.length > 0 && graph.spec !== best?.spec);
  const highlights = highlightsOf(summary);
  const shown = [...others, ...highlights.map((highlight) => highlight.graph)];
  const errors = shown.flatMap((graph) => graph.curve);
  const epochs = Math.max(1, ...shown.map((graph) => graph.curve.length));
  const range = errors.length === 0 ? 100 : Math.max(...errors) - Math.min(...errors);
  const drawing = drawPlot({
    ...BASE_OPTIONS,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 62,
    marginRight: 140,
    marginTop: 14,
    marginBottom: 46,
    x: { domain: epochs === 1 ? [0.5, 1.5] : [1, epochs], label: null },
    y: {
      ...(errors.length === 0 ? { domain: [0, 100] } : { nice: true }),
      label: null,
      grid: true,
    },
    marks: [
      ...otherMarks(others, epochs),
      ...highlights.flatMap(highlightMarks),
      ...endLabels(endsOf(highlights), INNER / Math.max(range, 1e-9)),
      Plot.axisX({
        label: 'Epoch',
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 40,
        ...(epochs <= 12
          ? { ticks: Array.from({ length: epochs }, (_, e) => e + 1), tickFormat: 'd' }
          : { interval: Math.ceil(epochs / 10), tickFormat: 'd' }),
      }),
      Plot.axisY({
        label: LABELS.error,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 52,
      }),
    ],
  });
  return composeFigure({
    title: 'Learning curves',
    subtitle:
      `${describeSample(summary)} Test error after each epoch, mean over seeds. Grey: ` +
      'every other graph.',
    width: WIDTH,
    height: HEIGHT,
    parts: [{ drawing, x: 0, y: 0 }],
    notes: sampleNotes(summary),
  });
}
