import type { ErrorRow, ErrorTable } from '../../src/analysis/index.js';
import type { RandomStream } from '../../src/core/random/index.js';

/** Distributions of true means, points: the last three have a floor and a long tail. */
export const TRUE_MEANS: Readonly<Record<string, (random: RandomStream) => number>> = {
  none: () => 0,
  normal: (random) => 0.5 * random.normal(),
  exponential: (random) => -0.5 * Math.log(random.uniform()),
  // A bowl over C and L, the surface that the paper's claims are about.
  bowl: (random) => 1.2 * ((2 * random.uniform() - 1) ** 2 + (2 * random.uniform() - 1) ** 2),
  // As the published MLP: a floor of 32.38, a mean 1.4 deviations above, a tail to 33.6.
  published: (random) => 0.2 * Math.sqrt(-2 * Math.log(random.uniform())) ** 1.5,
};

interface Drawn {
  readonly table: ErrorTable;
  /** True differences from the baseline. */
  readonly truth: ReadonlyMap<string, number>;
}

/** A study of graphs whose true means are draws of one distribution: graph + seed + noise 0.4. */
export function drawExchangeable(
  random: RandomStream,
  kind: string,
  graphs: number,
  seeds: number,
): Drawn {
  const shifts = Array.from({ length: seeds }, () => 0.8 * random.normal());
  const row = (graph: string, level: number): ErrorRow => ({
    graph,
    density: 0.3,
    clustering: 0.5,
    pathLength: 2,
    errors: shifts.map((shift) => 40 + level + shift + 0.4 * random.normal()),
  });
  const truth = new Map(
    Array.from({ length: graphs }, (_, i) => [`graph ${i}`, TRUE_MEANS[kind](random)]),
  );
  const table = {
    name: 'simulated',
    arch: 'mlp',
    seeds: shifts.map((_, i) => i + 1),
    baseline: row('baseline', 0),
    graphs: [...truth].map(([graph, level]) => row(graph, level)),
  };
  return { table, truth };
}
