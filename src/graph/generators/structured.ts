import type { GraphFamily } from '../types.js';

/** Families without chance. */
export const structuredFamilies: readonly GraphFamily[] = [];
