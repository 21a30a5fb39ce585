import { describe, expect, it } from 'vitest';
import {
  expectations,
  findingsSections,
  graphMeans,
  surfaceFit,
  searchCosts,
  type ErrorRow,
  type ErrorTable,
  type Findings,
} from '../../src/analysis/index.js';
import { findingsOf } from './findings-of.js';
import { RandomStream } from '../../src/core/random/index.js';
import { LONG } from '../long.js';

/**
 * A table whose true errors are a round valley over C and L and known; each training has the same
 * noise.
 */
function valley({ graphs = 90, seeds = 3, noise = 0.3, own = 0, seed = 1 } = {}): {
  readonly table: ErrorTable & { readonly epoch: number };
  readonly truth: ReadonlyMap<string, number>;
} {
  const random = new RandomStream('test', 'choice', seed);
  const truth = new Map<string, number>();
  const row = (
    graph: string,
    clustering: number,
    pathLength: number,
    density: number,
  ): ErrorRow => {
    const level =
      30 + 6 * (clustering - 0.45) ** 2 + (pathLength - 2.2) ** 2 + own * random.normal();
    truth.set(graph, level);
    return {
      graph,
      clustering,
      pathLength,
      density,
      errors: Array.from({ length: seeds }, () => level + noise * random.normal()),
    };
  };
  const rows = Array.from({ length: graphs }, (_, i) =>
    row(`g${i}`, random.uniform(), 1 + 2.5 * random.uniform(), 0.1 + 0.8 * random.uniform()),
  );
  const baseline = row('complete', 1, 1, 1);
  return {
    table: {
      name: `valley ${seed}`,
      arch: 'cnn',
      epoch: 10,
      seeds: Array.from({ length: seeds }, (_, i) => i + 1),
      baseline,
      graphs: rows,
    },
    truth,
  };
}

const sectionOf = (findings: Findings) => [...findingsSections(findings)].at(-1)!;
const expectationsOf = (table: ErrorTable): ReturnType<typeof expectations> => {
  // Where its lowest place may be is not asked.
  const surface = surfaceFit(table, { draws: 1 });
  return expectations(surface?.data ?? graphMeans(table, 'independent'), surface);
};

describe('expectations', () => {
  it(
    'are nearer to the truth than the means, and hold it as often as they say',
    { tags: ['long'] },
    () => {
      let [squaresOfMeans, squares, held, count] = [0, 0, 0, 0];
      for (let seed = 1; seed <= (LONG ? 6 : 2); seed++) {
        const { table, truth } = valley({ own: 0.1, seed });
        for (const { row, measured, expected, sd } of expectationsOf(table)!) {
          const error = truth.get(row.graph)!;
          squaresOfMeans += (measured - error) ** 2;
          squares += (expected - error) ** 2;
          held += Number(Math.abs(expected - error) < 1.96 * sd);
          count += 1;
        }
      }
      expect(squares).toBeLessThan(0.5 * squaresOfMeans);
      expect(held / count).toBeGreaterThan(0.9);
      expect(held / count).toBeLessThan(0.99);
    },
  );

  it('do not flatter the one that is lowest, as the lowest mean does', { tags: ['long'] }, () => {
    const gaps = Array.from({ length: LONG ? 12 : 3 }, (_, i) => {
      const { table, truth } = valley({ noise: 0.6, seed: 10 + i });
      const [use] = expectationsOf(table)!;
      const lowest = Math.min(
        ...table.graphs.map(
          ({ errors }) => errors.reduce((sum: number, error) => sum + error!, 0) / errors.length,
        ),
      );
      return { use: truth.get(use.row.graph)! - use.expected, mean: 30 - lowest };
    });
    const mean = (which: 'use' | 'mean'): number =>
      gaps.reduce((sum, gap) => sum + gap[which], 0) / gaps.length;
    expect(mean('mean')).toBeGreaterThan(0.3);
    expect(Math.abs(mean('use'))).toBeLessThan(0.4 * mean('mean'));
  });

  it('of a few graphs are drawn to their common mean by their noise, the lower ones too', () => {
    const rows = [
      [29, 31],
      [33, 35],
    ].map((errors, i): ErrorRow => ({
      graph: `g${i}`,
      clustering: 0.1 * i,
      pathLength: 2,
      density: 0.5,
      errors,
    }));
    const [low, high] = expectationsOf({
      name: 'two',
      arch: 'cnn',
      seeds: [1, 2],
      baseline: null,
      graphs: rows,
    })!;
    expect(low.measured).toBe(30);
    expect(low.expected).toBeGreaterThan(30);
    expect(low.expected).toBeLessThan(32);
    expect(high.expected).toBeGreaterThan(32);
    expect(high.expected).toBeLessThan(34);
    expect(low.sd).toBeGreaterThan(0.5);
  });

  it('with one seed are those of the surface alone', () => {
    const { table, truth } = valley({ seeds: 1, noise: 0.3, graphs: 90 });
    const found = expectationsOf(table)!;
    const off = found.map(({ row, expected }) => expected - truth.get(row.graph)!);
    expect(Math.sqrt(off.reduce((sum, each) => sum + each ** 2, 0) / off.length)).toBeLessThan(
      0.15,
    );
    // Own effects and noise cannot be told apart: all of it is doubt.
    expect(found[0].sd).toBeGreaterThan(0.2);
    expect(expectationsOf({ ...table, graphs: table.graphs.slice(0, 8) })).toBe(null);
  });
});

describe('searchCosts', () => {
  it(
    'are lower for the surrogate where errors are smooth, and none where too few trainings ' +
      'are',
    () => {
      const { table } = valley({ graphs: 150, noise: 0.3 });
      const costs = searchCosts(table, expectationsOf(table)!);
      expect(costs.map(({ budget }) => budget)).toEqual([12, 24]);
      const mean = (values: readonly number[]): number =>
        values.reduce((sum, value) => sum + value, 0) / values.length;
      for (const { random, surrogate } of costs) {
        expect(random).toHaveLength(20);
        expect(Math.min(...random, ...surrogate)).toBeGreaterThanOrEqual(0);
        expect(mean(surrogate)).toBeLessThan(mean(random));
      }
      const small = valley({ graphs: 14 }).table;
      expect(searchCosts(small, expectationsOf(small)!).map(({ budget }) => budget)).toEqual([12]);
      const holes = {
        ...table,
        graphs: table.graphs.map((row) => ({ ...row, errors: [null, ...row.errors.slice(1)] })),
      };
      expect(searchCosts(holes, expectationsOf(holes)!)).toEqual([]);
    },
  );
});

describe('the section', () => {
  it(
    'names a graph, its advantage with limits, and what searches would have found; once ' +
      'for sections and figures',
    () => {
      const { table, truth } = valley();
      const input = findingsOf([table]);
      const { rows, values, verdict, columns } = sectionOf(input);
      expect(rows[0]).toHaveLength(columns.length);
      const [value] = values;
      expect(truth.get(value['graph'] as string)).toBeLessThan(30.4);
      const [low, high] = value['advantageInterval'] as readonly [number, number];
      expect(low).toBeLessThan(truth.get('complete')! - 30.1);
      expect(high).toBeGreaterThan(low);
      expect(value['surrogateRegret12']).toBeGreaterThanOrEqual(0);
      expect(verdict).toMatch(
        /with 95 % limits above 0 in 1 of 1\. .* after 12 trainings \d\.\d\d points above it \(random graphs: \d\.\d\d\), after 24 trainings/,
      );
      expect(input.choice()[0]).toBe(input.choice()[0]);
    },
  );

  it('says so where nothing can be told', () => {
    const { table } = valley({ graphs: 5, seeds: 1 });
    const { rows, verdict } = sectionOf(findingsOf([table]));
    expect(rows).toEqual([]);
    expect(verdict).toContain(
      'Cannot be told: it takes two graphs with two seeds, or twenty graphs',
    );
    expect(sectionOf(findingsOf([table, valley({ graphs: 30 }).table])).verdict).toContain(
      '1 task left out',
    );
    expect(
      sectionOf(findingsOf([{ ...valley({ graphs: 9 }).table, baseline: null }])).verdict,
    ).toMatch(/There is no baseline to compare with\..*cannot be told/);
  });
});
