import { describe, expect, it } from 'vitest';
import { freshExpectation } from '../../src/analysis/fresh-expectation.js';
import { lowestGraph } from '../../src/analysis/index.js';
import { RandomStream } from '../../src/core/random/index.js';
import { LONG } from '../long.js';
import { drawExchangeable } from './exchangeable.js';

const SIZES = [
  [10, 2],
  ...(LONG
    ? [
        [3, 2],
        [4, 2],
        [6, 3],
        [20, 3],
        [52, 2],
        [52, 5],
      ]
    : []),
];
const STUDIES = LONG ? 400 : 40;

/**
 * In simulation the interval of what is expected with fresh seeds holds the error of the lowest
 * graph, whose true means are of each of these kinds. The kinds are dealt out to several files of
 * tests, which run at the same time.
 */
export function coversFreshErrors(kinds: readonly string[]): void {
  describe.each(kinds)('true means: %s', (kind) => {
    it.each(SIZES)(
      '%d graphs, %d seeds: covers the lowest graph’s fresh error',
      { tags: ['long'] },
      (graphs, seeds) => {
        const random = new RandomStream('fresh expectations', `${kind} ${graphs} ${seeds}`);
        let [held, luck, off, squares] = [0, 0, 0, 0];
        for (let i = 0; i < STUDIES; i++) {
          const { table, truth } = drawExchangeable(random, kind, graphs, seeds);
          const { difference, interval, measured, graph } = freshExpectation(
            table,
            lowestGraph(table)!,
          )!;
          const error = truth.get(graph)!;
          held += Number(interval[0] <= error && error <= interval[1]);
          luck += error - measured;
          off += error - difference;
          squares += (error - difference) ** 2;
        }
        const margin = 3 * Math.sqrt((0.05 * 0.95) / STUDIES);
        expect(held / STUDIES).toBeGreaterThan(0.94 - margin);
        // The mean as measured is too good; what is expected is less so by far.
        expect(luck / STUDIES).toBeGreaterThan(0);
        expect(off / STUDIES).toBeLessThan(
          kind === 'none' ? 0.5 * (luck / STUDIES) : 0.1 + (3 * Math.sqrt(squares)) / STUDIES,
        );
      },
    );
  });
}
