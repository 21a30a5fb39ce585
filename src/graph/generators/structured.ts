import type { GraphFamily } from '../types.js';
import { butterfly } from './butterfly.js';
import { empty } from './empty.js';
import { chordalCycle, margulis, paley } from './expanders.js';
import { grid } from './grid.js';
import { harary, hararyEdges } from './harary.js';
import { hypercube } from './hypercube.js';
import { ringLatticeFamily } from './ring-lattice.js';
import { star } from './star.js';
import { tree } from './tree.js';

/** Families without chance. */
export const structuredFamilies: readonly GraphFamily[] = [
  empty,
  ringLatticeFamily,
  harary,
  hararyEdges,
  grid,
  hypercube,
  butterfly,
  star,
  tree,
  margulis,
  chordalCycle,
  paley,
];
