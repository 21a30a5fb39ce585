/** Studies without files: specs, their trials, what is to be run of them, what executors are. */
export type * from './types.js';
export { portableJob, type JobPlace } from './executor.js';
export type { Executor, ExecutorCalls, PortableJob, TrialMessage } from './executor.js';
export type { Agenda, AgendaStep, Progress } from './work.js';
export { agendaOf, type AgendaOptions } from './agenda.js';
export { STUDY_POLICIES, type GivenSearch } from './schema.js';
export { studySpecOf, type SpecReading } from './spec.js';
export type { SpecFiles, SpecList } from './source.js';
export { formatStudySpec, specIdentity } from './spec-text.js';
export { trialsOf } from './trials.js';
export {
  chosenForConfirmation,
  confirmationProgress,
  confirmSeeds,
  isConfirming,
  missingTrials,
  type ConfirmationProgress,
} from './confirm.js';
export { rankGraphs } from './ranking.js';
export { seedsOfComparison } from './predictions.js';
export { STUDY_FORMAT, type StudyState } from './state.js';
