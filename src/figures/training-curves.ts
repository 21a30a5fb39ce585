import * as Plot from '@observablehq/plot';
import { fixed } from '../analysis/text.js';
import { endLabels } from './end-labels.js';
import { BASE_OPTIONS, composeFigure, drawPlot } from './svg.js';
import { COLOURS } from './theme.js';

const WIDTH = 780;
const HEIGHT = 380;
const INNER = HEIGHT - 60;

/** Errors after one epoch of a training, %; as `EpochRecord` has them. */
export interface CurveRecord {
  readonly epoch: number;
  readonly trainError: number;
  /** Absent: no images are held out. */
  readonly validationError?: number | undefined;
  readonly testError: number;
  /** Null: not counted. */
  readonly testError5: number | null;
}

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly dash: string;
  readonly points: readonly { readonly epoch: number; readonly error: number }[];
}

function curvesOf(records: readonly CurveRecord[]): readonly Curve[] {
  const curve = (
    name: string,
    colour: string,
    dash: string,
    error: (record: CurveRecord) => number | null,
  ): Curve => ({
    name,
    colour,
    dash,
    points: records.flatMap((record) => {
      const value = error(record);
      return value === null ? [] : [{ epoch: record.epoch, error: value }];
    }),
  });
  const all = [
    curve('test', COLOURS.best, '0', (record) => record.testError),
    curve('validation', COLOURS.ink, '8,3,2,3', (record) => record.validationError ?? null),
    curve('training', COLOURS.baseline, '6,3', (record) => record.trainError),
    curve('test, top-5', COLOURS.quiet, '2,3', (record) => record.testError5),
  ];
  // Among five classes or fewer the top-5 error is always 0.
  return all.filter(({ points }) => points.some(({ error }) => error > 0));
}

function marksOf({ name, colour, dash, points }: Curve): readonly Plot.Markish[] {
  const title = (point: { readonly epoch: number; readonly error: number }): string =>
    `${name}, epoch ${point.epoch}: ${fixed(point.error, 2)} %`;
  return [
    Plot.line(points, {
      x: 'epoch',
      y: 'error',
      stroke: colour,
      strokeWidth: 2,
      strokeDasharray: dash,
    }),
    Plot.dot(points.length > 40 ? points.slice(-1) : points, {
      x: 'epoch',
      y: 'error',
      r: 2.8,
      fill: colour,
      title,
    }),
  ];
}

/**
 * One training's errors after each epoch: on the test split, on held out training images, on the
 * training images as they were trained on, top-5. A standalone SVG.
 */
export function trainingCurves(title: string, records: readonly CurveRecord[]): string {
  const curves = curvesOf(records);
  const ends = curves.map(({ name, colour, points }) => ({ ...points.at(-1)!, name, colour }));
  const highest = Math.max(
    1e-9,
    ...curves.flatMap(({ points }) => points.map(({ error }) => error)),
  );
  const epochs = Math.max(1, ...records.map(({ epoch }) => epoch));
  const drawing = drawPlot({
    ...BASE_OPTIONS,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 62,
    marginRight: 140,
    marginTop: 14,
    marginBottom: 46,
    x: { domain: epochs === 1 ? [0.5, 1.5] : [1, epochs], label: null },
    y: { zero: true, nice: true, label: null, grid: true },
    marks: [
      ...curves.flatMap(marksOf),
      ...endLabels(ends, INNER / highest),
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
        label: 'Error (%)',
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 52,
      }),
    ],
  });
  return composeFigure({
    title,
    subtitle:
      'Errors after each epoch. Test: the whole test split. ' +
      (curves.some(({ name }) => name === 'validation')
        ? 'Validation: training images held out. '
        : '') +
      'Training: the epoch’s ' +
      'batches as they were trained on, augmented, weights still moving.',
    width: WIDTH,
    height: HEIGHT,
    parts: [{ drawing, x: 0, y: 0 }],
    notes: [],
  });
}
