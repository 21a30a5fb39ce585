/** Studies: specs, the directory with its append-only log, and the runner. */
export type * from './types.js';
export { STUDY_POLICIES, type GivenSearch } from './schema.js';
export { formatStudySpec, parseStudySpec, studyHash, trialsOf } from './spec.js';
export {
  readStudy,
  studyPaths,
  STUDY_FORMAT,
  writeStudyStart,
  type Study,
  type StudyPaths,
  type StudyState,
} from './directory.js';
export {
  chosenForConfirmation,
  confirmationProgress,
  confirmSeeds,
  isConfirming,
  missingTrials,
  type ConfirmationProgress,
} from './confirm.js';
export { checkGraphFiles, graphOfStudy } from './graph-files.js';
export { rankGraphs } from './ranking.js';
export { seedsOfComparison } from './predictions.js';
export { registerStudy, type Registered, type RegisterOptions } from './register.js';
export type { Registration } from './registration.js';
export { readLog, type LogContent } from './log.js';
export { lockHolder } from './lock.js';
export { runStudy, type RunStudyOptions, type StudyEvent } from './runner.js';
export { runTrial, type TrialJob } from './trial.js';
