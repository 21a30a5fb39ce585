import { invariant } from '../../core/errors.js';
import { features, type Shape } from '../../core/shape.js';
import { parametersOf } from '../../network/parameters.js';
import type {
  BatchNormLayer,
  ConvLayer,
  DepthwiseLayer,
  Layer,
  LinearLayer,
  Network,
  ParameterInfo,
  PoolLayer,
  Window,
} from '../../network/types.js';
import type { BufferId, Call, ParamId, Windowed } from '../calls.js';
import type { Draft, DraftBuffer } from './draft.js';

/** What `lower` fills while it walks the layers. */
interface Lowering {
  readonly buffers: DraftBuffer[];
  readonly forward: Call[];
  readonly parameters: readonly ParameterInfo[];
  /** Buffer of each layer's output. */
  readonly outputs: Map<string, BufferId>;
}

/** Of a loss: how much of each label is spread over all classes. */
export interface LossSettings {
  readonly labelSmoothing: number;
}

/** Layers become forward calls: one buffer for each layer's output, the loss at the end. */
export function lower(network: Network, batch: number, { labelSmoothing }: LossSettings): Draft {
  verifyLayers(network);
  const parameters = parametersOf(network);
  const lowering: Lowering = { buffers: [], forward: [], parameters, outputs: new Map() };
  for (const layer of network.layers) lowerLayer(layer, network, lowering);
  const { buffers, forward, outputs } = lowering;
  const logits = outputs.get(network.layers.at(-1)!.id)!;
  forward.push({
    op: 'softmaxLoss',
    logits,
    dlogits: null,
    classes: network.classes,
    smoothing: labelSmoothing,
  });
  const input = outputs.get(network.layers[0].id)!;
  return {
    network,
    batch,
    buffers,
    parameters,
    input,
    logits,
    forward,
    evaluate: [],
    statistics: [],
    backward: [],
    update: [],
  };
}

function verifyLayers(network: Network): void {
  const { layers, classes } = network;
  const first = layers[0];
  const last = layers.at(-1);
  invariant(
    first !== undefined && last !== undefined && layers.length > 1,
    'a network needs an input and a layer',
  );
  invariant(first.kind === 'input', 'the first layer of a network must be its input');
  invariant(
    features(last.output) === classes,
    `the last layer gives ${features(last.output)} logits for ${classes} classes`,
  );
  const known = new Set<string>();
  for (const layer of layers) {
    invariant(!known.has(layer.id), `layer id "${layer.id}" occurs twice`);
    for (const id of layer.inputs)
      invariant(known.has(id), `layer "${layer.id}" reads "${id}", which is not before it`);
    known.add(layer.id);
  }
}

/** How many inputs a layer of each kind takes. */
const INPUTS: Readonly<Record<Layer['kind'], number>> = {
  input: 0,
  linear: 1,
  conv: 1,
  depthwise: 1,
  batchNorm: 1,
  layerNorm: 1,
  activation: 1,
  maxPool: 1,
  averagePool: 1,
  globalPool: 1,
  position: 1,
  add: 2,
  gate: 2,
  attention: 3,
};

function lowerLayer(layer: Layer, network: Network, lowering: Lowering): void {
  const y = addBuffer(lowering, layer.id, layer.output, true);
  lowering.outputs.set(layer.id, y);
  invariant(
    layer.inputs.length === INPUTS[layer.kind],
    `layer "${layer.id}" (${layer.kind}) takes ${INPUTS[layer.kind]} inputs, has ` +
      layer.inputs.length,
  );
  if (layer.kind === 'input') {
    invariant(layer.id === network.layers[0].id, `"${layer.id}" is a second input`);
    return;
  }
  const inputs = layer.inputs.map((id) => lowering.outputs.get(id)!);
  lowering.forward.push(callOf(layer, inputs, y, lowering));
}

/** The forward call of a layer, its shapes checked. */
function callOf(
  layer: Exclude<Layer, { kind: 'input' }>,
  inputs: readonly BufferId[],
  y: BufferId,
  lowering: Lowering,
): Call {
  const [x, second, third] = inputs;
  const planes = planesOf(layer.output);
  switch (layer.kind) {
    case 'linear':
      return lowerLinear(layer, x, y, lowering);
    case 'conv':
      return lowerConv(layer, x, y, lowering);
    case 'depthwise':
      return lowerDepthwise(layer, x, y, lowering);
    case 'batchNorm':
      return lowerBatchNorm(layer, x, y, lowering);
    case 'layerNorm':
      sameShape(layer, x, lowering);
      return {
        op: 'layerNorm',
        x,
        y,
        ...planes,
        gamma: parameterOf(layer, 'gamma', lowering),
        beta: parameterOf(layer, 'beta', lowering),
        eps: layer.eps,
      };
    case 'activation':
      sameShape(layer, x, lowering);
      return { op: 'activation', function: layer.function, x, y };
    case 'maxPool':
    case 'averagePool':
      return lowerPool(layer, x, y, lowering);
    case 'globalPool': {
      const { shape } = lowering.buffers[x];
      invariant(
        planes.plane === 1 && planes.channels === shape.channels,
        `global pool "${layer.id}" declares a wrong shape`,
      );
      return { op: 'globalPool', x, y, ...planesOf(shape) };
    }
    case 'add':
      sameShape(layer, x, lowering);
      sameShape(layer, second, lowering);
      return { op: 'add', a: x, b: second, y };
    case 'gate':
      sameShape(layer, x, lowering);
      invariant(
        lowering.buffers[second].rows === planes.channels,
        `the gate of "${layer.id}" needs one number a channel`,
      );
      return { op: 'gate', x, s: second, y, ...planes };
    case 'position':
      sameShape(layer, x, lowering);
      return { op: 'position', x, y, weight: parameterOf(layer, 'position', lowering), ...planes };
    case 'attention':
      for (const input of inputs) sameShape(layer, input, lowering);
      invariant(
        layer.heads >= 1 && layer.heads <= planes.channels,
        `attention "${layer.id}" has ${layer.heads} heads for ${planes.channels} channels`,
      );
      return { op: 'attention', q: x, k: second, v: third, y, heads: layer.heads, ...planes };
    default:
      return layer satisfies never;
  }
}

function lowerLinear(layer: LinearLayer, x: BufferId, y: BufferId, lowering: Lowering): Call {
  const { inFeatures, outFeatures, mask } = layer;
  const rows = lowering.buffers[x].rows;
  invariant(
    rows === inFeatures,
    `layer "${layer.id}" takes ${inFeatures} features, is given ${rows}`,
  );
  invariant(
    lowering.buffers[y].rows === outFeatures,
    `layer "${layer.id}" declares ${outFeatures} features, gives another number`,
  );
  invariant(
    mask === null || features(lowering.buffers[x].shape) === lowering.buffers[x].shape.channels,
    `the relational layer "${layer.id}" reads a vector, is given a plane`,
  );
  const fits =
    mask === null || (mask.input.channels === inFeatures && mask.output.channels === outFeatures);
  invariant(fits, `the mask of layer "${layer.id}" does not fit its features`);
  const weight = parameterOf(layer, 'weight', lowering);
  const bias = layer.bias ? parameterOf(layer, 'bias', lowering) : null;
  return { op: 'linear', x, y, weight, bias, inFeatures, outFeatures, mask };
}

function lowerConv(layer: ConvLayer, x: BufferId, y: BufferId, lowering: Lowering): Call {
  const { inChannels, mask } = layer;
  const outChannels = layer.output.channels;
  const given = lowering.buffers[x].shape.channels;
  invariant(
    given === inChannels,
    `layer "${layer.id}" takes ${inChannels} channels, is given ${given}`,
  );
  const fits =
    mask === null || (mask.input.channels === inChannels && mask.output.channels === outChannels);
  invariant(fits, `the mask of layer "${layer.id}" does not fit its channels`);
  const weight = parameterOf(layer, 'weight', lowering);
  const bias = layer.bias ? parameterOf(layer, 'bias', lowering) : null;
  return {
    op: 'conv',
    x,
    y,
    weight,
    bias,
    inChannels,
    outChannels,
    mask,
    ...windowed(layer, layer.window, x, lowering),
  };
}

function lowerDepthwise(layer: DepthwiseLayer, x: BufferId, y: BufferId, lowering: Lowering): Call {
  return {
    op: 'depthwise',
    x,
    y,
    weight: parameterOf(layer, 'weight', lowering),
    channels: sameChannels(layer, x, lowering),
    ...windowed(layer, layer.window, x, lowering),
  };
}

function lowerPool(layer: PoolLayer, x: BufferId, y: BufferId, lowering: Lowering): Call {
  const { window } = layer;
  // Else a window could lie in the padding wholly, with no largest value.
  invariant(
    2 * window.padding <= window.kernel,
    `the padding of pool "${layer.id}" is at most half its window`,
  );
  return {
    op: layer.kind,
    x,
    y,
    channels: sameChannels(layer, x, lowering),
    ...windowed(layer, window, x, lowering),
  };
}

function lowerBatchNorm(layer: BatchNormLayer, x: BufferId, y: BufferId, lowering: Lowering): Call {
  sameShape(layer, x, lowering);
  const statistics: Shape = { channels: layer.output.channels, height: 1, width: 1 };
  return {
    op: 'batchNormTrain',
    x,
    y,
    ...planesOf(layer.output),
    gamma: parameterOf(layer, 'gamma', lowering),
    beta: parameterOf(layer, 'beta', lowering),
    runningMean: parameterOf(layer, 'runningMean', lowering),
    runningVar: parameterOf(layer, 'runningVar', lowering),
    eps: layer.eps,
    momentum: layer.momentum,
    residual: null,
    activation: null,
    savedMean: addBuffer(lowering, `${layer.id}.mean`, statistics, false),
    savedInvStd: addBuffer(lowering, `${layer.id}.invStd`, statistics, false),
  };
}

function planesOf({ channels, height, width }: Shape): {
  readonly channels: number;
  readonly plane: number;
} {
  return { channels, plane: height * width };
}

/** The planes' sides, checked: floor((side + 2 padding - kernel) / stride) + 1. */
function windowed(layer: Layer, window: Window, x: BufferId, lowering: Lowering): Windowed {
  const { height, width } = lowering.buffers[x].shape;
  const { kernel, stride, padding } = window;
  const side = (length: number): number => Math.floor((length + 2 * padding - kernel) / stride) + 1;
  const { height: outHeight, width: outWidth } = layer.output;
  invariant(
    outHeight >= 1 && outWidth >= 1 && outHeight === side(height) && outWidth === side(width),
    `layer "${layer.id}" declares planes of ${outHeight}x${outWidth}, gives ` +
      `${side(height)}x${side(width)}`,
  );
  return { window, inHeight: height, inWidth: width, outHeight, outWidth };
}

function sameChannels(layer: Layer, x: BufferId, lowering: Lowering): number {
  const [given, declared] = [lowering.buffers[x].shape.channels, layer.output.channels];
  invariant(
    given === declared,
    `layer "${layer.id}" declares ${declared} channels, is given ${given}`,
  );
  return declared;
}

function sameShape(layer: Layer, x: BufferId, lowering: Lowering): void {
  const given = lowering.buffers[x].shape;
  const { channels, height, width } = layer.output;
  const same = given.channels === channels && given.height === height && given.width === width;
  invariant(
    same,
    `layer "${layer.id}" declares ${channels}x${height}x${width}, is given ` +
      `${given.channels}x${given.height}x${given.width}`,
  );
}

function parameterOf(layer: Layer, role: ParameterInfo['role'], lowering: Lowering): ParamId {
  const id = lowering.parameters.findIndex(
    (parameter) => parameter.layer === layer.id && parameter.role === role,
  );
  invariant(id >= 0, `layer "${layer.id}" has no parameter of role ${role}`);
  return id;
}

function addBuffer(lowering: Lowering, name: string, shape: Shape, perBatch: boolean): BufferId {
  return lowering.buffers.push({ name, rows: features(shape), shape, perBatch }) - 1;
}
