import { elements } from '../core/tensor.js';
import type {
  BatchNormLayer,
  BlockMask,
  ConvLayer,
  DepthwiseLayer,
  Init,
  Layer,
  LayerNormLayer,
  LinearLayer,
  Network,
  ParameterInfo,
  PositionLayer,
} from './types.js';

/** Standard deviation of a linear weight at the start (graph2nn: N(0, 0.01)). */
const LINEAR_STD = 0.01;
const POSITION_STD = 0.02;
const ZERO: Init = { kind: 'constant', value: 0 };
const ONE: Init = { kind: 'constant', value: 1 };

/**
 * Every learnable parameter and running statistic, in layer order, named as in the official
 * checkpoints.
 */
export function parametersOf(network: Network): ParameterInfo[] {
  return network.layers.flatMap(layerParameters);
}

/** The parameters of one layer; see `parametersOf`. */
export function layerParameters(layer: Layer): ParameterInfo[] {
  switch (layer.kind) {
    case 'input':
    case 'activation':
    case 'maxPool':
    case 'averagePool':
    case 'globalPool':
    case 'add':
    case 'gate':
    case 'attention':
      return [];
    case 'linear':
      return linearParameters(layer);
    case 'conv':
      return convParameters(layer);
    case 'depthwise':
      return depthwiseParameters(layer);
    case 'batchNorm':
      return batchNormParameters(layer);
    case 'layerNorm':
      return layerNormParameters(layer);
    case 'position':
      return positionParameters(layer);
    default:
      return layer satisfies never;
  }
}

function linearParameters(layer: LinearLayer): ParameterInfo[] {
  const shape = [layer.outFeatures, layer.inFeatures];
  const bias = layer.bias ? [biasParameter(layer, layer.outFeatures, ZERO)] : [];
  return [weightParameter(layer, shape, { kind: 'normal', std: LINEAR_STD }, layer.mask), ...bias];
}

/**
 * graph2nn draws convolutions from N(0, sqrt(2 / (k^2 out))) (He et al. 2015, fan out), with out x
 * density for relational ones; it leaves biases, which only squeeze-and-excitation has, at
 * PyTorch's U(-1 / sqrt(k^2 in), 1 / sqrt(k^2 in)).
 */
function convParameters(layer: ConvLayer): ParameterInfo[] {
  const {
    inChannels,
    mask,
    window: { kernel },
  } = layer;
  const outChannels = layer.output.channels;
  const density = mask === null ? 1 : mask.nonzeros / (inChannels * outChannels);
  const shape = [outChannels, inChannels, kernel, kernel];
  const bias = layer.bias
    ? [
        biasParameter(layer, outChannels, {
          kind: 'uniform',
          bound: 1 / Math.sqrt(kernel * kernel * inChannels),
        }),
      ]
    : [];
  return [
    weightParameter(layer, shape, fanOut(kernel * kernel * outChannels * density), mask),
    ...bias,
  ];
}

/** Fan out counts all channels, as in graph2nn, although each window feeds one. */
function depthwiseParameters(layer: DepthwiseLayer): ParameterInfo[] {
  const {
    window: { kernel },
    output: { channels },
  } = layer;
  return [
    weightParameter(layer, [channels, 1, kernel, kernel], fanOut(kernel * kernel * channels), null),
  ];
}

function batchNormParameters(layer: BatchNormLayer): ParameterInfo[] {
  const common = { layer: layer.id, shape: [layer.output.channels], mask: null };
  return [
    {
      ...common,
      name: `${layer.id}.weight`,
      role: 'gamma',
      learnable: true,
      init: { kind: 'constant', value: layer.gamma },
    },
    { ...common, name: `${layer.id}.bias`, role: 'beta', learnable: true, init: ZERO },
    {
      ...common,
      name: `${layer.id}.running_mean`,
      role: 'runningMean',
      learnable: false,
      init: ZERO,
    },
    { ...common, name: `${layer.id}.running_var`, role: 'runningVar', learnable: false, init: ONE },
  ];
}

function layerNormParameters(layer: LayerNormLayer): ParameterInfo[] {
  const common = { layer: layer.id, shape: [layer.output.channels], mask: null, learnable: true };
  return [
    { ...common, name: `${layer.id}.weight`, role: 'gamma', init: ONE },
    { ...common, name: `${layer.id}.bias`, role: 'beta', init: ZERO },
  ];
}

/** Starts at N(0, 0.02), as the position embeddings of Dosovitskiy et al. (2021). */
function positionParameters(layer: PositionLayer): ParameterInfo[] {
  const { channels, height, width } = layer.output;
  return [
    {
      layer: layer.id,
      name: layer.id,
      role: 'position',
      learnable: true,
      shape: [1, channels, height, width],
      init: { kind: 'normal', std: POSITION_STD },
      mask: null,
    },
  ];
}

function fanOut(fan: number): Init {
  return { kind: 'normal', std: Math.sqrt(2 / fan) };
}

function weightParameter(
  layer: Layer,
  shape: readonly number[],
  init: Init,
  mask: BlockMask | null,
): ParameterInfo {
  return {
    layer: layer.id,
    learnable: true,
    name: `${layer.id}.weight`,
    role: 'weight',
    shape,
    init,
    mask,
  };
}

function biasParameter(layer: Layer, channels: number, init: Init): ParameterInfo {
  return {
    layer: layer.id,
    learnable: true,
    name: `${layer.id}.bias`,
    role: 'bias',
    shape: [channels],
    init,
    mask: null,
  };
}

/** How many numbers of a parameter exist. */
export function existingNumbers({ mask, shape }: ParameterInfo): number {
  // A mask speaks of the first two axes.
  return mask === null ? elements(shape) : mask.nonzeros * elements(shape.slice(2));
}
