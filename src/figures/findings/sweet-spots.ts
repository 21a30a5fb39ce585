import * as Plot from '@observablehq/plot';
import { binEdges, binRange } from '../../analysis/bins.js';
import {
  type CommonFact,
  isTested,
  type TestedSweetSpot,
} from '../../analysis/findings/facts/sweet-spot.js';
import type { Findings } from '../../analysis/findings/findings.js';
import { commonDraws } from '../../analysis/findings/rectangle.js';
import { CLUSTERING_RANGE, PATH_LENGTH_RANGE, PLANE_BINS } from '../../analysis/settings.js';
import { fixed, span } from '../../analysis/text.js';
import { BASE_OPTIONS, composeFigure, drawPlot, type Part } from '../svg.js';
import { COLOURS } from '../theme.js';
import {
  BOX,
  type Box,
  boxOf,
  emptyFigure,
  keyBand,
  keyLine,
  keyParts,
  nameIn,
  PLANE,
  planeAxes,
  seriesOf,
  textPart,
} from './common.js';

const PANEL = 480;
const HEIGHT = 440;
const HEAD = 26;
const MARGINS = { marginLeft: 58, marginRight: 16, marginTop: 8, marginBottom: 46 } as const;

/** Small planes in a row. */
const COLUMNS = 6;
const SMALL = 160;
const SMALL_HEAD = 18;

const SHARES = {
  type: 'linear',
  domain: [0, 1],
  range: ['#eef5fa', COLOURS.best],
  interpolate: 'rgb',
} as const;

/** Cells below this share are left white. */
const FAINT = 0.005;

type Shaded = Box & { readonly share: number };

function shadedCells(draws: CommonFact['draws']): Shaded[] {
  const c = binEdges(CLUSTERING_RANGE, PLANE_BINS);
  const l = binEdges(PATH_LENGTH_RANGE, PLANE_BINS);
  return (draws?.inside ?? []).flatMap((row, i) =>
    row.flatMap((share, j) => {
      const [[x1, x2], [y1, y2]] = [binRange(c, i), binRange(l, j)];
      return share < FAINT ? [] : [{ share, x1, x2, y1, y2 }];
    }),
  );
}

/**
 * The rectangles by the presenter's rule, drawn slightly apart (at most 3 pixels) where edges
 * coincide.
 */
function drawRectangles(
  facts: readonly TestedSweetSpot[],
  common: CommonFact,
  findings: Findings,
): string {
  const frames = facts.map((fact, i) => ({
    ...boxOf(fact.rectangle),
    look: seriesOf(findings.tasks.indexOf(fact.task)),
    inset: (6 * (i + 0.5)) / facts.length - 3,
  }));
  const shared = common.rectangle === null ? [] : [boxOf(common.rectangle)];
  return drawPlot({
    ...BASE_OPTIONS,
    ...PLANE,
    ...MARGINS,
    width: PANEL,
    height: HEIGHT,
    grid: true,
    marks: [
      Plot.frame({ stroke: COLOURS.rule }),
      ...(facts.length < 2
        ? []
        : [
            Plot.rect(shared, {
              ...BOX,
              className: 'shared',
              fill: COLOURS.frame,
              fillOpacity: 0.35,
            }),
          ]),
      ...frames.map((frame) =>
        Plot.rect([frame], {
          ...BOX,
          className: 'frame',
          fill: 'none',
          stroke: frame.look.colour,
          strokeWidth: 2,
          strokeDasharray: frame.look.dash,
          inset: frame.inset,
        }),
      ),
      ...planeAxes(),
    ],
  });
}

function drawShares(common: CommonFact): string {
  const cells = shadedCells(common.draws);
  return drawPlot({
    ...BASE_OPTIONS,
    ...PLANE,
    ...MARGINS,
    width: PANEL,
    height: HEIGHT,
    color: SHARES,
    marks: [
      Plot.ruleX(binEdges(CLUSTERING_RANGE, PLANE_BINS), { stroke: COLOURS.rule }),
      Plot.ruleY(binEdges(PATH_LENGTH_RANGE, PLANE_BINS), { stroke: COLOURS.rule }),
      Plot.rect(cells, { ...BOX, className: 'shares', inset: 0.5, fill: 'share' }),
      ...(common.rectangle === null
        ? []
        : [
            Plot.rect([boxOf(common.rectangle)], {
              ...BOX,
              fill: 'none',
              stroke: COLOURS.frame,
              strokeWidth: 2.5,
            }),
          ]),
      // Over the rectangle, whose edges run through the middles of cells.
      Plot.text(cells, {
        x: (d: Shaded) => (d.x1 + d.x2) / 2,
        y: (d: Shaded) => (d.y1 + d.y2) / 2,
        text: (d: Shaded) => fixed(100 * d.share, 0),
        fontSize: 9.5,
        fill: (d: Shaded) => (d.share > 0.6 ? 'white' : COLOURS.ink),
        stroke: 'share',
        strokeWidth: 5,
      }),
      ...planeAxes(),
    ],
  });
}

/**
 * One task's plane: how often each cell lies in its rectangle, and the rectangle by the presenter's
 * rule.
 */
function drawSmall(fact: TestedSweetSpot): string {
  const cells = shadedCells(commonDraws([fact.draws]));
  return drawPlot({
    ...BASE_OPTIONS,
    ...PLANE,
    width: SMALL,
    height: SMALL,
    marginLeft: 24,
    marginRight: 4,
    marginTop: 4,
    marginBottom: 20,
    color: SHARES,
    marks: [
      Plot.frame({ stroke: COLOURS.rule }),
      Plot.rect(cells, { ...BOX, className: 'small', fill: 'share' }),
      Plot.rect([boxOf(fact.rectangle)], {
        ...BOX,
        fill: 'none',
        stroke: COLOURS.frame,
        strokeWidth: 1.5,
      }),
      Plot.axisX({ label: null, ticks: [0, 0.5, 1], fontSize: 10 }),
      Plot.axisY({ label: null, ticks: [1, 2, 3, 4], fontSize: 10 }),
    ],
  });
}

function smallParts(facts: readonly TestedSweetSpot[], findings: Findings, top: number): Part[] {
  return facts.flatMap((fact, i): Part[] => {
    const [x, y] = [
      8 + (i % COLUMNS) * SMALL,
      top + Math.floor(i / COLUMNS) * (SMALL + SMALL_HEAD),
    ];
    return [
      textPart(nameIn(fact.task, findings, 18), x + 26, y + 12, { weight: 600, size: 11 }),
      { drawing: drawSmall(fact), x, y: y + SMALL_HEAD - 2 },
    ];
  });
}

function titleOf(common: CommonFact, findings: Findings): string {
  const { rectangle, draws, tasks } = common;
  const where =
    rectangle === null ? null : `C ${span(rectangle.clustering)}, L ${span(rectangle.pathLength)}`;
  if (draws === null) return 'Sweet spots: one seed, so none can be told';
  if (tasks === 1) return `The sweet spot: ${where ?? 'none'}`;
  const noun = findings.presenter.noun(tasks);
  const anew =
    draws.empty === 0
      ? 'in every resample something'
      : `in ${fixed(100 * draws.empty, draws.empty < 0.01 ? 1 : 0)} % of resamples nothing`;
  return where === null
    ? `The sweet spots of ${tasks} ${noun} share nothing; drawn anew, ${anew}`
    : `${tasks} ${noun} share ${where}; drawn anew, ${anew}`;
}

/** Keys of the frames, one under the other. */
function namesOf(facts: readonly TestedSweetSpot[], findings: Findings): Part[] {
  return facts.flatMap((fact, i) => {
    const { colour, dash } = seriesOf(findings.tasks.indexOf(fact.task));
    const name = nameIn(fact.task, findings, 24);
    return keyParts([{ symbol: keyLine(colour, dash, 2.4), text: name }], 250, HEAD + 28 + 18 * i);
  });
}

function keys(several: boolean, rule: string): Part[] {
  const shared = several ? [{ symbol: keyBand(COLOURS.frame, 0.35), text: 'shared by all' }] : [];
  const text = `${several ? 'what they share' : 'it'}, by ${rule}`;
  const frame = { symbol: keyLine(COLOURS.frame, '', 2.5), text };
  return keyParts([...shared, frame], PANEL + 58, HEAD + HEIGHT + 8);
}

/**
 * The sweet spots of all tasks in one plane with what they share, and how often, over resamples,
 * each cell lies in all of them. A standalone SVG.
 */
export function sweetSpotsFigure(findings: Findings): string {
  const facts = findings.sweetSpots().filter(isTested);
  const common = findings.common();
  if (common === null)
    return emptyFigure('Sweet spots: none', 'No graph was measured: there is nothing to draw.');
  if (facts.length === 0 || common.draws === null)
    return emptyFigure(
      'Sweet spots: cannot be told',
      'No graph has two seeds: what is not worse than the best cannot be tested.',
    );
  const rule = findings.presenter.rule.words;
  const several = facts.length > 1;
  const all = facts.length === 2 ? 'both' : several ? `all ${facts.length}` : 'it';
  const left = findings.tasks.length - facts.length;
  const top = HEAD + HEIGHT + 34;
  return composeFigure({
    title: titleOf(common, findings),
    subtitle:
      'Left: what is not significantly worse than the best, by ' +
      `${rule.name}${several ? ', and what all share' : ''}. Right: in how many of the ` +
      'resamples a ' +
      'cell lies in ' +
      `${several ? 'all rectangles; below: in one. Darker: more often' : 'the rectangle'}.`,
    width: 2 * PANEL + 16,
    height: several
      ? top + Math.ceil(facts.length / COLUMNS) * (SMALL + SMALL_HEAD)
      : HEAD + HEIGHT + 18,
    parts: [
      textPart(several ? `${facts.length} sweet spots` : 'The sweet spot', 58, 14, { weight: 600 }),
      textPart(`In ${all}, % of ${common.draws.resamples} resamples`, PANEL + 58, 14, {
        weight: 600,
      }),
      ...(several
        ? [
            textPart('Each sweet spot on its own: how often a cell lies in it', 58, top - 12, {
              weight: 600,
            }),
            ...smallParts(facts, findings, top),
          ]
        : []),
      { drawing: drawRectangles(facts, common, findings), x: 0, y: HEAD },
      { drawing: drawShares(common), x: PANEL, y: HEAD },
      ...namesOf(facts, findings),
      ...keys(several, rule.name),
    ],
    notes: [
      `Rectangles: bounding boxes (${rule.boxes}; one-sided t-test, 5 %). Resamples: rectangles ` +
        'of cells, graphs drawn anew within cells, each task on its own; a cell by its centre. A ' +
        'bounding box grows with the noise: a region, not a border.',
      ...(left > 0 ? [`${left} not shown: one seed, or no graph.`] : []),
    ],
  });
}
