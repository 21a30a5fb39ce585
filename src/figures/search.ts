import * as Plot from '@observablehq/plot';
import { fixed } from '../analysis/text.js';
import { must } from '../core/errors.js';
import { keyLine, keyParts, seriesOf, textPart } from './findings/common.js';
import { BASE_OPTIONS, composeFigure, drawPlot, type Part } from './svg.js';
import { COLOURS } from './theme.js';

const PANEL = 480;
const HEIGHT = 260;
const HEAD = 24;
const LEFT = 74;

/** Errors of the recommended graph over replays, %. */
export interface SearchSpread {
  readonly p10: number;
  readonly median: number;
  readonly p90: number;
}

/** What a policy recommends after so many trainings. */
export interface SearchPoint {
  readonly budget: number;
  /** By the recommended graph's own trainings, which the search chose it for. */
  readonly own: SearchSpread;
  /** By those of its nearest graphs: what to expect of it trained anew. */
  readonly anew: SearchSpread;
}

/**
 * Replays of search policies on a table of trainings, as `bench/search-replay.mjs --json` writes
 * them.
 */
export interface SearchFigureData {
  readonly graphs: number;
  readonly seeds: number;
  readonly replays: number;
  /** Graphs around a graph that say what to expect of it. */
  readonly neighbours: number;
  /** The lowest error that there is to find, own and anew. */
  readonly lowest: { readonly own: number; readonly anew: number };
  readonly policies: readonly { readonly name: string; readonly points: readonly SearchPoint[] }[];
}

const COLUMNS = [
  { key: 'own', text: (data: SearchFigureData) => `Its own ${data.seeds} trainings` },
  { key: 'anew', text: () => 'Trained anew' },
] as const;
const ROWS = [
  { key: 'median', text: 'median' },
  { key: 'p90', text: '90th percentile' },
] as const;

type Column = (typeof COLUMNS)[number]['key'];
type Row = (typeof ROWS)[number]['key'];

function valuesOf({ policies, lowest }: SearchFigureData, row: Row): number[] {
  return [
    ...policies.flatMap(({ points }) => points.flatMap(({ own, anew }) => [own[row], anew[row]])),
    lowest.anew,
  ];
}

/** The lowest error that any graph has, beside which policies are to be seen. */
function floorMarks(floor: number, left: number): Plot.Markish[] {
  return [
    Plot.ruleY([floor], { className: 'floor', stroke: COLOURS.ink, strokeDasharray: '2,3' }),
    Plot.text([floor], {
      x: () => left,
      y: (d: number) => d,
      text: (d: number) => `lowest there is: ${fixed(d, 2)}`,
      textAnchor: 'start',
      dy: -8,
      stroke: 'white',
      strokeWidth: 3,
      fill: COLOURS.ink,
    }),
  ];
}

function policyMarks(
  points: readonly SearchPoint[],
  number: number,
  column: Column,
  row: Row,
): Plot.Markish[] {
  const { colour, dash, symbol } = seriesOf(number);
  const y = (d: SearchPoint): number => d[column][row];
  return [
    Plot.line(points, {
      x: 'budget',
      y,
      stroke: colour,
      strokeWidth: 2,
      ...(dash !== '' && { strokeDasharray: dash }),
    }),
    Plot.dot(points, {
      className: `policy-${number}`,
      x: 'budget',
      y,
      r: 3.6,
      symbol,
      fill: colour,
      stroke: 'white',
      strokeWidth: 0.8,
    }),
  ];
}

function panel(data: SearchFigureData, column: Column, row: Row): string {
  const { policies, lowest } = data;
  const budgets = [
    ...new Set(policies.flatMap(({ points }) => points.map(({ budget }) => budget))),
  ].sort((a, b) => a - b);
  const values = valuesOf(data, row);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = 0.08 * (high - low || 1);
  return drawPlot({
    ...BASE_OPTIONS,
    width: PANEL,
    height: HEIGHT,
    marginLeft: LEFT,
    marginRight: 20,
    marginTop: 8,
    marginBottom: 44,
    x: {
      type: 'log',
      domain: [must(budgets[0]) * 0.94, (budgets.at(-1) ?? 1) * 1.06],
      label: null,
    },
    y: { domain: [low - pad, high + pad], label: null, grid: true },
    marks: [
      ...(column === 'anew' ? floorMarks(lowest.anew, must(budgets[0])) : []),
      ...policies.flatMap(({ points }, i) => policyMarks(points, i, column, row)),
      Plot.axisX(budgets, {
        label: 'Trainings',
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 38,
        text: (d: number) => String(d),
      }),
      Plot.axisY({
        label: 'Test error (%)',
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: LEFT - 8,
        ticks: 6,
      }),
    ],
  });
}

/**
 * The policy that is lowest at the most budgets, of those that all policies had, by the median of
 * graphs trained anew.
 */
function titleOf({ policies }: SearchFigureData): string {
  const budgets = must(policies[0])
    .points.map(({ budget }) => budget)
    .filter((budget) =>
      policies.every(({ points }) => points.some((point) => point.budget === budget)),
    );
  if (budgets.length === 0) return 'Search policies on the published trainings';
  const winners = budgets.map((budget) => {
    const known = policies.map(({ name, points }) => ({
      name,
      error: points.find((point) => point.budget === budget)?.anew.median ?? Infinity,
    }));
    return known.reduce((low, each) => (each.error < low.error ? each : low)).name;
  });
  const counts = policies
    .map(({ name }) => ({ name, wins: winners.filter((winner) => winner === name).length }))
    .sort((x, y) => y.wins - x.wins);
  return (
    `Trained anew, “${must(counts[0]).name}” has the lowest median in ${must(counts[0]).wins} of ` +
    `${budgets.length} budgets`
  );
}

/**
 * Search policies side by side: the error of the graph that each recommends over the number of
 * trainings it may spend, by the graph's own trainings and trained anew, median and 90th percentile
 * of the replays. A standalone SVG.
 */
export function searchFigure(data: SearchFigureData): string {
  const { policies, replays, graphs, seeds, neighbours, lowest } = data;
  if (policies.every(({ points }) => points.length === 0))
    return composeFigure({
      title: 'Search: nothing was replayed',
      subtitle: 'There is no number to draw.',
      width: 780,
      height: 8,
      parts: [],
      notes: [],
    });
  const parts = ROWS.flatMap((row, r) =>
    COLUMNS.flatMap((column, c): Part[] => [
      textPart(`${column.text(data)}: ${row.text}`, c * PANEL + LEFT, r * (HEIGHT + HEAD) + 14, {
        weight: 600,
      }),
      {
        drawing: panel(data, column.key, row.key),
        x: c * PANEL,
        y: r * (HEIGHT + HEAD) + HEAD - 4,
      },
    ]),
  );
  const bottom = ROWS.length * (HEIGHT + HEAD);
  const entries = policies.map(({ name }, i) => ({
    symbol: keyLine(seriesOf(i).colour, seriesOf(i).dash, 2.4),
    text: name,
  }));
  return composeFigure({
    title: titleOf(data),
    subtitle:
      `${replays} replays of each search on the published trainings of ${graphs} graphs, ` +
      `${seeds} each: error of the graph recommended in the end.`,
    width: 2 * PANEL + 16,
    height: bottom + 18,
    parts: [...parts, ...keyParts(entries, LEFT, bottom + 6)],
    notes: [
      `Own: mean of the recommended graph’s ${seeds} trainings, which the search partly ` +
        `chose it for; the lowest mean of all graphs is ${fixed(lowest.own, 2)} %, luck ` +
        `included. Anew: mean error of the ${neighbours} graphs nearest in C, L and ln ` +
        'density, itself left out; dotted: the lowest such mean.',
      ...(policies.some(
        ({ points }) => points.length < Math.max(...policies.map((each) => each.points.length)),
      )
        ? ['A curve ends where nothing was replayed.']
        : []),
    ],
  });
}
