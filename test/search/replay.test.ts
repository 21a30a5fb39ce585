import { describe, expect, it } from 'vitest';
import { replay, replayOnce, type SearchPolicy, type SearchState } from '../../src/search/index.js';
import { valley } from './valley.js';

/** Trains what it is told to, recommends candidate 1, and keeps what it was shown. */
function scripted(choices: readonly number[], seen: SearchState[] = []): SearchPolicy {
  return {
    name: 'random',
    next: (state) => {
      seen.push(state);
      return choices[state.observations.length % choices.length];
    },
    expect: () => 0,
    recommend: (state) => {
      seen.push(state);
      return { candidate: 1, mean: 0, sd: null };
    },
  };
}

describe('replay', () => {
  const table = valley({ count: 4, seeds: 5 });

  it('makes exactly as many trainings as the budget allows', () => {
    for (const budget of [1, 24, 64]) {
      const seen: SearchState[] = [];
      expect(replayOnce(scripted([0, 1, 2], seen), table, budget, 1).observations).toHaveLength(
        budget,
      );
      seen.forEach(({ observations, remaining }, i) => {
        expect(observations).toHaveLength(i);
        expect(remaining).toBe(budget - i);
      });
      expect(seen).toHaveLength(budget + 1);
    }
    expect(() => replayOnce(scripted([0]), table, 0, 1)).toThrow(/budget/);
  });

  it('shows a policy no error that was not drawn', () => {
    const seen: SearchState[] = [];
    const { observations } = replayOnce(scripted([2, 3], seen), table, 6, 1);
    const drawn = new Set(observations.map(({ error }) => error));
    const shown = new Set(
      JSON.stringify(seen)
        .match(/-?\d+\.\d+/g)!
        .map(Number),
    );
    const hidden = table.errors.flat().filter((error) => !drawn.has(error));
    expect(hidden).toHaveLength(14);
    for (const error of hidden) expect(shown.has(error)).toBe(false);
    for (const state of seen)
      expect(Object.keys(state).sort()).toEqual(['candidates', 'observations', 'remaining']);
  });

  it('draws every seed of a graph once before any again', () => {
    const { observations } = replayOnce(scripted([2]), table, 30, 1);
    const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
    const errors = observations.map(({ error }) => error);
    expect(sorted(errors.slice(0, 5))).toEqual(sorted(table.errors[2]));
    expect(errors.slice(5).every((error) => table.errors[2].includes(error))).toBe(true);
    // In another order with another seed.
    const orders = new Set(
      [1, 2, 3, 4].map((seed) =>
        JSON.stringify(replayOnce(scripted([2]), table, 5, seed).observations),
      ),
    );
    expect(orders.size).toBeGreaterThan(1);
  });

  it('scores the recommended graph by all of its trainings', () => {
    const mean = table.errors[1].reduce((sum, error) => sum + error, 0) / 5;
    const { runs, median, p90 } = replay(() => scripted([0]), table, 3, 4, 1);
    for (const { trueError } of runs) expect(trueError).toBeCloseTo(mean, 12);
    expect(median).toBeCloseTo(mean, 12);
    expect(p90).toBeCloseTo(mean, 12);
  });

  it('gives each replay its own seed, from the one that it is given', () => {
    const seeds: number[] = [];
    const run = (seed: number): number =>
      replay((own) => (seeds.push(own), scripted([0, 1])), table, 4, 6, seed).median;
    run(1);
    expect(new Set(seeds).size).toBe(6);
    run(1);
    expect(seeds.slice(6)).toEqual(seeds.slice(0, 6));
  });

  it('refuses a choice that is no candidate', () => {
    for (const wrong of [-1, 4, 0.5, NaN])
      expect(() => replayOnce(scripted([wrong]), table, 2, 1)).toThrow(/candidate/);
  });
});
