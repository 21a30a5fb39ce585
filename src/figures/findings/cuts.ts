import * as Plot from '@observablehq/plot';
import type { SliceFact } from '../../analysis/findings/facts/slices.js';
import type { Findings } from '../../analysis/findings/findings.js';
import { lastTable, type TaskTables } from '../../analysis/findings/input.js';
import { slicePointsOf, SLICES } from '../../analysis/findings/paper.js';
import { placedBaseline } from '../../analysis/findings/rows.js';
import { fixed, span } from '../../analysis/text.js';
import { BASE_OPTIONS, composeFigure, drawPlot, type Part } from '../svg.js';
import { COLOURS, LABELS } from '../theme.js';
import {
  axisLabel,
  keyBand,
  keyDot,
  keyLine,
  keyParts,
  nameIn,
  sampleOf,
  textPart,
} from './common.js';

const PANEL = 480;
const HEIGHT = 360;
const TOP = 44;
const LEFT = 72;
const SAMPLES = 120;

/** From so many graphs on points cover each other: small ones, and the parabola over them. */
const MANY = 300;

const LETTER = { clustering: 'C', pathLength: 'L' } as const;
const OTHER = { clustering: 'L', pathLength: 'C' } as const;

const bracket = (range: readonly [number, number]): string =>
  `[${fixed(range[0], 2)}, ${fixed(range[1], 2)}]`;

function minimumText({ slice, minimumInterval }: SliceFact): string {
  const letter = LETTER[slice.x];
  if (slice.minimum === null)
    return slice.fit.coefficients[2] > 0
      ? 'lowest at an end of the cut: no U'
      : 'opens downwards: no U';
  const sure =
    minimumInterval === null ? '(not inside in 9 of 10 resamples)' : bracket(minimumInterval);
  return `lowest at ${letter} = ${fixed(slice.minimum, 2)} ${sure}`;
}

const ribbonMark = (ribbon: SliceFact['ribbon']): Plot.Markish =>
  Plot.areaY(ribbon, {
    className: 'ribbon',
    x: 'x',
    y1: 'low',
    y2: 'high',
    fill: COLOURS.ink,
    fillOpacity: 0.18,
  });

function fitMarks(
  { slice, ribbon, points, minimumInterval }: SliceFact,
  floor: number,
): Plot.Markish[] {
  const [a, b, c] = slice.fit.coefficients;
  const at = points.map((point) => point.x);
  const [low, high] = [Math.min(...at), Math.max(...at)];
  const curve = Array.from(
    { length: SAMPLES + 1 },
    (_, i) => low + ((high - low) * i) / SAMPLES,
  ).map((x) => ({ x, y: a + b * x + c * x * x }));
  const lowest =
    slice.minimum === null
      ? []
      : [{ x: slice.minimum, y: a + b * slice.minimum + c * slice.minimum ** 2 }];
  return [
    // Of few graphs the ribbon lies under the points, of many over them.
    ...(points.length < MANY ? [] : [ribbonMark(ribbon)]),
    Plot.line(curve, { className: 'fit', x: 'x', y: 'y', stroke: COLOURS.ink, strokeWidth: 2.2 }),
    ...(lowest.length === 0 || minimumInterval === null
      ? []
      : [
          Plot.link([minimumInterval], {
            x1: '0',
            x2: '1',
            y1: () => floor,
            y2: () => floor,
            stroke: COLOURS.frame,
            strokeWidth: 5,
            strokeLinecap: 'round',
            className: 'minimum',
          }),
        ]),
    Plot.ruleX(lowest, {
      x: 'x',
      y1: () => floor,
      y2: 'y',
      stroke: COLOURS.frame,
      strokeWidth: 1.5,
    }),
    Plot.dot(lowest, { x: 'x', y: 'y', r: 4.5, fill: COLOURS.frame, stroke: 'white' }),
  ];
}

function domainOf(points: SliceFact['points'], x: 'clustering' | 'pathLength'): number[] {
  if (x === 'clustering') return [0, 1];
  const at = points.map((point) => point.x);
  return at.length === 0 ? [1, 4.5] : [Math.min(...at), Math.max(...at)];
}

function panel(
  task: TaskTables,
  x: 'clustering' | 'pathLength',
  fact: SliceFact | undefined,
): string {
  const table = lastTable(task);
  const points = fact?.points ?? slicePointsOf(table, x);
  const baseline = placedBaseline(table);
  const inside =
    baseline === null
      ? []
      : points.filter(
          (point) =>
            point.x === baseline[x] &&
            baseline[x === 'clustering' ? 'pathLength' : 'clustering'] >= SLICES[x][0],
        );
  const values = [
    ...points.map((point) => point.y),
    ...(fact?.ribbon ?? []).flatMap(({ low, high }) => [low, high]),
  ];
  const [least, most] = values.length === 0 ? [0, 100] : [Math.min(...values), Math.max(...values)];
  const pad = 0.08 * (most - least || 1);
  const floor = least - 0.5 * pad;
  const look =
    points.length < MANY
      ? { r: 4, fillOpacity: 0.75, stroke: 'white', strokeWidth: 0.75 }
      : { r: 1.8, fillOpacity: 0.4 };
  return drawPlot({
    ...BASE_OPTIONS,
    width: PANEL,
    height: HEIGHT,
    marginLeft: LEFT,
    marginRight: 18,
    marginTop: 12,
    marginBottom: 46,
    x: { domain: domainOf(points, x), nice: true, label: null },
    y: { domain: [least - pad, most + pad], label: null, grid: true },
    marks: [
      ...(fact === undefined || points.length >= MANY ? [] : [ribbonMark(fact.ribbon)]),
      Plot.dot(points, { className: 'graphs', x: 'x', y: 'y', fill: COLOURS.best, ...look }),
      ...(inside.length === 0
        ? []
        : [
            Plot.dot(inside, {
              x: 'x',
              y: 'y',
              r: 6,
              symbol: 'diamond',
              fill: COLOURS.baseline,
              stroke: 'white',
            }),
          ]),
      ...(fact === undefined ? [] : fitMarks(fact, floor)),
      Plot.axisX({ ...axisLabel(LABELS[x], 40) }),
      Plot.axisY({ ...axisLabel(LABELS.meanError, LEFT - 8) }),
    ],
  });
}

function heading(
  x: 'clustering' | 'pathLength',
  fact: SliceFact | undefined,
  left: number,
): Part[] {
  const first = `Over ${LETTER[x]}, where ${OTHER[x]} is ${span(SLICES[x], 1)}`;
  if (fact === undefined)
    return [
      textPart(first, left, 8, { weight: 600 }),
      textPart('Too few graphs in the cut for a parabola.', left, 25),
    ];
  const r2 = `R² = ${fixed(fact.r2, 2)} ${fact.r2Interval === null ? '' : bracket(fact.r2Interval)}`;
  return [
    textPart(`${first}: ${fact.slice.graphs} graphs`, left, 8, { weight: 600 }),
    textPart(`${r2}; ${minimumText(fact)}`, left, 25),
  ];
}

function titleOf(name: string, facts: readonly SliceFact[]): string {
  if (facts.length === 0) return `${name}: too few graphs in the cuts to tell`;
  const shown = facts
    .filter((fact) => fact.slice.minimum !== null && fact.minimumInterval !== null)
    .map((fact) => LETTER[fact.slice.x]);
  const not = facts.map((fact) => LETTER[fact.slice.x]).filter((letter) => !shown.includes(letter));
  if (shown.length === 0) return `${name}: a U over ${not.join(' or ')} is not shown`;
  return (
    `${name}: error is U-shaped over ` +
    `${shown.join(' and over ')}${not.length === 0 ? '' : `; over ${not.join(' and ')} a U is not shown`}`
  );
}

/**
 * Both cuts of the paper through a task's plane, with parabola, its bootstrap ribbon and the
 * interval of its lowest point. A standalone SVG.
 */
export function cutsFigure(task: TaskTables, findings: Findings): string {
  const facts = findings.slices().filter((fact) => fact.task === task);
  const parts = (['pathLength', 'clustering'] as const).flatMap((x, column): Part[] => {
    const fact = facts.find((each) => each.slice.x === x);
    return [
      ...heading(x, fact, column * PANEL + LEFT),
      { drawing: panel(task, x, fact), x: column * PANEL, y: TOP - 8 },
    ];
  });
  return composeFigure({
    title: titleOf(nameIn(task, findings), facts),
    subtitle: `${sampleOf(task)} Each dot a graph’s mean test error over seeds.`,
    width: 2 * PANEL + 16,
    height: TOP + HEIGHT + 16,
    parts: [
      ...parts,
      ...keyParts(
        [
          { symbol: keyDot(COLOURS.best), text: 'graph' },
          { symbol: keyLine(COLOURS.ink), text: 'least-squares parabola' },
          { symbol: keyBand(COLOURS.ink), text: '95 % of the resamples’ parabolas, at each place' },
          { symbol: keyLine(COLOURS.frame, '', 5), text: '95 % interval of the lowest point' },
        ],
        LEFT,
        TOP + HEIGHT + 6,
      ),
    ],
    notes: [
      'Graphs drawn anew, at most 2000 times. U: the parabola opens upwards and its lowest point ' +
        'lies among the graphs, in nine of ten resamples as well. A cut holds the other ' +
        'measure in ' +
        'a range only, and density not at all. R²: 1 − residual / total sum of squares.',
    ],
  });
}
