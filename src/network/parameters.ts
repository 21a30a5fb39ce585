import type { BatchNormLayer, Init, Layer, LinearLayer, Network, ParameterInfo } from './types.js';

/** Standard deviation of a linear weight at the start (graph2nn: N(0, 0.01)). */
const LINEAR_STD = 0.01;
const ZERO: Init = { kind: 'constant', value: 0 };
const ONE: Init = { kind: 'constant', value: 1 };

/** Every learnable parameter and running statistic, in layer order, named as in the official checkpoints. */
export function parametersOf(network: Network): ParameterInfo[] {
  return network.layers.flatMap(layerParameters);
}

/** The parameters of one layer; see `parametersOf`. */
export function layerParameters(layer: Layer): ParameterInfo[] {
  switch (layer.kind) {
    case 'input':
    case 'relu':
      return [];
    case 'linear':
      return linearParameters(layer);
    case 'batchNorm':
      return batchNormParameters(layer);
    default:
      return layer satisfies never;
  }
}

function linearParameters(layer: LinearLayer): ParameterInfo[] {
  const common = { layer: layer.id, learnable: true } as const;
  const shape = [layer.outFeatures, layer.inFeatures];
  const weight: ParameterInfo = { ...common, name: `${layer.id}.weight`, role: 'weight', shape, init: { kind: 'normal', std: LINEAR_STD }, mask: layer.mask };
  if (!layer.bias) return [weight];
  return [weight, { ...common, name: `${layer.id}.bias`, role: 'bias', shape: [layer.outFeatures], init: ZERO, mask: null }];
}

function batchNormParameters(layer: BatchNormLayer): ParameterInfo[] {
  const common = { layer: layer.id, shape: [layer.output.channels], mask: null };
  return [
    { ...common, name: `${layer.id}.weight`, role: 'gamma', learnable: true, init: ONE },
    { ...common, name: `${layer.id}.bias`, role: 'beta', learnable: true, init: ZERO },
    { ...common, name: `${layer.id}.running_mean`, role: 'runningMean', learnable: false, init: ZERO },
    { ...common, name: `${layer.id}.running_var`, role: 'runningVar', learnable: false, init: ONE },
  ];
}
