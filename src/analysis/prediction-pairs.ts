import { must } from '../core/errors.js';
import { pairedDifference } from '../stats/block-comparisons.js';
import { mean } from '../stats/descriptive.js';
import type { PairsPrediction } from '../study/types.js';
import type { PredictionGround } from './prediction-sides.js';
import { resultTable } from './result-table.js';
import { fixed, plural, pValue, signed } from './text.js';

/** What a test over pairs came to, before it is put into words with the prediction's name. */
export interface PairsTested {
  readonly outcome: 'as predicted' | 'not shown' | 'the opposite' | 'open';
  readonly value: number | null;
  readonly interval: readonly [number, number] | null;
  readonly coverage: number | null;
  readonly n: number;
  /** `than` minus `below` of each pair, points. */
  readonly differences: readonly number[];
  readonly p: number | null;
  readonly why: string | null;
  readonly text: string;
}

/**
 * Student's t test over the pairs of graphs, each pair being the mean over the seeds that both have.
 * With `by` one-sided, than - below > by; the opposite is than - below < 0. With `within` two
 * one-sided tests (Schuirmann 1987): as predicted where the interval that covers 1 - 2 level lies
 * within it, the opposite where it lies outside.
 */
export function testPairs(prediction: PairsPrediction, ground: PredictionGround): PairsTested {
  const { level, within, by = 0 } = prediction;
  const coverage = 1 - 2 * level;
  const { below, than } = errorsOfPairs(prediction, ground);
  const left = prediction.below.length - below.length;
  const differences = below.map((error, at) => must(than[at]) - error);
  const shifted = (amount: number): number[] => than.map((error) => error - amount);
  const plain = pairedDifference(than, below, coverage);
  if (plain === null) {
    const why =
      below.length < 2
        ? `the test needs two pairs with complete trials, there are ${below.length}`
        : `all ${below.length} differences are equal, so nothing tells how they would vary`;
    const value = below.length === 0 ? null : mean(than) - mean(below);
    const none = { interval: null, coverage: null, p: null };
    return { outcome: 'open', ...none, value, n: below.length, differences, why, text: `${why}.` };
  }
  // A shift by a constant leaves the differences as different as they were.
  const above = (amount: number): number =>
    pairedDifference(shifted(amount), below, coverage)?.p ?? 1;
  const p = within === undefined ? above(by) : Math.max(above(-within), 1 - above(within));
  const outcome = outcomeOf(prediction, p, plain.interval, 1 - plain.p);
  const found = { outcome, value: plain.difference, interval: plain.interval, coverage };
  const text = pairsText(prediction, { ...found, n: plain.n, p }, left);
  return { ...found, n: plain.n, differences, p, why: null, text };
}

function outcomeOf(
  { level, within }: PairsPrediction,
  p: number,
  [low, high]: readonly [number, number],
  pBelow: number,
): PairsTested['outcome'] {
  if (p < level) return 'as predicted';
  const opposite = within === undefined ? pBelow < level : low >= within || high <= -within;
  return opposite ? 'the opposite' : 'not shown';
}

/** Mean errors of both graphs of each pair that has a seed with complete trials of both. */
function errorsOfPairs(
  { below, than }: PairsPrediction,
  { spec, records }: PredictionGround,
): { readonly below: number[]; readonly than: number[] } {
  const rows = new Map(
    resultTable({ spec, records }).graphs.map(({ graph, trainings }) => [
      graph,
      trainings.map((training) => training?.error ?? null),
    ]),
  );
  const means = below.flatMap((graph, at): [number, number][] => {
    const other = rows.get(must(than[at])) ?? [];
    const both = (rows.get(graph) ?? []).flatMap((error, seed): [number, number][] => {
      const partner = other[seed] ?? null;
      return error === null || partner === null ? [] : [[error, partner]];
    });
    if (both.length === 0) return [];
    return [[mean(both.map(([error]) => error)), mean(both.map(([, error]) => error))]];
  });
  return { below: means.map(([error]) => error), than: means.map(([, error]) => error) };
}

/** `the first of 60 pairs lies 0.02 points below the second on average (predicted: ...).` */
function pairsText(
  { within, by = 0, level }: PairsPrediction,
  { value, interval, n, p }: Pick<PairsTested, 'value' | 'interval' | 'n' | 'p'>,
  left: number,
): string {
  const amount = value ?? 0;
  // As all that is told of differences: negative is below.
  const [low, high] = interval ? [-interval[1], -interval[0]] : [0, 0];
  const predicted =
    within === undefined
      ? by === 0
        ? 'below'
        : `more than ${fixed(by, 2)} below`
      : `less than ${fixed(within, 2)} apart`;
  const test = within === undefined ? 'one-sided t test' : 'two one-sided t tests';
  const without = left === 0 ? '' : ` Without ${plural(left, 'pair')} that lack complete trials.`;
  return (
    `the first of ${n} pairs lies ${fixed(Math.abs(amount), 2)} points ` +
    `${amount >= 0 ? 'below' : 'above'} the second on average (predicted: ${predicted}; ` +
    `${Number((100 * (1 - 2 * level)).toFixed(4))}\u00a0% interval ${signed(low, 2)} to ` +
    `${signed(high, 2)}; ${test} over pairs, p ${pValue(p ?? 1)}, level ${level}).${without}`
  );
}
