import * as Plot from '@observablehq/plot';
import type { DensityFact } from '../../analysis/findings/facts/surface.js';
import type { Findings } from '../../analysis/findings/findings.js';
import { fixed, pValue } from '../../analysis/text.js';
import { BASE_OPTIONS, composeFigure, drawPlot, type Part } from '../svg.js';
import { COLOURS } from '../theme.js';
import { axisLabel, emptyFigure, keyParts, nameIn, textPart } from './common.js';

const WIDTH = 960;
const LEFT = 150;
const ROW = 54;
const HEAD = 26;
const PANELS = [LEFT + 380, WIDTH - LEFT - 380] as const;

/** Below this a model may be worse than the mean by far; the axis ends there. */
const LEAST = -0.2;

type Name = { readonly name: string };
type Fact = DensityFact & Name;

const MODELS = [
  { key: 'density', text: 'density alone', colour: COLOURS.baseline, symbol: 'square', dy: -13 },
  { key: 'plane', text: 'C and L', colour: COLOURS.best, symbol: 'circle', dy: 0 },
  { key: 'both', text: 'both', colour: COLOURS.ink, symbol: 'diamond', dy: 13 },
] as const;

const EFFECTS = [
  {
    key: 'planeGivenDensity',
    text: 'C and L, given density',
    colour: COLOURS.best,
    symbol: 'circle',
    dy: -9,
  },
  {
    key: 'densityGivenPlane',
    text: 'density, given C and L',
    colour: COLOURS.baseline,
    symbol: 'square',
    dy: 9,
  },
] as const;

function drawModels(facts: readonly Fact[]): string {
  const values = facts.flatMap(({ confound }) =>
    MODELS.map(({ key }) => confound[key].crossValidatedR2),
  );
  const low = Math.max(LEAST, Math.min(0, ...values));
  return drawPlot({
    ...BASE_OPTIONS,
    width: PANELS[0],
    height: facts.length * ROW + 52,
    marginLeft: LEFT,
    marginRight: 18,
    marginTop: 4,
    marginBottom: 46,
    x: { domain: [low, 1], label: null, grid: true, clamp: true },
    y: { type: 'point', domain: facts.map(({ name }) => name), label: null, padding: 0.5 },
    marks: [
      ...MODELS.flatMap(({ key, colour, symbol, dy }) => {
        const x = (d: Fact): number => Math.max(low, d.confound[key].crossValidatedR2);
        return [
          Plot.link(facts, {
            x1: () => 0,
            x2: x,
            y1: 'name',
            y2: 'name',
            dy,
            stroke: colour,
            strokeWidth: 2,
            strokeOpacity: 0.4,
          }),
          Plot.dot(facts, {
            className: key,
            x,
            y: 'name',
            dy,
            r: 5,
            symbol,
            fill: colour,
            stroke: 'white',
          }),
          Plot.text(facts, {
            x,
            y: 'name',
            dy,
            dx: 11,
            textAnchor: 'start',
            text: (d: Fact) => fixed(d.confound[key].crossValidatedR2, 2),
            fill: COLOURS.quiet,
            fontSize: 10.5,
            stroke: 'white',
            strokeWidth: 3,
          }),
        ];
      }),
      Plot.axisX({ ...axisLabel('R² of graphs left out of the fit', 40) }),
      Plot.axisY({ tickSize: 0, fontWeight: 600, tickPadding: 10 }),
    ],
  });
}

function drawEffects(facts: readonly Fact[]): string {
  return drawPlot({
    ...BASE_OPTIONS,
    width: PANELS[1],
    height: facts.length * ROW + 52,
    marginLeft: 22,
    marginRight: 90,
    marginTop: 4,
    marginBottom: 46,
    x: { domain: [0, 1], label: null, grid: true },
    y: {
      type: 'point',
      domain: facts.map(({ name }) => name),
      label: null,
      padding: 0.5,
      axis: null,
    },
    marks: [
      ...EFFECTS.flatMap(({ key, colour, symbol, dy }) => [
        Plot.link(facts, {
          x1: () => 0,
          x2: (d: Fact) => d.confound[key].partialR2,
          y1: 'name',
          y2: 'name',
          dy,
          stroke: colour,
          strokeWidth: 2,
          strokeOpacity: 0.5,
        }),
        Plot.dot(facts, {
          className: key,
          x: (d: Fact) => d.confound[key].partialR2,
          y: 'name',
          dy,
          r: 5,
          symbol,
          fill: (d: Fact) => (d.confound[key].p < 0.01 ? colour : 'white'),
          stroke: colour,
          strokeWidth: 1.6,
        }),
        Plot.text(facts, {
          x: (d: Fact) => d.confound[key].partialR2,
          y: 'name',
          dy,
          dx: 11,
          textAnchor: 'start',
          text: (d: Fact) =>
            `${fixed(d.confound[key].partialR2, 2)}, p ${pValue(d.confound[key].p)}`,
          fill: COLOURS.quiet,
          fontSize: 10.5,
          stroke: 'white',
          strokeWidth: 3,
        }),
      ]),
      Plot.axisX({ ...axisLabel('Share of the rest that is explained', 40), ticks: 5 }),
    ],
  });
}

const SHAPES = {
  square: (colour: string) => `<rect x="4.5" y="-4.5" width="9" height="9" fill="${colour}"/>`,
  circle: (colour: string) => `<circle cx="9" cy="0" r="5" fill="${colour}"/>`,
  diamond: (colour: string) => `<path d="M9,-7L14,0L9,7L4,0Z" fill="${colour}"/>`,
} as const;

/**
 * Whether C and L say more of the error than density does: three models of each task, and what each
 * adds to the other. A standalone SVG.
 */
export function densityFigure(findings: Findings): string {
  const facts = findings
    .density()
    .map((fact): Fact => ({ ...fact, name: nameIn(fact.task, findings, 19) }));
  if (facts.length === 0)
    return emptyFigure(
      'Is it more than density? Cannot be told',
      'It takes 20 graphs that differ in error, density, C and L: the models have up to ' +
        'eight terms.',
    );
  const plane = facts.filter(({ confound }) => confound.planeGivenDensity.p < 0.01).length;
  const density = facts.filter(({ confound }) => confound.densityGivenPlane.p < 0.01).length;
  const height = HEAD + facts.length * ROW + 52;
  const key = (
    entries: readonly {
      readonly text: string;
      readonly colour: string;
      readonly symbol: keyof typeof SHAPES;
    }[],
    x: number,
  ): Part[] =>
    keyParts(
      entries.map(({ text, colour, symbol }) => ({ symbol: SHAPES[symbol](colour), text })),
      x,
      height + 8,
    );
  const left = findings.tasks.length - facts.length;
  return composeFigure({
    title:
      `C and L add to density in ${plane} of ${facts.length} ` +
      `${findings.presenter.noun(facts.length)}; density adds to C and L in ${density}`,
    subtitle:
      'Quadratic models of graphs’ mean errors, baseline left out: ln d and its square (d = k / ' +
      'n); C, L, C², L², C L; all of them.',
    width: WIDTH,
    height: height + 18,
    parts: [
      textPart('How much each model explains', LEFT, 14, { weight: 600 }),
      textPart('What each adds to the other', PANELS[0] + 22, 14, { weight: 600 }),
      { drawing: drawModels(facts), x: 0, y: HEAD },
      { drawing: drawEffects(facts), x: PANELS[0], y: HEAD },
      ...key(MODELS, LEFT),
      ...key(EFFECTS, PANELS[0] - 10),
    ],
    notes: [
      'Left: 1 − squared error / total, ten folds. Right: share of the other model’s residual ' +
        'sum of squares that the terms take away; p: F test of nested models; hollow: p ≥ 0.01, ' +
        'not counted as adding.',
      ...(left > 0 ? [`${left} not shown: fewer than 20 graphs, or of one density.`] : []),
    ],
  });
}
