/**
 * A graph that may be trained, as a search sees it: its place in the space of graphs, never its
 * error.
 */
export interface Candidate {
  /** Average clustering coefficient C, 0 to 1. */
  readonly clustering: number;
  /** Average path length L, at least 1. */
  readonly pathLength: number;
  /** k / n: mean degree over nodes, above 0. */
  readonly density: number;
}

/** One finished training. */
export interface Observation {
  /** Place in the list of candidates. */
  readonly candidate: number;
  /** Test error, in the unit of all others (%). */
  readonly error: number;
}

/** All that a policy is told. */
export interface SearchState {
  readonly candidates: readonly Candidate[];
  /** In the order in which they were made. */
  readonly observations: readonly Observation[];
  /** Trainings left. */
  readonly remaining: number;
  /**
   * Candidates that cannot be trained once more: every training seed is used, or one failed.
   * Default: none.
   */
  readonly closed?: ReadonlySet<number>;
}

/** What a search ends with. */
export interface Recommendation {
  readonly candidate: number;
  /**
   * What is believed of that candidate's error: posterior mean and standard deviation, in the unit
   * of the errors.
   */
  readonly mean: number;
  /** null where the policy has no model that gives one. */
  readonly sd: number | null;
}

/**
 * Says which graph to train next. Both answers follow from the seed and the state alone, so that a
 * search goes on from a log of its observations.
 */
export interface SearchPolicy {
  readonly name: PolicyName;
  /** A candidate that is not closed; null where all are. */
  next(state: SearchState): number | null;
  /**
   * What a training of that candidate is expected to end with: it stands for the error while the
   * training is under way.
   */
  expect(state: SearchState, candidate: number): number;
  /**
   * The candidate believed to have the lowest error, of `among` where that is given, else of all (a
   * policy without a model: of those tried). Needs at least one observation, and one among `among`.
   */
  recommend(state: SearchState, among?: ReadonlySet<number>): Recommendation;
}

/** The name of a policy of searches. */
export type PolicyName = 'random' | 'grid' | 'bandit' | 'surrogate';

/** What a policy is made with. */
export interface PolicyOptions {
  readonly seed: number;
  /** `grid`: places of the candidates that it tries. */
  readonly grid?: readonly number[];
  /**
   * `bandit`: standard deviation of one training's error about its graph's mean, in the unit of the
   * errors. Default: estimated.
   */
  readonly noise?: number;
  /**
   * `surrogate`: the error that counts is a graph's mean over so many training seeds. The trainings
   * of the search are some of them, so that after so many repeats it is known exactly. Infinity
   * (the default): the expected error.
   */
  readonly finalTrainings?: number;
}
