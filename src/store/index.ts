/** A study on the disk: its spec, its directory with log and lock, what is registered of it. */
export { parseStudySpec, studyHash } from './spec-file.js';
export { readStudy, writeStudyStart, type Study } from './directory.js';
export { studyPaths, type StudyPaths } from './paths.js';
export { checkGraphFiles, graphOfStudy, type GraphFile } from './graph-files.js';
export { registerStudy, type Registered, type RegisterOptions } from './register.js';
export { readLog, type DamagedLine, type LogContent } from './log.js';
export { lockHolder } from './lock.js';
export { type SharedLogs, type DamagedWorkerLine } from './shared-log.js';
export { StudyNews } from './worker-log.js';
