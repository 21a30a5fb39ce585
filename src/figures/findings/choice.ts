import * as Plot from '@observablehq/plot';
import {
  advantageToExpect,
  type ChoiceFact,
  type Expectation,
} from '../../analysis/findings/facts/choice.js';
import type { Findings } from '../../analysis/findings/findings.js';
import type { TaskTables } from '../../analysis/findings/input.js';
import { rowLabel } from '../../analysis/result-table.js';
import { fixed } from '../../analysis/text.js';
import { NORMAL_95 } from '../../stats/normal.js';
import { BASE_OPTIONS, composeFigure, drawPlot } from '../svg.js';
import { COLOURS } from '../theme.js';
import {
  axisLabel,
  emptyFigure,
  keyDot,
  keyLine,
  keyParts,
  nameIn,
  sampleOf,
  textPart,
} from './common.js';

const LEFT_WIDTH = 590;
const RIGHT_WIDTH = 420;
const HEIGHT = 340;
/** Graphs that are shown: the ones to choose among. */
const SHOWN = 12;
const LABELS = 230;

/**
 * Which graphs to use: what was measured of each and what is to be expected, beside the baseline.
 */
function drawGraphs({ graphs, baseline }: ChoiceFact): string {
  const shown = graphs.slice(0, SHOWN);
  const label = ({ row }: Expectation): string =>
    `${shown.findIndex((each) => each.row === row) + 1}.  C ${fixed(row.clustering, 2)}  L ` +
    `${fixed(row.pathLength, 2)}  density ${fixed(row.density, 2)}`;
  const rule = baseline === null ? [] : [baseline.mean];
  return drawPlot({
    ...BASE_OPTIONS,
    width: LEFT_WIDTH,
    height: HEIGHT,
    marginLeft: LABELS,
    marginRight: 14,
    marginTop: 8,
    marginBottom: 48,
    x: { nice: true, label: null, grid: true },
    y: { type: 'point', domain: shown.map(label), label: null, padding: 0.5 },
    marks: [
      Plot.ruleX(rule, {
        className: 'baseline',
        stroke: COLOURS.baseline,
        strokeWidth: 1.5,
        strokeDasharray: '5,4',
      }),
      Plot.link(shown, {
        x1: (d: Expectation) => d.expected - NORMAL_95 * d.sd,
        x2: (d: Expectation) => d.expected + NORMAL_95 * d.sd,
        y1: label,
        y2: label,
        stroke: COLOURS.best,
        strokeWidth: 2.5,
        strokeOpacity: 0.55,
      }),
      Plot.dot(shown, {
        className: 'measured',
        x: 'measured',
        y: label,
        r: 4,
        fill: 'white',
        stroke: COLOURS.ink,
        strokeWidth: 1.4,
        title: (d: Expectation) => `${rowLabel(d.row)}\nmeasured ${fixed(d.measured, 2)} %`,
      }),
      Plot.dot(shown, {
        className: 'expected',
        x: 'expected',
        y: label,
        r: 5,
        fill: COLOURS.best,
        stroke: 'white',
        title: (d: Expectation) =>
          `${rowLabel(d.row)}\nto expect ${fixed(d.expected, 2)} ± ${fixed(d.sd, 2)} %`,
      }),
      Plot.axisX({ ...axisLabel('Test error (%)', 40), ticks: 6 }),
      Plot.axisY({ tickSize: 0, tickPadding: 8 }),
    ],
  });
}

const POLICIES = ['random', 'surrogate'] as const;
type Policy = (typeof POLICIES)[number];

const placeOf = (budget: number, policy: Policy): string => `${policy} ${budget}`;

interface Replayed {
  readonly place: string;
  readonly policy: Policy;
  readonly regret: number;
  readonly shift: number;
}

/** Every replay, spread sideways so that dots do not cover each other. */
function runsOf({ searches }: ChoiceFact): Replayed[] {
  return searches.flatMap((search) =>
    POLICIES.flatMap((policy) => {
      const place = placeOf(search.budget, policy);
      return search[policy].map((regret, i) => ({
        place,
        policy,
        regret,
        shift: ((i * 7) % 11) - 5,
      }));
    }),
  );
}

/** The mean of each budget and policy. */
function meansOf({ searches }: ChoiceFact): Replayed[] {
  return searches.flatMap((search) =>
    POLICIES.map((policy) => {
      const regret = search[policy].reduce((sum, each) => sum + each, 0) / search[policy].length;
      return { place: placeOf(search.budget, policy), policy, regret, shift: 0 };
    }),
  );
}

/** How far from it searches of few trainings end. */
function drawSearches(fact: ChoiceFact): string {
  const { searches } = fact;
  const [runs, means] = [runsOf(fact), meansOf(fact)];
  const colour = (d: Replayed): string => (d.policy === 'random' ? COLOURS.baseline : COLOURS.best);
  return drawPlot({
    ...BASE_OPTIONS,
    width: RIGHT_WIDTH,
    height: HEIGHT,
    marginLeft: 60,
    marginRight: 14,
    marginTop: 8,
    marginBottom: 48,
    x: {
      type: 'point',
      domain: searches.flatMap(({ budget }) => POLICIES.map((policy) => placeOf(budget, policy))),
      label: null,
      padding: 0.5,
    },
    y: { nice: true, label: null, grid: true, zero: true },
    marks: [
      ...Array.from({ length: 11 }, (_, i) => i - 5).map((shift) =>
        Plot.dot(
          runs.filter((run) => run.shift === shift),
          { x: 'place', y: 'regret', dx: 2.2 * shift, r: 2.6, fill: colour, fillOpacity: 0.55 },
        ),
      ),
      Plot.dot(means, {
        className: 'means',
        x: 'place',
        y: 'regret',
        symbol: 'diamond',
        r: 7,
        fill: 'white',
        stroke: colour,
        strokeWidth: 2.2,
      }),
      Plot.text(means, {
        x: 'place',
        y: 'regret',
        text: (d: Replayed) => fixed(d.regret, 2),
        dx: 30,
        fill: colour,
        fontWeight: 600,
        stroke: 'white',
        strokeWidth: 4,
      }),
      Plot.axisX({ tickSize: 0, ...axisLabel('Policy and trainings', 40) }),
      Plot.axisY({ ...axisLabel('Above the lowest to expect (points)', 50), ticks: 6 }),
    ],
  });
}

function titleOf(name: string, fact: ChoiceFact): string {
  const [{ row, expected }] = fact.graphs;
  const at = `C ${fixed(row.clustering, 2)}, L ${fixed(row.pathLength, 2)}`;
  const use = `${name}: ${at} is to be used, ${fixed(expected, 2)} % to expect`;
  const advantage = advantageToExpect(fact);
  if (advantage === null) return use;
  const side = advantage.value < 0 ? 'above' : 'below';
  return `${use}, ${fixed(Math.abs(advantage.value), 2)} points ${side} the baseline`;
}

function subtitleOf(task: TaskTables, { graphs, searches }: ChoiceFact, replays: number): string {
  const shown = Math.min(SHOWN, graphs.length);
  const left =
    `${sampleOf(task)} Left: the ${shown} graphs of the lowest error to expect when ` +
    'trained anew, ' +
    `first ${rowLabel(graphs[0].row)}.`;
  if (searches.length === 0) return left;
  return (
    `${left} Right: ${replays} searches of few trainings replayed, by random ` +
    'graphs and by the ' +
    'surrogate of plexus search; diamonds: means.'
  );
}

/**
 * Which graph of a task to use, and how far from it few trainings would have ended. A standalone
 * SVG.
 */
export function choiceFigure(task: TaskTables, findings: Findings): string {
  const fact = findings.choice().find((each) => each.task === task);
  const name = nameIn(task, findings);
  if (fact === undefined)
    return emptyFigure(
      `${name}: which graph to use cannot be told`,
      'It takes two graphs with two seeds, or twenty graphs.',
    );
  return composeFigure({
    title: titleOf(name, fact),
    subtitle: subtitleOf(task, fact, findings.replays),
    width: LEFT_WIDTH + RIGHT_WIDTH,
    height: HEIGHT + 16,
    parts: [
      { drawing: drawGraphs(fact), x: 0, y: 0 },
      ...(fact.searches.length === 0
        ? [
            textPart(
              'Too few graphs with every seed to replay a search.',
              LEFT_WIDTH + 20,
              HEIGHT / 2,
              {
                colour: COLOURS.quiet,
              },
            ),
          ]
        : [{ drawing: drawSearches(fact), x: LEFT_WIDTH, y: 0 }]),
      ...keyParts(
        [
          { symbol: keyDot(COLOURS.ink, true), text: 'measured, mean over seeds' },
          { symbol: keyDot(COLOURS.best), text: 'to expect, with 95 %' },
          ...(fact.baseline === null
            ? []
            : [{ symbol: keyLine(COLOURS.baseline, '5,4'), text: 'baseline' }]),
        ],
        60,
        HEIGHT + 6,
      ),
    ],
    notes: [
      'To expect: posterior mean, with the Gaussian process over C and L and graphs’ own effects ' +
        'as prior (fewer than 20 graphs: all graphs alike), without the noise of one training. ' +
        'Measured means of the lowest are partly lucky.',
    ],
  });
}
