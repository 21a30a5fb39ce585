import * as Plot from '@observablehq/plot';
import type { EarlyFact } from '../../analysis/findings/facts/economy.js';
import type { Findings } from '../../analysis/findings/findings.js';
import { fixed } from '../../analysis/text.js';
import { BASE_OPTIONS, composeFigure, drawPlot, type Part } from '../svg.js';
import { COLOURS } from '../theme.js';
import {
  axisLabel,
  emptyFigure,
  keyBand,
  keyLine,
  keyParts,
  nameIn,
  seriesOf,
  textPart,
} from './common.js';

const PANEL = 320;
const HEIGHT = 220;
const HEAD = 40;
const COLUMNS = 3;

/** What counts as the order of the end. */
const GOOD = 0.9;

/**
 * The first epoch from which on r stays at `GOOD` or above; null where the last one that is known
 * is below.
 */
function settled({ epochs }: EarlyFact): number | null {
  const below = epochs.findLastIndex(({ r }) => r < GOOD);
  return epochs[below + 1]?.epoch ?? null;
}

type Epoch = EarlyFact['epochs'][number];

/** r over the epochs, its interval and the ceiling; one epoch alone is a dot. */
function curveMarks(epochs: readonly Epoch[], colour: string): Plot.Markish[] {
  if (epochs.length === 1) return [Plot.dot(epochs, { x: 'epoch', y: 'r', r: 4, fill: colour })];
  const known = epochs.filter(({ interval }) => interval !== null);
  const limited = epochs.filter(({ ceiling }) => ceiling !== null);
  const band = {
    x: 'epoch',
    y1: (d: Epoch) => d.interval?.[0] ?? 0,
    y2: (d: Epoch) => d.interval?.[1] ?? 0,
  };
  const dashed = { stroke: COLOURS.quiet, strokeWidth: 1.4, strokeDasharray: '4,3' };
  return [
    Plot.areaY(known, { className: 'interval', ...band, fill: colour, fillOpacity: 0.22 }),
    Plot.line(limited, { className: 'ceiling', x: 'epoch', y: 'ceiling', ...dashed }),
    Plot.line(epochs, { className: 'r', x: 'epoch', y: 'r', stroke: colour, strokeWidth: 2 }),
  ];
}

function panel(
  { epochs, claimed, last }: EarlyFact,
  colour: string,
  low: number,
  corner: boolean,
): string {
  const claim = epochs.filter(({ epoch }) => epoch === claimed);
  return drawPlot({
    ...BASE_OPTIONS,
    width: PANEL,
    height: HEIGHT,
    marginLeft: 56,
    marginRight: 14,
    marginTop: 8,
    marginBottom: 40,
    // Most happens in the first epochs: roots spread them.
    x: { type: 'sqrt', domain: [0, last], label: null },
    y: { domain: [low, 1], label: null, grid: true, clamp: true },
    marks: [
      ...curveMarks(epochs, colour),
      Plot.ruleX(claim, { x: 'epoch', stroke: COLOURS.faint, strokeDasharray: '2,3' }),
      Plot.dot(claim, {
        className: 'claim',
        x: 'epoch',
        y: 'r',
        r: 4.5,
        fill: colour,
        stroke: 'white',
        strokeWidth: 1.2,
      }),
      Plot.axisX({
        ...axisLabel('Epoch', 34),
        tickFormat: 'd',
        ...(last >= 50
          ? { ticks: [1, 3, 10, 25, 50, last].filter((tick) => tick <= last) }
          : { ticks: 6, tickFormat: (d: number) => (Number.isInteger(d) ? String(d) : '') }),
      }),
      Plot.axisY({ ...axisLabel(corner ? 'r with the last epoch' : null, 50), ticks: 5 }),
    ],
  });
}

function headOf(fact: EarlyFact): string {
  const claim = fact.epochs.find(({ epoch }) => epoch === fact.claimed);
  const from = settled(fact);
  const claimed = claim === undefined ? '' : `${fixed(claim.r, 2)} at epoch ${claim.epoch}, `;
  return `${claimed}${from === null ? `below ${GOOD} to the end` : `stays at ${GOOD} from ${from}`}`;
}

function titleOf(facts: readonly EarlyFact[], findings: Findings): string {
  const claims = facts.flatMap((fact) => fact.epochs.filter(({ epoch }) => epoch === fact.claimed));
  const good = claims.filter(({ r }) => r >= GOOD).length;
  const claimed = new Set(claims.map(({ epoch }) => epoch));
  if (claims.length === 0) return 'How early the final order of graphs is known';
  return (
    `After ${claimed.size === 1 ? `epoch ${[...claimed][0]}` : 'a tenth of the epochs'} r is ` +
    `${GOOD} or more in ${good} of ${claims.length} ${findings.presenter.noun(claims.length)}`
  );
}

/**
 * For every epoch, how far the order of graphs is that of the last one; a panel a task. A
 * standalone SVG.
 */
export function earlyFigure(findings: Findings): string {
  const facts = findings.early();
  if (facts.length === 0)
    return emptyFigure(
      'Early epochs: nothing to compare',
      'No results of earlier epochs here, or of fewer than three graphs.',
    );
  const lowest = Math.min(
    ...facts.flatMap(({ epochs }) => epochs.map(({ r, interval }) => interval?.[0] ?? r)),
  );
  const low = Math.max(-1, Math.floor(Math.min(0, lowest) * 5) / 5);
  const columns = Math.min(COLUMNS, facts.length);
  const parts = facts.flatMap((fact, i): Part[] => {
    const [x, y] = [(i % columns) * PANEL, Math.floor(i / columns) * (HEIGHT + HEAD)];
    const { colour } = seriesOf(findings.tasks.indexOf(fact.task));
    return [
      textPart(nameIn(fact.task, findings), x + 56, y + 14, { weight: 600 }),
      textPart(headOf(fact), x + 56, y + 30, { colour: COLOURS.quiet }),
      { drawing: panel(fact, colour, low, i % columns === 0), x, y: y + HEAD - 6 },
    ];
  });
  const bottom = Math.ceil(facts.length / columns) * (HEIGHT + HEAD);
  return composeFigure({
    title: titleOf(facts, findings),
    subtitle:
      'Pearson’s r between the graphs’ mean errors after an epoch and after the last one, ' +
      'baseline included. Dot: the epoch of the claim.',
    width: Math.max(800, columns * PANEL + 16),
    height: bottom + 16,
    parts: [
      ...parts,
      ...keyParts(
        [
          { symbol: keyLine(COLOURS.ink), text: 'r' },
          { symbol: keyBand(COLOURS.ink), text: '95 % interval, bootstrap over graphs' },
          { symbol: keyLine(COLOURS.quiet, '4,3'), text: 'ceiling given seed noise' },
        ],
        56,
        bottom + 4,
      ),
    ],
    notes: [
      'Ceiling: root of the product of the reliabilities of graphs’ means in both epochs. Both ' +
        'are of the same trainings, whose luck they share, so r may lie above it. The axis of ' +
        'epochs is spread at its start (square root).',
    ],
  });
}
