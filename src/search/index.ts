/**
 * Finding a good relational graph with few trainings: policies, what is to be run of a search,
 * replays on trainings already made.
 */
export { POLICY_NAMES, searchPolicy } from './policies.js';
export {
  replay,
  replayOnce,
  replaySearch,
  type CurveTable,
  type ReplayRun,
  type ReplaySummary,
  type ReplayTable,
  type SearchReplay,
} from './replay.js';
export { rungsOf, type Halving } from './rungs.js';
export {
  Search,
  type KnownBaseline,
  type KnownTrainings,
  type SearchRules,
  type SearchRun,
  type SearchStep,
  type SearchTraining,
  type TrainingState,
} from './search.js';
export type * from './types.js';
