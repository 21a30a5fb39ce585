import { must, UserError } from '../../../core/errors.js';
import { givenTrainSettings, settingProblem } from '../../../train/setting-rules.js';
import { trainSettingsFor } from '../../../train/settings.js';
import type { TrainSettings } from '../../../train/types.js';

/**
 * The options of `plexus train` that are settings of the training. What is not given is the
 * architecture's own.
 */
export interface SettingOptions {
  readonly epochs?: number;
  readonly batch?: number;
  readonly rate?: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly schedule?: string;
  readonly start?: string;
  readonly warmup?: number;
  readonly labelSmoothing?: number;
  readonly accumulate?: number;
  readonly preciseBn?: number;
  readonly precision?: string;
  readonly threads: number;
  readonly backend: string;
  readonly augment: boolean;
}

/** The option that sets each setting, where it is called otherwise. */
const OPTION_OF: Readonly<Record<string, string>> = {
  learningRate: 'rate',
  weightDecay: 'weight-decay',
  warmupEpochs: 'warmup',
  labelSmoothing: 'label-smoothing',
  preciseBatchNorm: 'precise-bn',
};

/**
 * The settings that the options give.
 *
 * @throws UserError naming the option, its rule and the value
 */
export function settingsOf(arch: string, options: SettingOptions): TrainSettings {
  const {
    epochs,
    batch,
    rate,
    momentum,
    weightDecay,
    schedule,
    start,
    warmup,
    labelSmoothing,
    accumulate,
    preciseBn,
    precision,
    threads,
    backend,
    augment,
  } = options;
  const given = {
    epochs,
    batch,
    learningRate: rate,
    momentum,
    weightDecay,
    schedule,
    start,
    warmupEpochs: warmup,
    labelSmoothing,
    augment,
    accumulate,
    preciseBatchNorm: preciseBn,
    precision,
    backend,
    threads,
  };
  const parsed = givenTrainSettings.safeParse(given);
  if (!parsed.success) {
    const issue = must(parsed.error.issues[0]);
    throw refusal(String(issue.path[0]), issue.message, given);
  }
  const settings = trainSettingsFor(arch, parsed.data);
  const problem = settingProblem(settings);
  if (problem) throw refusal(problem.name, problem.rule, settings);
  return settings;
}

function refusal(name: string, rule: string, settings: object): UserError {
  return new UserError(
    `--${OPTION_OF[name] ?? name} must be ${rule}; got ${String(Reflect.get(settings, name))}`,
  );
}
