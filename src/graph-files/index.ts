/** Graphs that somebody measured or made: connectomes, files. Importing it registers their families. */
import './register.js';

export { connectomeGraph } from './connectomes/read.js';
export {
  connectomeFolder,
  connectomeProblem,
  findConnectome,
  readConnectomeFile,
} from './connectomes/places.js';
export * from './formats/index.js';
export { fileOptionsOf } from './file-family.js';
