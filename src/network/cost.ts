import { elements } from '../core/tensor.js';
import { layerParameters } from './parameters.js';
import type { Layer, LayerCost, Network, NetworkCost, ParameterInfo } from './types.js';

/**
 * Cost of one forward pass of one sample, layer by layer (in the network's order, layers without cost included).
 *
 * Multiply-adds are those of linear layers. A relational layer's are counted as graph2nn counts them: the dense product
 * times the mask's share as a floating-point number, truncated, so that a layer may count one less than its mask has
 * entries; budgets depend on it. Parameters are exact.
 */
export function costOf(network: Network): NetworkCost {
  const layers = network.layers.map(layerCost);
  const total = (what: 'macs' | 'params'): number => layers.reduce((sum, layer) => sum + layer[what], 0);
  return { macs: total('macs'), params: total('params'), layers };
}

function layerCost(layer: Layer): LayerCost {
  const params = layerParameters(layer).filter((p) => p.learnable).reduce((sum, p) => sum + existing(p), 0);
  return { layer: layer.id, macs: layerMacs(layer), params };
}

/** How many numbers of a parameter exist. */
function existing(parameter: ParameterInfo): number {
  return parameter.mask?.nonzeros ?? elements(parameter.shape);
}

function layerMacs(layer: Layer): number {
  switch (layer.kind) {
    case 'linear': {
      const dense = layer.inFeatures * layer.outFeatures;
      return layer.mask === null ? dense : Math.trunc(dense * (layer.mask.nonzeros / dense));
    }
    case 'input':
    case 'batchNorm':
    case 'relu':
      return 0;
    default:
      return layer satisfies never;
  }
}
