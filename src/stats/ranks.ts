import { must } from '../core/errors.js';
import { incompleteBeta } from './special.js';

/** Ranks from 1, equal values sharing the mean of theirs. */
export function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => must(values[a]) - must(values[b]));
  const ranks = values.map(() => 0);
  for (let from = 0; from < order.length;) {
    let to = from;
    const value = values[must(order[from])];
    while (to + 1 < order.length && values[must(order[to + 1])] === value) to += 1;
    for (const i of order.slice(from, to + 1)) ranks[i] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return ranks;
}

/** P of at least so many of `count` fair coins on one side, both sides counted. */
export function signTest(wins: number, count: number): number {
  const most = Math.max(wins, count - wins);
  return count === 0 ? 1 : Math.min(1, 2 * incompleteBeta(most, count - most + 1, 0.5, 0.5));
}
