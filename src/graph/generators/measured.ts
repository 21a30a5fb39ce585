import type { GraphFamily } from '../types.js';

/** Graphs that somebody measured or made: connectomes, files. */
export const measuredFamilies: readonly GraphFamily[] = [];
