import { must } from '../core/errors.js';
import { floatForward } from './kernels/float-forward.js';
import { inputFanOut, inputOperations } from './kernels/tally.js';
import type { SpikeRun, SpikingNetwork, Stage } from './types.js';

/** Bytes of a number of the deployed network. */
const NUMBER_BYTES = 4;

/**
 * The figures of NeuroBench (Yik et al. 2025, Nature Communications; its harness
 * NeuroBench/neurobench), by its definitions. Operations are a mean per sample.
 */
export interface NeuroBenchFigures {
  /** Bytes of all weights (absent ones included), biases and thresholds. */
  readonly footprint: number;
  /** Bytes where absent blocks are not stored; a figure of our own. */
  readonly storedFootprint: number;
  /** Share of weights that are 0, absent ones included. */
  readonly connectionSparsity: number;
  /** Share of activations that are 0, over layers, steps and samples. */
  readonly activationSparsity: number;
  /** Operations if no weight and no activation were 0. */
  readonly dense: number;
  /** Operations with nonzero weight and nonzero activation whose activation is any number. */
  readonly effectiveMacs: number;
  /** The same where activations are -1, 0 or 1. */
  readonly effectiveAcs: number;
}

/** Which operations a run made are multiplications: of the first layer, and of graded events. */
export function spikingFigures(network: SpikingNetwork, run: SpikeRun): NeuroBenchFigures {
  const { stages, layers, code, steps } = network;
  const graded = code === 'delta';
  const rounds = graded ? 1 : steps;
  const [first, ...later] = run.counts;
  const firing = run.counts.filter((_, at) => must(layers[at]).fires);
  const events = firing.reduce((sum, { events: sent }) => sum + sent, 0);
  const places = firing.reduce((sum, { neurons }) => sum + neurons, 0) * rounds * run.samples;
  const analogue = must(first).operations / run.samples;
  const rest = later.reduce((sum, { operations }) => sum + operations, 0) / run.samples;
  const thresholds = firing.length;
  return {
    ...weightFigures(stages, thresholds),
    activationSparsity: 1 - events / places,
    dense: stages.reduce((sum, stage, at) => sum + denseOf(stage) * (at === 0 ? 1 : rounds), 0),
    effectiveMacs: graded ? analogue + rest : analogue,
    effectiveAcs: graded ? 0 : rest,
  };
}

/** The same of the float network that it was made from: all its operations are MACs. */
export function floatFigures(
  stages: readonly Stage[],
  samples: Float32Array | Float64Array,
): NeuroBenchFigures {
  const fanOuts = stages.map(inputFanOut);
  let [operations, zeros, places] = [0, 0, 0];
  floatForward(stages, samples, (at, inputs, activations) => {
    const fanOut = must(fanOuts[at]);
    for (let from = 0; from < inputs.length; from += fanOut.length)
      operations += inputOperations(fanOut, inputs.subarray(from, from + fanOut.length), null);
    if (!must(stages[at]).fires) return;
    places += activations.length;
    zeros += activations.reduce((sum, value) => sum + (value === 0 ? 1 : 0), 0);
  });
  const { channels, height, width } = must(stages[0]).input;
  const count = samples.length / (channels * height * width);
  return {
    ...weightFigures(stages, 0),
    activationSparsity: zeros / places,
    dense: stages.reduce((sum, stage) => sum + denseOf(stage), 0),
    effectiveMacs: operations / count,
    effectiveAcs: 0,
  };
}

/** Operations of a stage with neither a zero weight nor a zero input; padding does not count. */
function denseOf(stage: Stage): number {
  const ones = { ...stage, weights: new Float64Array(stage.weights.length).fill(1) };
  return inputFanOut(ones).reduce((sum, count) => sum + count, 0);
}

function weightFigures(
  stages: readonly Stage[],
  buffers: number,
): Pick<NeuroBenchFigures, 'footprint' | 'storedFootprint' | 'connectionSparsity'> {
  const sum = (of: (stage: Stage) => number): number =>
    stages.reduce((total, stage) => total + of(stage), 0);
  const weights = sum((stage) => stage.weights.length);
  const zeros = sum((stage) =>
    stage.weights.reduce((count, value) => count + (value === 0 ? 1 : 0), 0),
  );
  const stored = sum(({ mask, weights: all, window }) =>
    mask === null ? all.length : mask.nonzeros * window.kernel ** 2,
  );
  const others = sum(({ bias }) => bias.length) + buffers;
  return {
    footprint: NUMBER_BYTES * (weights + others),
    storedFootprint: NUMBER_BYTES * (stored + others),
    connectionSparsity: zeros / weights,
  };
}
