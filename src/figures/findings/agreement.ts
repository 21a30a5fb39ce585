import * as Plot from '@observablehq/plot';
import type { PairFact } from '../../analysis/findings/facts/agreement.js';
import type { Findings } from '../../analysis/findings/findings.js';
import type { TaskTables } from '../../analysis/findings/input.js';
import { fixed } from '../../analysis/text.js';
import { must } from '../../core/errors.js';
import { BASE_OPTIONS, composeFigure, drawPlot, type Part } from '../svg.js';
import { COLOURS } from '../theme.js';
import { emptyFigure, nameIn, textPart } from './common.js';

const LEFT = 16;
const WHOLE = 760;
const GAP = 5;

/**
 * Cell means of two tasks, the first to the right and the second upwards: below the diagonal the
 * column's task comes first.
 */
function scatter({ pairs }: PairFact, size: number): string {
  const points = pairs.a.map((a, i) => ({ x: a, y: pairs.b[i] }));
  const dense = pairs.baseline === null ? [] : [points[pairs.baseline]];
  return drawPlot({
    ...BASE_OPTIONS,
    width: size,
    height: size,
    marginLeft: 3,
    marginRight: 3,
    marginTop: 3,
    marginBottom: 3,
    inset: 7,
    x: { axis: null },
    y: { axis: null },
    marks: [
      Plot.frame({ stroke: COLOURS.rule, fill: 'white' }),
      Plot.dot(points, {
        x: 'x',
        y: 'y',
        r: size > 140 ? 3 : 2.2,
        fill: COLOURS.best,
        fillOpacity: 0.7,
      }),
      Plot.dot(dense, {
        className: 'baseline',
        x: 'x',
        y: 'y',
        r: 5,
        symbol: 'diamond',
        fill: COLOURS.baseline,
        stroke: 'white',
      }),
    ],
  });
}

/** r, its interval and the ceiling on a ground as strong as r. */
function numbers(
  { r, interval, ceiling, pairs }: PairFact,
  x: number,
  y: number,
  size: number,
): Part[] {
  const middle = x + size / 2;
  const small = size < 100 ? 9.5 : 11;
  const ground =
    `<rect x="3" y="3" width="${size - 6}" height="${size - 6}" rx="3" ` +
    `fill="${r < 0 ? COLOURS.baseline : COLOURS.best}" ` +
    `fill-opacity="${fixed(0.06 + 0.44 * r * r, 3)}"/>`;
  return [
    { drawing: ground, x, y },
    textPart(fixed(r, 2), middle, y + size / 2 - 10, {
      anchor: 'middle',
      weight: 700,
      size: size < 100 ? 15 : 19,
    }),
    textPart(
      interval === null ? 'no interval' : `[${fixed(interval[0], 2)}, ${fixed(interval[1], 2)}]`,
      middle,
      y + size / 2 + 8,
      { anchor: 'middle', size: small },
    ),
    textPart(
      ceiling === null ? 'one seed' : `ceiling ${fixed(ceiling, 2)}`,
      middle,
      y + size / 2 + 24,
      {
        anchor: 'middle',
        size: small,
      },
    ),
    textPart(`${pairs.a.length} cells`, middle, y + size / 2 + 38, {
      anchor: 'middle',
      size: small,
      colour: COLOURS.quiet,
    }),
  ];
}

function titleOf(facts: readonly PairFact[]): string {
  const r = facts.map((fact) => fact.r);
  const below = facts.filter(
    ({ interval, ceiling }) => interval !== null && ceiling !== null && interval[1] < ceiling,
  ).length;
  const range =
    facts.length === 1
      ? `r = ${fixed(must(r[0]), 2)}`
      : `r from ${fixed(Math.min(...r), 2)} to ${fixed(Math.max(...r), 2)}`;
  return `Agreement of cells: ${range}, below the ceiling in ${below} of ${facts.length}`;
}

function cellParts(
  row: TaskTables,
  column: TaskTables,
  facts: readonly PairFact[],
  place: readonly [number, number, number],
  lower: boolean,
): Part[] {
  const [x, y, size] = place;
  const fact = facts.find(
    (each) =>
      (each.one === row && each.two === column) || (each.one === column && each.two === row),
  );
  if (fact === undefined)
    return [
      textPart('too few', x + size / 2, y + size / 2 - 4, {
        anchor: 'middle',
        colour: COLOURS.quiet,
        size: 11,
      }),
      textPart('common cells', x + size / 2, y + size / 2 + 10, {
        anchor: 'middle',
        colour: COLOURS.quiet,
        size: 11,
      }),
    ];
  return lower ? [{ drawing: scatter(fact, size), x, y }] : numbers(fact, x, y, size);
}

/**
 * How far architectures agree on which graphs are good: above the diagonal Pearson's r of cell
 * means with its interval and ceiling, below it the cells themselves. A standalone SVG.
 */
export function agreementFigure(findings: Findings): string {
  const { tasks } = findings;
  const facts = findings.pairs();
  const noun = findings.presenter.noun(2);
  if (facts.length === 0) {
    return emptyFigure(
      `Agreement of ${noun}: nothing to compare`,
      tasks.length < 2
        ? `${tasks.length === 0 ? 'No' : 'One'} ` +
            `${findings.presenter.noun(tasks.length === 0 ? 2 : 1)} here: it takes two.`
        : 'No two of them have three cells of the plane in common.',
    );
  }
  const size = Math.max(92, Math.min(200, Math.floor(WHOLE / tasks.length)));
  const parts = tasks.flatMap((row, i) =>
    tasks.flatMap((column, j): Part[] => {
      const [x, y] = [LEFT + j * (size + GAP), i * (size + GAP)];
      if (i === j) {
        const name = nameIn(row, findings, Math.floor(size / 7.5));
        return [
          {
            drawing:
              `<rect x="3" y="3" width="${size - 6}" height="${size - 6}" rx="3" ` +
              `fill="${COLOURS.rule}"/>`,
            x,
            y,
          },
          textPart(name, x + size / 2, y + size / 2 + 4, {
            anchor: 'middle',
            weight: 600,
            size: name.length > size / 8.5 ? 10 : 12,
          }),
        ];
      }
      return cellParts(row, column, facts, [x, y, size], i > j);
    }),
  );
  const width = Math.max(780, 2 * LEFT + tasks.length * (size + GAP));
  const positive = facts.filter(({ interval }) => interval !== null && interval[0] > 0).length;
  return composeFigure({
    title: titleOf(facts),
    subtitle:
      `The interval of r lies above 0 in ${positive} of ${facts.length}, wholly below ` +
      'the ceiling ' +
      'where the title says so. Above the diagonal: Pearson’s r of cell means, its 95 % ' +
      'interval, ' +
      'the ceiling. Below: the cells; to the right the error of the column’s, upwards ' +
      'that of the ' +
      'row’s, each over its own range. Orange diamond: the cell of the dense baseline.',
    width,
    height: tasks.length * (size + GAP) + 4,
    parts,
    notes: [
      'Cells of 15 x 15 over C 0–1, L 1–4.5 that both have, the baseline’s included; percentile ' +
        'bootstrap over cells. Ceiling: the r that perfect agreement would show given seed noise ' +
        '(root of the product of both reliabilities of cell means).',
    ],
  });
}
