import type { GraphMeasure } from '../types.js';

/** Measures of distances, degrees, mixing and spectrum. */
export const structureMeasures: readonly GraphMeasure[] = [];
