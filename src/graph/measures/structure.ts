import type { GraphMeasure } from '../types.js';
import { betweennessMeasure } from './betweenness.js';
import { degreeMeasures } from './degree-statistics.js';
import { efficiencyMeasures } from './efficiency.js';
import { reachMeasures } from './reach.js';
import { spectrumMeasures } from './spectrum.js';
import { transitivityMeasure } from './transitivity.js';

/** Measures of distances, degrees, mixing and spectrum. */
export const structureMeasures: readonly GraphMeasure[] = [
  transitivityMeasure,
  ...reachMeasures,
  ...efficiencyMeasures,
  ...degreeMeasures,
  ...spectrumMeasures,
  betweennessMeasure,
];
