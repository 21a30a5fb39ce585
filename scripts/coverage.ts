// Prints how often the interval of what is to be expected with fresh seeds holds, in simulation:
// the table of docs/numbers.md. Draws are those of a seed that no prior was set by; another one is
// an argument: npx tsx scripts/coverage.ts [SEED] [STUDIES]
import { freshExpectation } from '../src/analysis/fresh-expectation.js';
import { lowestGraph } from '../src/analysis/index.js';
import { RandomStream } from '../src/core/random/index.js';
import { drawExchangeable, TRUE_MEANS } from '../test/analysis/exchangeable.js';

const SIZES = [
  [4, 2],
  [10, 2],
  [20, 3],
  [52, 2],
  [52, 5],
] as const;

const [seed = 'coverage', studies = '200'] = process.argv.slice(2);
const count = Number(studies);
for (const kind of Object.keys(TRUE_MEANS)) {
  for (const [graphs, seeds] of SIZES) {
    const random = new RandomStream(`${seed} ${kind} ${graphs} ${seeds}`);
    let [held, measured, expected] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      const { table, truth } = drawExchangeable(random, kind, graphs, seeds);
      const found = freshExpectation(table, lowestGraph(table)!)!;
      const error = truth.get(found.graph)!;
      held += Number(found.interval[0] <= error && error <= found.interval[1]);
      measured += error - found.measured;
      expected += error - found.difference;
    }
    process.stdout.write(
      `${kind}, ${graphs} x ${seeds}: covered ${((100 * held) / count).toFixed(1)} % of ${count}, ` +
        `above the measured ${(measured / count).toFixed(2)}, ` +
        `above the expected ${(expected / count).toFixed(2)}\n`,
    );
  }
}
