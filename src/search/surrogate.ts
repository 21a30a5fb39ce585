import { invariant, must } from '../core/errors.js';
import { RandomStream } from '../core/random/stream.js';
import { gains } from './gain.js';
import { type Beliefs, Surface } from './surface.js';
import { lowest, tally } from './tally.js';
import type { PolicyOptions, SearchPolicy, SearchState } from './types.js';

/**
 * Trainings that spread over the space before the model is asked, and the share of the budget that
 * they may take at most.
 */
const SPREAD = 12;
const SPREAD_SHARE = 0.5;
/**
 * Random graphs among which the spreading start takes the one furthest from all that were tried.
 */
const AMONG = 10;

/**
 * One of a few random candidates, the furthest from those already tried (best candidate sampling;
 * Mitchell, SIGGRAPH 1991).
 */
function spreading(
  { candidates, observations, closed }: SearchState,
  surface: Surface,
  seed: number,
): number | null {
  const random = new RandomStream('search', 'spread', seed, observations.length);
  const open =
    closed === undefined || closed.size === 0
      ? null
      : [...candidates.keys()].filter((candidate) => !closed.has(candidate));
  if (open?.length === 0) return null;
  const drawn = Array.from({ length: AMONG }, () =>
    open === null ? random.below(candidates.length) : must(open[random.below(open.length)]),
  );
  const tried = [...new Set(observations.map(({ candidate }) => candidate))].map((candidate) =>
    surface.distances(candidate),
  );
  const gaps = drawn.map((candidate) =>
    Math.min(Infinity, ...tried.map((squares) => must(squares[candidate]))),
  );
  return must(drawn[lowest(gaps.map((gap) => -gap))]);
}

/**
 * Learns the error as a smooth surface over (C, L, log density) plus each graph's own effect plus
 * noise (`Surface`), and trains the graph from which most is expected for the final choice
 * (`gains`). A graph never tried is uncertain by its own effect, so the same rule tries several
 * graphs of a good region and repeats the best. Recommends the lowest posterior mean of a graph,
 * tried or not.
 */
export function surrogatePolicy({ seed, finalTrainings = Infinity }: PolicyOptions): SearchPolicy {
  // The model of the candidates that were asked about last: a search asks about one list again and
  // again.
  let known: { readonly candidates: SearchState['candidates']; readonly surface: Surface } | null =
    null;
  const surfaceOf = (candidates: SearchState['candidates']): Surface => {
    if (known?.candidates !== candidates)
      known = { candidates, surface: new Surface(candidates, finalTrainings) };
    return known.surface;
  };
  // What was believed last: a choice and the error expected of it ask for the same.
  let last: {
    readonly observations: SearchState['observations'];
    readonly surface: Surface;
    readonly beliefs: Beliefs;
  } | null = null;
  const beliefsOf = ({ candidates, observations }: SearchState): Beliefs => {
    const surface = surfaceOf(candidates);
    if (last?.observations !== observations || last.surface !== surface)
      last = { observations, surface, beliefs: surface.beliefs(tally(observations)) };
    return last.beliefs;
  };
  return {
    name: 'surrogate',
    next: (state) => {
      const { candidates, observations, remaining, closed } = state;
      const surface = surfaceOf(candidates);
      const budget = observations.length + remaining;
      if (observations.length < Math.min(SPREAD, Math.ceil(budget * SPREAD_SHARE)))
        return spreading(state, surface, seed);
      const beliefs = beliefsOf(state);
      const expected = gains(beliefs, tally(observations), finalTrainings, remaining);
      closed?.forEach((candidate) => {
        expected[candidate] = -1;
      });
      const most = lowest(expected.map((gain) => -gain));
      if (must(expected[most]) > 0) return most;
      // Where nothing can be gained any more (all is known, or numbers underflow), the best graph
      // may as well be trained.
      const open = lowest(
        beliefs.means.map((mean, i) => (closed?.has(i) === true ? Infinity : mean)),
      );
      return closed?.has(open) === true ? null : open;
    },
    expect: (state, candidate) =>
      state.observations.length === 0 ? 0 : must(beliefsOf(state).means[candidate]),
    recommend: ({ candidates, observations }, among) => {
      invariant(observations.length > 0, 'a recommendation needs an observation');
      const { means, sds } = surfaceOf(candidates).beliefs(tally(observations));
      const candidate = lowest(
        among === undefined ? means : means.map((mean, i) => (among.has(i) ? mean : Infinity)),
      );
      return { candidate, mean: must(means[candidate]), sd: must(sds[candidate]) };
    },
  };
}
