import { mean as meanOf, sampleStd } from '../analysis/stats.js';
import { invariant, UserError } from '../core/errors.js';
import { RandomStream } from '../core/random/index.js';
import { lowest, tally } from './tally.js';
import type { PolicyOptions, Recommendation, SearchPolicy, SearchState } from './types.js';

/** `values` in random order; each `turn` has its own, the same whenever it is asked for. */
function shuffled(values: ArrayLike<number>, name: string, seed: number, turn: number): Int32Array {
  const order = Int32Array.from(values);
  new RandomStream('search', name, seed, turn).shuffle(order);
  return order;
}

/** The candidate with the lowest mean error so far: no model, hence no standard deviation. */
function lowestMean({ observations }: SearchState): Recommendation {
  const arms = tally(observations);
  invariant(arms.length > 0, 'a recommendation needs an observation');
  const { candidate, mean } = arms[lowest(arms.map((arm) => arm.mean))];
  return { candidate, mean, sd: null };
}

/** Goes through `places` in random order, again in another order once all were tried. */
function through(name: 'random' | 'grid', seed: number, placesOf: (state: SearchState) => readonly number[]): SearchPolicy {
  return {
    name,
    next: (state) => {
      const places = placesOf(state);
      const at = state.observations.length;
      return shuffled(places, name, seed, Math.floor(at / places.length))[at % places.length];
    },
    recommend: lowestMean,
  };
}

/** Different graphs at random; recommends the one with the lowest error. */
export function randomPolicy({ seed }: PolicyOptions): SearchPolicy {
  return through('random', seed, ({ candidates }) => [...candidates.keys()]);
}

/** The given subset in random order, as the paper's 52 graphs; recommends the one with the lowest error. */
export function gridPolicy({ seed, grid }: PolicyOptions): SearchPolicy {
  if (grid === undefined || grid.length === 0) throw new UserError('the grid policy needs the places of its candidates; give `grid`');
  return through('grid', seed, () => grid);
}

interface Belief {
  readonly candidate: number;
  readonly mean: number;
  readonly sd: number;
}

/**
 * Each arm's mean is normal about the mean of all arms, independently; the arms' variance is what the spread of their
 * first errors has beyond the noise (at least a hundredth of it, so that the model stays proper).
 */
function beliefs({ observations }: SearchState, noise: number): Belief[] {
  const arms = tally(observations);
  const firsts = arms.map(({ candidate }) => observations.find((one) => one.candidate === candidate)!.error);
  const centre = meanOf(firsts);
  const prior = Math.max((sampleStd(firsts) ?? 0) ** 2 - noise ** 2, noise ** 2 / 100);
  return arms.map(({ candidate, count, mean }) => {
    const precision = 1 / prior + count / noise ** 2;
    return { candidate, mean: (centre / prior + (count * mean) / noise ** 2) / precision, sd: Math.sqrt(1 / precision) };
  });
}

/**
 * A plain bandit that knows nothing of C and L: half of the budget on different random graphs, the rest on these same
 * graphs by Thompson's rule (Biometrika 25, 1933): train the one that is best in a draw from the beliefs.
 */
export function banditPolicy({ seed, noise }: PolicyOptions): SearchPolicy {
  if (noise === undefined || !(noise > 0)) throw new UserError(`the bandit policy needs the standard deviation of one training, above 0, got ${noise}; give \`noise\``);
  return {
    name: 'bandit',
    next: (state) => {
      const at = state.observations.length;
      const arms = Math.min(Math.ceil((at + state.remaining) / 2), state.candidates.length);
      if (at < arms) return shuffled([...state.candidates.keys()], 'bandit', seed, 0)[at];
      const random = new RandomStream('search', 'thompson', seed, at);
      const known = beliefs(state, noise);
      return known[lowest(known.map(({ mean, sd }) => mean + sd * random.normal()))].candidate;
    },
    recommend: (state) => {
      invariant(state.observations.length > 0, 'a recommendation needs an observation');
      const known = beliefs(state, noise);
      return known[lowest(known.map(({ mean }) => mean))];
    },
  };
}
