import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import {
  POLICY_NAMES,
  replay,
  replayOnce,
  searchPolicy,
  type Observation,
  type PolicyName,
  type ReplayTable,
  type SearchPolicy,
} from '../../src/search/index.js';
import { quantile } from '../../src/stats/index.js';
import { LONG } from '../long.js';
import { valley } from './valley.js';

/** Searches of each policy that are compared. */
const [SHALLOW, DEEP] = LONG ? [40, 30] : [16, 10];

const GRID = [3, 14, 15, 92, 65, 35];
const OPTIONS = { grid: GRID, noise: 0.3 };

function make(name: PolicyName, seed: number): SearchPolicy {
  return searchPolicy(name, { seed, ...OPTIONS });
}

function chosen(observations: readonly Observation[]): number[] {
  return observations.map(({ candidate }) => candidate);
}

describe.each(POLICY_NAMES)('policy %s', (name) => {
  const table = valley();

  it('chooses the same from the same seed, and otherwise from another', () => {
    const first = replayOnce(make(name, 7), table, 20, 3);
    expect(replayOnce(make(name, 7), table, 20, 3)).toEqual(first);
    expect(chosen(replayOnce(make(name, 8), table, 20, 3).observations)).not.toEqual(
      chosen(first.observations),
    );
  });

  it('goes on from a log as if it had never stopped', () => {
    const { observations, recommended } = replayOnce(make(name, 5), table, 24, 1);
    const { candidates } = table;
    for (const at of [0, 6, 13, 23]) {
      const next = make(name, 5).next({
        candidates,
        observations: observations.slice(0, at),
        remaining: 24 - at,
      });
      expect(next, `training ${at}`).toBe(observations[at].candidate);
    }
    expect(make(name, 5).recommend({ candidates, observations, remaining: 0 })).toEqual(
      recommended,
    );
  });

  it('works with one candidate, with a budget of one and with equal errors', () => {
    const one: ReplayTable = { candidates: table.candidates.slice(0, 1), errors: [[30, 30, 30]] };
    const policy = searchPolicy(name, { seed: 1, grid: [0], noise: 0.3, finalTrainings: 3 });
    const run = replayOnce(policy, one, 9, 1);
    expect(run.recommended.candidate).toBe(0);
    expect(run.recommended.mean).toBeCloseTo(30, 6);
    expect(replayOnce(make(name, 1), table, 1, 1).observations).toHaveLength(1);
  });

  it('passes over what is closed, and says so when everything is', () => {
    const { observations } = replayOnce(make(name, 5), table, 20, 1);
    const { candidates } = table;
    const open = 14;
    for (const at of [0, 8, 20]) {
      const state = { candidates, observations: observations.slice(0, at), remaining: 24 - at };
      const all = new Set(candidates.keys());
      expect(make(name, 5).next({ ...state, closed: all })).toBe(null);
      all.delete(open);
      expect(make(name, 5).next({ ...state, closed: all })).toBe(open);
    }
  });

  it(
    'expects a finite error of any candidate at any time, and recommends among those it is ' +
      'told',
    () => {
      const { observations } = replayOnce(make(name, 5), table, 20, 1);
      const { candidates } = table;
      for (const at of [0, 1, 20])
        expect(
          make(name, 5).expect(
            { candidates, observations: observations.slice(0, at), remaining: 4 },
            7,
          ),
        ).toSatisfy(Number.isFinite);
      const state = { candidates, observations, remaining: 0 };
      const [first, second] = [observations[0].candidate, observations[1].candidate];
      expect([first, second]).toContain(
        make(name, 5).recommend(state, new Set([first, second])).candidate,
      );
      expect(make(name, 5).recommend(state, new Set([second])).candidate).toBe(second);
    },
  );

  it('refuses an error that is no number', () => {
    const state = {
      candidates: table.candidates,
      observations: [{ candidate: 3, error: NaN }],
      remaining: 0,
    };
    expect(() => make(name, 1).recommend(state)).toThrow(UserError);
  });
});

describe('random', () => {
  it('trains different graphs and recommends the lowest error', () => {
    const { observations, recommended } = replayOnce(make('random', 2), valley(), 40, 2);
    expect(new Set(chosen(observations)).size).toBe(40);
    const best = [...observations].sort((a, b) => a.error - b.error)[0];
    expect(recommended).toEqual({ candidate: best.candidate, mean: best.error, sd: null });
  });
});

describe('grid', () => {
  it('tries its subset once, then again', () => {
    const all = chosen(replayOnce(make('grid', 2), valley(), 12, 2).observations);
    for (const half of [all.slice(0, 6), all.slice(6)])
      expect([...half].sort((a, b) => a - b)).toEqual([...GRID].sort((a, b) => a - b));
  });

  it('needs its subset', () => {
    expect(() => searchPolicy('grid', { seed: 1 })).toThrow(UserError);
  });
});

describe('bandit', () => {
  it('tries half of its budget as arms and repeats those', () => {
    const all = chosen(replayOnce(make('bandit', 2), valley(), 30, 2).observations);
    expect(new Set(all.slice(0, 15)).size).toBe(15);
    expect(new Set(all).size).toBe(15);
  });

  it('shrinks by the known noise', () => {
    const { candidates } = valley();
    // First errors 30 and 34: prior mean 32, variance 8 - 1; the second arm has three trainings of
    // mean 33.
    const observations = [
      { candidate: 0, error: 30 },
      { candidate: 1, error: 34 },
      { candidate: 1, error: 32 },
      { candidate: 1, error: 33 },
    ];
    const { candidate, mean, sd } = searchPolicy('bandit', { seed: 1, noise: 1 }).recommend({
      candidates,
      observations,
      remaining: 0,
    });
    expect(candidate).toBe(0);
    expect(mean).toBeCloseTo((32 / 7 + 30) / (1 / 7 + 1), 10);
    expect(sd).toBeCloseTo(Math.sqrt(1 / (1 / 7 + 1)), 10);
  });

  it('estimates the noise where it is not given', () => {
    const { candidates } = valley();
    // One arm three times, 31, 33 and 32: variance 1 on two degrees of freedom, as if 1 had been
    // given.
    const observations = [30, 31, 33, 32].map((error, i) => ({
      candidate: i === 0 ? 0 : 1,
      error,
    }));
    expect(
      searchPolicy('bandit', { seed: 1 }).recommend({ candidates, observations, remaining: 0 }),
    ).toEqual(
      searchPolicy('bandit', { seed: 1, noise: 1 }).recommend({
        candidates,
        observations,
        remaining: 0,
      }),
    );
  });

  it('refuses a noise that is none', () => {
    expect(() => searchPolicy('bandit', { seed: 1, noise: 0 })).toThrow(UserError);
  });
});

describe('surrogate', () => {
  it(
    'finds a valley better than chance, in the median and in the bad cases',
    { tags: ['long'] },
    () => {
      const table = valley();
      const random = replay((seed) => make('random', seed), table, 24, SHALLOW, 1);
      const surrogate = replay((seed) => make('surrogate', seed), table, 24, SHALLOW, 1);
      expect(surrogate.median).toBeLessThan(random.median - 0.04);
      expect(surrogate.p90).toBeLessThan(random.p90 - 0.1);
    },
  );

  it(
    'tries several good graphs and repeats the best where graphs differ by themselves',
    { tags: ['long'] },
    () => {
      const table = valley({ own: 0.15 });
      const random = replay((seed) => make('random', seed), table, 40, DEEP, 1);
      const surrogate = replay((seed) => make('surrogate', seed), table, 40, DEEP, 1);
      expect(surrogate.median).toBeLessThan(random.median - 0.03);
      expect(surrogate.p90).toBeLessThan(random.p90 - 0.05);
      const different = surrogate.runs.map(
        ({ observations }) => new Set(chosen(observations)).size,
      );
      expect(quantile(different, 0.5)).toBeGreaterThan(14);
      expect(quantile(different, 0.5)).toBeLessThan(38);
    },
  );

  it('repeats no graph more often than counts, while another is left', { tags: ['long'] }, () => {
    const { runs } = replay(
      (seed) => searchPolicy('surrogate', { seed, finalTrainings: 3 }),
      valley({ count: 30, seeds: 3 }),
      60,
      LONG ? 5 : 1,
      1,
    );
    for (const { observations } of runs) {
      const counts = new Map<number, number>();
      for (const candidate of chosen(observations))
        counts.set(candidate, (counts.get(candidate) ?? 0) + 1);
      expect(Math.max(...counts.values())).toBeLessThanOrEqual(3);
    }
  });

  it('refuses graphs without a place', () => {
    const observations = [{ candidate: 0, error: 30 }];
    for (const wrong of [{ pathLength: Infinity }, { density: 0 }, { clustering: NaN }]) {
      const candidates = [{ clustering: 0.2, pathLength: 2, density: 0.2, ...wrong }];
      expect(
        () => make('surrogate', 1).recommend({ candidates, observations, remaining: 0 }),
        JSON.stringify(wrong),
      ).toThrow(UserError);
    }
  });
});
