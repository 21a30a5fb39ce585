import type { Layer } from '../../network/types.js';
import type { Call, CallOf } from '../calls.js';
import { activationLayers, activationOps } from './activation.js';
import { addLayers, addOps } from './add.js';
import { attentionLayers, attentionOps } from './attention.js';
import { batchNormLayers, batchNormOps } from './batch-norm.js';
import { channelScaleLayers, channelScaleOps } from './channel-scale.js';
import { convLayers, convOps } from './conv.js';
import { depthwiseLayers, depthwiseOps } from './depthwise.js';
import { globalPoolLayers, globalPoolOps } from './global-pool.js';
import { layerNormLayers, layerNormOps } from './layer-norm.js';
import { linearLayers, linearOps } from './linear.js';
import type { LayerOf, LayerRule, Op } from './op.js';
import { poolLayers, poolOps } from './pool.js';
import { positionalEmbeddingLayers, positionalEmbeddingOps } from './positional-embedding.js';
import { softmaxLossOps } from './softmax-loss.js';
import { updateOps } from './update.js';

/** All ops, in the order in which docs/engine.md describes them. */
export const OPS: { readonly [Name in Call['op']]: Op<CallOf<Name>> } = {
  ...linearOps,
  ...convOps,
  ...depthwiseOps,
  ...batchNormOps,
  ...layerNormOps,
  ...activationOps,
  ...poolOps,
  ...globalPoolOps,
  ...addOps,
  ...channelScaleOps,
  ...positionalEmbeddingOps,
  ...attentionOps,
  ...softmaxLossOps,
  ...updateOps,
};

/** How layers are lowered. The input is none of them: its buffer is loaded from outside. */
const LAYERS: {
  readonly [Kind in Exclude<Layer['kind'], 'input'>]: LayerRule<LayerOf<Kind>, Call>;
} = {
  ...linearLayers,
  ...convLayers,
  ...depthwiseLayers,
  ...batchNormLayers,
  ...layerNormLayers,
  ...activationLayers,
  ...poolLayers,
  ...globalPoolLayers,
  ...addLayers,
  ...channelScaleLayers,
  ...positionalEmbeddingLayers,
  ...attentionLayers,
};

/** The op of a call. */
export function opOf(call: Call): Op<Call> & {
  readonly [Part in 'reads' | 'writes' | 'gradients' | 'idle']?: readonly string[];
} {
  return OPS[call.op] as Op<Call>;
}

/** How many inputs a kind of layer takes, and what makes its call; null for the input. */
export function layerRule(kind: Layer['kind']): {
  readonly inputs: number;
  readonly lower: LayerRule<Layer, Call>['lower'] | null;
} {
  return kind === 'input' ? { inputs: 0, lower: null } : (LAYERS[kind] as LayerRule<Layer, Call>);
}
