import type { RegisterCommand } from '../context.js';
import { registerPlace } from './spike/place.js';
import { registerSpikeRun } from './spike/run.js';
import { registerSpikeStudy } from './spike/study.js';
import { registerSpikeTune } from './spike/tune.js';

/** `plexus spike`: trained networks as events compute them. */
export const registerSpike: RegisterCommand = (program, context) => {
  const spike = program
    .command('spike')
    .description('run trained networks event by event: errors, operations, traffic between cores');
  registerSpikeRun(spike, context);
  registerPlace(spike, context);
  registerSpikeStudy(spike, context);
  registerSpikeTune(spike, context);
};
