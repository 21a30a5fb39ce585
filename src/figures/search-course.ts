import * as Plot from '@observablehq/plot';
import { fixed, plural } from '../analysis/text.js';
import type { GraphResult, StudySummary } from '../analysis/types.js';
import { NORMAL_95 } from '../stats/normal.js';
import { describeGraph } from './describe.js';
import { BASE_OPTIONS, composeFigure, drawPlot } from './svg.js';
import { COLOURS, LABELS, SCHEME } from './theme.js';

const WIDTH = 860;
const HEIGHT = 360;
const HALF = WIDTH / 2;

type Search = NonNullable<StudySummary['search']>;

/** A training of a search with its graph's place. */
interface Shown {
  readonly order: number;
  readonly outcome: Search['trainings'][number]['outcome'];
  readonly error: number | null;
  readonly epochs: number;
  readonly seed: number;
  readonly graph: GraphResult;
}

function shownOf({ graphs }: StudySummary, { trainings }: Search): readonly Shown[] {
  const known = new Map(graphs.map((graph) => [graph.spec, graph]));
  return trainings.flatMap(({ graph, outcome, error, epochs, seed }, at) => {
    const found = known.get(graph);
    return found === undefined
      ? []
      : [{ order: at + 1, outcome, error, epochs, seed, graph: found }];
  });
}

const describe = (d: Shown): string =>
  `training ${d.order}: seed ${d.seed}, ${d.outcome} after ` +
  plural(d.epochs, 'epoch') +
  (d.error === null ? '' : `, ${fixed(d.error, 2)} %`) +
  `\n${describeGraph(d.graph)}`;

const PLACE = {
  x: (graph: GraphResult) => graph.clustering,
  y: (graph: GraphResult) => graph.pathLength,
  title: describeGraph,
};

/** A panel's size; the frame within it is the same for both. */
const PANEL = {
  width: HALF,
  height: HEIGHT,
  marginLeft: 58,
  marginTop: 14,
  marginBottom: 46,
} as const;

/** The names of both axes, so far from the frame. */
const axes = (
  x: { readonly label: string; readonly tickFormat?: string },
  y: { readonly label: string; readonly labelOffset: number; readonly ticks?: number },
): Plot.Markish[] => [
  Plot.axisX({ labelAnchor: 'center', labelArrow: 'none', labelOffset: 40, ...x }),
  Plot.axisY({ labelAnchor: 'center', labelArrow: 'none', ...y }),
];

function placeMarks(
  placed: readonly GraphResult[],
  recommended: GraphResult | null,
  baseline: GraphResult | null,
): Plot.Markish[] {
  const fill = (graph: GraphResult): number | null => graph.mean;
  return [
    Plot.dot(
      placed.filter((graph) => graph.mean === null),
      { ...PLACE, className: 'stopped', r: 3.5, stroke: COLOURS.quiet, strokeWidth: 1.2 },
    ),
    Plot.dot(
      placed.filter((graph) => graph.mean !== null),
      { ...PLACE, className: 'complete', r: 5, fill, stroke: COLOURS.ink, strokeWidth: 0.6 },
    ),
    Plot.dot(baseline?.pathLength == null || baseline.mean === null ? [] : [baseline], {
      ...PLACE,
      className: 'baseline',
      symbol: 'diamond',
      r: 7,
      fill,
      stroke: COLOURS.ink,
      strokeWidth: 1.6,
    }),
    Plot.dot(recommended === null ? [] : [recommended], {
      ...PLACE,
      className: 'recommended',
      r: 10,
      stroke: COLOURS.frame,
      strokeWidth: 2.4,
    }),
  ];
}

/** Where the search went: graphs by their mean error, those only stopped or failed hollow. */
function drawPlaces(
  shown: readonly Shown[],
  recommended: GraphResult | null,
  baseline: GraphResult | null,
): string {
  const placed = [...new Map(shown.map((each) => [each.graph.spec, each.graph])).values()].filter(
    (graph) => graph.pathLength !== null,
  );
  return drawPlot({
    ...BASE_OPTIONS,
    ...PANEL,
    marginRight: 14,
    inset: 8,
    x: { domain: [0, 1], label: null, grid: true },
    y: { nice: true, label: null, grid: true, ...(placed.length === 0 && { domain: [1, 4.5] }) },
    color: { type: 'linear', scheme: SCHEME },
    marks: [
      ...placeMarks(placed, recommended, baseline),
      ...axes(
        { label: LABELS.clustering },
        { label: LABELS.pathLength, labelOffset: 44, ticks: 6 },
      ),
    ],
  });
}

function baselineMarks(mean: number | null | undefined): Plot.Markish[] {
  const means = mean == null ? [] : [mean];
  return [
    Plot.ruleY(means, {
      className: 'baseline',
      stroke: COLOURS.baseline,
      strokeWidth: 1.5,
      strokeDasharray: '5,4',
    }),
    Plot.text(means, {
      y: (d: number) => d,
      frameAnchor: 'left',
      text: () => 'baseline',
      dy: -8,
      dx: 6,
      textAnchor: 'start',
      fill: COLOURS.baseline,
      fontWeight: 600,
      stroke: 'white',
      strokeWidth: 3,
    }),
  ];
}

function trainingMarks(shown: readonly Shown[], recommended: string | undefined): Plot.Markish[] {
  const complete = shown.filter((each) => each.outcome === 'complete');
  const at = { x: 'order', y: 'error' } as const;
  return [
    Plot.tickX(
      shown.filter((each) => each.outcome !== 'complete'),
      {
        className: 'stopped',
        x: 'order',
        insetTop: HEIGHT - 76,
        stroke: COLOURS.quiet,
        strokeWidth: 1.4,
        title: describe,
      },
    ),
    Plot.dot(complete, {
      className: 'complete',
      ...at,
      r: 3.8,
      fill: COLOURS.best,
      fillOpacity: 0.75,
      stroke: 'white',
      strokeWidth: 0.75,
      title: describe,
    }),
    Plot.dot(
      complete.filter((each) => each.graph.spec === recommended),
      { className: 'own', ...at, r: 7, stroke: COLOURS.frame, strokeWidth: 1.8 },
    ),
  ];
}

/** What is believed of the recommended graph's error: its mean with 95 % limits. */
function beliefMarks({ recommended, trainings }: Search): Plot.Markish[] {
  if (recommended === null) return [];
  const { mean } = recommended;
  const sd = recommended.sd ?? 0;
  const end = [{ x: trainings.length + 1.5 }];
  return [
    Plot.ruleX(end, {
      className: 'belief',
      x: 'x',
      y1: () => mean - NORMAL_95 * sd,
      y2: () => mean + NORMAL_95 * sd,
      stroke: COLOURS.frame,
      strokeWidth: 2.4,
    }),
    Plot.dot(end, {
      className: 'recommended',
      x: 'x',
      y: () => mean,
      r: 5.5,
      fill: COLOURS.frame,
      stroke: 'white',
    }),
  ];
}

/**
 * Errors in the order of the trainings, with what is believed of the recommended graph at the right
 * end.
 */
function drawOrder(
  shown: readonly Shown[],
  search: Search,
  { baseline, chosenOn }: StudySummary,
): string {
  const empty = !shown.some((each) => each.outcome === 'complete');
  return drawPlot({
    ...BASE_OPTIONS,
    ...PANEL,
    marginRight: 18,
    insetBottom: 16,
    x: { domain: [0, Math.max(2, search.trainings.length + 2)], label: null },
    y: { nice: true, label: null, grid: true, ...(empty && { domain: [0, 100] }) },
    marks: [
      ...baselineMarks(chosenOn === 'validation' ? baseline?.validationMean : baseline?.mean),
      ...trainingMarks(shown, search.recommended?.graph),
      ...beliefMarks(search),
      ...axes(
        { label: 'Trainings, in the order chosen', tickFormat: 'd' },
        {
          label: chosenOn === 'validation' ? LABELS.validation : LABELS.error,
          labelOffset: 50,
        },
      ),
    ],
  });
}

/** Where a search went in the plane of C and L, and what its trainings showed. A standalone SVG. */
export function searchCourse(summary: StudySummary, search: Search): string {
  const shown = shownOf(summary, search);
  const { recommended, rules, candidates, spent } = search;
  const graph = summary.graphs.find(({ spec }) => spec === recommended?.graph) ?? null;
  const stopped = shown.filter((each) => each.outcome !== 'complete').length;
  const tried = new Set(shown.map((each) => each.graph.spec)).size;
  return composeFigure({
    title:
      recommended === null
        ? 'The search: no training is complete yet'
        : `The search recommends C ${fixed(graph?.clustering ?? null, 2)}, L ` +
          `${fixed(graph?.pathLength ?? null, 2)}: ${fixed(recommended.mean, 2)} % expected` +
          (summary.chosenOn === 'validation' ? ' on the validation images' : ''),
    subtitle:
      `${summary.arch}, ${rules.policy} policy: ${fixed(spent, 1)} of ` +
      `${plural(rules.trainings, 'training')}, ${tried} of ` +
      `${plural(candidates, 'graph')}. ` +
      'Left: graphs that were tried, the darker the lower the mean ' +
      `error${stopped > 0 ? ', hollow without a complete training' : ''}; diamond: ` +
      'baseline; ring: recommended. ' +
      'Right: every complete training, ringed those of the recommended ' +
      'graph' +
      (stopped > 0
        ? `; ticks below: ${plural(stopped, 'training')} stopped, failed or running`
        : '') +
      '; ' +
      'at the right end the error expected of ' +
      `it${recommended?.sd == null ? '' : ', ± 1.96 standard deviations'}.`,
    width: WIDTH,
    height: HEIGHT,
    parts: [
      { drawing: drawPlaces(shown, graph, summary.baseline), x: 0, y: 0 },
      { drawing: drawOrder(shown, search, summary), x: HALF, y: 0 },
    ],
    notes: [
      'A search goes back to what looks good: its points are no sample of the graphs, ' +
        'and the lowest of them is lucky.',
    ],
  });
}
