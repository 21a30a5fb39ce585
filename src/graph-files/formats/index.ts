/** Graph files: other programs' formats, read and written. */
import './register.js';

export type * from '../../graph-formats/types.js';
export type { FileOptions } from '../../graph-formats/parse.js';
export { defaultReadOptions } from '../../graph-formats/types.js';
export {
  fromGraphology,
  toGraphology,
  type GraphologyGraph,
} from '../../graph-formats/graphology.js';
export { parseGraphFile, readGraphFile, type GraphFile } from './read.js';
export {
  canRead,
  canWrite,
  formatOfPath,
  graphFormat,
  graphFormats,
  readableFormat,
  writableFormat,
} from '../../graph-formats/registry.js';
