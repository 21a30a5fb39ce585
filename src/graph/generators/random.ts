import type { GraphFamily } from '../types.js';
import { barabasiAlbert } from './barabasi-albert.js';
import { corePeriphery } from './core-periphery.js';
import { geometric } from './geometric.js';
import { gnm } from './gnm.js';
import { gnp } from './gnp.js';
import { powerLawCluster } from './power-law-cluster.js';
import { randomRegular } from './random-regular.js';
import { randomTreeFamily } from './random-tree.js';
import { stochasticBlock } from './stochastic-block.js';
import { wattsStrogatz } from './watts-strogatz.js';

/** Families that draw random numbers. */
export const randomFamilies: readonly GraphFamily[] = [
  wattsStrogatz,
  gnm,
  gnp,
  barabasiAlbert,
  powerLawCluster,
  randomRegular,
  stochasticBlock,
  corePeriphery,
  geometric,
  randomTreeFamily,
];
