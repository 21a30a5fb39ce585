import * as Plot from '@observablehq/plot';
import { shareKept } from '../../analysis/findings/facts/baseline.js';
import type { Findings } from '../../analysis/findings/findings.js';
import type { HeldOut } from '../../analysis/findings/honest.js';
import { fixed } from '../../analysis/text.js';
import { BASE_OPTIONS, composeFigure, drawPlot, type Part } from '../svg.js';
import { COLOURS } from '../theme.js';
import { axisLabel, emptyFigure, keyDot, keyLine, keyParts, nameIn, textPart } from './common.js';

const WIDTH = 780;
const LEFT = 190;
const ROW = 58;

interface Row {
  readonly name: string;
  readonly held: HeldOut;
}

interface Mark {
  readonly name: string;
  readonly value: number;
}

/** A level above the row's middle for those that chose, below it for those that report. */
const OFFSET = 9;

function markOf(rows: readonly Row[], which: 'chosen' | 'reported'): Plot.Markish[] {
  const splits = rows.flatMap(({ name, held }) =>
    held.outcomes.map((outcome): Mark => ({ name, value: outcome[which] })),
  );
  const ranges = rows.map(({ name, held }) => {
    const values = held.outcomes.map((outcome) => outcome[which]);
    return { name, low: Math.min(...values), high: Math.max(...values) };
  });
  const means = rows.map(({ name, held }): Mark => ({ name, value: held[which] }));
  const colour = which === 'chosen' ? COLOURS.baseline : COLOURS.best;
  const dy = which === 'chosen' ? -OFFSET : OFFSET;
  return [
    Plot.link(ranges, {
      x1: 'low',
      x2: 'high',
      y1: 'name',
      y2: 'name',
      dy,
      stroke: colour,
      strokeWidth: 2.5,
      strokeOpacity: 0.55,
      strokeLinecap: 'round',
    }),
    Plot.dot(splits, {
      className: `splits-${which}`,
      x: 'value',
      y: 'name',
      dy,
      r: 2.8,
      fill: colour,
      fillOpacity: 0.5,
    }),
    Plot.dot(means, {
      className: which,
      x: 'value',
      y: 'name',
      dy,
      r: 6,
      fill: which === 'chosen' ? 'white' : colour,
      stroke: colour,
      strokeWidth: 2,
    }),
    Plot.text(means, {
      x: 'value',
      y: 'name',
      dy: which === 'chosen' ? dy - 12 : dy + 13,
      text: (d: Mark) => fixed(d.value, 2),
      fill: colour,
      fontWeight: 600,
      stroke: 'white',
      strokeWidth: 3,
    }),
  ];
}

function drawRows(rows: readonly Row[]): string {
  const values = rows.flatMap(({ held }) =>
    held.outcomes.flatMap(({ chosen, reported }) => [chosen, reported]),
  );
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const pad = 0.05 * (high - low || 1);
  return drawPlot({
    ...BASE_OPTIONS,
    width: WIDTH,
    height: rows.length * ROW + 56,
    marginLeft: LEFT,
    marginRight: 20,
    marginTop: 6,
    marginBottom: 48,
    x: { domain: [low - pad, high + pad], label: null, grid: true },
    y: { type: 'point', domain: rows.map(({ name }) => name), label: null, padding: 0.5 },
    marks: [
      Plot.ruleX([0], { stroke: COLOURS.ink }),
      ...markOf(rows, 'chosen'),
      ...markOf(rows, 'reported'),
      Plot.axisX({ ...axisLabel('Error below the dense baseline, percentage points', 40) }),
      Plot.axisY({ tickSize: 0, fontWeight: 600, tickPadding: 10 }),
    ],
  });
}

/**
 * What the best graph's advantage is worth on seeds that did not choose it: the winner's curse. A
 * standalone SVG.
 */
export function heldOutFigure(findings: Findings): string {
  const facts = findings.baseline();
  const known = facts.flatMap(({ task, held }) => (held === null ? [] : [{ task, held }]));
  if (known.length === 0)
    return emptyFigure(
      'The best graph’s advantage on other seeds: cannot be told',
      'It takes a baseline, and two seeds of it and of the graphs.',
    );
  const rows = known.map(({ task, held }) => ({ name: nameIn(task, findings, 24), held }));
  const kept = known.filter(({ held }) => held.range[0] > 0).length;
  const keptShare = shareKept(facts);
  const share = keptShare === null ? '' : ` and keeps ${fixed(keptShare, 0)} % of its advantage`;
  const seeds: Part[] = known.map(({ held }, i) =>
    textPart(
      `${held.seeds[0]} seeds choose, ${held.seeds[1]} report`,
      LEFT - 10,
      6 + (i + 0.5) * ROW + 20,
      {
        anchor: 'end',
        colour: COLOURS.quiet,
        size: 10,
      },
    ),
  );
  const height = rows.length * ROW + 56;
  const left = findings.tasks.length - known.length;
  return composeFigure({
    title: `Held out, the best graph wins in ${kept} of ${known.length}${share}`,
    subtitle:
      'The graph of lowest mean error on half of the seeds (rounded up): its advantage over the ' +
      'dense baseline on those seeds and on the others.',
    width: WIDTH,
    height: height + 14,
    parts: [
      { drawing: drawRows(rows), x: 0, y: 0 },
      ...seeds,
      ...keyParts(
        [
          { symbol: keyDot(COLOURS.baseline, true), text: 'on the seeds that chose' },
          { symbol: keyDot(COLOURS.best), text: 'on the others' },
          { symbol: keyLine(COLOURS.faint, '', 3), text: 'range over splits of the seeds (dots)' },
        ],
        110,
        height + 4,
      ),
    ],
    notes: [
      'Held out: on seeds that did not choose it. Large: mean over all splits. Wins: above 0 in ' +
        'every split. Keeps: mean of the shares left. The gap between the two is the luck of the ' +
        'choice.',
      ...(left > 0 ? [`${left} not shown: no baseline, or one seed.`] : []),
    ],
  });
}
