import type { GraphFamily } from '../types.js';

/** Families that draw random numbers. */
export const randomFamilies: readonly GraphFamily[] = [];
