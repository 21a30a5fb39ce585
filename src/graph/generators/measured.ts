import type { GraphFamily } from '../types.js';
import { connectome } from './connectome.js';
import { file } from './file.js';

/** Graphs that somebody measured or made: connectomes, files. */
export const measuredFamilies: readonly GraphFamily[] = [connectome, file];
