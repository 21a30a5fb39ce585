/** Graph files: other programs' formats, read and written. */
export type * from './types.js';
export { defaultReadOptions } from './types.js';
export { fromGraphology, toGraphology, type GraphologyGraph } from './graphology.js';
export { parseGraphFile, readGraphFile, type FileOptions, type GraphFile } from './read.js';
export {
  canRead,
  canWrite,
  formatOfPath,
  graphFormat,
  graphFormats,
  readableFormat,
  writableFormat,
} from './registry.js';
