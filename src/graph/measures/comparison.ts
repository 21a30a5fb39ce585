import type { GraphMeasure } from '../types.js';

/** Measures that look for groups, or compare a graph with a pattern or with random graphs. */
export const comparisonMeasures: readonly GraphMeasure[] = [];
