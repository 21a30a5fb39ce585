import type { TrainSettings } from './types.js';

/**
 * Learning rate of a whole epoch, `epoch` = 0, 1, ..., epochs - 1.
 * `cosine` is 0.5 rate (1 + cos(pi epoch / epochs)), constant within an epoch, no restarts and no warm-up
 * (Loshchilov and Hutter, SGDR, 2017; per epoch as in the code of You et al., 2020).
 */
export function learningRateAt(settings: Pick<TrainSettings, 'schedule' | 'learningRate' | 'epochs'>, epoch: number): number {
  const { schedule, learningRate, epochs } = settings;
  switch (schedule) {
    case 'cosine':
      return 0.5 * learningRate * (1 + Math.cos((Math.PI * epoch) / epochs));
    case 'constant':
      return learningRate;
    default:
      return schedule satisfies never;
  }
}
