/**
 * Trained networks as events compute them: rate codes, few-step codes and graded events, exact counts,
 * NeuroBench's figures, and what events cost between the cores of a mesh.
 */
export * from './types.js';
export { MOST_STEPS, MOST_THRESHOLDS, toSpiking, type SpikeSettings } from './convert.js';
export { calibrate, PERCENTILE, type Calibration } from './calibrate.js';
export { stairNetwork, unitThresholds } from './tune.js';
export type { Weighted } from '../engine/fold.js';
export { createSimulator, joinRuns, type Simulator } from './simulate.js';
export { floatFigures, spikingFigures, type NeuroBenchFigures } from './neurobench.js';
export { ENERGY_NOTE, ENERGY_TABLES, nanojoules, type EnergyTable } from './energy.js';
export { trafficOf, type Mesh, type Placement, type Traffic } from './mesh.js';
export { placeNodes, type AnnealOptions, type Flow } from './placement.js';
export {
  energiesOf,
  measuredRun,
  type CodeSetting,
  type Measured,
  type MeasuredLayer,
  type MeasuredTraffic,
  type PlaceSettings,
} from './measured.js';
export { networkTraffic, type NetworkTraffic } from './traffic.js';
