/** Training: settings, the learning-rate schedule, the loop over epochs, checkpoints. */
export type * from './types.js';
export {
  checkSettings,
  givenTrainSettings,
  settingProblem,
  trainSettingNames,
  type GivenTrainSettings,
  type SettingProblem,
} from './setting-rules.js';
export { defaultTrainSettings, trainSettingsFor } from './settings.js';
export { learningRateAt } from './schedule.js';
export {
  isCheckpoint,
  readCheckpoint,
  type Checkpoint,
  type TrainIdentity,
  type TrainState,
} from './checkpoint.js';
export type { CheckpointOptions } from './checkpoint-writer.js';
export type { MeterState } from './meter.js';
export { TrainingFailed } from './loop.js';
export { checkTrainable, train, type TrainOptions, type TrainOutcome } from './trainer.js';
