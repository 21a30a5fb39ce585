/** Sweeps of the space of WS-flex graphs: every candidate of a grid, by worker threads. */
export {
  describeGrid,
  gridFor,
  sweepSpace,
  type Sweep,
  type SweepOptions,
  type SweepProgress,
} from './sweep.js';
