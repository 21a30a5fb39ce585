import { coveragePhrase, type PredictionOutcome } from '../analysis/predictions.js';
import { fixed, signed, span } from '../analysis/text.js';
import type { StudySummary } from '../analysis/types.js';
import { escapeText } from './svg.js';

/** What the table's words mean, above it. */
export const PREDICTIONS_NOTE =
  'A difference is the mean error of the first side minus that of the second, in points, so that below ' +
  '0 the first errs less, paired by ' +
  'seed; n counts seeds, of a correlation graphs, of pairs of graphs pairs. ' +
  'The interval of a t test at level a ' +
  'covers 1 − 2a, so that it lies below ' +
  'what was predicted exactly where the outcome is “as predicted”. “The opposite” is the ' +
  'same test in the other direction; ' +
  '“open” waits for trials or cannot be told.';

const HEADS = [
  'Prediction',
  'Registered test',
  'Outcome',
  'Difference or r',
  'Interval',
  'n',
  'In words',
] as const;

/** The registered predictions beside their outcomes, as a table. */
export function predictionTable({ predictions }: Pick<StudySummary, 'predictions'>): string {
  const head = HEADS.map((text) => `<th class="text">${text}</th>`).join('');
  return (
    '<div class="scroll"><table ' +
    `id="predicted"><thead><tr>${head}</tr></thead>` +
    `<tbody>\n${predictions.map(row).join('\n')}\n</tbody></table></div>`
  );
}

function row(found: PredictionOutcome): string {
  const { prediction, outcome, value, interval, coverage, n, sentence } = found;
  const sure =
    interval === null || coverage === null ? '–' : `${bounds(found)} (${coveragePhrase(coverage)})`;
  const cells = [
    prediction.why === undefined ? prediction.name : `${prediction.name}: ${prediction.why}`,
    registeredTest(found),
    outcome,
    value === null ? '–' : prediction.kind === 'correlation' ? fixed(value, 2) : signed(-value, 2),
    sure,
    n === 0 ? '–' : String(n),
    sentence,
  ];
  return `<tr>${cells.map((text) => `<td class="text">${escapeText(text)}</td>`).join('')}</tr>`;
}

function bounds({ interval, prediction }: PredictionOutcome): string {
  if (interval === null) return '–';
  return prediction.kind === 'correlation'
    ? span(interval)
    : `${signed(-interval[1], 2)} to ${signed(-interval[0], 2)}`;
}

function registeredTest({ prediction }: PredictionOutcome): string {
  if (prediction.kind === 'text') return 'none';
  if (prediction.kind === 'correlation') return `r ≥ ${fixed(prediction.atLeast, 2)}`;
  if (prediction.kind === 'pairs') {
    const { within, by = 0, level } = prediction;
    return within === undefined
      ? `difference < ${fixed(-by, 2)}, t over pairs, one-sided, level ${level}`
      : `|difference| < ${fixed(within, 2)}, two one-sided t over pairs, level ${level}`;
  }
  const { test, by, level } = prediction;
  const what = `difference < ${fixed(-by, 2)}`;
  return test === 'mean' ? `${what}, means alone` : `${what}, paired t, one-sided, level ${level}`;
}
