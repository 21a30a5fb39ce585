import { awsBatch } from './aws-batch.js';
import { htcondor } from './htcondor.js';
import { kubernetes } from './kubernetes.js';
import { slurm } from './slurm.js';
import type { Engine } from './types.js';

/** Batch systems that `plexus study submit` writes for; each is one file, and one line here. */
export const engines: readonly Engine[] = [slurm, kubernetes, htcondor, awsBatch];
