import type { KernelExecutable } from '../../engine/backends/cpu/index.js';
import type { CommandName } from '../../engine/backends/cpu/commands.js';
import type { Timing } from './timing.js';

/** What the commands of a step are, as its time is told. */
export const shareNames = [
  'products',
  'weight gradients',
  'norms',
  'activations and pooling',
  'loss',
  'update',
  'other',
] as const;
type ShareName = (typeof shareNames)[number];

/** The parts of a step's time: fractions of the whole, together 1. */
export type StepShares = Readonly<Record<ShareName, number>>;

/** Linear weights are updated where their gradient is made: that is not in `update`. */
const SHARES: Partial<Readonly<Record<CommandName, ShareName>>> = {
  product: 'products',
  conv: 'products',
  depthwise: 'products',
  transpose: 'products',
  weightGrad: 'weight gradients',
  convWeightGrad: 'weight gradients',
  depthwiseWeightGrad: 'weight gradients',
  planeSums: 'weight gradients',
  normTrain: 'norms',
  normGrad: 'norms',
  layerNorm: 'norms',
  layerNormGrad: 'norms',
  activation: 'activations and pooling',
  activationGrad: 'activations and pooling',
  maxPool: 'activations and pooling',
  maxPoolGrad: 'activations and pooling',
  windowSums: 'activations and pooling',
  globalPool: 'activations and pooling',
  globalPoolGrad: 'activations and pooling',
  add: 'activations and pooling',
  softmaxLoss: 'loss',
  update: 'update',
};

/** Where the time of a step goes, from the shortest time of each of its commands. */
export function stepShares(executable: KernelExecutable, timing: Timing): StepShares {
  const shares = Object.fromEntries(shareNames.map((name) => [name, 0])) as Record<
    ShareName,
    number
  >;
  for (const [i, { command }] of executable.parts('step', NO_CHANGE).entries())
    shares[SHARES[command] ?? 'other'] += timing.parts[i] / timing.best;
  return shares;
}

const NO_CHANGE = { learningRate: 0, momentum: 0, weightDecay: 0 };
