import { describe, expect, it } from 'vitest';
import { exportTable } from '../../src/analysis/export/index.js';
import { resultsTable, summarise, terminalReport } from '../../src/analysis/index.js';
import { RandomStream } from '../../src/core/random/index.js';
import { compareWithNulls } from '../../src/stats/null-comparison.js';
import { nullGraphs } from '../../src/study/nulls.js';
import { trialsOf } from '../../src/study/trials.js';
import { renderReport } from '../../src/figures/index.js';
import { madeStudy } from './synthetic.js';

const random = new RandomStream('null graphs');

describe('a graph against its nulls', () => {
  it('is paired by block: what a block does to all of them is no noise', () => {
    const found = compareWithNulls(
      [1, 11],
      [
        [2, 12.5],
        [3, 12.5],
        [1, 11],
      ],
      0.95,
    )!;
    // Differences -1.25, -1.75, 0: one null is as good.
    expect(found).toMatchObject({ counted: 3, asGood: 1, p: 2 / 4, blocks: 2 });
    expect(found.difference).toBeCloseTo(-1, 12);
    expect(found.interval![0]).toBeLessThan(-1);
  });

  it('goes by the blocks that both have', () => {
    const found = compareWithNulls(
      [1, null, 3],
      [
        [2, 0, null],
        [null, 0, null],
        [null, 0, 3],
      ],
      0.95,
    )!;
    expect(found).toMatchObject({ counted: 2, asGood: 1, blocks: 2, difference: -0.5 });
    expect(compareWithNulls([null, 1], [[2, null]], 0.95)).toBeNull();
  });

  it('has no interval of no width', () => {
    expect(
      compareWithNulls(
        [1, 2],
        [
          [1, 2],
          [1, 2],
        ],
        0.95,
      )!.interval,
    ).toBeNull();
    expect(compareWithNulls([1, 2], [[1, 3]], 0.95)!.interval).toBeNull();
  });

  it.each([
    [5, 20, 1, 1, [0.935, 0.965]],
    [2, 20, 0, 1, [0.935, 0.985]],
    [3, 10, 2, 0.3, [0.93, 0.97]],
    [1, 20, 0.5, 1, [0.94, 1]],
  ] as const)('covers: %i seeds, %i nulls', (seeds, count, between, noise, [low, high]) => {
    const rounds = 1500;
    let [covered, small] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      const shifts = Array.from({ length: seeds }, () => 3 * random.normal());
      const row = (level: number): number[] =>
        shifts.map((shift) => level + shift + noise * random.normal());
      const nulls = Array.from({ length: count }, () => row(between * random.normal()));
      const { interval } = compareWithNulls(row(0.7), nulls, 0.95)!;
      covered += Number(interval![0] <= 0.7 && 0.7 <= interval![1]);
      small += Number(compareWithNulls(row(between * random.normal()), nulls, 0.95)!.p <= 0.1);
    }
    expect(covered / rounds).toBeGreaterThan(low);
    expect(covered / rounds).toBeLessThanOrEqual(high);
    // A graph that is one of them is as rare as p says, at most.
    expect(small / rounds).toBeLessThan(0.12);
  });
});

describe('a study with a null ensemble', () => {
  const of = 'ws-flex:n=64,k=8,p=0,seed=1';
  const nulls = [{ of, count: 4, seed: 1, connected: true }];
  const drawn = [...nullGraphs({ nulls })];
  const errors = new Map([
    [of, 40],
    ...drawn.map((graph, at): [string, number] => [graph, 39 + at]),
  ]);
  const facts = {
    nodes: 64,
    edges: 256,
    clustering: 0.5,
    pathLength: 2,
    widths: [700],
    macs: 1,
    params: 1,
  };
  const made = madeStudy({
    graphs: [of],
    seeds: [1, 2, 3],
    errors: () => ({ test: 0, train: 0 }),
  });
  const spec = {
    ...made.spec,
    graphs: [of, ...drawn],
    nulls,
    names: [{ name: 'ring', graph: of }],
  };
  const noise = [0, 0.1, 0.25, 0.05, 0.3, 0.15, 0.2, 0, 0.12, 0.07, 0.21, 0.3, 0.02, 0.11, 0.26];
  const records = trialsOf(spec).map((trial) => ({
    ...made.records[0],
    ...trial,
    facts,
    status: 'complete' as const,
    error: (errors.get(trial.graph) ?? 41) + trial.seed + noise[trial.index % 15] / 10,
  }));
  const summary = summarise({ spec, records, dataIdentity: made.dataIdentity });

  it('tests the graph, which alone can be the best', () => {
    expect(summary.best).toMatchObject({ spec: of, name: 'ring', control: false });
    expect(summary.comparison!.choices).toBe(1);
    expect(summary.below!.graphs).toBe(1);
    expect(summary.nulls[0]).toMatchObject({ of, name: 'ring', count: 4, counted: 4, seeds: 3 });
    // Nulls at 39, 40, 41, 42 beside a graph at 40, and a little noise.
    expect(summary.nulls[0].difference).toBeCloseTo(-0.5, 1);
    expect([0.4, 0.6]).toContain(summary.nulls[0].p);
  });

  it('is told by names in terminal, report and export, and the table of trials stays as it is', () => {
    const text = terminalReport(summary);
    expect(text.replace(/\s+/g, ' ')).toContain('ring lies 0.5');
    expect(text).not.toContain(of);
    expect(renderReport({ spec, records, summary, bestGraph: null })).toContain(
      '>ring null 3</td>',
    );
    const table = exportTable(
      { spec, trials: trialsOf(spec), records, dataIdentity: 'x' },
      'trials',
    );
    const column = (name: string): unknown =>
      table.columns.find((each) => each.name === name)!.values;
    expect((column('name') as string[]).slice(0, 3)).toEqual([null, 'ring', 'ring null 1']);
    expect((column('nullOf') as string[]).slice(0, 3)).toEqual([null, null, of]);
    expect(resultsTable(records)).not.toContain('ring null');
  });
});
