import { invariant, must } from '../../core/errors.js';
import { features } from '../../core/shape.js';
import { parametersOf } from '../../network/parameters.js';
import type { Layer, Network } from '../../network/types.js';
import type { Call } from '../calls.js';
import { addBuffer, type Lowering } from '../ops/lowering.js';
import { layerRule } from '../ops/registry.js';
import type { Draft } from './draft.js';

/** Of a loss: how much of each label is spread over all classes. */
export interface LossSettings {
  readonly labelSmoothing: number;
}

/** Layers become forward calls: one buffer for each layer's output, the loss at the end. */
export function lower(network: Network, batch: number, { labelSmoothing }: LossSettings): Draft {
  verifyLayers(network);
  const parameters = parametersOf(network);
  const lowering: Lowering = { buffers: [], parameters, outputs: new Map() };
  const forward = network.layers.flatMap((layer) => lowerLayer(layer, network, lowering));
  const { buffers, outputs } = lowering;
  const logits = outputs.get(network.layers.at(-1)!.id)!;
  forward.push({
    op: 'softmaxLoss',
    logits,
    dlogits: null,
    classes: network.classes,
    smoothing: labelSmoothing,
  });
  const input = outputs.get(must(network.layers[0]).id)!;
  return {
    network,
    batch,
    inference: false,
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

/** The call of a layer; none of the input. */
function lowerLayer(layer: Layer, network: Network, lowering: Lowering): Call[] {
  const y = addBuffer(lowering, layer.id, layer.output, true);
  lowering.outputs.set(layer.id, y);
  const { inputs: wanted, lower: callOf } = layerRule(layer.kind);
  invariant(
    layer.inputs.length === wanted,
    `layer "${layer.id}" (${layer.kind}) takes ${wanted} inputs, has ${layer.inputs.length}`,
  );
  if (callOf === null) {
    invariant(layer.id === must(network.layers[0]).id, `"${layer.id}" is a second input`);
    return [];
  }
  const inputs = layer.inputs.map((id) => lowering.outputs.get(id)!);
  return [callOf(layer, inputs, y, lowering)];
}
