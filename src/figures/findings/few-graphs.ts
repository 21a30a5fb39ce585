import * as Plot from '@observablehq/plot';
import type { ChosenFact, SubsetFact } from '../../analysis/findings/facts/economy.js';
import type { Findings } from '../../analysis/findings/findings.js';
import type { SubsetPoint } from '../../analysis/findings/subset-curve.js';
import { fixed } from '../../analysis/text.js';
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

/** The few that stand for all: r with its interval, named. */
function chosenMarks(chosen: ChosenFact): Plot.Markish[] {
  const { graphs, r, interval } = chosen;
  const at = { x: () => graphs[0], y: () => r };
  const label = {
    text: () => `the ${graphs[0]} chosen: ${fixed(r, 2)}`,
    dy: -14,
    dx: -8,
    textAnchor: 'end',
  } as const;
  const ends = { x: () => graphs[0], y1: () => interval?.[0] ?? 0, y2: () => interval?.[1] ?? 0 };
  return [
    Plot.ruleX(interval === null ? [] : [chosen], {
      ...ends,
      stroke: COLOURS.ink,
      strokeWidth: 1.8,
    }),
    Plot.dot([chosen], {
      ...at,
      className: 'chosen',
      r: 5.5,
      symbol: 'diamond',
      fill: COLOURS.ink,
      stroke: 'white',
    }),
    Plot.text([chosen], {
      ...at,
      ...label,
      fontWeight: 600,
      stroke: 'white',
      strokeWidth: 4,
      fill: COLOURS.ink,
    }),
  ];
}

/** Graphs taken at random: with all, and with the rest. */
function randomMarks(all: readonly Known[], rest: readonly Known[]): Plot.Markish[] {
  const of = (y: 'median' | 'low' | 'high') => ({ x: 'graphs', y }) as const;
  const thin = { stroke: COLOURS.baseline, strokeWidth: 1, strokeDasharray: '2,3' };
  const thick = { stroke: COLOURS.baseline, strokeWidth: 2, strokeDasharray: '6,4' };
  const band = {
    x: 'graphs',
    y1: 'low',
    y2: 'high',
    fill: COLOURS.best,
    fillOpacity: 0.2,
  } as const;
  return [
    Plot.areaY(all, { className: 'all', ...band }),
    Plot.line(rest, { className: 'rest', ...of('median'), ...thick }),
    Plot.line(rest, { ...of('low'), ...thin }),
    Plot.line(rest, { ...of('high'), ...thin }),
    Plot.line(all, { ...of('median'), stroke: COLOURS.best, strokeWidth: 2.2 }),
  ];
}

const TICKS = [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048] as const;

function panel({ curve }: SubsetFact, chosen: ChosenFact | undefined): string {
  const [all, rest] = [knownOf(curve, 'all'), knownOf(curve, 'rest')];
  const lowest = Math.min(0, ...all.map((point) => point.low), ...rest.map((point) => point.low));
  const most = curve.at(-1)?.graphs ?? 10;
  const ticks = [...TICKS.filter((tick) => tick < most / 1.3), most];
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
      ...randomMarks(all, rest),
      ...(chosen === undefined ? [] : chosenMarks(chosen)),
      Plot.axisX(ticks, { ...axisLabel('Graphs taken', 40), text: (d: number) => String(d) }),
      Plot.axisY(axisLabel('r of cell means', 48)),
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

const MEDIAN_OF_ALL = 'at random, with all graphs (themselves among them), median';
const MEDIAN_OF_REST = 'with the graphs that were not taken, median';

/** Two lines of keys from a height on. */
function keys(top: number, chosen: boolean): Part[] {
  const few = chosen
    ? [{ symbol: DIAMOND, text: 'the few that stand for all, 95 % interval' }]
    : [];
  const ofAll = [
    { symbol: keyLine(COLOURS.best), text: MEDIAN_OF_ALL },
    { symbol: keyBand(COLOURS.best), text: '90 % of the draws' },
  ];
  const ofRest = [
    { symbol: keyLine(COLOURS.baseline, '6,4'), text: MEDIAN_OF_REST },
    { symbol: keyLine(COLOURS.baseline, '2,3', 1), text: '90 %' },
    ...few,
  ];
  return [...keyParts(ofAll, 58, top + 4), ...keyParts(ofRest, 58, top + 24)];
}

/**
 * How many graphs give the map of all, taken at random and as chosen; a panel for each task with
 * enough of them. A standalone SVG.
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
  const chosenOf = ({ task }: SubsetFact): ChosenFact | undefined =>
    chosen.find((each) => each.task === task);
  const parts = facts.flatMap((fact, i): Part[] => {
    const top = i * (HEIGHT + HEAD);
    const head = `${nameIn(fact.task, findings)}: taken at random, ${enoughText(fact)}`;
    return [
      textPart(head, 58, top + 14, { weight: 600 }),
      { drawing: panel(fact, chosenOf(fact)), x: 0, y: top + HEAD - 4 },
    ];
  });
  const bottom = facts.length * (HEIGHT + HEAD);
  return composeFigure({
    title: titleOf(first, chosenOf(first)),
    subtitle:
      'Pearson’s r between the cell means of some graphs and of all, over the cells that the few ' +
      'lie in, baseline left out.',
    width: WIDTH,
    height: bottom + 36,
    parts: [...parts, ...keys(bottom, chosen.length > 0)],
    notes: [
      'Drawn without replacement, at most 1000 times for each number; cells of 15 x 15 over C ' +
        '0–1, L 1–4.5. With all graphs r is 1 by definition. The rest is drawn up to half of the ' +
        'graphs.',
    ],
  });
}
