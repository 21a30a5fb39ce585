import { describe, expect, it } from 'vitest';
import { freshExpectation } from '../../src/analysis/fresh-expectation.js';
import {
  compareGraphs,
  blocksOf,
  errorsAfter,
  lowestGraph,
  resultTable,
  summarise,
  type ErrorRow,
  type ErrorTable,
} from '../../src/analysis/index.js';
import { RandomStream } from '../../src/core/random/index.js';
import { truePosteriors } from '../../src/stats/index.js';
import { drawExchangeable } from './exchangeable.js';
import { syntheticStudy } from './synthetic.js';

const random = new RandomStream('fresh expectations');

describe('freshExpectation', () => {
  it('needs a baseline, two seeds and noise', () => {
    const { table } = drawExchangeable(random, 'normal', 6, 2);
    const one = (row: ErrorRow): ErrorRow => ({ ...row, errors: [row.errors[0]] });
    const same = (row: ErrorRow): ErrorRow => ({ ...row, errors: row.errors.map(() => 40) });
    const changed = (change: (row: ErrorRow) => ErrorRow): ErrorTable => ({
      ...table,
      baseline: change(table.baseline as ErrorRow),
      graphs: table.graphs.map(change),
    });
    expect(freshExpectation({ ...table, baseline: null }, 'graph 1')).toBeNull();
    expect(freshExpectation({ ...changed(one), seeds: [1] }, 'graph 1')).toBeNull();
    expect(freshExpectation(changed(same), 'graph 1')).toBeNull();
    expect(freshExpectation(table, 'unknown')).toBeNull();
  });

  it('is told of a study’s best graph, between what was measured and nothing', () => {
    const summary = summarise(syntheticStudy());
    const { difference, measured, interval, graphs } = summary.expected!;
    expect(graphs).toBe(52);
    expect(measured).toBeCloseTo(summary.comparison!.difference, 10);
    expect(difference).toBeGreaterThan(measured);
    expect(interval[0]).toBeLessThan(difference);
    expect(interval[1]).toBeGreaterThan(difference);
  });

  it('of independent seeds takes every graph’s own mean', () => {
    const { table } = drawExchangeable(random, 'normal', 10, 3);
    const shifted = freshExpectation(table, 'graph 1', 'independent')!;
    const blocked = freshExpectation(table, 'graph 1', 'shared')!;
    expect(shifted.measured).toBeCloseTo(blocked.measured, 10);
    // What seeds do to all graphs counts as noise.
    const width = ([low, high]: readonly [number, number]): number => high - low;
    expect(width(shifted.interval)).toBeGreaterThan(width(blocked.interval));
  });
});

describe('truePosteriors', () => {
  it('of normal true means of known spread agrees with the normal posterior', () => {
    // 120 quantiles of a normal distribution of deviation 1, noise variance 1/4: nearly the closed
    // form y - (y - mean) * noise / total.
    const means = Array.from({ length: 100 }, () => Math.sqrt(1.25) * random.normal());
    const factors = means.map(() => 0.5);
    const found = truePosteriors({ means, factors, variance: 0.5, dof: 1000 })!;
    const mean = means.reduce((a, b) => a + b, 0) / means.length;
    const total = means.reduce((a, b) => a + (b - mean) ** 2, 0) / means.length;
    const middle = means.indexOf([...means].sort((a, b) => a - b)[60]);
    const kept = (total - 0.25) / total;
    const posterior = found(middle, 0.95);
    expect(posterior.mean).toBeCloseTo(mean + kept * (means[middle] - mean), 0.9);
    expect(posterior.sd).toBeGreaterThan(0.8 * Math.sqrt(0.25 * kept));
    expect(posterior.sd).toBeLessThan(1.2 * Math.sqrt(0.25 * kept));
    expect(found(middle, 0.95, { mean: 1, factor: 0 }).mean).toBeCloseTo(posterior.mean - 1, 10);
    expect(found(middle, 0.5).interval[0]).toBeGreaterThan(posterior.interval[0]);
  });

  it('of many means finds the floor: the lowest of 2000 is expected near it', () => {
    const truth = Array.from({ length: 2000 }, () => -0.3 * Math.log(random.uniform()));
    const means = truth.map((value) => value + 0.2 * random.normal());
    const lowest = means.indexOf(Math.min(...means));
    const factors = means.map(() => 1);
    const found = truePosteriors({ means, factors, variance: 0.04, dof: 2000 })!(lowest, 0.95);
    expect(means[lowest]).toBeLessThan(-0.3);
    expect(found.mean).toBeGreaterThan(-0.1);
    expect(found.mean).toBeLessThan(0.15);
  });
});

describe('a baseline that is not connected', () => {
  it('is compared all the same: it only has no place in the plane', () => {
    const { spec, records } = syntheticStudy();
    const cut = records.map((record) =>
      record.role === 'baseline' && record.facts !== null
        ? { ...record, facts: { ...record.facts, pathLength: null } }
        : record,
    );
    const table = errorsAfter(resultTable({ spec, records: cut }));
    expect(table.baseline).toMatchObject({ graph: spec.baseline, pathLength: null });
    const whole = errorsAfter(resultTable({ spec, records }));
    const against = (of: ErrorTable): number =>
      compareGraphs(blocksOf(of), [lowestGraph(of)!], [spec.baseline])!.difference;
    expect(against(table)).toBe(against(whole));
  });
});
