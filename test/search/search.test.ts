import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { RandomStream } from '../../src/core/random/index.js';
import {
  replaySearch,
  rungsOf,
  Search,
  searchPolicy,
  type PolicyName,
  type SearchRules,
  type TrainingState,
} from '../../src/search/index.js';
import { forecast } from '../../src/search/forecast.js';
import { costOfBracket } from '../../src/search/rungs.js';
import { cloud, valley } from './valley.js';
import { LONG } from '../long.js';

const RULES: SearchRules = { trainings: 12, epochs: 9, seeds: 3, together: 4, halving: null };
const HALVED: SearchRules = { ...RULES, together: 9, halving: { first: 1, factor: 3 } };
const table = valley({ count: 60, seeds: 3 });

/** Curves that come down to a table's errors, with noise of their own on the way. */
function errorsOf(candidate: number, seed: number, epochs: number): number[] {
  const random = new RandomStream('test', 'curve', candidate, seed);
  return Array.from(
    { length: epochs },
    (_, epoch) =>
      table.errors[candidate][seed] +
      (epoch === epochs - 1 ? 0 : 0.2 * random.normal() + 10 / (epoch + 1)),
  );
}

/**
 * Runs a search as a study would; `order` says how the runs of a step end, `fails` which never end
 * well.
 */
function run(
  search: Search,
  rules: SearchRules,
  {
    order = (runs: number) => [...Array(runs).keys()],
    fails = () => false,
    until = Infinity,
  }: {
    order?: (runs: number) => readonly number[];
    fails?: (candidate: number) => boolean;
    until?: number;
  } = {},
  known = new Map<string, TrainingState>(),
): Map<string, TrainingState> {
  for (let steps = 0; steps < until; steps++) {
    const { runs, alive } = search.advance(
      (candidate, seed) => known.get(`${candidate} ${seed}`) ?? null,
    );
    if (runs.length === 0) break;
    for (const each of runs)
      expect(alive).toContainEqual({ candidate: each.candidate, seed: each.seed });
    for (const at of order(runs.length)) {
      const { candidate, seed, until: epochs } = runs[at];
      const all = errorsOf(candidate, seed, rules.epochs);
      known.set(
        `${candidate} ${seed}`,
        fails(candidate)
          ? { errors: all.slice(0, epochs - 1), failed: true }
          : { errors: all.slice(0, epochs), failed: false },
      );
    }
  }
  return known;
}

const make = (rules: SearchRules, name: PolicyName = 'surrogate', seed = 1): Search =>
  new Search(searchPolicy(name, { seed }), table.candidates, rules);

describe('rungsOf', () => {
  it('divides the epochs by the factor, rounded up, down to the first rung', () => {
    expect(rungsOf(100, null)).toEqual([100]);
    expect(rungsOf(100, { first: 3, factor: 3 })).toEqual([4, 12, 34, 100]);
    expect(rungsOf(100, { first: 10, factor: 3 })).toEqual([12, 34, 100]);
    expect(rungsOf(10, { first: 1, factor: 2 })).toEqual([1, 2, 3, 5, 10]);
    expect(rungsOf(5, { first: 4, factor: 2 })).toEqual([5]);
  });

  it('refuses rungs that make no sense', () => {
    expect(() => rungsOf(5, { first: 5, factor: 3 })).toThrow(UserError);
    expect(() => rungsOf(5, { first: 0, factor: 3 })).toThrow(UserError);
    expect(() => rungsOf(5, { first: 1, factor: 1 })).toThrow(UserError);
  });

  it('counts what a bracket costs', () => {
    expect(costOfBracket(4, [9], null)).toBe(36);
    // 9 to epoch 1, 3 to epoch 3, 1 to epoch 9.
    expect(costOfBracket(9, [1, 3, 9], { first: 1, factor: 3 })).toBe(9 + 3 * 2 + 6);
  });
});

describe('forecast', () => {
  it('follows the line of those that went on, and knows when it cannot', () => {
    expect(forecast(60, [])).toBe(60);
    expect(forecast(60, [{ early: 50, final: 30 }])).toBe(40);
    expect(
      forecast(60, [
        { early: 50, final: 30 },
        { early: 52, final: 31 },
        { early: 54, final: 32 },
      ]),
    ).toBeCloseTo(35, 10);
    // Those that were worse early were not worse in the end: the early error says nothing.
    expect(
      forecast(60, [
        { early: 50, final: 32 },
        { early: 52, final: 31 },
        { early: 54, final: 30 },
      ]),
    ).toBe(31);
  });
});

describe('Search', () => {
  it.each(['surrogate', 'bandit', 'random'] as const)(
    'spends its budget and no more, each seed once (%s)',
    (name) => {
      const search = make(RULES, name);
      run(search, RULES);
      const trainings = search.trainings();
      expect(trainings).toHaveLength(12);
      expect(search.epochsSpent).toBe(search.budget);
      expect(new Set(trainings.map(({ candidate, seed }) => `${candidate} ${seed}`)).size).toBe(12);
      expect(
        trainings.every(
          ({ outcome, error, candidate, seed }) =>
            outcome === 'complete' && error === table.errors[candidate][seed],
        ),
      ).toBe(true);
      expect(trainings.map(({ bracket }) => bracket)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
      const best = search.recommend()!;
      expect(trainings.map(({ candidate }) => candidate)).toContain(best.candidate);
    },
  );

  it(
    'depends on neither the order in which trainings end nor interruptions',
    { tags: ['long'] },
    () => {
      fc.assert(
        fc.property(fc.boolean(), fc.nat(), fc.nat(6), (halved, shuffle, stop) => {
          const rules = halved ? HALVED : RULES;
          const plain = make(rules);
          run(plain, rules);
          const random = new RandomStream('test', 'order', shuffle);
          const order = (runs: number): number[] => {
            const places = Int32Array.from({ length: runs }, (_, i) => i);
            random.shuffle(places);
            // Some are done only after an interruption.
            return [...places].slice(0, 1 + random.below(runs));
          };
          const known = run(make(rules), rules, { order, until: stop });
          const resumed = make(rules);
          run(resumed, rules, { order }, known);
          expect(resumed.trainings()).toEqual(plain.trainings());
          expect(resumed.recommend()).toEqual(plain.recommend());
        }),
        { numRuns: LONG ? 12 : 4 },
      );
    },
  );

  it(
    'halves: every rung lets the best third of its bracket go on, and stopped trainings ' +
      'cost their epochs',
    () => {
      const search = make(HALVED);
      const known = run(search, HALVED);
      const trainings = search.trainings();
      expect(trainings.length).toBeGreaterThan(2 * HALVED.trainings);
      expect(search.epochsSpent).toBe(trainings.reduce((sum, { epochs }) => sum + epochs, 0));
      expect(search.epochsSpent).toBeLessThanOrEqual(search.budget);
      expect(search.budget - search.epochsSpent).toBeLessThan(HALVED.epochs);
      const first = trainings.filter(({ bracket }) => bracket === 0);
      expect(first.map(({ epochs }) => epochs).sort((a, b) => a - b)).toEqual([
        1, 1, 1, 1, 1, 1, 3, 3, 9,
      ]);
      const early = (each: (typeof first)[number]): number =>
        known.get(`${each.candidate} ${each.seed}`)!.errors[0];
      const stopped = Math.min(...first.filter(({ epochs }) => epochs === 1).map(early));
      for (const each of first.filter(({ epochs }) => epochs > 1))
        expect(early(each)).toBeLessThanOrEqual(stopped);
      for (const each of trainings.filter(({ outcome }) => outcome === 'stopped'))
        expect(each.error).toBe(
          known.get(`${each.candidate} ${each.seed}`)!.errors[each.epochs - 1],
        );
    },
  );

  it('goes on without graphs that fail, and never tries them again', () => {
    for (const rules of [RULES, HALVED]) {
      const search = make(rules);
      run(search, rules, { fails: (candidate) => candidate % 2 === 0 });
      const failed = search.trainings().filter(({ outcome }) => outcome === 'failed');
      expect(failed.length).toBeGreaterThan(0);
      // One bracket may hold a graph twice; later ones do not.
      for (const { candidate, bracket } of failed)
        expect(
          search
            .trainings()
            .filter((each) => each.candidate === candidate)
            .every((each) => each.bracket === bracket),
        ).toBe(true);
      expect(failed.every(({ candidate, error }) => candidate % 2 === 0 && error === null)).toBe(
        true,
      );
      expect(search.recommend()!.candidate % 2).toBe(1);
    }
  });

  it('recommends nothing when everything failed, and ends', () => {
    const search = make(RULES);
    run(search, RULES, { fails: () => true });
    expect(search.trainings()).toHaveLength(12);
    expect(search.recommend()).toBe(null);
  });

  it('ends when every graph was trained with every seed', () => {
    const rules = { ...RULES, trainings: 100, together: 4 };
    const search = new Search(
      searchPolicy('surrogate', { seed: 1 }),
      table.candidates.slice(0, 5),
      rules,
    );
    run(search, rules);
    expect(search.trainings()).toHaveLength(15);
    expect(search.advance(() => null).runs).toEqual([]);
  });

  it('does not choose one graph more often at a time than it has seeds', () => {
    const rules = { ...RULES, together: 12 };
    const search = new Search(
      searchPolicy('surrogate', { seed: 1 }),
      table.candidates.slice(0, 4),
      rules,
    );
    const { runs } = search.advance(() => null);
    expect(new Set(runs.map(({ candidate, seed }) => `${candidate} ${seed}`)).size).toBe(12);
  });

  it('finds a better graph from a halved budget than without halving, where early errors tell', () => {
    const mean = (rules: SearchRules): number => {
      const found = Array.from({ length: 16 }, (_, seed) => {
        const search = make(rules, 'random', seed);
        run(search, rules);
        return (
          table.errors[search.recommend()!.candidate].reduce((sum, error) => sum + error, 0) / 3
        );
      });
      return found.reduce((sum, error) => sum + error, 0) / found.length;
    };
    expect(mean({ ...HALVED, trainings: 5 })).toBeLessThan(mean({ ...RULES, trainings: 5 }) - 0.03);
  });

  it('is what a replay replays', () => {
    const curves = table.errors.map((errors, candidate) =>
      errors.map((_, seed) => errorsOf(candidate, seed, 9)),
    );
    const { trainings, recommended, trueError } = replaySearch(
      searchPolicy('random', { seed: 4 }),
      { candidates: table.candidates, curves },
      { trainings: 12, together: 9, halving: HALVED.halving },
      4,
    );
    expect(
      trainings
        .filter(({ bracket }) => bracket === 0)
        .map(({ epochs }) => epochs)
        .sort((a, b) => a - b),
    ).toEqual([1, 1, 1, 1, 1, 1, 3, 3, 9]);
    for (const { candidate, epochs, error } of trainings)
      expect(curves[candidate].map((curve) => curve[epochs - 1])).toContain(error);
    expect(trueError).toBeCloseTo(
      table.errors[recommended!.candidate].reduce((sum, error) => sum + error, 0) / 3,
      10,
    );
    const poor = replaySearch(
      searchPolicy('random', { seed: 4 }),
      { candidates: table.candidates, curves },
      { trainings: 1, together: 1, halving: null },
      4,
    );
    expect(poor.trainings).toHaveLength(1);
  });

  it.each([
    ['trainings', 0],
    ['epochs', 0],
    ['seeds', 0],
    ['together', 0.5],
  ] as const)('refuses %s = %d', (name, value) => {
    expect(() => make({ ...RULES, [name]: value })).toThrow(UserError);
    expect(() => new Search(searchPolicy('random', { seed: 1 }), [], RULES)).toThrow(UserError);
  });
});

describe('a paired search', () => {
  const PAIRED = { ...RULES, paired: { baseline: 2 } };

  /** What seeds add to every error, the baseline's too. */
  const SHIFTS = [3, -3, 0];
  const errorOf = (candidate: number, seed: number): number =>
    table.errors[candidate][seed] + SHIFTS[seed];
  const baseline = (seed: number): TrainingState => ({
    errors: Array.from({ length: 9 }, () => 31 + SHIFTS[seed]),
    failed: false,
  });

  function finish(search: Search, error = errorOf, begun = baseline): Search {
    const known = new Set<string>();
    const state = (candidate: number, seed: number): TrainingState | null =>
      known.has(`${candidate} ${seed}`)
        ? { errors: Array.from({ length: 9 }, () => error(candidate, seed)), failed: false }
        : null;
    for (
      let { runs } = search.advance(state, begun);
      runs.length > 0;
      runs = search.advance(state, begun).runs
    ) {
      for (const { candidate, seed } of runs) known.add(`${candidate} ${seed}`);
    }
    return search;
  }

  it('waits for the baseline before anything is decided', () => {
    const search = make(PAIRED);
    const first = search.advance(() => null).runs;
    const done = (): TrainingState => ({
      errors: Array.from({ length: 9 }, () => 30),
      failed: false,
    });
    expect(search.advance(done, (seed) => (seed === 0 ? baseline(0) : null)).runs).toEqual([]);
    expect(search.trainings().map(({ outcome }) => outcome)).toEqual(first.map(() => 'running'));
    const failed = (seed: number): TrainingState =>
      seed === 0 ? baseline(0) : { errors: [], failed: true };
    expect(finish(make(PAIRED), errorOf, failed).trainings()).toHaveLength(12);
  });

  it('believes on the scale of the mean over the seeds, whatever a seed does to all', () => {
    const rules = { ...PAIRED, trainings: 30, paired: { baseline: 3 } };
    const few = (): Search =>
      new Search(searchPolicy('bandit', { seed: 1 }), table.candidates.slice(0, 20), rules);
    const { candidate, mean } = finish(few()).recommend()!;
    const truth = table.errors[candidate].reduce((sum, error) => sum + error, 0) / 3;
    expect(Math.abs(mean - truth)).toBeLessThan(0.5);
    // What is logged stays as it was trained.
    for (const each of finish(few()).trainings())
      expect(each.error).toBe(errorOf(each.candidate, each.seed));
  });

  it('ranks a rung by what its seeds leave', () => {
    // One graph with all three seeds; the second makes every training 1.5 points better, and this
    // one 1.5 points worse.
    const policy = { ...searchPolicy('random', { seed: 1 }), next: () => 0 };
    const rules = { ...HALVED, together: 3, trainings: 4 };
    const shifts = [1.5, -1.5, 0];
    const begun = (seed: number): TrainingState => ({
      errors: Array.from({ length: 9 }, () => 31 + shifts[seed]),
      failed: false,
    });
    const state = (_: number, seed: number): TrainingState => ({
      errors: [[30, 31.5, 30.6][seed] + shifts[seed]],
      failed: false,
    });
    const goesOn = (more: Partial<SearchRules>): number => {
      const search = new Search(policy, table.candidates.slice(0, 1), { ...rules, ...more });
      search.advance(() => null, begun);
      return search.advance(state, begun).runs[0].seed;
    };
    expect(goesOn({})).toBe(1);
    expect(goesOn({ paired: { baseline: 3 } })).not.toBe(1);
  });

  it('changes nothing without the rule, baseline or not', () => {
    expect(finish(make(RULES)).trainings()).toEqual(
      finish(make(RULES), errorOf, () => ({ errors: [], failed: true })).trainings(),
    );
  });

  it('finds better graphs where seeds are shared, and no worse ones where seeds do nothing', () => {
    const gain = (sd: number): { readonly mean: number; readonly error: number } => {
      const differences = Array.from({ length: 200 }, (_, seed) => {
        const random = new RandomStream('test', 'paired', seed);
        const candidates = cloud(80, seed);
        const truth = candidates.map(
          ({ clustering, pathLength }) =>
            30 +
            3 * (clustering - 0.3) ** 2 +
            0.5 * (pathLength - 2.4) ** 2 +
            0.15 * random.normal(),
        );
        const shifts = Array.from({ length: 5 }, () => sd * random.normal());
        const curves = (mean: number): number[][] =>
          shifts.map((shift) => [mean + shift + 0.4 * random.normal()]);
        const shared = { candidates, curves: truth.map(curves), shared: { baseline: curves(31) } };
        const found = (more: Partial<SearchRules>): number =>
          truth[
            replaySearch(
              searchPolicy('bandit', { seed }),
              shared,
              { trainings: 24, together: 4, halving: null, ...more },
              seed,
            ).recommended!.candidate
          ];
        return found({ paired: { baseline: 3 } }) - found({});
      });
      const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length;
      return {
        mean,
        error:
          Math.sqrt(differences.reduce((sum, each) => sum + (each - mean) ** 2, 0)) /
          differences.length,
      };
    };
    const shifted = gain(0.8);
    expect(shifted.mean).toBeLessThan(-3 * shifted.error);
    const still = gain(0);
    expect(still.mean).toBeLessThan(2 * still.error);
  }, 60_000);

  it('is replayed paired only where the table says that seeds are shared', () => {
    const curves = table.errors.map((errors) => errors.map((error) => [error]));
    expect(() =>
      replaySearch(
        searchPolicy('random', { seed: 1 }),
        { candidates: table.candidates, curves },
        { trainings: 4, together: 2, halving: null, paired: { baseline: 1 } },
        1,
      ),
    ).toThrow('shared');
  });
});
