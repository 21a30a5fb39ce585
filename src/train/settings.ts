import { architecture } from '../network/architectures/registry.js';
import { baselineNetwork } from '../network/design.js';
import type { GivenTrainSettings } from './setting-rules.js';
import type { TrainSettings } from './types.js';

/** Samples that the official code takes batch norms' statistics over before an evaluation. */
const PRECISE_SAMPLES = 1024;

/**
 * What is given, and for the rest the settings with which the architecture was published (You et
 * al., ICML 2020, with the settings of its published code).
 *
 * @throws UserError for an unknown architecture
 */
export function trainSettingsFor(arch: string, given: GivenTrainSettings = {}): TrainSettings {
  const defaults: TrainSettings = {
    ...architecture(arch).training,
    start: 'published',
    warmupEpochs: 0,
    labelSmoothing: 0,
    augment: true,
    accumulate: 1,
    preciseBatchNorm: hasPlaneNorm(arch) ? PRECISE_SAMPLES : 0,
    precision: 'float32',
    backend: 'auto',
    threads: 1,
  };
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(chosen) as Partial<TrainSettings>) };
}

/**
 * Whether an architecture normalises planes. The official code leaves norms of plain vectors, the
 * MLP's, as they are.
 */
function hasPlaneNorm(arch: string): boolean {
  return baselineNetwork(arch).layers.some(
    ({ kind, output }) => kind === 'batchNorm' && output.height * output.width > 1,
  );
}

/** The settings of the paper's MLP. */
export const defaultTrainSettings: TrainSettings = trainSettingsFor('mlp');
