import type { GraphFamily } from '../types.js';

/** Families made of other graphs: products, sequences, null models. */
export const derivedFamilies: readonly GraphFamily[] = [];
