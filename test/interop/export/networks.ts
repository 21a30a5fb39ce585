import { RandomStream } from '../../../src/core/random/stream.js';
import { elements, type Tensor } from '../../../src/core/tensor.js';
import { createSession } from '../../../src/engine/session.js';
import '../../../src/engine-native/register.js';
import { parseGraphSpec } from '../../../src/graph/spec.js';
import type { TrainedNetwork } from '../../../src/interop/export/types.js';
import { buildNetwork } from '../../../src/network/design.js';
import { denseMask } from '../../../src/network/mask.js';
import { parametersOf } from '../../../src/network/parameters.js';
import type { Network, ParameterInfo } from '../../../src/network/types.js';

/** Graphs whose nodes read differently many others; widths that no node count divides. */
const RAGGED = 'barabasi-albert:n=7,m=2,seed=3';
const TASK = { input: { channels: 3, height: 16, width: 16 }, classes: 4 };

/** All seven architectures, small, with uneven partitions and ragged graphs. */
export const CASES: readonly (readonly [string, readonly number[]])[] = [
  ['mlp', [38]],
  ['cnn', [9, 15, 18]],
  ['resnet34', [9, 10, 15, 18]],
  ['resnet34-sep', [9, 10, 15, 18]],
  ['resnet50', [30, 36, 40, 44]],
  ['efficientnet-b0', [8, 9, 10, 11, 12, 13, 15]],
  ['patch-transformer', [23]],
];

/** A network that looks trained: no parameter and no statistic has its starting value. */
export function trainedNetwork(
  arch: string,
  widths: readonly number[],
  { graph = RAGGED, task = TASK, seed = 1 } = {},
): TrainedNetwork {
  const network = buildNetwork(arch, parseGraphSpec(graph), widths, task);
  return {
    name: arch,
    network,
    stem: arch === 'mlp' ? null : 'small',
    weights: trainedWeights(network, seed),
    classNames: Array.from({ length: task.classes }, (_, at) => `class ${at}`),
    normalisation: { mean: [120, 110, 100], std: [60, 61, 62] },
    origin: {
      version: '0.1.0',
      data: 'shapes train=100 test=30 size=16 seed=1',
      seed,
      epoch: 3,
      testError: 12.5,
      testImages: 30,
      study: null,
    },
  };
}

function trainedWeights(network: Network, seed: number): Map<string, Tensor> {
  const random = new RandomStream('weights', seed);
  return new Map(
    parametersOf(network).map((parameter) => [parameter.name, valuesOf(parameter, random)]),
  );
}

function valuesOf({ shape, role, mask }: ParameterInfo, random: RandomStream): Tensor {
  const uniform = (low: number, high: number): number => low + (high - low) * random.uniform();
  const fanIn =
    elements(shape.slice(1)) *
    (mask === null ? 1 : mask.nonzeros / (mask.input.channels * mask.output.channels));
  const bound = Math.sqrt(3 / fanIn);
  const exists = mask && denseMask(mask);
  const size = exists ? elements(shape.slice(2)) : 1;
  const data = Float32Array.from({ length: elements(shape) }, (_, at) => {
    if (role === 'gamma' || role === 'runningVar') return uniform(0.5, 1.5);
    if (role !== 'weight') return uniform(-0.5, 0.5);
    return exists?.[Math.floor(at / size)] === 0 ? 0 : uniform(-bound, bound);
  });
  return { shape, data };
}

/** Samples as numbers, of a fixed seed. */
export function samplesOf({ input }: Network, count: number): Float32Array {
  const random = new RandomStream('samples');
  return Float32Array.from(
    { length: count * input.channels * input.height * input.width },
    () => 4 * random.uniform() - 2,
  );
}

/** What our own kernels make of samples. */
export async function ownLogits(
  { network, weights }: TrainedNetwork,
  samples: Float32Array,
  count: number,
): Promise<Float32Array> {
  const session = await createSession(network, { backend: 'wasm', batch: count, inference: true });
  session.load(weights);
  const { logits } = await session.evaluate(samples, new Uint8Array(count));
  session.dispose();
  return Float32Array.from(logits);
}

/** The largest difference as a share of the largest number. */
export function difference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  const own = Array.from(ours);
  if (own.length !== theirs.length) return Infinity;
  const scale = Math.max(...own.map(Math.abs));
  return Math.max(...own.map((value, at) => Math.abs(value - theirs[at]))) / scale;
}

const STEPS = 20;
const STEP_BATCH = 8;
const RATE = 0.0002;

/** Samples, what our kernels make of them, and the losses of steps of training, by name. */
export async function expectations(model: TrainedNetwork): Promise<Map<string, Tensor>> {
  const { network, weights } = model;
  const { channels, height, width } = network.input;
  const tensors = new Map<string, Tensor>();
  for (const count of [1, 64]) {
    const samples = samplesOf(network, count);
    const logits = await ownLogits(model, samples, count);
    tensors.set(`images.${count}`, { shape: [count, channels, height, width], data: samples });
    tensors.set(`logits.${count}`, { shape: [count, network.classes], data: logits });
  }
  // In float64: deep networks spread the rounding of float32 over all digits within a few steps.
  const session = await createSession(network, {
    backend: 'reference',
    batch: STEP_BATCH,
    momentum: 0.9,
    weightDecay: 5e-4,
  });
  session.load(weights);
  const samples = samplesOf(network, STEP_BATCH);
  const labels = Float32Array.from({ length: STEP_BATCH }, (_, at) => at % network.classes);
  const losses = new Float64Array(STEPS);
  for (let step = 0; step < STEPS; step++)
    losses[step] = (await session.step(samples, labels, RATE)).loss;
  session.dispose();
  tensors.set('labels', { shape: [STEP_BATCH], data: labels });
  tensors.set('losses', { shape: [STEPS], data: losses });
  return tensors;
}
