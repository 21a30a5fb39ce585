import { describe, expect, it } from 'vitest';
import {
  compareGraphs,
  blocksOf,
  lowestGraph,
  type ErrorRow,
  type ErrorTable,
} from '../../src/analysis/index.js';
import { onFreshSeeds } from '../../src/analysis/fresh-seeds.js';
import { mechanismOf } from '../../src/analysis/mechanism.js';
import type { ResultTable } from '../../src/analysis/result-table.js';
import { verdictOf } from '../../src/analysis/verdict.js';
import { RandomStream } from '../../src/core/random/index.js';

/** What a simulated study is drawn from; errors are graph + seed + noise. */
interface Draws {
  readonly graphs: number;
  readonly seeds: number;
  /** Standard deviation of the graphs' true means; 0: none differs from another or the baseline. */
  readonly between: number;
}

const NOISE = 0.4;
const SHIFT = 0.8;
const random = new RandomStream('simulated studies');

interface Drawn {
  readonly table: ErrorTable;
  /** True mean of the graph less that of the baseline, by graph. */
  readonly truth: ReadonlyMap<string, number>;
}

function draw({ graphs, seeds, between }: Draws): Drawn {
  const shifts = Array.from({ length: seeds }, () => SHIFT * random.normal());
  const row = (graph: string, level: number): ErrorRow => ({
    graph,
    density: 0.3,
    clustering: 0.5,
    pathLength: 2,
    errors: shifts.map((shift) => 40 + level + shift + NOISE * random.normal()),
  });
  const truth = new Map(
    Array.from({ length: graphs }, (_, i) => [`graph ${i}`, between * random.normal()]),
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

/** The comparison of a study's lowest graph with its baseline, as `summarise` has it. */
function lowestAgainst({
  graphs,
  ...rest
}: ErrorTable): NonNullable<ReturnType<typeof compareGraphs>> {
  const blocks = blocksOf({ graphs, ...rest });
  return compareGraphs(
    blocks,
    [lowestGraph({ graphs, ...rest }, blocks)!],
    ['baseline'],
    graphs.length,
  )!;
}

const inside = (value: number, [low, high]: readonly [number, number]): boolean =>
  low <= value && value <= high;

/** Three standard errors of a share that is truly so large. */
const margin = (expected: number, studies: number): number =>
  3 * Math.sqrt((expected * (1 - expected)) / studies);

const SIZES = [2, 3].flatMap((seeds) => [10, 52].map((graphs) => ({ seeds, graphs })));

/** Studies of each size and kind. */
const STUDIES = 300;

describe.each(SIZES)('of studies of $graphs graphs and $seeds seeds', ({ seeds, graphs }) => {
  it(
    'intervals cover the true difference: of a graph named beforehand 95 times of 100, of ' +
      'the lowest at least so often',
    () => {
      const covered = { named: 0, lowest: 0 };
      for (let i = 0; i < STUDIES; i++) {
        const { table, truth } = draw({ graphs, seeds, between: 0.5 });
        const { interval } = compareGraphs(blocksOf(table), ['graph 3'], ['baseline'])!;
        if (inside(truth.get('graph 3')!, interval!)) covered.named += 1;
        const {
          graphs: [lowest],
          chosen,
        } = lowestAgainst(table);
        if (inside(truth.get(lowest)!, chosen!)) covered.lowest += 1;
      }
      expect(covered.named / STUDIES).toBeGreaterThan(0.93);
      expect(covered.named / STUDIES).toBeLessThan(0.97);
      expect(covered.lowest / STUDIES).toBeGreaterThanOrEqual(0.95);
    },
  );

  it('where nothing differs, graphs win at most 2.5 times of 100 and the baseline hardly ever', () => {
    const counts = { graphs: 0, baseline: 0, open: 0, untold: 0, covered: 0 };
    for (let i = 0; i < STUDIES; i++) {
      const comparison = lowestAgainst(draw({ graphs, seeds, between: 0 }).table);
      counts[verdictOf(comparison, null).winner] += 1;
      if (inside(0, comparison.chosen!)) counts.covered += 1;
    }
    expect(counts.graphs / STUDIES).toBeLessThanOrEqual(0.025);
    expect(counts.baseline / STUDIES).toBeLessThan(0.01);
    expect(counts.covered / STUDIES).toBeGreaterThanOrEqual(0.95);
    expect(counts.untold).toBe(0);
  });
});

describe.each([2, 3, 5])('of studies without any difference, on %d fresh seeds', (seeds) => {
  it('graphs win 2.5 times of 100, and so does the baseline', () => {
    const winners = { graphs: 0, baseline: 0, open: 0, untold: 0 };
    for (let i = 0; i < STUDIES; i++) {
      const { table } = draw({ graphs: 2, seeds, between: 0 });
      const { winner, by } = verdictOf(null, onFreshSeeds(table, ['graph 0', 'graph 1']));
      expect(by).toBe('fresh');
      winners[winner] += 1;
    }
    const most = 0.025 + margin(0.025, STUDIES);
    expect(winners.graphs / STUDIES).toBeLessThan(most);
    expect(winners.baseline / STUDIES).toBeLessThan(most);
    expect(winners.untold).toBe(0);
  });
});

/** The trainings of a table whose training errors lie six points lower, with noise of their own. */
function withTraining({ graphs, baseline, ...table }: ErrorTable): ResultTable {
  const row = ({
    graph,
    errors,
  }: Pick<ErrorRow, 'graph' | 'errors'>): ResultTable['graphs'][number] => ({
    graph,
    facts: null,
    failed: 0,
    trainings: errors.map((error, at) => ({
      seed: table.seeds[at],
      error: error!,
      validation: null,
      test: [null, error],
      test5: [null, null],
      train: [null, 34 + 0.2 * random.normal()],
    })),
  });
  return {
    ...table,
    chosenOn: 'test',
    epochs: [1, 2],
    baseline: row(baseline!),
    graphs: graphs.map(row),
  };
}

describe('the mechanism of studies in which nothing differs', () => {
  it.each([2, 3])('is shown in hardly any of them, %d seeds', (seeds) => {
    const shown = { fit: 0, generalisation: 0, both: 0, neither: 0 };
    const studies = 200;
    for (let i = 0; i < studies; i++) {
      const { table } = draw({ graphs: 52, seeds, between: 0 });
      shown[mechanismOf(withTraining(table), table)!.shown] += 1;
    }
    // Either of two at 2.5 %, in one direction.
    expect((studies - shown.neither) / studies).toBeLessThan(0.05 + margin(0.05, studies));
  });
});
