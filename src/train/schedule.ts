import type { TrainSettings } from './types.js';

/** The settings that the learning rate of an epoch follows from. */
export type Schedule = Pick<TrainSettings, 'schedule' | 'learningRate' | 'epochs' | 'warmupEpochs'>;

/**
 * Learning rate of one update: the schedule's rate of its epoch times the warm-up's factor.
 *
 * `cosine` is 0.5 rate (1 + cos(pi epoch / epochs)), constant within an epoch, no restarts
 * (Loshchilov and Hutter, SGDR, 2017; per epoch as in the code of You et al., 2020). `cosine-steps`
 * takes the epoch with its part that is done at the end of the update, so the last update has rate
 * 0. The factor rises linearly from 0 with every update, to 1 at the last one of `warmupEpochs`
 * epochs (gradual warm-up: Goyal et al., Accurate, Large Minibatch SGD, 2017, section 2.2).
 *
 * @param epoch 0, 1, ..., epochs - 1
 * @param done share of the epoch's updates that are done with this one, above 0 to 1; 1, the
 * default, is the last update
 */
export function learningRateAt(settings: Schedule, epoch: number, done = 1): number {
  const rate = scheduledRate(settings, epoch, done);
  return epoch + done < settings.warmupEpochs
    ? (rate * (epoch + done)) / settings.warmupEpochs
    : rate;
}

function scheduledRate(
  { schedule, learningRate, epochs }: Schedule,
  epoch: number,
  done: number,
): number {
  switch (schedule) {
    case 'cosine':
      return 0.5 * learningRate * (1 + Math.cos((Math.PI * epoch) / epochs));
    case 'cosine-steps':
      return 0.5 * learningRate * (1 + Math.cos((Math.PI * (epoch + done)) / epochs));
    case 'constant':
      return learningRate;
    default:
      return schedule satisfies never;
  }
}
