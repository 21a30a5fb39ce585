/** Training: settings, the learning-rate schedule and the loop over epochs. */
export type * from './types.js';
export { defaultTrainSettings, trainSettings } from './settings.js';
export { learningRateAt } from './schedule.js';
export { checkTrainable, train, TrainingFailed, type TrainOptions, type TrainOutcome } from './trainer.js';
