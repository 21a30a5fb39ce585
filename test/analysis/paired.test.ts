import { describe, expect, it } from 'vitest';
import {
  advantage,
  betterThanBaseline,
  findingsSections,
  graphMeans,
  reliability,
  type ErrorRow,
  type ErrorTable,
} from '../../src/analysis/index.js';
import { RandomStream } from '../../src/core/random/index.js';
import { oneWayAnova } from '../../src/stats/index.js';
import { findingsOf } from './findings-of.js';

const SEED_STD = 2;
const NOISE = 0.2;

/** 12 graphs, the first half a point below the baseline; every seed moves all of them by points. */
function study(seeds = 4, shift = SEED_STD): ErrorTable {
  const random = new RandomStream('paired', 1);
  const noise = (i: number, seed: number): number =>
    NOISE * new RandomStream('noise', i, seed).normal();
  const moves = Array.from({ length: seeds }, () => shift * random.normal());
  const row = (i: number, level: number): ErrorRow => ({
    graph: `graph ${i}`,
    density: 0.3,
    clustering: 0.1 + 0.06 * i,
    pathLength: 1.5 + 0.2 * ((5 * i) % 7),
    errors: moves.map((move, seed) => level + move + noise(i, seed)),
  });
  const graphs = Array.from({ length: 12 }, (_, i) => row(i, i < 6 ? 39 : 41));
  const baseline = { ...row(99, 40), graph: 'complete', clustering: 1, pathLength: 1, density: 1 };
  return { name: 'paired', arch: 'cnn', seeds: moves.map((_, i) => i), baseline, graphs };
}

const table = study();
const [best] = table.graphs;

describe('of seeds that all graphs share', () => {
  it('an advantage is found by seed that two samples hide', () => {
    const { value, interval, paired } = advantage(table, table.baseline!, best, 'shared');
    expect(paired!.difference).toBeCloseTo(value, 10);
    expect(paired!.interval[0]).toBeGreaterThan(0);
    expect(interval![0]).toBeLessThan(0);
    expect(advantage(table, table.baseline!, best, 'independent').paired).toBeNull();
  });

  it('the graphs better than the baseline are the six that are', () => {
    const found = betterThanBaseline(table, 'shared')!;
    expect(found.controlled).toBe(0);
    expect(found.blocked).toEqual({ graphs: 12, single: 6, controlled: 6 });
    expect(betterThanBaseline(table, 'independent')!.blocked).toBeNull();
  });

  it('what a seed does to all graphs is no noise of theirs', () => {
    const [shared, independent] = [
      reliability(table, 'shared')!,
      reliability(table, 'independent')!,
    ];
    expect(shared.seedStd).toBeGreaterThan(0.7 * NOISE);
    expect(shared.seedStd).toBeLessThan(1.4 * NOISE);
    expect(independent.seedStd).toBeGreaterThan(4 * NOISE);
    const anova = oneWayAnova(table.graphs.map(({ errors }) => errors.map((error) => error!)))!;
    expect(independent.seedStd ** 2).toBeCloseTo(anova.meanSquareWithin, 10);
    expect(shared.ofMeans).toBeGreaterThan(independent.ofMeans);
  });

  it('a missing seed takes its shift along', () => {
    const [hole, whole] = [graphMeans(withHole(table), 'shared'), graphMeans(table, 'shared')];
    hole.means.forEach((mean, i) =>
      expect(Math.abs(mean - whole.means[i])).toBeLessThan(2 * NOISE),
    );
    const plain = graphMeans(withHole(table), 'independent');
    expect(Math.abs(plain.means[0] - whole.means[0])).toBeGreaterThan(2 * NOISE);
  });

  it('the graph to use and its advantage do not move with what seeds do to all', () => {
    const choose = (each: ErrorTable) => findingsOf([each]).choice()[0];
    const [still, moved] = [choose(study(4, 0)), choose(study(4, 50))];
    expect(moved.graphs[0].row.graph).toBe(still.graphs[0].row.graph);
    const gain = ({ baseline, graphs: [use] }: typeof still): number =>
      baseline!.mean - use.expected;
    expect(gain(moved)).toBeCloseTo(gain(still), 8);
    expect(moved.baseline!.se).toBeCloseTo(still.baseline!.se!, 8);
  });

  it('the section names both ways, and one where seeds are independent', () => {
    const [shared] = [...findingsSections(findingsOf([table]))];
    expect(shared.columns).toContain('advantage by seed [95 %]');
    expect(shared.columns).toContain('as two samples [95 %]');
    expect(shared.definition).toContain(
      'as two samples: the same without pairs, with Welch’s interval',
    );
    expect(shared.values[0]).toMatchObject({
      pairedSeeds: 4,
      betterBySeedControlled: 6,
      betterControlled: 0,
    });
    const [independent] = [...findingsSections(findingsOf([table], { seedDesign: 'independent' }))];
    expect(independent.columns).toContain('advantage [95 %]');
    expect(independent.values[0]).toMatchObject({
      pairedAdvantage: null,
      betterBySeedControlled: null,
    });
  });
});

/** Without the first graph's training of the seed that moves most. */
function withHole(whole: ErrorTable): ErrorTable {
  const means = whole.seeds.map((_, seed) =>
    whole.graphs.reduce((sum, row) => sum + row.errors[seed]!, 0),
  );
  const middle = means.reduce((sum, mean) => sum + mean, 0) / means.length;
  const far = means.map((mean) => Math.abs(mean - middle));
  const worst = far.indexOf(Math.max(...far));
  const [first, ...rest] = whole.graphs;
  const errors = first.errors.map((error, seed) => (seed === worst ? null : error));
  return { ...whole, graphs: [{ ...first, errors }, ...rest] };
}
