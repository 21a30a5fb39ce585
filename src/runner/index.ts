/** Studies run: a plan of what is there, then the jobs of the agenda by an executor. */
export { runStudy } from './run.js';
export type { RunStudyOptions } from './plan.js';
export { StudyLost } from './recorder.js';
export type { StudyEvent } from './events.js';
