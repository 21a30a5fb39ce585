import { RandomStream } from '../../src/core/random/index.js';
import type { Candidate, ReplayTable } from '../../src/search/index.js';

/** Where the valley of `valley` has its floor. */
const FLOOR = { clustering: 0.3, pathLength: 2.4 };

/** Places of a cloud of graphs. */
export function cloud(count: number, seed: number): Candidate[] {
  const random = new RandomStream('test', 'cloud', seed);
  return Array.from({ length: count }, () => ({
    clustering: random.uniform(),
    pathLength: 1 + 2.5 * random.uniform(),
    density: 0.1 * 9 ** random.uniform(),
  }));
}

/**
 * A table whose errors are a round valley over C and L, 30 at its floor, with `noise` on every
 * training and `own` on every graph.
 */
export function valley({
  count = 300,
  seeds = 5,
  noise = 0.3,
  own = 0,
  seed = 1,
} = {}): ReplayTable {
  const random = new RandomStream('test', 'valley', seed);
  const candidates = cloud(count, seed);
  const errors = candidates.map(({ clustering, pathLength }) => {
    const mean =
      30 +
      3 * (clustering - FLOOR.clustering) ** 2 +
      0.5 * (pathLength - FLOOR.pathLength) ** 2 +
      own * random.normal();
    return Array.from({ length: seeds }, () => mean + noise * random.normal());
  });
  return { candidates, errors };
}
