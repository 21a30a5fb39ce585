/** Bins of C over [0, 1] and of L over `PATH_LENGTH_RANGE`, as in the paper's heat maps. */
export const PLANE_BINS = 15;
/** C of the plane's edges. */
export const CLUSTERING_RANGE = [0, 1] as const;
/** L of the plane's edges. */
export const PATH_LENGTH_RANGE = [1, 4.5] as const;

/** A cell or graph is called worse than the best where the one-sided p-value is below this. */
export const SWEET_LEVEL = 0.05;

/** Of the interval for the best graph's difference from the baseline. */
export const CONFIDENCE_LEVEL = 0.95;

/** A parabola through three points always fits: no fit is shown below this many graphs. */
export const FIT_MINIMUM = 5;
