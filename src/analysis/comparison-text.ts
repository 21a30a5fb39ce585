import { leafText } from '../core/differences.js';
import { apart, intervalPhrase } from './sentences.js';
import type { StudyComparison, StudyDifference } from './study-comparison.js';
import { fixed, plural, signed } from './text.js';

/** A comparison of two studies as it is told. */
export interface ComparisonText {
  readonly title: string;
  /** Settings that differ, one a line; none where nothing does. */
  readonly settings: readonly string[];
  /** What the two have in common, and the answer. */
  readonly sentences: readonly string[];
  readonly columns: readonly string[];
  /** The baseline, then the graphs. */
  readonly rows: readonly (readonly string[])[];
}

/** Settings longer than this are cut. */
const LONGEST = 60;

/** What is said of two studies before the paper's questions. */
export function comparisonText(comparison: StudyComparison): ComparisonText {
  const { first, second, settings, each } = comparison;
  return {
    title: `${second} against ${first}`,
    settings: settings.map(
      ({ path, before, after }) => `${path}: ${cut(leafText(before))} | ${cut(leafText(after))}`,
    ),
    sentences: [commonSentence(comparison), answerSentence(comparison), countSentence(comparison)],
    columns: ['graph', first, second, 'difference', '95 % interval', 'trainings'],
    rows: each.map(rowOf),
  };
}

const cut = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;

function rowOf({ graph, baseline, means, difference, interval, pairs }: StudyDifference): string[] {
  return [
    `${graph ?? 'all'}${baseline ? ' (baseline)' : ''}`,
    fixed(means[0], 2),
    fixed(means[1], 2),
    signed(difference, 2),
    interval === null ? 'too few seeds' : `${signed(interval[0], 2)} to ${signed(interval[1], 2)}`,
    pairs === null ? 'two samples' : plural(pairs, 'pair'),
  ];
}

function commonSentence({ graphs, seeds, each, first, second }: StudyComparison): string {
  const baseline = each.some((one) => one.baseline);
  const only = (count: number, name: string, noun: string): string =>
    count === 0 ? '' : `, ${plural(count, noun)} only in ${name}`;
  return (
    `Both have ${plural(graphs.common - (baseline ? 1 : 0), 'graph')}` +
    `${baseline ? ' and the baseline' : ''}${only(graphs.first, first, 'graph')}` +
    `${only(graphs.second, second, 'graph')}; they share ${plural(seeds.common, 'seed')}` +
    `${only(seeds.first, first, 'seed')}${only(seeds.second, second, 'seed')}.`
  );
}

function answerSentence({ together, each, first, second }: StudyComparison): string {
  const [one] = each;
  if (one === undefined) return 'No graph has a complete trial in both, so nothing is compared.';
  const shown = together ?? one;
  const what =
    together === null
      ? `Of ${one.graph ?? 'all graphs'}`
      : `Over all graphs that both have, the baseline left out,`;
  const how =
    shown.pairs === null
      ? 'as two samples, since no seeds are shared'
      : `from ${plural(shown.pairs, 'pair')} of trainings with one seed`;
  const sure = intervalPhrase(shown.interval) ?? 'no interval: it takes two seeds';
  return (
    `${what} the test error of ${second} lies ${apart(shown.difference)} that of ${first} ` +
    `(${sure}; ${how}).`
  );
}

function countSentence({ each, second }: StudyComparison): string {
  const graphs = each.filter(({ baseline }) => !baseline);
  const told = graphs.filter(({ interval }) => interval !== null);
  const lower = graphs.filter(({ difference }) => difference < 0).length;
  if (graphs.length === 0) return 'Apart from the baseline they have no graph in common.';
  const below = told.filter(({ interval }) => interval![1] < 0).length;
  const above = told.filter(({ interval }) => interval![0] > 0).length;
  return (
    `${second} is lower for ${lower} of ${plural(graphs.length, 'graph')}; ` +
    (told.length === 0
      ? 'for none can it be told from noise.'
      : `the interval of a single graph lies below 0 for ${below} and above 0 for ${above}; ` +
        'of intervals without any difference behind them 1 in 20 would, too.')
  );
}
