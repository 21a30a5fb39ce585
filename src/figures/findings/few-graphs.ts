import * as Plot from '@observablehq/plot';
import {
  fixed,
  type ChosenFact,
  type Findings,
  type SubsetFact,
  type SubsetPoint,
} from '../../analysis/index.js';
import { BASE_OPTIONS, composeFigure, drawPlot, type Part } from '../svg.js';
import { COLOURS } from '../theme.js';
import { axisLabel, emptyFigure, keyBand, keyLine, keyParts, nameIn, textPart } from './common.js';

const WIDTH = 780;
const HEIGHT = 400;
const HEAD = 22;

/** r that is asked for where the figure says how many graphs give it. */
const ENOUGH = 0.9;

const DIAMOND = `<path d="M9,-7L14,0L9,7L4,0Z" fill="${COLOURS.ink}"/>`;

type Known = {
  readonly graphs: number;
  readonly median: number;
  readonly low: number;
  readonly high: number;
};

function knownOf(curve: readonly SubsetPoint[], which: 'all' | 'rest'): Known[] {
  return curve.flatMap((point) => {
    const found = point[which];
    return found === null
      ? []
      : [{ graphs: point.graphs, median: found.median, low: found.band[0], high: found.band[1] }];
  });
}

function panel({ curve }: SubsetFact, chosen: ChosenFact | undefined): string {
  const [all, rest] = [knownOf(curve, 'all'), knownOf(curve, 'rest')];
  const lowest = Math.min(0, ...all.map((point) => point.low), ...rest.map((point) => point.low));
  const marks =
    chosen === undefined ? [] : [{ graphs: chosen.graphs[0], r: chosen.r, interval: chosen.interval }];
  const most = curve.at(-1)?.graphs ?? 10;
  return drawPlot({
    ...BASE_OPTIONS,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 58,
    marginRight: 24,
    marginTop: 14,
    marginBottom: 46,
    x: { type: 'log', domain: [4, most], label: null },
    y: { domain: [Math.max(-1, Math.floor(lowest * 5) / 5), 1], label: null, grid: true },
    marks: [
      Plot.ruleY([0], { stroke: COLOURS.faint }),
      Plot.areaY(all, {
        className: 'all',
        x: 'graphs',
        y1: 'low',
        y2: 'high',
        fill: COLOURS.best,
        fillOpacity: 0.2,
      }),
      Plot.line(rest, {
        className: 'rest',
        x: 'graphs',
        y: 'median',
        stroke: COLOURS.baseline,
        strokeWidth: 2,
        strokeDasharray: '6,4',
      }),
      ...(['low', 'high'] as const).map((end) =>
        Plot.line(rest, {
          x: 'graphs',
          y: end,
          stroke: COLOURS.baseline,
          strokeWidth: 1,
          strokeDasharray: '2,3',
        }),
      ),
      Plot.line(all, { x: 'graphs', y: 'median', stroke: COLOURS.best, strokeWidth: 2.2 }),
      Plot.ruleX(
        marks.filter(({ interval }) => interval !== null),
        {
          x: 'graphs',
          y1: (d: (typeof marks)[number]) => d.interval?.[0] ?? 0,
          y2: (d: (typeof marks)[number]) => d.interval?.[1] ?? 0,
          stroke: COLOURS.ink,
          strokeWidth: 1.8,
        },
      ),
      Plot.dot(marks, {
        className: 'chosen',
        x: 'graphs',
        y: 'r',
        r: 5.5,
        symbol: 'diamond',
        fill: COLOURS.ink,
        stroke: 'white',
      }),
      Plot.text(marks, {
        x: 'graphs',
        y: 'r',
        text: (d: (typeof marks)[number]) => `the ${d.graphs} chosen: ${fixed(d.r, 2)}`,
        dy: -14,
        dx: -8,
        textAnchor: 'end',
        fontWeight: 600,
        stroke: 'white',
        strokeWidth: 4,
        fill: COLOURS.ink,
      }),
      Plot.axisX(
        [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048].filter((tick) => tick < most / 1.3).concat(most),
        {
          ...axisLabel('Graphs taken', 40),
          text: (d: number) => String(d),
        },
      ),
      Plot.axisY({ ...axisLabel('r of cell means', 48) }),
    ],
  });
}

function enoughText({ curve }: SubsetFact): string {
  const first = curve.find(({ all }) => all !== null && all.band[0] >= ENOUGH);
  return first === undefined
    ? `no number gives r = ${ENOUGH} in 95 % of draws`
    : `from ${first.graphs} on r is ${ENOUGH} or more in 95 % of draws`;
}

function titleOf(fact: SubsetFact, chosen: ChosenFact | undefined): string {
  if (chosen === undefined) return `Of graphs taken at random, ${enoughText(fact)}`;
  const random = fact.curve.find(({ graphs }) => graphs === chosen.graphs[0])?.all?.median;
  return (
    `${chosen.graphs[0]} chosen graphs give the map of ${chosen.graphs[1]} with r = ` +
    `${fixed(chosen.r, 2)}${random === undefined ? '' : `; at random ${fixed(random, 2)}`}`
  );
}

/**
 * How many graphs give the map of all, taken at random and as chosen; a panel for each task with enough of
 * them. A standalone SVG.
 */
export function fewGraphsFigure(findings: Findings): string {
  const facts = findings.subsets();
  const chosen = findings.chosen();
  const [first] = facts;
  if (first === undefined)
    return emptyFigure(
      'Few graphs: nothing to compare',
      'No task here has at least twice as many graphs as cells of the plane that they lie in: ' +
        'with one graph a cell there is no map of more graphs to compare with.',
    );
  const parts = facts.flatMap((fact, i): Part[] => {
    const top = i * (HEIGHT + HEAD);
    return [
      textPart(`${nameIn(fact.task, findings)}: taken at random, ${enoughText(fact)}`, 58, top + 14, {
        weight: 600,
      }),
      {
        drawing: panel(
          fact,
          chosen.find((each) => each.task === fact.task),
        ),
        x: 0,
        y: top + HEAD - 4,
      },
    ];
  });
  const bottom = facts.length * (HEIGHT + HEAD);
  return composeFigure({
    title: titleOf(
      first,
      chosen.find((each) => each.task === first.task),
    ),
    subtitle:
      'Pearson’s r between the cell means of some graphs and of all, over the cells that the few ' +
      'lie in, baseline left out.',
    width: WIDTH,
    height: bottom + 36,
    parts: [
      ...parts,
      ...keyParts(
        [
          {
            symbol: keyLine(COLOURS.best),
            text: 'at random, with all graphs (themselves among them), median',
          },
          { symbol: keyBand(COLOURS.best), text: '90 % of the draws' },
        ],
        58,
        bottom + 4,
      ),
      ...keyParts(
        [
          { symbol: keyLine(COLOURS.baseline, '6,4'), text: 'with the graphs that were not taken, median' },
          { symbol: keyLine(COLOURS.baseline, '2,3', 1), text: '90 %' },
          ...(chosen.length === 0
            ? []
            : [{ symbol: DIAMOND, text: 'the few that stand for all, 95 % interval' }]),
        ],
        58,
        bottom + 24,
      ),
    ],
    notes: [
      'Drawn without replacement, at most 1000 times for each number; cells of 15 x 15 over C ' +
        '0–1, L 1–4.5. With all graphs r is 1 by definition. The rest is drawn up to half of the ' +
        'graphs.',
    ],
  });
}
