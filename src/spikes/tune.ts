import { invariant, must } from '../core/errors.js';
import type { Tensor } from '../core/tensor.js';
import type { Weighted } from '../engine/fold.js';
import type { Network, StairLevels } from '../network/types.js';
import { calibrate, thresholdsOf } from './calibrate.js';

/**
 * The network with stairs of so many levels for ReLUs: what its spikes compute in as many steps, up to
 * the order in which they come. To be trained, from weights of `unitThresholds`.
 */
export function stairNetwork(network: Network, levels: StairLevels): Network {
  return {
    ...network,
    layers: network.layers.map((layer) =>
      layer.kind === 'activation' && layer.function === 'relu'
        ? { ...layer, function: `stairs-${levels}` as const }
        : layer,
    ),
  };
}

/**
 * The weights of the same function with all thresholds 1, so that every layer's stairs are the same:
 * what comes before a ReLU is divided by its threshold, and a ReLU of a part is the part of a ReLU. The
 * layer behind it then gives a part as well, which its batch norm takes up in its running statistics, so
 * that weights and their gradients stay what they were and training goes on as it would have; without a
 * batch norm its weights are multiplied by the threshold. Thresholds are those that fit so many levels
 * best (`qcfs`).
 *
 * @param images that thresholds are chosen by, normalised as in training
 * @throws UserError for layers that events cannot carry, and for a layer that is silent on all images
 */
export function unitThresholds(
  weighted: Weighted,
  images: Float32Array | Float64Array,
  levels: StairLevels,
): Map<string, Tensor> {
  const thresholds = thresholdsOf(calibrate(weighted, images), 'qcfs', levels);
  const scaled = new Map(weighted.weights);
  const change = (name: string, to: (value: number) => number): void => {
    const tensor = scaled.get(name);
    if (tensor !== undefined) scaled.set(name, { ...tensor, data: tensor.data.map(to) });
  };
  const scale = (name: string, factor: number): void => change(name, (value) => factor * value);
  const { layers } = weighted.network;
  /** The layer whose weight and bias set the scale of the next ReLU: a batch norm, else a linear one. */
  let before: string | null = null;
  let [threshold, next] = [1, 0];
  for (const [at, layer] of layers.entries()) {
    const { kind, id } = layer;
    const norm = layers[at + 1];
    if (kind === 'linear' || kind === 'conv') {
      if (norm?.kind === 'batchNorm') {
        const by = threshold;
        scale(`${id}.bias`, 1 / by);
        scale(`${norm.id}.running_mean`, 1 / by);
        change(`${norm.id}.running_var`, (value) =>
          Math.max(0, (value + norm.eps) / by ** 2 - norm.eps),
        );
      } else scale(`${id}.weight`, threshold);
    }
    if (kind === 'linear' || kind === 'conv' || kind === 'batchNorm') before = id;
    if (kind !== 'activation') continue;
    invariant(before !== null, 'a ReLU stands behind a linear layer');
    threshold = must(thresholds[next++]);
    for (const part of ['weight', 'bias']) scale(`${before}.${part}`, 1 / threshold);
  }
  return scaled;
}
