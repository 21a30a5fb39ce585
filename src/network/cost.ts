import { existingNumbers, layerParameters } from './parameters.js';
import type { Layer, LayerCost, Network, NetworkCost } from './types.js';

/**
 * Cost of one forward pass of one sample, layer by layer (in the network's order, layers without
 * cost included).
 *
 * Multiply-adds are those of linear layers, convolutions and attention. A relational layer's are
 * counted as graph2nn counts them: the dense product times the mask's share as a floating-point
 * number, truncated, so that a layer may count one less than its mask has entries; budgets depend
 * on it. As there, the bias of a convolution counts (squeeze-and-excitation has the only ones),
 * that of a linear layer does not. Parameters are exact.
 */
export function costOf(network: Network): NetworkCost {
  const layers = network.layers.map(layerCost);
  const total = (what: 'macs' | 'params'): number =>
    layers.reduce((sum, layer) => sum + layer[what], 0);
  return { macs: total('macs'), params: total('params'), layers };
}

function layerCost(layer: Layer): LayerCost {
  const params = layerParameters(layer)
    .filter((p) => p.learnable)
    .reduce((sum, p) => sum + existingNumbers(p), 0);
  return { layer: layer.id, macs: layerMacs(layer), params };
}

function layerMacs(layer: Layer): number {
  const { channels, height, width } = layer.output;
  switch (layer.kind) {
    case 'linear': {
      const dense = layer.inFeatures * layer.outFeatures;
      return layer.mask === null ? dense : Math.trunc(dense * (layer.mask.nonzeros / dense));
    }
    case 'conv': {
      const pairs = layer.inChannels * channels;
      const weights = pairs * layer.window.kernel ** 2;
      const bias = layer.bias ? channels : 0;
      if (layer.mask === null) return (weights + bias) * height * width;
      return (
        Math.trunc(weights * (layer.mask.nonzeros / pairs) * height * width) + bias * height * width
      );
    }
    case 'depthwise':
      return channels * layer.window.kernel ** 2 * height * width;
    case 'attention':
      // Scores and their sum over values: each pixel with each, once for every channel.
      return 2 * channels * (height * width) ** 2;
    case 'input':
    case 'batchNorm':
    case 'layerNorm':
    case 'activation':
    case 'maxPool':
    case 'averagePool':
    case 'globalPool':
    case 'add':
    case 'gate':
    case 'position':
      return 0;
    default:
      return layer satisfies never;
  }
}
