/** Finding a good relational graph with few trainings: policies, and their replay on trainings already made. */
export { POLICY_NAMES, searchPolicy } from './policies.js';
export { quantile, replay, replayOnce, type ReplayRun, type ReplaySummary, type ReplayTable } from './replay.js';
export type * from './types.js';
