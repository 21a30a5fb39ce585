import type { CallIn } from './base.js';
import type { ActivationCalls } from './ops/activation.js';
import type { AddCalls } from './ops/add.js';
import type { AttentionCalls } from './ops/attention.js';
import type { BatchNormCalls } from './ops/batch-norm.js';
import type { ChannelScaleCalls } from './ops/channel-scale.js';
import type { ConvCalls } from './ops/conv.js';
import type { DepthwiseCalls } from './ops/depthwise.js';
import type { GlobalPoolCalls } from './ops/global-pool.js';
import type { LayerNormCalls } from './ops/layer-norm.js';
import type { LinearCalls } from './ops/linear.js';
import type { PoolCalls } from './ops/pool.js';
import type { PositionalEmbeddingCalls } from './ops/positional-embedding.js';
import type { SoftmaxLossCalls } from './ops/softmax-loss.js';
import type { UpdateCalls } from './ops/update.js';

export type { Windowed } from './ops/windowed.js';

/**
 * One kernel call. Every backend implements every `op`; each is described in its file of `ops`.
 * There, `count` is the number of valid samples in the batch; N is `count` times the pixels of the
 * plane.
 */
export type Call =
  | LinearCalls
  | ConvCalls
  | DepthwiseCalls
  | BatchNormCalls
  | LayerNormCalls
  | ActivationCalls
  | PoolCalls
  | GlobalPoolCalls
  | AddCalls
  | ChannelScaleCalls
  | PositionalEmbeddingCalls
  | AttentionCalls
  | SoftmaxLossCalls
  | UpdateCalls;

/** The call of one op. */
export type CallOf<Op extends Call['op']> = CallIn<Call, Op>;
