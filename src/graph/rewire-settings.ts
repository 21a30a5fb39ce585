/** How a graph is rewired while its network is trained. */
export const REWIRE_RULES = ['set', 'rigl', 'topological'] as const;
export type RewireRule = (typeof REWIRE_RULES)[number];

/** What has a graph of its own: each relational layer, or all of them together. */
export const REWIRE_GRAPHS = ['layer', 'shared'] as const;

/** The settings of a training whose graph is rewired. */
export interface RewireSettings {
  /**
   * Which missing pairs of nodes are joined: `set` at random (Mocanu et al. 2018), `rigl` those of
   * the largest gradient (Evci et al. 2020), `topological` those with most common neighbours.
   */
  readonly rule: RewireRule;
  /** Updates between two rewirings. */
  readonly every: number;
  /** Share of the pairs that the first rewiring drops; falls to 0 by half a cosine. */
  readonly fraction: number;
  /** Share of the training after which nothing is rewired any more. */
  readonly until: number;
  readonly graphs: (typeof REWIRE_GRAPHS)[number];
}

/** RigL's, for all rules. */
export const REWIRE_DEFAULTS = {
  every: 100,
  fraction: 0.3,
  until: 0.75,
  graphs: 'layer',
} as const satisfies Omit<RewireSettings, 'rule'>;
