import { invariant, must, UserError } from '../core/errors.js';
import { RandomStream } from '../core/random/stream.js';
import { mean as meanOf, sampleStd } from '../stats/descriptive.js';
import { lowest, tally } from './tally.js';
import type {
  Observation,
  PolicyOptions,
  Recommendation,
  SearchPolicy,
  SearchState,
} from './types.js';

/** `values` in random order; each `turn` has its own, the same whenever it is asked for. */
function shuffled(values: ArrayLike<number>, name: string, seed: number, turn: number): Int32Array {
  const order = Int32Array.from(values);
  new RandomStream('search', name, seed, turn).shuffle(order);
  return order;
}

/** The candidate with the lowest mean error so far: no model, hence no standard deviation. */
function lowestMean({ observations }: SearchState, among?: ReadonlySet<number>): Recommendation {
  const arms = tally(observations).filter(({ candidate }) => among?.has(candidate) !== false);
  invariant(arms.length > 0, 'a recommendation needs an observation');
  const { candidate, mean } = must(arms[lowest(arms.map((arm) => arm.mean))]);
  return { candidate, mean, sd: null };
}

/**
 * The mean of all that was seen: without a model, what any training is expected to end with. Any
 * number before the first.
 */
function meanSeen({ observations }: Pick<SearchState, 'observations'>): number {
  return observations.length === 0 ? 0 : meanOf(observations.map(({ error }) => error));
}

const isOpen = ({ closed }: SearchState, candidate: number): boolean =>
  closed?.has(candidate) !== true;

/**
 * Goes through `places` in random order, again in another order once all were tried; what is closed
 * is passed over.
 */
function through(
  name: 'random' | 'grid',
  seed: number,
  placesOf: (state: SearchState) => readonly number[],
): SearchPolicy {
  return {
    name,
    next: (state) => {
      const places = placesOf(state);
      // Counted by what was tried, not by the number of trainings: a place passed over takes no
      // turn.
      const tried = new Map<number, number>();
      for (const { candidate } of state.observations)
        tried.set(candidate, (tried.get(candidate) ?? 0) + 1);
      const open = places.filter((candidate) => isOpen(state, candidate));
      if (open.length === 0) return null;
      const turn = Math.min(...open.map((candidate) => tried.get(candidate) ?? 0));
      const due = new Set(open.filter((candidate) => (tried.get(candidate) ?? 0) === turn));
      return shuffled(places, name, seed, turn).find((candidate) => due.has(candidate))!;
    },
    expect: meanSeen,
    recommend: lowestMean,
  };
}

/** Different graphs at random; recommends the one with the lowest error. */
export function randomPolicy({ seed }: PolicyOptions): SearchPolicy {
  return through('random', seed, ({ candidates }) => [...candidates.keys()]);
}

/**
 * The given subset in random order, as the paper's 52 graphs; recommends the one with the lowest
 * error.
 */
export function gridPolicy({ seed, grid }: PolicyOptions): SearchPolicy {
  if (grid === undefined || grid.length === 0)
    throw new UserError('the grid policy needs the places of its candidates; give `grid`');
  return through('grid', seed, () => grid);
}

interface Belief {
  readonly candidate: number;
  readonly mean: number;
  readonly sd: number;
}

/**
 * Standard deviation of one training: as it was given, else pooled over the arms that were trained
 * repeatedly, else (nothing was repeated yet) half of the spread of all that was seen.
 */
function noiseOf(observations: readonly Observation[], given: number | undefined): number {
  if (given !== undefined) return given;
  const arms = tally(observations);
  const freedom = observations.length - arms.length;
  const pooled =
    freedom > 0
      ? Math.sqrt(arms.reduce((sum, { squares }) => sum + squares, 0) / freedom)
      : (sampleStd(observations.map(({ error }) => error)) ?? 0) / 2;
  // Equal errors leave nothing to tell from.
  return pooled || 1e-6;
}

/**
 * Each arm's mean is normal about the mean of all arms, independently; the arms' variance is what
 * the spread of their first errors has beyond the noise (at least a hundredth of it, so that the
 * model stays proper).
 */
function beliefs({ observations }: SearchState, given: number | undefined): Belief[] {
  const noise = noiseOf(observations, given);
  const arms = tally(observations);
  const firsts = arms.map(
    ({ candidate }) => observations.find((one) => one.candidate === candidate)!.error,
  );
  const centre = meanOf(firsts);
  const prior = Math.max((sampleStd(firsts) ?? 0) ** 2 - noise ** 2, noise ** 2 / 100);
  return arms.map(({ candidate, count, mean }) => {
    const precision = 1 / prior + count / noise ** 2;
    return {
      candidate,
      mean: (centre / prior + (count * mean) / noise ** 2) / precision,
      sd: Math.sqrt(1 / precision),
    };
  });
}

/**
 * A plain bandit that knows nothing of C and L: half of the budget on different random graphs, the
 * rest on these same graphs by Thompson's rule (Biometrika 25, 1933): train the one that is best in
 * a draw from the beliefs.
 */
export function banditPolicy({ seed, noise }: PolicyOptions): SearchPolicy {
  if (noise !== undefined && !(noise > 0))
    throw new UserError(
      `the standard deviation of one training must be above 0, got ${noise}; leave ` +
        '`noise` out to have it estimated',
    );
  return {
    name: 'bandit',
    next: (state) => {
      const at = state.observations.length;
      const arms = Math.min(Math.ceil((at + state.remaining) / 2), state.candidates.length);
      const tried = new Set(state.observations.map(({ candidate }) => candidate));
      const fresh =
        shuffled([...state.candidates.keys()], 'bandit', seed, 0).find(
          (candidate) => !tried.has(candidate) && isOpen(state, candidate),
        ) ?? null;
      if (tried.size < arms && fresh !== null) return fresh;
      const random = new RandomStream('search', 'thompson', seed, at);
      const known = beliefs(state, noise);
      // Drawn for the closed ones too, so that closing one leaves the others' luck as it is.
      const drawn = known
        .map(({ candidate, mean, sd }) => ({ candidate, error: mean + sd * random.normal() }))
        .filter(({ candidate }) => isOpen(state, candidate));
      return drawn[lowest(drawn.map(({ error }) => error))]?.candidate ?? fresh;
    },
    expect: (state, candidate) =>
      state.observations.length === 0
        ? 0
        : (beliefs(state, noise).find((each) => each.candidate === candidate)?.mean ??
          meanSeen(state)),
    recommend: (state, among) => {
      invariant(state.observations.length > 0, 'a recommendation needs an observation');
      const known = beliefs(state, noise).filter(
        ({ candidate }) => among?.has(candidate) !== false,
      );
      return must(known[lowest(known.map(({ mean }) => mean))]);
    },
  };
}
