import { packageVersion } from '../../../platform/version.js';
import { factsText, knownNormalisation } from '../facts.js';
import { foldBatchNorms } from '../../../engine/fold.js';
import type { ExportOptions, NetworkTarget, TrainedNetwork } from '../types.js';
import { GraphDraft } from './graph.js';
import { writeLayers } from './layers.js';
import { onnxModel, type OnnxValue } from './model.js';

/**
 * A model of ONNX, opset 17, IR 8: any number of images in, logits out. Runtimes make sparse
 * tensors dense, so that sparsity is written as structure: blocks that are gathered and multiplied.
 */
export const onnx: NetworkTarget = {
  of: 'network',
  name: 'onnx',
  meaning: 'ONNX model: images in, logits out, for onnxruntime and others',
  ending: '.onnx',
  options: ['form', 'foldBatchNorm', 'withNormalisation'],
  files: (model, options) => new Map([[`${model.name}.onnx`, onnxBytes(model, options)]]),
};

/** The bytes of the model; see `onnx`. */
export function onnxBytes(
  model: TrainedNetwork,
  { form = 'gather', foldBatchNorm = false, withNormalisation = false }: ExportOptions = {},
): Uint8Array {
  const { network, weights } = foldBatchNorm ? foldBatchNorms(model) : model;
  const { channels, height, width } = network.input;
  const draft = new GraphDraft(weights);
  const input: OnnxValue = {
    name: withNormalisation ? 'bytes' : 'images',
    type: withNormalisation ? 'uint8' : 'float',
    shape: ['N', channels, height, width],
  };
  const images = withNormalisation ? normalised(draft, model, input.name) : input.name;
  const last = writeLayers(draft, network.layers, images, form);
  draft.add('Identity', 'logits', [last]);
  const { nodes, initialisers } = draft;
  return onnxModel(
    {
      name: model.name,
      nodes,
      initialisers,
      input,
      output: { name: 'logits', type: 'float', shape: ['N', network.classes] },
    },
    {
      version: packageVersion(),
      metadata: new Map([
        ...factsText(model),
        ['form', form],
        ['batch_norm', foldBatchNorm ? 'folded' : 'kept'],
        ['normalisation', withNormalisation ? 'inside' : 'outside'],
      ]),
    },
  );
}

/** (byte - mean) / std, channel by channel. */
function normalised(draft: GraphDraft, model: TrainedNetwork, bytes: string): string {
  const { mean, std } = knownNormalisation(model);
  const constant = (name: string, values: readonly number[]): string =>
    draft.floats(name, { shape: [1, values.length, 1, 1], data: Float64Array.from(values) });
  const numbers = draft.add('Cast', 'numbers', [bytes], { to: { int: 1 } });
  const centred = draft.add('Sub', 'centred', [numbers, constant('mean', mean)]);
  return draft.add('Div', 'images', [centred, constant('std', std)]);
}
