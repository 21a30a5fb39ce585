import type { GraphMeasure } from '../types.js';
import { corePeripheryMeasure } from './core-periphery.js';
import { formanCurvatureMeasure } from './forman-curvature.js';
import { hierarchyMeasures } from './hierarchy.js';
import { modularityMeasure } from './modularity.js';
import { ollivierCurvatureMeasure } from './ollivier-curvature.js';
import { richClubMeasure } from './rich-club.js';
import { omegaMeasure, sigmaMeasure } from './small-world.js';
import { wiringCostMeasure } from './wiring-cost.js';

/** Measures that look for groups, or compare a graph with a pattern or with random graphs. */
export const comparisonMeasures: readonly GraphMeasure[] = [
  modularityMeasure,
  ...hierarchyMeasures,
  sigmaMeasure,
  omegaMeasure,
  richClubMeasure,
  corePeripheryMeasure,
  formanCurvatureMeasure,
  ollivierCurvatureMeasure,
  wiringCostMeasure,
];
