/** Training: settings, the learning-rate schedule, the loop over epochs. */
export type * from './types.js';
export type { RewireSettings } from '../graph/rewire-settings.js';
export {
  checkSettings,
  givenTrainSettings,
  settingProblem,
  trainSettingNames,
  type GivenTrainSettings,
  type SettingProblem,
} from './setting-rules.js';
export { defaultTrainSettings, trainSettingsFor } from './settings.js';
export { learningRateAt, type Schedule } from './schedule.js';
export { checkTrainable } from './begin.js';
export type { MeterState } from './meter.js';
export type { TrainState } from './state.js';
export { TrainingFailed } from './loop.js';
