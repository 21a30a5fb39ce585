import { must, UserError } from '../core/errors.js';
import type { Tensor } from '../core/tensor.js';
import type { Network, Partition } from '../network/types.js';
import { type Calibration, calibrate, thresholdsOf } from './calibrate.js';
import { wholeWeights } from './kernels/synapses.js';
import type { SpikeCode, SpikingLayer, SpikingNetwork, Stage } from './types.js';

/** How a trained network is made event-driven. */
export interface SpikeSettings {
  readonly code: SpikeCode;
  /** Steps of `rate` and `qcfs`; levels of a threshold with `delta`. 1 to 1024. */
  readonly steps: number;
  /**
   * Images that thresholds are chosen by, normalised as in training, never those of the test; or what
   * `calibrate` made of them, which several codes can share.
   */
  readonly calibration: Float32Array | Float64Array | Calibration;
  /** The weights were tuned (`unitThresholds`): but for `rate`, all thresholds are 1. */
  readonly tuned?: boolean;
}

/** The most steps that a run may have. */
export const MOST_STEPS = 1024;
/** Graded events say up to so many thresholds; what is beyond saturates. */
export const MOST_THRESHOLDS = 4;
/** Units of a threshold in the first layer, whose currents are rounded to them. */
const FIRST_BITS = 16;

/**
 * A trained network as events compute it. Weights become whole numbers in units of a fraction of the
 * threshold, so that every count is exact and the same on every machine.
 *
 * @throws UserError for layers that events cannot carry, by name, and for bad settings
 */
export function toSpiking(
  network: Network,
  weights: ReadonlyMap<string, Tensor>,
  { code, steps, calibration, tuned = false }: SpikeSettings,
): SpikingNetwork {
  if (!Number.isInteger(steps) || steps < 1 || steps > MOST_STEPS)
    throw new UserError(`steps are a whole number from 1 to ${MOST_STEPS}; got ${steps}`);
  const known =
    'stages' in calibration ? calibration : calibrate({ network, weights }, calibration);
  const { stages } = known;
  const thresholds =
    tuned && code !== 'rate' ? stages.map(() => 1) : [...thresholdsOf(known, code, steps), 1];
  return {
    code,
    steps,
    classes: network.classes,
    input: network.input,
    stages,
    layers: stages.map((_, at) => layerOf(stages, thresholds, at, { code, steps })),
  };
}

function layerOf(
  stages: readonly Stage[],
  thresholds: readonly number[],
  at: number,
  { code, steps }: Pick<SpikeSettings, 'code' | 'steps'>,
): SpikingLayer {
  const stage = must(stages[at]);
  const threshold = must(thresholds[at]);
  const graded = code === 'delta';
  const facts = {
    id: stage.id,
    output: stage.output,
    threshold,
    fires: stage.fires,
    nodes: nodesOf(stage, stages[at + 1]),
    readBy: stages[at + 1]?.mask ?? null,
  };
  // The bias of the first layer is in its currents.
  if (at === 0)
    return {
      ...facts,
      bits: FIRST_BITS,
      synapses: null,
      bias: new Int32Array(stage.output.channels),
    };
  // A spike is worth a threshold, a graded event's unit one of the levels of it.
  const worth = must(thresholds[at - 1]) / (graded ? steps : 1);
  const most = graded
    ? { events: MOST_THRESHOLDS * steps, bias: 1 }
    : { events: steps, bias: steps };
  return { ...facts, ...wholeWeights(stage, worth / threshold, threshold, most) };
}

/** The nodes that hold what a stage gives: those that read it next, else its own. */
function nodesOf({ mask }: Stage, next: Stage | undefined): Partition | null {
  return next?.mask?.input ?? mask?.output ?? null;
}
