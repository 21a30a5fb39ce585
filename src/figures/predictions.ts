import * as Plot from '@observablehq/plot';
import { coveragePhrase, type PredictionOutcome } from '../analysis/predictions.js';
import { plural, signed } from '../analysis/text.js';
import type { StudySummary } from '../analysis/types.js';
import { must } from '../core/errors.js';
import type { ComparePrediction, PairsPrediction } from '../study/types.js';
import { BASE_OPTIONS, composeFigure, drawPlot } from './svg.js';
import { COLOURS } from './theme.js';

const PLANE = 540;
const ROW = 46;
const AXIS = 44;
/** Places of dots within a band, in turn: those of like value stay apart, and clear of the mean. */
const LANES = [-0.27, 0.27, -0.17, 0.17] as const;
/** Characters of a name that are shown, and their width in bold, pixels. */
const LONGEST = 44;
const CHARACTER = 7.4;

/** A predicted difference, its sign as in tables and sentences: the first named minus the second. */
interface Row {
  readonly name: string;
  readonly found: PredictionOutcome;
  readonly value: number;
  readonly interval: readonly [number, number] | null;
  readonly differences: readonly number[];
  /** What was predicted of the mean; null for an open end. */
  readonly predicted: readonly [number | null, number];
}

function rowOf(found: PredictionOutcome): Row[] {
  const { prediction, value, interval, differences } = found;
  if (prediction.kind === 'text' || prediction.kind === 'correlation' || value === null) return [];
  return [
    {
      name: prediction.name,
      found,
      value: -value,
      interval: interval && [-interval[1], -interval[0]],
      differences: differences.map((difference) => -difference),
      predicted: predictedOf(prediction),
    },
  ];
}

function predictedOf(prediction: ComparePrediction | PairsPrediction): Row['predicted'] {
  if (prediction.kind === 'pairs' && prediction.within !== undefined)
    return [-prediction.within, prediction.within];
  return [null, -(prediction.by ?? 0)];
}

/**
 * What was predicted of differences, and what came: a band for each prediction, grey where the mean
 * was predicted to lie, a dot for each pair or seed, the mean with its registered interval. A
 * standalone SVG; null where no predicted difference is known.
 */
export function predictionFigure({
  study,
  predictions,
}: Pick<StudySummary, 'study' | 'predictions'>): string | null {
  const rows = predictions.flatMap(rowOf);
  if (rows.length === 0) return null;
  const height = rows.length * ROW + AXIS + 8;
  const left = Math.max(200, ...rows.map(({ name }) => shownName(name).length * CHARACTER + 24));
  return composeFigure({
    title: `What was predicted, and what came: ${study}`,
    subtitle:
      'Differences of test errors in points, the first named minus the second: to the left the first ' +
      'errs less. Grey: where the mean was predicted to lie. Dots: a difference for each seed, or for ' +
      'each pair of graphs where pairs were registered. Diamond: their mean, with its registered interval.',
    width: left + PLANE,
    height,
    parts: [{ drawing: drawRows(rows, { left, height }), x: 0, y: 0 }],
    notes: [
      `${coverageSentence(rows)}Tests are not corrected for their number; correlations and what people ` +
        'judge are not shown.',
    ],
  });
}

/** `Intervals cover 90 %. `, or nothing where there is none. */
function coverageSentence(rows: readonly Row[]): string {
  const known = rows.flatMap(({ found }) => (found.coverage === null ? [] : [found.coverage]));
  const covered = [...new Set(known)].map(coveragePhrase).join(' or ');
  return covered === '' ? '' : `Intervals cover ${covered}. `;
}

const shownName = (name: string): string =>
  name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 1)}…`;

/** Holds all that is drawn, and no difference at all, with some room. */
function domainOf(rows: readonly Row[]): readonly [number, number] {
  const places = rows.flatMap(({ value, interval, differences, predicted }) => [
    value,
    ...(interval ?? []),
    ...differences,
    ...predicted.filter((end) => end !== null),
  ]);
  const [low, high] = [Math.min(0, ...places), Math.max(0, ...places)];
  const room = 0.06 * (high - low || 1);
  return [low - room, high + room];
}

// Bands are laid out here, so that dots can keep lanes within one.
const middle = (at: number): number => at + 0.5;

function drawRows(
  rows: readonly Row[],
  { left, height }: { readonly left: number; readonly height: number },
): string {
  const domain = domainOf(rows);
  return drawPlot({
    ...BASE_OPTIONS,
    marginLeft: left,
    marginRight: 24,
    marginTop: 8,
    marginBottom: AXIS,
    width: left + PLANE,
    height,
    x: { domain, label: 'Difference of test errors (points)', labelAnchor: 'center', grid: true },
    y: { domain: [0, rows.length], axis: null, reverse: true },
    marks: [
      Plot.rect(rows, {
        className: 'predicted',
        x1: ({ predicted }: Row) => predicted[0] ?? domain[0],
        x2: ({ predicted }: Row) => predicted[1],
        y1: (_: Row, at: number) => at + 0.08,
        y2: (_: Row, at: number) => at + 0.92,
        fill: COLOURS.rule,
      }),
      Plot.ruleX([0], { stroke: COLOURS.faint }),
      Plot.dot(dotsOf(rows), {
        className: 'differences',
        x: 'x',
        y: 'y',
        r: 2.5,
        fill: COLOURS.quiet,
        fillOpacity: 0.55,
      }),
      intervals(rows),
      Plot.dot(rows, {
        className: 'means',
        x: 'value',
        y: (_: Row, at: number) => middle(at),
        r: 6,
        symbol: 'diamond',
        fill: COLOURS.best,
        stroke: 'white',
        title: ({ found }: Row) => found.sentence,
      }),
      ...labels(rows),
    ],
  });
}

function intervals(rows: readonly Row[]): Plot.Markish {
  const known = rows.flatMap(({ interval }, at) =>
    interval === null ? [] : [{ from: interval[0], to: interval[1], y: middle(at) }],
  );
  return Plot.link(known, {
    x1: 'from',
    x2: 'to',
    y1: 'y',
    y2: 'y',
    stroke: COLOURS.ink,
    strokeWidth: 2,
  });
}

/** A dot for each difference; those beside one another in the list lie in different lanes. */
function dotsOf(rows: readonly Row[]): { readonly x: number; readonly y: number }[] {
  return rows.flatMap(({ differences }, at) =>
    differences.map((x, i) => ({
      x,
      y: middle(at) + must(LANES[i % LANES.length]),
    })),
  );
}

/** The name, and under it the outcome with its number and how many it is the mean of. */
function labels(rows: readonly Row[]): Plot.Markish[] {
  const side = { frameAnchor: 'left', textAnchor: 'end', dx: -10 } as const;
  return [
    Plot.text(rows, {
      ...side,
      y: (_: Row, at: number) => middle(at),
      text: ({ name }: Row) => shownName(name),
      dy: -7,
      fontWeight: 600,
    }),
    Plot.text(rows, {
      ...side,
      y: (_: Row, at: number) => middle(at),
      text: ({ found, value }: Row) =>
        `${found.outcome}: ${signed(value, 2)}, ${plural(found.n, countedOf(found))}`,
      dy: 8,
      fill: COLOURS.quiet,
    }),
  ];
}

const countedOf = ({ prediction }: PredictionOutcome): string =>
  prediction.kind === 'pairs' ? 'pair' : 'seed';
