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
  readonly rewire?: string;
  readonly rewireEvery?: number;
  readonly rewireFraction?: number;
  readonly rewireUntil?: number;
  readonly rewireGraphs?: string;
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
  'rewire-rule': 'rewire',
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
    rewire: rewireIn(options),
  };
  const parsed = givenTrainSettings.safeParse(given);
  if (!parsed.success) {
    const issue = must(parsed.error.issues[0]);
    const [name, key] = issue.path.map(String);
    if (key !== undefined)
      throw refusal(`${name}-${key}`, issue.message, {
        [`${name}-${key}`]: Reflect.get(given.rewire ?? {}, key),
      });
    throw refusal(name ?? '', issue.message, given);
  }
  const settings = trainSettingsFor(arch, parsed.data);
  const problem = settingProblem(settings);
  if (problem) throw refusal(problem.name, problem.rule, settings);
  return settings;
}

/** The settings of `--rewire`; undefined without it. */
function rewireIn({
  rewire: rule,
  rewireEvery: every,
  rewireFraction: fraction,
  rewireUntil: until,
  rewireGraphs: graphs,
}: SettingOptions): object | undefined {
  const rest = { every, fraction, until, graphs };
  if (rule !== undefined) return { rule, ...rest };
  const [stray] = Object.entries(rest).flatMap(([name, value]) =>
    value === undefined ? [] : name,
  );
  if (stray !== undefined)
    throw new UserError(
      `--rewire-${stray} is about a graph that is rewired, but this one stays; add --rewire RULE`,
    );
  return undefined;
}

function refusal(name: string, rule: string, settings: object): UserError {
  return new UserError(
    `--${OPTION_OF[name] ?? name} must be ${rule}; got ${String(Reflect.get(settings, name))}`,
  );
}
