import { invariant } from '../../core/errors.js';
import { features } from '../../core/shape.js';
import { parametersOf } from '../../network/index.js';
import type { BatchNormLayer, Layer, LinearLayer, Network, ParameterInfo } from '../../network/types.js';
import type { BufferId, Call, ParamId } from '../types.js';
import type { Draft, DraftBuffer } from './draft.js';

/** What `lower` fills while it walks the layers. */
interface Lowering {
  readonly buffers: DraftBuffer[];
  readonly forward: Call[];
  readonly parameters: readonly ParameterInfo[];
  /** Buffer of each layer's output. */
  readonly outputs: Map<string, BufferId>;
}

/** Layers become forward calls: one buffer for each layer's output, the loss at the end. */
export function lower(network: Network, batch: number): Draft {
  verifyLayers(network);
  const parameters = parametersOf(network);
  const lowering: Lowering = { buffers: [], forward: [], parameters, outputs: new Map() };
  for (const layer of network.layers) lowerLayer(layer, network, lowering);
  const { buffers, forward, outputs } = lowering;
  const logits = outputs.get(network.layers.at(-1)!.id)!;
  forward.push({ op: 'softmaxLoss', logits, dlogits: null, classes: network.classes });
  const input = outputs.get(network.layers[0].id)!;
  return { network, batch, buffers, parameters, input, logits, forward, evaluate: [], backward: [], update: [] };
}

function verifyLayers(network: Network): void {
  const { layers, classes } = network;
  const first = layers[0];
  const last = layers.at(-1);
  invariant(first !== undefined && last !== undefined && layers.length > 1, 'a network needs an input and a layer');
  invariant(first.kind === 'input', 'the first layer of a network must be its input');
  invariant(features(last.output) === classes, `the last layer gives ${features(last.output)} logits for ${classes} classes`);
  const known = new Set<string>();
  for (const layer of layers) {
    invariant(!known.has(layer.id), `layer id "${layer.id}" occurs twice`);
    for (const id of layer.inputs) invariant(known.has(id), `layer "${layer.id}" reads "${id}", which is not before it`);
    known.add(layer.id);
  }
}

function lowerLayer(layer: Layer, network: Network, lowering: Lowering): void {
  const y = addBuffer(lowering, layer.id, features(layer.output), true);
  lowering.outputs.set(layer.id, y);
  if (layer.kind === 'input') {
    invariant(layer.id === network.layers[0].id && layer.inputs.length === 0, `"${layer.id}" is a second input`);
    return;
  }
  invariant(layer.inputs.length === 1, `layer "${layer.id}" (${layer.kind}) takes one input, has ${layer.inputs.length}`);
  const x = lowering.outputs.get(layer.inputs[0])!;
  switch (layer.kind) {
    case 'linear':
      lowering.forward.push(lowerLinear(layer, x, y, lowering));
      return;
    case 'batchNorm':
      lowering.forward.push(lowerBatchNorm(layer, x, y, lowering));
      return;
    case 'relu':
      sameRows(layer, x, y, lowering);
      lowering.forward.push({ op: 'relu', x, y });
      return;
    default:
      layer satisfies never;
  }
}

function lowerLinear(layer: LinearLayer, x: BufferId, y: BufferId, lowering: Lowering): Call {
  const { inFeatures, outFeatures, mask } = layer;
  const rows = lowering.buffers[x].rows;
  invariant(rows === inFeatures, `layer "${layer.id}" takes ${inFeatures} features, is given ${rows}`);
  invariant(lowering.buffers[y].rows === outFeatures, `layer "${layer.id}" declares ${outFeatures} features, gives another number`);
  const fits = mask === null || (mask.input.channels === inFeatures && mask.output.channels === outFeatures);
  invariant(fits, `the mask of layer "${layer.id}" does not fit its features`);
  const weight = parameterOf(layer, 'weight', lowering);
  const bias = layer.bias ? parameterOf(layer, 'bias', lowering) : null;
  return { op: 'linear', x, y, weight, bias, inFeatures, outFeatures, mask };
}

function lowerBatchNorm(layer: BatchNormLayer, x: BufferId, y: BufferId, lowering: Lowering): Call {
  sameRows(layer, x, y, lowering);
  const channels = layer.output.channels;
  invariant(features(layer.output) === channels, `batch norm "${layer.id}" over a plane has no kernel`);
  return {
    op: 'batchNormTrain',
    x,
    y,
    channels,
    gamma: parameterOf(layer, 'gamma', lowering),
    beta: parameterOf(layer, 'beta', lowering),
    runningMean: parameterOf(layer, 'runningMean', lowering),
    runningVar: parameterOf(layer, 'runningVar', lowering),
    eps: layer.eps,
    momentum: layer.momentum,
    relu: false,
    savedMean: addBuffer(lowering, `${layer.id}.mean`, channels, false),
    savedInvStd: addBuffer(lowering, `${layer.id}.invStd`, channels, false),
  };
}

function sameRows(layer: Layer, x: BufferId, y: BufferId, lowering: Lowering): void {
  const [given, declared] = [lowering.buffers[x].rows, lowering.buffers[y].rows];
  invariant(given === declared, `layer "${layer.id}" declares ${declared} features, is given ${given}`);
}

function parameterOf(layer: Layer, role: ParameterInfo['role'], lowering: Lowering): ParamId {
  const id = lowering.parameters.findIndex((parameter) => parameter.layer === layer.id && parameter.role === role);
  invariant(id >= 0, `layer "${layer.id}" has no parameter of role ${role}`);
  return id;
}

function addBuffer(lowering: Lowering, name: string, rows: number, perBatch: boolean): BufferId {
  return lowering.buffers.push({ name, rows, perBatch }) - 1;
}
