/** Studies run: a plan of what is there, then the jobs of the agenda by an executor. */
export { beginStudy, runStudy } from './run.js';
export type { RunStudyOptions, StudyPlan } from './plan.js';
export { StudyLost } from './recorder.js';
export type { StudyEvent } from './events.js';
export { workStudy, type WorkEnd, type WorkOptions, type WorkOutcome } from './work.js';
