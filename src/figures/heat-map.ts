import * as Plot from '@observablehq/plot';
import { fixed, isMeasured, plural, span, type PlaneCell, type StudySummary } from '../analysis/index.js';
import { describeGraph, describeSample, sampleNotes } from './describe.js';
import { BASE_OPTIONS, composeFigure, drawPlot } from './svg.js';
import { COLOURS, LABELS, SCHEME } from './theme.js';

const WIDTH = 780;
const HEIGHT = 540;
const BAR_STEPS = 80;

interface Box {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

type Drawn = Box & { readonly cell: PlaneCell };

const BOX = { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2' } as const;

function boxOf({ i, j }: PlaneCell, { clusteringEdges, pathLengthEdges }: StudySummary['plane']): Box {
  return { x1: clusteringEdges[i] ?? 0, x2: clusteringEdges[i + 1] ?? 0, y1: pathLengthEdges[j] ?? 0, y2: pathLengthEdges[j + 1] ?? 0 };
}

/** Range of the colours: every cell and the baseline; widened where all are equal. */
function colourDomain({ plane, baseline }: StudySummary): readonly [number, number] {
  const values = [...plane.cells.map((cell) => cell.mean), ...(baseline !== null && isMeasured(baseline) ? [baseline.mean] : [])];
  if (values.length === 0) return [0, 100];
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

function describeCell({ cell, x1, x2, y1, y2 }: Drawn): string {
  const values = `${plural(cell.graphs.length, 'graph')}, ${plural(cell.errors.length, 'value')}`;
  const verdict = cell.isBest ? 'best cell' : cell.p === null ? 'untestable' : `p ${cell.p.toPrecision(2)} against the best cell`;
  return `C ${span([x1, x2])}, L ${span([y1, y2])}\n${fixed(cell.mean, 2)} % (${values})\n${verdict}\n${cell.graphs.join('\n')}`;
}

function sweetFrame({ sweetSpot }: StudySummary): readonly Plot.Markish[] {
  const { clustering, pathLength } = sweetSpot;
  if (clustering === null || pathLength === null) return [];
  const frame: Box = { x1: clustering[0], x2: clustering[1], y1: pathLength[0], y2: pathLength[1] };
  return [
    Plot.rect([frame], { ...BOX, fill: 'none', stroke: 'white', strokeWidth: 6, rx: 3 }),
    Plot.rect([frame], { ...BOX, fill: 'none', className: 'frame', stroke: COLOURS.frame, strokeWidth: 3, rx: 3 }),
  ];
}

/** What the diamond means, where it is drawn. In the subtitle: beside the diamond it would cover cells. */
function diamond(summary: StudySummary): string {
  const { baseline } = summary;
  return baseline !== null && isMeasured(baseline) && baselineMarks(summary).length > 0 ? ` Diamond: the baseline, ${fixed(baseline.mean, 2)}\u00a0%.` : '';
}

/** The baseline where it lies in the plane, filled with its own error's colour. */
function baselineMarks({ baseline, plane }: StudySummary): readonly Plot.Markish[] {
  if (baseline === null || !isMeasured(baseline) || baseline.clustering === null || baseline.pathLength === null) return [];
  if (baseline.pathLength > (plane.pathLengthEdges.at(-1) ?? 0)) return [];
  const point = [{ x: baseline.clustering, y: baseline.pathLength }];
  return [
    Plot.dot(point, { className: 'baseline', x: 'x', y: 'y', r: 8, symbol: 'diamond', fill: () => baseline.mean, stroke: COLOURS.ink, strokeWidth: 1.8, title: () => `baseline\n${describeGraph(baseline)}` }),
  ];
}

function cellMarks(summary: StudySummary, domain: readonly [number, number]): readonly Plot.Markish[] {
  const drawn = summary.plane.cells.map((cell) => ({ cell, ...boxOf(cell, summary.plane) }));
  // The light end of the scale needs dark letters.
  const light = domain[0] + 0.6 * (domain[1] - domain[0]);
  const centre = { x: (d: Drawn) => (d.x1 + d.x2) / 2, y: (d: Drawn) => (d.y1 + d.y2) / 2 };
  const sweet = drawn.filter((d) => d.cell.sweet);
  return [
    Plot.rect(drawn, { ...BOX, className: 'cells', inset: 0.75, rx: 2, fill: (d: Drawn) => d.cell.mean, fillOpacity: (d: Drawn) => (d.cell.errors.length < 2 ? 0.55 : 1), title: describeCell }),
    Plot.rect(sweet, { ...BOX, className: 'sweet', inset: 3, rx: 1.5, fill: 'none', stroke: 'white', strokeWidth: 1.25, pointerEvents: 'none' }),
    Plot.text(drawn, {
      ...centre,
      text: (d: Drawn) => `${d.cell.isBest ? '★' : ''}${fixed(d.cell.mean, 1)}${d.cell.errors.length < 2 ? '*' : ''}`,
      fill: (d: Drawn) => (d.cell.mean > light || d.cell.errors.length < 2 ? COLOURS.ink : 'white'),
      // With the star there is less room.
      fontSize: (d: Drawn) => (d.cell.isBest ? 9 : 10.5), pointerEvents: 'none',
    }),
  ];
}

function drawPlane(summary: StudySummary, domain: readonly [number, number]): string {
  const { clusteringEdges, pathLengthEdges } = summary.plane;
  const low = pathLengthEdges[0] ?? 1;
  const high = pathLengthEdges.at(-1) ?? 4.5;
  return drawPlot({
    ...BASE_OPTIONS,
    width: WIDTH - 110, height: HEIGHT, marginLeft: 58, marginBottom: 46, marginTop: 10, marginRight: 16, insetBottom: 12, insetRight: 10, insetLeft: 4,
    x: { domain: [0, 1], label: null }, y: { domain: [low, high], label: null },
    color: { type: 'linear', scheme: SCHEME, domain: [...domain], clamp: true },
    marks: [
      Plot.ruleX(clusteringEdges, { stroke: COLOURS.rule }),
      Plot.ruleY(pathLengthEdges, { stroke: COLOURS.rule }),
      ...cellMarks(summary, domain),
      ...sweetFrame(summary),
      ...baselineMarks(summary),
      Plot.axisX({ label: LABELS.clustering, labelAnchor: 'center', labelArrow: 'none', labelOffset: 40, ticks: 10 }),
      Plot.axisY({ label: LABELS.pathLength, labelAnchor: 'center', labelArrow: 'none', labelOffset: 46, ticks: 8 }),
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

function headline({ sweetSpot }: StudySummary): string {
  const { clustering, pathLength } = sweetSpot;
  if (clustering === null || pathLength === null) return `No sweet spot: ${sweetSpot.reason ?? 'nothing was measured'}`;
  return `The sweet spot: C ${span(clustering)}, L ${span(pathLength)}`;
}

/**
 * Mean test error over the (C, L) plane in 15 x 15 bins, with the sweet spot's rectangle, the cells in its set, the best
 * cell and the baseline's place. A standalone SVG.
 */
export function heatMap(summary: StudySummary): string {
  const domain = colourDomain(summary);
  const { sweetSpot, plane } = summary;
  const notes = [
    ...(sweetSpot.untestable > 0 ? [`* ${plural(sweetSpot.untestable, 'cell')} with a single value: cannot be tested, not in the sweet spot.`] : []),
    ...(plane.outside > 0 ? [`${plural(plane.outside, 'graph')} outside the plane or without a path length not shown.`] : []),
    ...sampleNotes(summary),
  ];
  const rule = sweetSpot.clustering === null ? '' : ' White outline: not significantly worse than the best cell ★ (one-sided t-test, 5\u00a0%). Red: the rectangle around them.';
  return composeFigure({
    title: headline(summary),
    subtitle: `${describeSample(summary)} Cells show the mean test error.${diamond(summary)}${rule}`,
    width: WIDTH,
    height: HEIGHT,
    parts: [
      { drawing: drawPlane(summary, domain), x: 0, y: 0 },
      { drawing: drawColourBar(domain), x: WIDTH - 108, y: 0 },
    ],
    notes,
  });
}
