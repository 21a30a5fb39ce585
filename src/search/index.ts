/** Finding a good relational graph with few trainings: policies, and their replay on trainings already made. */
export { POLICY_NAMES, searchPolicy } from './policies.js';
export { quantile } from '../analysis/stats.js';
export { replay, replayOnce, type ReplayRun, type ReplaySummary, type ReplayTable } from './replay.js';
export type * from './types.js';
