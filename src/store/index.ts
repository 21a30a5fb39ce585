/** A study on the disk: its spec, its directory with log and lock, what is registered of it. */
export { parseStudySpec, studyHash } from './spec-file.js';
export {
  readStudy,
  studyPaths,
  STUDY_FORMAT,
  writeStudyStart,
  type Study,
  type StudyPaths,
  type StudyState,
} from './directory.js';
export { checkGraphFiles, graphOfStudy } from './graph-files.js';
export { registerStudy, type Registered, type RegisterOptions } from './register.js';
export { readLog, type LogContent } from './log.js';
export { lockHolder } from './lock.js';
